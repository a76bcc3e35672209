"""The response cache's middleware: it answers with a cached response, ahead of routing, templates and queries."""

import logging
from collections.abc import Callable, Iterable
from functools import lru_cache, partial

from webapp.instance.editions import FirstImportPendingError
from webapp.response_cache.byte_lru import ByteLRU
from webapp.response_cache.cache_key import CacheKey, make_cache_key
from webapp.response_cache.cached_response import CachedResponse, headers_of_304
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import METADATA, CacheMetadata
from webapp.response_cache.single_flight import SingleFlight
from webapp.response_cache.versions import CacheVersions, VersionTracker
from webapp.store import StoreUnavailableError
from webapp.web.wsgi import Application, Environ, Headers, StartResponse

log = logging.getLogger(__name__)

OUTCOME = "perigee.cache_outcome"
"""Where in the WSGI environment stands `hit` or `miss`, once a response was looked up."""

Admit = Callable[[Application, Environ, StartResponse], Iterable[bytes]]
"""Answers by the application that it is given, or refuses."""


class ResponseCache:
    """A WSGI application around another. Whatever is not answered from the cache must first be let in by `admit`.

    `host_in_answers` gives what of a request's host shows in its answer, and `None` for a host that is not trusted:
    those are answered by the application alone.
    """

    def __init__(
        self,
        application: Application,
        versions: VersionTracker,
        responses: ByteLRU[CacheKey, CachedResponse],
        *,
        admit: Admit,
        host_in_answers: Callable[[str], str | None],
    ) -> None:
        self._application = application
        self._versions = versions
        self._responses = responses
        self._admit = admit
        self._host_in_answers = lru_cache(256)(host_in_answers)
        self._single_flight = SingleFlight()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        key = make_cache_key(environ, self._host_in_answers)
        versions = None if key is None else self._current_versions()
        if key is None or versions is None:
            return self._admit(self._application, environ, start_response)
        cached = self._responses.get(key)
        if cached is not None and cached.is_right(versions):
            environ[OUTCOME] = "hit"
            return cached.answer(versions, environ, start_response)
        # Admission comes before single flight: whoever waits to be let in holds up nobody who asks for the same.
        return self._admit(partial(self._make, key, versions), environ, start_response)

    def _current_versions(self) -> CacheVersions | None:
        try:
            return self._versions.current()
        except (FirstImportPendingError, StoreUnavailableError):
            return None
        except Exception:
            # The application meets the same, and answers it with an error page.
            log.exception("could not read the cache versions")
            return None

    def _make(
        self, key: CacheKey, versions: CacheVersions, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Have one of those who ask for the same make it; the others wait, and are given what was made."""
        with self._single_flight.lock(key):
            cached = self._responses.get(key)
            if cached is not None and cached.is_right(versions):
                environ[OUTCOME] = "hit"
                return cached.answer(versions, environ, start_response)
            environ[OUTCOME] = "miss"
            metadata = CacheMetadata()
            # A cached response has a body, whether the first to ask for it wants that or, by HEAD, only its headers.
            status, headers, body = _run(self._application, {**environ, "REQUEST_METHOD": "GET", METADATA: metadata})
            cached = None
            if _may_be_cached(key, status, headers, metadata):
                cached = _to_cached_response(headers, body, metadata, versions)
                self._responses.put(key, cached, cached.size + key.size)
        if cached is not None:
            return cached.answer(versions, environ, start_response)
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _may_be_cached(key: CacheKey, status: str, headers: Headers, metadata: CacheMetadata) -> bool:
    """Whether a response may be given to whoever sends the same key: all that chose it must be in that."""
    if not status.startswith("200") or metadata.freshness is Freshness.NEVER:
        return False
    vary = {name.strip().lower() for key, value in headers if key.lower() == "vary" for name in value.split(",")}
    return key.covers(vary) and not any(name.lower() == "set-cookie" for name, _ in headers)


def _to_cached_response(
    headers: Headers, body: bytes, metadata: CacheMetadata, versions: CacheVersions
) -> CachedResponse:
    return CachedResponse(
        headers=headers,
        headers_of_304=headers_of_304(headers),
        body=body,
        etag=next(value for name, value in headers if name.lower() == "etag"),
        modified=metadata.modified,
        freshness=metadata.freshness,
        version=versions.of(metadata.freshness),
    )


def _run(application: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    """Run a WSGI application to the end of its answer."""
    started: list[tuple[str, Headers]] = []
    parts: list[bytes] = []

    def start_response(status: str, headers: Headers, _exc_info: object = None) -> Callable[[bytes], None]:
        started[:] = [(status, headers)]
        return parts.append

    body = application(environ, start_response)
    try:
        parts.extend(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    status, headers = started[0]
    return status, headers, b"".join(parts)
