"""Who a visitor is to the limits: the address that a request came from, or the networks that it belongs to."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network

from webapp.web.hosts import plain_address

UNKNOWN = "unknown"
"""What all share whose address cannot be read."""

_NETWORK = 64  # One network: who has an address in it has them all (RFC 6177).
_SITE = 48  # The most that one customer is commonly given (RFC 6177): 65,536 such networks.
_TRANSLATED = ip_network("64:ff9b::/96")  # IPv4 addresses as translators tell them (RFC 6052).
_WITH_PORT = re.compile(r"\[(?P<bracketed>[^\]]*)\](?::\d*)?|(?P<plain>[^:]*):\d*")


@lru_cache(1024)
def networks_of(address: str) -> tuple[str, ...]:
    """Give what counts a visitor, the narrowest first: an IPv4 address, or an IPv6 address's /64 and /48.

    Some proxies tell a port too (`192.0.2.1:5555`, `[2001:db8::1]:5555`), or the zone of a link-local address.
    """
    text = address.strip()
    with_port = _WITH_PORT.fullmatch(text)
    host = (with_port["bracketed"] or with_port["plain"] or "") if with_port else text
    try:
        plain = _untranslated(plain_address(host.partition("%")[0]))
    except ValueError:
        return (UNKNOWN,)
    if isinstance(plain, IPv4Address):
        return (str(plain),)
    return tuple(str(ip_network((plain, length), strict=False)) for length in (_NETWORK, _SITE))


def _untranslated(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return IPv4Address(address.packed[-4:]) if address in _TRANSLATED else address
