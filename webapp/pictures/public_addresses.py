"""Which addresses may be fetched from: those of the public internet, spelled plainly. Pictures come from nowhere else.

What a record names is a stranger's choice: it must not make this machine ask itself, its neighbours or its cloud.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

PORTS = {"http": 80, "https": 443}
"""The schemes that may be asked, each with its own port. No other port is asked."""

_LONGEST_URL = 2000
_UNSENDABLE = re.compile(r"[\x00-\x20\x7f\\]")
_NAME = re.compile(r"(?!.*\.\.)[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?")
# A resolver reads a host that ends in a number as an IPv4 address: decimal, octal, hexadecimal, or cut short.
_ENDS_IN_A_NUMBER = re.compile(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)\.?")

# All IPv6 addresses that have been handed out lie here (RFC 4291, 2.4).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_DOCUMENTATION = IPv6Network("3fff::/20")  # Since RFC 9637; Python does not know it everywhere.
# Public by its number, but answered by the host of a virtual machine: Azure's WireServer.
_CLOUD_HOSTS = {IPv4Address("168.63.129.16")}


class RefusedAddressError(Exception):
    """An address that is not asked. The message ends a sentence that begins with "the address"."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: `url` is the whole address, `path` what is asked for of the host, with its query."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Read an address as one that may be asked, as far as its spelling tells. Raises `RefusedAddressError`."""
    if len(url) > _LONGEST_URL or _UNSENDABLE.search(url):
        raise RefusedAddressError("is no address")
    try:
        parsed = parse_url(url)
    except LocationParseError as error:
        raise RefusedAddressError("is no address") from error
    if parsed.scheme not in PORTS:
        raise RefusedAddressError("is not of http or https")
    if parsed.auth is not None:
        raise RefusedAddressError("holds a user's name")
    if parsed.port not in {None, *PORTS.values()}:
        raise RefusedAddressError("names a port other than 80 and 443")
    host = _host_of(parsed)
    return Target(parsed.url, parsed.scheme, host, parsed.port or PORTS[parsed.scheme], parsed.request_uri)


def is_public(address: str) -> bool:
    """Whether an IP address, as a resolver writes it, is one of the public internet, and so is any that it embeds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and address not in _CLOUD_HOSTS


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    embedded = _embedded(address)
    if embedded is not None and not all(map(_is_public_v4, embedded)):
        return False
    if address.ipv4_mapped is not None or address in _NAT64:
        return True
    return address in _GLOBAL_UNICAST and address.is_global and address not in _DOCUMENTATION


def _embedded(address: IPv6Address) -> tuple[IPv4Address, ...] | None:
    """Give the IPv4 addresses that packets to an IPv6 address are translated to or tunnelled to."""
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    for single in (address.ipv4_mapped, address.sixtofour):
        if single is not None:
            return (single,)
    return address.teredo


def _host_of(parsed: Url) -> str:
    host = (parsed.host or "").lower()
    if host.startswith("["):
        if "%" in host or not is_public(host[1:-1]):
            raise RefusedAddressError("is not public")
        return host
    if _ENDS_IN_A_NUMBER.fullmatch(host):
        if not is_public(host):
            raise RefusedAddressError("is not public, or oddly spelled")
        return host
    if not _NAME.fullmatch(host):
        raise RefusedAddressError("names no host")
    return host
