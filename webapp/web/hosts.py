"""Hosts: which a request may name where no public address is configured, lest a forged one reach a link."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import SecurityError

from webapp.domain.text import is_host


def refuse_untrusted_host(trusted: Sequence[str]) -> None:
    """Refuse the present request unless it names one of these hosts. Raises `SecurityError` (400)."""
    if not is_trusted(request.headers.get("Host", ""), trusted):
        raise SecurityError("the host is not trusted")


def host_in_answers(public_url: str | None, trusted: Sequence[str], named: str) -> str | None:
    """Give what of a `Host` header shows in an answer: nothing under a public address; `None` if it is not trusted."""
    if public_url:
        return ""
    return named if is_trusted(named, trusted) else None


def is_trusted(named: str, trusted: Sequence[str]) -> bool:
    """Compare a `Host` header with host names; its port and its case do not matter."""
    if not is_host(named):  # An address made of it would lead elsewhere, or nowhere.
        return False
    try:
        name = urlsplit(f"//{named}").hostname
    except ValueError:
        return False
    return name is not None and name in {urlsplit(f"//{_bracketed(host)}").hostname for host in trusted}


def is_this_machine(host: str | None) -> bool:
    """Whether a name or an IP address leads every machine to itself."""
    try:
        return plain_address(host or "").is_loopback
    except ValueError:
        return host == "localhost" or (host or "").endswith(".localhost")


def plain_address(text: str) -> IPv4Address | IPv6Address:
    """Read an IP address; an IPv4 address that is told as one of IPv6 is the former. Raises `ValueError`."""
    address = ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _bracketed(host: str) -> str:
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host
