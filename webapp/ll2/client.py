"""The one session to Launch Library."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

import requests
from requests_cache import DO_NOT_CACHE, EXPIRE_IMMEDIATELY, CachedSession

from webapp.domain.chain import SAMPLE_HEADER
from webapp.domain.clock import Clock
from webapp.domain.entry import EntryKey, ReceivedEntry
from webapp.ll2.cache_storage import FileStorage, RedisStorage
from webapp.ll2.chain import CHAIN_PATH, ChainPage, interpret_chain
from webapp.ll2.errors import MalformedError, TimedOutError, UnavailableError
from webapp.ll2.http_cache import HttpCache
from webapp.ll2.parse import Page
from webapp.ll2.protocol import (
    PageRequest,
    ThrottleReport,
    entry_url,
    interpret_date,
    interpret_entry,
    interpret_page,
    interpret_throttle,
)
from webapp.ll2.transport import DEADLINE_SECONDS, RefusedAnswerError, bound

Content = TypeVar("Content")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer(Generic[Content]):
    """What was asked for, and whether Launch Library itself was reached for it: a cached copy is no contact."""

    content: Content
    is_contact: bool


class LaunchLibrary:
    """The client of the service at `base_url`, which ends with a slash.

    Its HTTP cache is the file `cache`, or the Redis at the `redis://` address `cache`, for all processes together.
    No call takes longer than `deadline` seconds in all. The token goes out in the `Authorization` header alone, and
    neither into the cache nor into any message. `url` is that of the service, and `date` is when the last answer came
    by the service's own clock, in UTC, or `None` if it did not say.
    """

    def __init__(
        self, base_url: str, *, cache: Path | str, clock: Clock, user_agent: str, token: str | None = None,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._cache = HttpCache(FileStorage(cache, clock) if isinstance(cache, Path) else RedisStorage(cache))
        self._session = _open_session(self._cache, deadline)
        self._session.headers.update({"Accept": "application/json", "User-Agent": user_agent})
        if token:
            self._session.headers["Authorization"] = f"Token {token}"
        self.url = base_url
        self.date: datetime | None = None

    def fetch_page(self, request: PageRequest) -> Answer[Page]:
        """Ask for one page, anew: a cached response is used only where the service confirms it (304).

        Raises `ThrottledError`, `UnavailableError` or `MalformedError`.
        """
        response = self._get(request.url(self.url))
        with self._nothing_malformed_kept(response):
            status, headers, body = response.status_code, response.headers, response.content
            page = interpret_page(status, headers, body, now=self._clock(), kind=request.listing.kind)
        return Answer(page, _is_contact(response))

    def fetch_entry(self, key: EntryKey) -> Answer[ReceivedEntry | None]:
        """Ask for one entry; `None` if there is none. Raises as `fetch_page` does."""
        response = self._get(entry_url(self.url, key))
        status, headers, body = response.status_code, response.headers, response.content
        with self._nothing_malformed_kept(response):
            received = interpret_entry(key, status, headers, body, now=self._clock())
        return Answer(received, _is_contact(response))

    def fetch_throttle(self) -> ThrottleReport:
        """Ask how many calls we are allowed, which costs none and is never cached. Raises as `fetch_page` does."""
        response = self._get(f"{self.url}api-throttle/")
        return interpret_throttle(response.status_code, response.headers, response.content, now=self._clock())

    def fetch_chain(self, after: str) -> ChainPage:
        """Ask a Perigee what it tells of its chain after a cursor, `""` at first. Raises as `fetch_page` does."""
        response = self._get(f"{self.url}{CHAIN_PATH}" + (f"?after={after}" if after else ""))
        status, headers, body = response.status_code, response.headers, response.content
        return interpret_chain(status, headers, body, asked=after, now=self._clock())

    def _get(self, url: str) -> requests.Response:
        self.date = None
        response = self._ask(url)
        if SAMPLE_HEADER in response.headers:
            raise UnavailableError("the Perigee at PERIGEE_LL2_URL has no real data yet, but a sample or a demo")
        if _is_contact(response):
            self.date = interpret_date(response.headers)
        return response

    def _ask(self, url: str) -> requests.Response:
        try:
            return self._session.get(url, refresh=True)
        except requests.Timeout as error:
            raise TimedOutError from error
        except requests.RequestException as error:
            raise UnavailableError(_reason(error)) from error
        except Exception as error:
            log.exception("unexpected error in a call to Launch Library")
            raise UnavailableError(f"the call to Launch Library failed ({type(error).__name__})") from error

    @contextmanager
    def _nothing_malformed_kept(self, response: requests.Response) -> Iterator[None]:
        """Forget the copy of an answer that cannot be understood: the service would confirm it for ever."""
        try:
            yield
        except MalformedError:
            self._cache.forget(response)
            raise

    def close(self) -> None:
        """Give up connections and the cache file."""
        self._session.close()  # type: ignore[no-untyped-call] # the library leaves it untyped

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open_session(cache: HttpCache, deadline: float) -> CachedSession:
    # The library's defaults keep answers for ever and pass stale ones as fresh: they would forge history. Even a
    # short life would pass a copy off as an answer when the service fails within it.
    session = CachedSession(
        backend=cache,
        expire_after=EXPIRE_IMMEDIATELY,
        # What changed since some instant is hardly ever asked for again: the next call asks since a later one.
        urls_expire_after={
            "*/api-throttle/*": DO_NOT_CACHE,
            "*/chain/*": DO_NOT_CACHE,
            "*last_updated__gte=*": DO_NOT_CACHE,
        },
        stale_if_error=False,
        allowable_codes=(200,),
    )
    bound(session, seconds=deadline)
    return session


def _is_contact(response: requests.Response) -> bool:
    return not getattr(response, "from_cache", False) or bool(getattr(response, "revalidated", False))


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, RefusedAnswerError):
        hint = "; check PERIGEE_LL2_URL" if error.why.startswith("redirects") else ""
        return f"Launch Library's answer {error.why}{hint}"
    if isinstance(error, requests.ConnectionError):
        return "Launch Library could not be reached"
    return f"Launch Library's answer was cut short ({type(error).__name__})"
