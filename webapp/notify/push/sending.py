"""Sending to push services: within a deadline, to public addresses alone, and never on to where an answer points."""

import time
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from threading import Lock
from typing import Final

from urllib3.exceptions import HTTPError

from webapp.domain.push_endpoints import PUSH_SERVICES, is_endpoint
from webapp.ll2.connections import ALLOWANCE, Allowance, Connection, SecureConnection, TooManyBytesError
from webapp.ll2.transport import within
from webapp.pictures.connections import Network
from webapp.pictures.public_addresses import RefusedAddressError, Target, target_of

_SECONDS: Final = 15.0
_HTTP_1_1: Final = 11  # As urllib3 numbers versions; before it, connections were closed.
_MOST_BYTES: Final = 64 * 2**10
_KEPT_SECONDS: Final = 30.0
"""How long a connection is kept for the next message: push services keep theirs for longer."""

SendingErrors: Final = (RefusedAddressError, TooManyBytesError, HTTPError, OSError)
"""What sending raises."""


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What a push service answered: the status, and how it words how long to wait."""

    status: int
    retry_after: str


class _Kept:
    """Connections that are open and idle, by the host that they lead to."""

    def __init__(self) -> None:
        self._idle: dict[str, list[tuple[float, Connection | SecureConnection]]] = {}
        self._lock = Lock()

    def take(self, host: str) -> Connection | SecureConnection | None:
        """Give one that was used last, if it is recent; what is older is closed."""
        with self._lock:
            idle = self._idle.pop(host, [])
            recent = [one for one in idle if one[0] > time.monotonic() - _KEPT_SECONDS]
            old = [one for one in idle if one not in recent]
            taken = recent.pop()[1] if recent else None
            self._idle[host] = recent
        for _, connection in old:
            connection.close()
        return taken

    def put(self, host: str, connection: Connection | SecureConnection) -> None:
        """Keep one for the next message."""
        with self._lock:
            self._idle.setdefault(host, []).append((time.monotonic(), connection))

    def close(self) -> None:
        """Close them all."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for _, connection in chain.from_iterable(idle.values()):
            connection.close()


@dataclass(frozen=True, slots=True)
class PushSender:
    """Posts messages to the endpoints of known push services (`services`), from any thread.

    A connection is kept for the next message: to make a new one takes longer than to send.
    """

    network: Network
    user_agent: str
    services: Collection[str] = PUSH_SERVICES
    seconds: float = _SECONDS
    _kept: _Kept = field(default_factory=_Kept)

    def post(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> PushAnswer:
        """Post one message, and give the answer, whatever its status. Raises `SendingErrors`."""
        if not is_endpoint(endpoint, self.services):
            raise RefusedAddressError("is not one of a known push service")
        target = target_of(endpoint)
        allowance = Allowance(time.monotonic() + self.seconds, _MOST_BYTES)
        return within(self.seconds, lambda: self._post(target, headers, body, allowance))

    def close(self) -> None:
        """Close the connections that are kept."""
        self._kept.close()

    def _post(self, target: Target, headers: Mapping[str, str], body: bytes, allowance: Allowance) -> PushAnswer:
        ALLOWANCE.set(allowance)
        kept = self._kept.take(target.host)
        if kept is not None:
            try:
                return self._exchange(kept, target, headers, body)
            except (HTTPError, ConnectionError):
                kept.close()  # It was closed meanwhile; a message that came twice is shown once, by its topic and tag.
        return self._exchange(self.network.connection_to(target), target, headers, body)

    def _exchange(
        self, connection: Connection | SecureConnection, target: Target, headers: Mapping[str, str], body: bytes
    ) -> PushAnswer:
        is_kept = False
        try:
            connection.request(
                "POST", target.path, body=body, headers={"User-Agent": self.user_agent, **headers},
                preload_content=False,
            )  # fmt: skip
            with closing(connection.getresponse()) as response:
                response.read(decode_content=False)
                is_kept = response.headers.get("Connection", "").lower() != "close" and response.version >= _HTTP_1_1
                return PushAnswer(response.status, response.headers.get("Retry-After", ""))
        finally:
            if is_kept:
                self._kept.put(target.host, connection)
            else:
                connection.close()
