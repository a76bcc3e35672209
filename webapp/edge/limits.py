"""How much one visitor may ask anew in a minute. What is kept is given again to anyone, as often as they like."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_network

from flask import Flask, request
from flask_limiter import Limiter
from werkzeug.exceptions import RequestURITooLarge

from webapp.edge.hosts import is_this_machine, plain_address

WINDOW = timedelta(minutes=1)
LONGEST_ADDRESS = 8190
"""How many bytes a path and its query may have together, still coded: enough for a thousand ids."""

_ONE_SITE = 64  # The part of an IPv6 address that belongs to one customer (RFC 6177).


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many answers a visitor may have made in one minute, and how many that visitor has had."""

    limit: int
    used: int


class Limits:
    """Counts the answers made for each address, in memory or, for several processes together, in Redis.

    Where there is said to be no proxy, this machine is not counted: it is its owner's, or that of a proxy that was not
    told of, behind which all the world would share one allowance. Nor are the endpoints of `exempt`.
    """

    def __init__(
        self, app: Flask, per_minute: int, redis_url: str | None, *, proxies: int, exempt: Container[str]
    ) -> None:
        self._proxies = proxies
        self._exempt = exempt
        self._limit = per_minute
        self._limiter = Limiter(
            _visitor,
            app=app,
            # One allowance for the whole site, not one for each of its addresses.
            application_limits=[f"{per_minute} per minute"],
            application_limits_exempt_when=self._passes,
            # By itself it passes over whatever leads to no view of ours: a flood of those would cost as much.
            request_identifier=lambda: request.endpoint or "nowhere",
            storage_uri=redis_url or "memory://",
            storage_options={"socket_connect_timeout": 1, "socket_timeout": 1} if redis_url else {},
            # A Redis that is gone must cost nobody an answer: each process then counts by itself.
            in_memory_fallback_enabled=redis_url is not None,
            swallow_errors=True,
            key_prefix="perigee",
            enabled=per_minute > 0,
        )

    def allowance(self) -> Allowance | None:
        """Say how it stands for the present visitor; `None` for whom there is no limit."""
        current = self._limiter.current_limit
        if current is None or self._passes():
            return None
        return Allowance(self._limit, self._limit - max(0, current.remaining))

    def _passes(self) -> bool:
        if request.endpoint in self._exempt:
            return True
        return self._proxies == 0 and is_this_machine(request.remote_addr)


def refuse_long_address() -> None:
    """Refuse the present request if its address is too long. Raises Werkzeug's `RequestURITooLarge` (414)."""
    if len(request.environ["PATH_INFO"]) + len(request.query_string) >= LONGEST_ADDRESS:
        raise RequestURITooLarge


def _visitor() -> str:
    """Give the address that counts: for IPv6 the network, since who has one address of it has them all."""
    try:
        found = plain_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _ONE_SITE), strict=False))
    return str(found)
