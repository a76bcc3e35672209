"""Sending a request within bounds: one deadline for all of it, and a limit on the bytes of its answer.

What no time-out of a socket bounds (looking up a name, trying its addresses one by one) is waited for in a thread of
its own, and left there when the deadline comes; the connection bounds the rest, so that the thread ends soon after.
"""

import http.client
import time
import zlib
from collections.abc import Callable
from concurrent.futures import Future
from io import BytesIO
from threading import Thread
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ContentDecodingError
from urllib3 import HTTPResponse, ProxyManager
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from webapp.ll2.connections import ALLOWANCE, POOLS, Allowance, TooManyBytesError

DEADLINE_SECONDS = 40.0
"""How long a call may take in all: less than the lease of whoever syncs lasts."""

MOST_BYTES = 16 * 2**20
"""How large an answer may be: its head and body as they come, and its body once more when it is decoded."""

T = TypeVar("T")

_CONNECT_SECONDS = 10.0  # For each address of a name: one that is dead must not keep the next from its turn.
_CHUNK_BYTES = 64 * 2**10


class RefusedAnswerError(requests.RequestException):
    """An answer came that is not taken. `why` ends a sentence that begins with the answer."""

    def __init__(self, why: str, *, request: requests.PreparedRequest) -> None:
        super().__init__(f"the answer {why}", request=request)
        self.why = why


class BoundedAdapter(HTTPAdapter):
    """Sends requests so that none takes longer than `seconds`, from looking up the name to the last byte of the body.

    Answers come whole and decoded. One that is larger than `most_bytes`, is encoded otherwise than in gzip, or
    redirects raises `RefusedAnswerError`; no request is sent twice, and no cookie is kept.
    """

    def __init__(self, *, seconds: float = DEADLINE_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        super().__init__()
        self._seconds = seconds
        self._most_bytes = most_bytes

    def init_poolmanager(self, *arguments: Any, **settings: Any) -> None:
        """Make what keeps connections, as the library does, of connections that count."""
        super().init_poolmanager(*arguments, **settings)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **settings: Any) -> ProxyManager:
        """Give what keeps connections to a proxy, likewise."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **settings)
        if type(manager) is ProxyManager:  # One for SOCKS has connections of its own.
            manager.pool_classes_by_scheme = POOLS
        return manager

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override] # all by name
        """Send a request, and give its answer read to the end, whatever `stream` and `timeout` say."""
        allowance = Allowance(time.monotonic() + self._seconds, self._most_bytes)
        options |= {"stream": True, "timeout": (min(_CONNECT_SECONDS, self._seconds), self._seconds)}
        try:
            return within(self._seconds, lambda: self._exchange(request, options, allowance))
        except (TimeoutError, requests.ReadTimeout) as error:
            raise requests.Timeout(f"no whole answer came within {self._seconds:g} s", request=request) from error
        except TooManyBytesError as error:
            raise RefusedAnswerError(f"is larger than {self._most_bytes:,} bytes", request=request) from error
        except requests.ConnectionError as error:
            if _is_unreadable_head(error):
                raise RefusedAnswerError("has unreadable headers", request=request) from error
            raise

    def _exchange(
        self, request: requests.PreparedRequest, options: dict[str, Any], allowance: Allowance
    ) -> requests.Response:
        ALLOWANCE.set(allowance)
        with super().send(request, **options) as response:
            if response.is_redirect:
                raise RefusedAnswerError(f"redirects elsewhere ({response.status_code})", request=request)
            body = _read_body(response, self._most_bytes)
        # What was read stands in the place of what was to be read.
        response.raw = HTTPResponse(BytesIO(body), status=response.status_code, preload_content=False)
        return response


def bound(session: requests.Session, *, seconds: float = DEADLINE_SECONDS) -> None:
    """Let a session send all its requests within bounds."""
    session.headers["Accept-Encoding"] = "gzip"
    for scheme in ("https://", "http://"):
        session.mount(scheme, BoundedAdapter(seconds=seconds))


def within(seconds: float, work: Callable[[], T]) -> T:
    """Give what the work gives, or raise what it raises, or `TimeoutError`: then it is left to end by itself."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            done.set_exception(error)

    Thread(target=run, name="http", daemon=True).start()
    return done.result(seconds)


def _read_body(response: requests.Response, most: int) -> bytes:
    """Read and decode a body. Raises `TooManyBytesError`, or what the library raises for one that breaks off."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"", "identity", "gzip"}:
        raise RefusedAnswerError("uses an unrequested encoding", request=response.request)
    body, decoder = bytearray(), zlib.decompressobj(16 + zlib.MAX_WBITS) if coding == "gzip" else None
    try:
        for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=False):
            body += decoder.decompress(chunk, most - len(body) + 1) if decoder else chunk
            if len(body) > most:
                raise TooManyBytesError
    except ReadTimeoutError as error:
        raise requests.ReadTimeout(error, request=response.request) from error
    except ProtocolError as error:
        raise ChunkedEncodingError(error, request=response.request) from error
    except zlib.error as error:
        raise ContentDecodingError(error, request=response.request) from error
    if decoder and body and not decoder.eof:
        raise ContentDecodingError("the encoded body ends too soon", request=response.request)
    return bytes(body)


def _is_unreadable_head(error: requests.ConnectionError) -> bool:
    """Whether an answer came that is not HTTP, or holds more lines or longer ones than Python's own reader takes."""
    cause = error.args[0] if error.args else None
    root = cause.args[-1] if isinstance(cause, ProtocolError) else None
    return isinstance(root, http.client.HTTPException) and not isinstance(root, OSError)
