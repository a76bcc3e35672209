"""The one session to Launch Library."""

import logging
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import requests
from redis import Redis, RedisError
from requests_cache import DO_NOT_CACHE, EXPIRE_IMMEDIATELY, CachedSession
from requests_cache.backends.redis import RedisCache

from webapp.domain.clock import Clock
from webapp.domain.event import ReceivedEvent
from webapp.ll2.errors import UnavailableError
from webapp.ll2.parse import Page
from webapp.ll2.protocol import PageRequest, ThrottleReport, interpret_event, interpret_page, interpret_throttle

Content = TypeVar("Content")

log = logging.getLogger(__name__)

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 20.0
_REDIS_TIMEOUT = 5.0
_CACHE_ERRORS = (sqlite3.Error, RedisError)


@dataclass(frozen=True, slots=True)
class Answer(Generic[Content]):
    """What was asked for, and whether Launch Library itself was reached for it: a cached copy is no contact."""

    content: Content
    is_contact: bool


class LaunchLibrary:
    """Fetches pages from the service at `base_url`, which ends with a slash; keeps copies in the file `cache`,
    or in the Redis at the `redis://` address `cache`, for all processes together.

    The token goes out in the `Authorization` header alone, and neither into the cache nor into any message.
    """

    def __init__(
        self, base_url: str, *, cache: Path | str, clock: Clock, user_agent: str, token: str | None = None,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:  # fmt: skip
        self._base_url = base_url
        self._clock = clock
        self._timeout = (CONNECT_TIMEOUT, read_timeout)
        self._session = _open_session(cache)
        self._session.headers.update({"Accept": "application/json", "User-Agent": user_agent})
        if token:
            self._session.headers["Authorization"] = f"Token {token}"
        self._has_cache = True

    def fetch_page(self, request: PageRequest) -> Answer[Page]:
        """Ask for one page, anew: a copy is used only where the service confirms that it still holds (304).

        Raises `ThrottledError`, `UnavailableError` or `MalformedError`.
        """
        response = self._get(request.url(self._base_url))
        page = interpret_page(response.status_code, response.headers, response.content, now=self._clock())
        return Answer(page, _is_contact(response))

    def fetch_event(self, event_id: int) -> Answer[ReceivedEvent | None]:
        """Ask for one event; `None` if there is none. Raises as `fetch_page` does."""
        response = self._get(f"{self._base_url}events/{event_id}/")
        status, headers, body = response.status_code, response.headers, response.content
        return Answer(interpret_event(event_id, status, headers, body, now=self._clock()), _is_contact(response))

    def fetch_throttle(self) -> ThrottleReport:
        """Ask how many calls we are allowed, which costs none and is never cached. Raises as `fetch_page` does."""
        response = self._get(f"{self._base_url}api-throttle/")
        return interpret_throttle(response.status_code, response.headers, response.content, now=self._clock())

    def _get(self, url: str) -> requests.Response:
        try:
            if self._has_cache:
                return self._session.get(url, timeout=self._timeout, refresh=True)
            with self._session.cache_disabled():
                return self._session.get(url, timeout=self._timeout)
        except requests.RequestException as error:
            raise UnavailableError(_reason(error)) from error
        except _CACHE_ERRORS as error:
            # It only saves transfers: without it every answer is whole, and nothing else is lost.
            self._has_cache = False
            raise UnavailableError(f"the HTTP cache cannot be used ({error}); going on without it") from error

    def close(self) -> None:
        """Give up connections and the cache file."""
        self._session.close()  # type: ignore[no-untyped-call] # the library leaves it untyped

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open_session(cache: Path | str) -> CachedSession:
    # The library's defaults keep answers for ever and pass stale ones as fresh: they would forge history. Even a
    # short life would pass a copy off as an answer when the service fails within it.
    options: dict[str, Any] = {
        "expire_after": EXPIRE_IMMEDIATELY,
        "urls_expire_after": {"*/api-throttle/*": DO_NOT_CACHE},
        "stale_if_error": False,
        "allowable_codes": (200,),
    }
    try:
        if isinstance(cache, Path):
            return CachedSession(str(cache), backend="sqlite", **options)
        return CachedSession(backend=_open_redis(cache), **options)
    except _CACHE_ERRORS as error:
        where = cache if isinstance(cache, Path) else "in Redis"  # Its address may hold a password.
        log.warning("the HTTP cache %s cannot be used (%s): it is kept in memory instead", where, error)
        return CachedSession(backend="memory", **options)


def _open_redis(url: str) -> RedisCache:
    connection = Redis.from_url(url, socket_timeout=_REDIS_TIMEOUT, socket_connect_timeout=_REDIS_TIMEOUT)
    connection.ping()
    return RedisCache("perigee-http-cache", connection=connection, ttl=False)


def _is_contact(response: requests.Response) -> bool:
    return not getattr(response, "from_cache", False) or bool(getattr(response, "revalidated", False))


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "Launch Library did not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "Launch Library could not be reached"
    return f"Launch Library's answer broke off ({type(error).__name__})"
