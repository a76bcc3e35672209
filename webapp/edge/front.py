"""What stands in front of the application: it gives again what was given before, as long as that is still right.

A hit, and a 304, cost no routing, no template and no query. What is kept are finished answers, coded for transfer.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_date, parse_etags

from webapp.edge.admission import Admission
from webapp.edge.caching import KEEPING, Keeping
from webapp.edge.compression import choose
from webapp.edge.edition import FirstImportPendingError
from webapp.edge.links import API_PATH
from webapp.edge.room import Room
from webapp.edge.single_flight import SingleFlight
from webapp.edge.standing import Standing, Standings
from webapp.edge.wsgi import Application, Environ, Headers, StartResponse
from webapp.store import StoreUnavailableError

Key = tuple[str, ...]

log = logging.getLogger(__name__)

OUTCOME = "perigee.outcome"
"""Where in the WSGI environment stands `hit` or `miss`, once an answer was sought among those that are kept."""

_IN_KEYS = ("HTTP_HOST", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT", "HTTP_ORIGIN")
_LONGEST_IN_A_KEY = 1000
_SHORT_KEY = 6  # The API's keys hold two headers more.
_NEVER_KEPT = ("/static/", "/cards/", "/status", "/healthz", "/readyz", "/metrics")
_ENTITY = {"content-type", "content-length", "content-encoding", "content-disposition", "last-modified"}
_WEIGHT_OF_HEADERS = 2500  # In bytes, about: more than many a body.
_NONE, _ONE_SECOND = timedelta(0), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer: what goes with a whole one and with a 304, and which standing it belongs to."""

    headers: Headers
    headers_of_304: Headers
    body: bytes
    etag: str
    modified: datetime | None
    as_feed: bool
    standing: int

    def is_right(self, standing: Standing) -> bool:
        """Whether it would be made just so now."""
        return self.standing == (standing.feeds if self.as_feed else standing.pages)


class Front:
    """A WSGI application ahead of another, to which `admission` lets in.

    `hosts` gives what of a request's host is in its answer, and `None` for a host that is not trusted: those are
    answered by the application alone. An answer is kept only if all that chose it, by its `Vary`, is in its key.
    """

    def __init__(
        self,
        application: Application,
        standings: Standings,
        *,
        admission: Admission,
        hosts: Callable[[str], str | None],
        most_bytes: int,
    ) -> None:
        self._application = application
        self._admission = admission
        self._standings = standings
        self._hosts = lru_cache(256)(hosts)
        self._room: Room[Key, Kept] = Room(most_bytes)
        self._single_flight = SingleFlight()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        key = self._key(environ)
        standing = None if key is None else self._standing()
        if key is None or standing is None:
            return self._admission.answer(self._application, environ, start_response)
        kept = self._room.get(key)
        if kept is not None and kept.is_right(standing):
            environ[OUTCOME] = "hit"
            return _answer(kept, standing, environ, start_response)
        # Whoever waits for a turn holds up nobody else who asks for the same.
        return self._admission.answer(partial(self._make, key, standing), environ, start_response)

    def _standing(self) -> Standing | None:
        try:
            return self._standings.current()
        except (FirstImportPendingError, StoreUnavailableError):
            return None
        except Exception:
            # The application meets the same, and knows how to say it to whoever asks.
            log.exception("how things stand cannot be told")
            return None

    def _key(self, environ: Environ) -> Key | None:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or path.startswith(_NEVER_KEPT):
            return None
        chosen_by = [environ.get(name, "") for name in _IN_KEYS]
        if sum(map(len, chosen_by)) > _LONGEST_IN_A_KEY:
            return None  # Nobody honest says so much, and what is kept would be bounded no more.
        host = self._hosts(environ.get("HTTP_HOST", ""))
        if host is None:
            return None
        coding = _coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = (environ["wsgi.url_scheme"], host, environ.get("SCRIPT_NAME", ""), path, environ["QUERY_STRING"], coding)
        if path.startswith(API_PATH):
            return *key, environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ORIGIN", "")
        return key

    def _make(self, key: Key, standing: Standing, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let one of those who ask for the same make it; the others wait, and take what was made."""
        with self._single_flight.alone_with(key):
            kept = self._room.get(key)
            if kept is not None and kept.is_right(standing):
                environ[OUTCOME] = "hit"
                return _answer(kept, standing, environ, start_response)
            environ[OUTCOME] = "miss"
            asked = {**environ, "REQUEST_METHOD": "GET", KEEPING: Keeping()}
            status, headers, body = _run(self._application, asked)
            kept = _keepable(status, headers, body, asked[KEEPING], standing, is_varied=len(key) > _SHORT_KEY)
            if kept is not None:
                self._room.put(key, kept, len(body) + sum(map(len, key)) + _WEIGHT_OF_HEADERS)
        if kept is not None:
            return _answer(kept, standing, environ, start_response)
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _keepable(
    status: str, headers: Headers, body: bytes, keeping: Keeping, standing: Standing, *, is_varied: bool
) -> Kept | None:
    if not status.startswith("200") or not (keeping.as_feed or keeping.as_page):
        return None
    in_key = {"accept-encoding", "accept", "origin"} if is_varied else {"accept-encoding"}
    named = {name.strip().lower() for key, value in headers if key.lower() == "vary" for name in value.split(",")}
    if not named <= in_key or any(name.lower() == "set-cookie" for name, _ in headers):
        return None
    return Kept(
        headers=headers,
        headers_of_304=[(name, value) for name, value in headers if name.lower() not in _ENTITY],
        body=body,
        etag=next(value for name, value in headers if name.lower() == "etag"),
        modified=keeping.modified,
        as_feed=keeping.as_feed,
        standing=standing.feeds if keeping.as_feed else standing.pages,
    )


def _answer(kept: Kept, standing: Standing, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with what is kept, or with 304 if the client has it; `If-None-Match` wins (RFC 9110, 13.2.2)."""
    headers = kept.headers
    # While the second of a change is not over, another change in it would have the same date (RFC 9110, 8.8.2.2), and
    # clients that ask by date alone, as some do, would miss it; nor is it over while such a change may be unseen here.
    is_fresh = (
        kept.modified is not None and _NONE <= standing.edition.clock() - kept.modified < _ONE_SECOND + standing.lag
    )
    if is_fresh:
        headers = [(name, value) for name, value in headers if name != "Last-Modified"]
    if _has_it(kept.etag, headers, environ, is_dated=not is_fresh):
        start_response("304 NOT MODIFIED", kept.headers_of_304)
        return []
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]


def _has_it(etag: str, headers: Sequence[tuple[str, str]], environ: Environ, *, is_dated: bool) -> bool:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        return known == etag or parse_etags(known).contains_weak(etag.strip('"'))
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or not is_dated:
        return False
    asked = parse_date(since)
    modified = parse_date(next((value for name, value in headers if name == "Last-Modified"), None))
    return asked is not None and modified is not None and modified <= asked


def _run(application: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    """Run a WSGI application to the end of its answer."""
    told: list[tuple[str, Headers]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: Headers, _exc_info: object = None) -> Callable[[bytes], None]:
        told[:] = [(status, headers)]
        return written.append

    parts = application(environ, start_response)
    try:
        written.extend(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    status, headers = told[0]
    return status, headers, b"".join(written)


@lru_cache(1024)
def _coding(accepted: str) -> str:
    return choose(parse_accept_header(accepted, Accept)) or ""
