"""A cached response: a finished one, encoded for transfer, and how it answers a request, also a conditional one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.http import parse_date, parse_etags

from webapp.response_cache.freshness import Freshness
from webapp.response_cache.versions import CacheVersions
from webapp.web.wsgi import Environ, Headers, StartResponse

_OF_THE_BODY = {"content-type", "content-length", "content-encoding", "content-disposition", "last-modified"}
_BYTES_OF_HEADERS = 2500  # About: more than many a body.
_NONE, _ONE_SECOND = timedelta(0), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response of status 200, with the headers of a 304 in its place, and the cache version that it was made under.

    `modified` is when what it shows last changed, where that is known.
    """

    headers: Headers
    headers_of_304: Headers
    body: bytes
    etag: str
    modified: datetime | None
    freshness: Freshness
    version: int

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return len(self.body) + _BYTES_OF_HEADERS

    def is_right(self, versions: CacheVersions) -> bool:
        """Whether it would be made just so now."""
        return self.version == versions.of(self.freshness)

    def answer(self, versions: CacheVersions, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a GET or HEAD with it, or with 304 if the client has it (RFC 9110, 13.2.2)."""
        headers = self.headers
        is_dated = not self._may_change_within_its_second(versions)
        if not is_dated:
            headers = [(name, value) for name, value in headers if name != "Last-Modified"]
        if self._is_known_to(environ, headers, is_dated=is_dated):
            start_response("304 NOT MODIFIED", self.headers_of_304)
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]

    def _may_change_within_its_second(self, versions: CacheVersions) -> bool:
        """Whether another change may yet have the same `Last-Modified`, which counts seconds (RFC 9110, 8.8.2.2).

        Clients that ask by date alone, as some do, would never see it. Its second must be over, and so must the time
        in which a change made within that second may be unseen by this process.
        """
        if self.modified is None:
            return False
        return _NONE <= versions.edition.clock() - self.modified < _ONE_SECOND + versions.max_lag

    def _is_known_to(self, environ: Environ, headers: Sequence[tuple[str, str]], *, is_dated: bool) -> bool:
        """Whether the client names it in `If-None-Match`, or else dates it by `If-Modified-Since`."""
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None:
            return known == self.etag or parse_etags(known).contains_weak(self.etag.strip('"'))
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        if since is None or not is_dated:
            return False
        asked = parse_date(since)
        modified = parse_date(next((value for name, value in headers if name == "Last-Modified"), None))
        return asked is not None and modified is not None and modified <= asked


def headers_of_304(headers: Headers) -> Headers:
    """Give what of a response's headers belongs to a 304 in its place: all but those that describe the body."""
    return [(name, value) for name, value in headers if name.lower() not in _OF_THE_BODY]
