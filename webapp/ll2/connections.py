"""Connections on which a call takes no longer, and gets no more, than it is allowed.

A silence is bounded by a time-out on the socket, but a server that drips is never silent: so each read may take only as
long as the whole call has left, and every byte of head and body is counted where it leaves the socket.
"""

import http.client
import socket
import time
from contextvars import ContextVar
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class TooManyBytesError(Exception):
    """More came than may come. No `OSError`: urllib3 would take it for a connection that broke."""


@dataclass(slots=True)
class Allowance:
    """What one call has left: the time until `ends_at`, of the monotonic clock, and bytes."""

    ends_at: float
    bytes_left: int

    def seconds_left(self) -> float:
        """Give the time that is left. Raises `TimeoutError` once there is none."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's time is up")
        return left

    def spend(self, size: int) -> None:
        """Count bytes that came. Raises `TooManyBytesError`."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise TooManyBytesError


ALLOWANCE: ContextVar[Allowance] = ContextVar("allowance")
"""What the call has left that is made in this thread."""


class _CountingReader(RawIOBase):
    """Reads a socket for one call: no read takes longer than the call has left, and all that comes is counted."""

    def __init__(self, connection: socket.socket, source: RawIOBase) -> None:
        self._connection = connection
        self._source = source
        self._allowance = ALLOWANCE.get()

    def readable(self) -> bool:
        """Say that this is for reading."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what has come, or wait for it. Raises `TimeoutError`, `TooManyBytesError` or any other `OSError`."""
        self._connection.settimeout(self._allowance.seconds_left())
        # One byte more than may come is enough to see that more would.
        size: int | None = self._source.readinto(memoryview(buffer)[: self._allowance.bytes_left + 1])
        self._allowance.spend(size or 0)
        return size

    def close(self) -> None:
        """Close the socket's file too: the connection may be closed only after it."""
        self._source.close()
        super().close()


class _CountingResponse(http.client.HTTPResponse):
    """An answer, or a proxy's to CONNECT, of which every byte is counted from its first line on."""

    def __init__(self, sock: socket.socket, *arguments: Any, **settings: Any) -> None:
        super().__init__(sock, *arguments, **settings)
        self.fp = BufferedReader(_CountingReader(sock, self.fp.detach()))


class Connection(HTTPConnection):
    """A connection whose answers are counted, for the call of this thread (`ALLOWANCE`)."""

    response_class = _CountingResponse

    def connect(self) -> None:
        """Connect, and then send nothing for whoever has given up waiting."""
        super().connect()
        ALLOWANCE.get().seconds_left()


class SecureConnection(HTTPSConnection):
    """The same, with TLS."""

    response_class = _CountingResponse

    def connect(self) -> None:
        """Connect likewise."""
        super().connect()
        ALLOWANCE.get().seconds_left()


class _Pool(HTTPConnectionPool):
    ConnectionCls = Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = SecureConnection


POOLS = {"http": _Pool, "https": _SecurePool}
"""What keeps such connections, for the scheme of an address."""
