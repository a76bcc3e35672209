"""The one session to Launch Library."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
from requests_cache import DO_NOT_CACHE, EXPIRE_IMMEDIATELY, CachedSession

from webapp.domain.clock import Clock
from webapp.ll2.errors import UnavailableError
from webapp.ll2.parse import Page
from webapp.ll2.protocol import PageRequest, interpret_page

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, and whether Launch Library itself was reached for it: a cached copy is no contact."""

    page: Page
    is_contact: bool


class LaunchLibrary:
    """Fetches pages from the service at `base_url`, which ends with a slash; keeps copies in the file `cache`.

    The token goes out in the `Authorization` header alone, and neither into the cache nor into any message.
    """

    def __init__(
        self, base_url: str, *, cache: Path, clock: Clock, user_agent: str, token: str | None = None,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:  # fmt: skip
        self._base_url = base_url
        self._clock = clock
        self._timeout = (CONNECT_TIMEOUT, read_timeout)
        # The library's defaults keep answers for ever and pass stale ones as fresh: they would forge history. Even a
        # short life would pass a copy off as an answer when the service fails within it.
        self._session = CachedSession(
            str(cache),
            backend="sqlite",
            expire_after=EXPIRE_IMMEDIATELY,
            urls_expire_after={"*/api-throttle/*": DO_NOT_CACHE},
            stale_if_error=False,
            allowable_codes=(200,),
        )
        self._session.headers.update({"Accept": "application/json", "User-Agent": user_agent})
        if token:
            self._session.headers["Authorization"] = f"Token {token}"

    def fetch_page(self, request: PageRequest) -> Answer:
        """Ask for one page, anew: a copy is used only where the service confirms that it still holds (304).

        Raises `ThrottledError`, `UnavailableError` or `MalformedError`.
        """
        try:
            response = self._session.get(request.url(self._base_url), timeout=self._timeout, refresh=True)
            body = response.content
        except requests.RequestException as error:
            raise UnavailableError(_reason(error)) from error
        page = interpret_page(response.status_code, response.headers, body, now=self._clock())
        is_cached = getattr(response, "from_cache", False) and not getattr(response, "revalidated", False)
        return Answer(page, is_contact=not is_cached)

    def close(self) -> None:
        """Give up connections and the cache file."""
        self._session.close()  # type: ignore[no-untyped-call] # the library leaves it untyped

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "Launch Library did not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "Launch Library could not be reached"
    return f"Launch Library's answer broke off ({type(error).__name__})"
