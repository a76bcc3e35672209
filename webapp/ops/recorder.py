"""Counts and times every request, and gives it an id, which its lines in the log have, and its answer if it fails."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from webapp.ops.metrics import Metrics
from webapp.response_cache.middleware import OUTCOME
from webapp.web.addresses import API_PATH, DOCS_PATH, OPENAPI_PATH, PICTURES_PATH
from webapp.web.request_id import request_id
from webapp.web.wsgi import Application, Environ, Headers, StartResponse

log = logging.getLogger(__name__)

SLOW_SECONDS = 1.0
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_SURFACES = (
    ("/static/", "static"), ("/cards/", "static"), (PICTURES_PATH, "static"), ("/feeds", "feeds"), (API_PATH, "api"),
    (DOCS_PATH, "api"), (OPENAPI_PATH, "api"), ("/healthz", "ops"), ("/readyz", "ops"), ("/metrics", "ops"),
)  # fmt: skip


class Recorder:
    """A WSGI application around another. `trusts_ids` takes a request's `X-Request-ID` for its id."""

    def __init__(
        self,
        application: Application,
        metrics: Metrics,
        *,
        trusts_ids: bool,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._application = application
        self._metrics = metrics
        self._trusts_ids = trusts_ids
        self._timer = timer

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        begun, own_id = self._timer(), self._request_id(environ)
        token = request_id.set(own_id)
        statuses: list[str] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            statuses.append(status[:3])
            # Whoever meets a fault can name it; all other answers are the same for everyone, to the last byte.
            if status.startswith("5"):
                headers = [*headers, ("X-Request-ID", own_id)]
            return start_response(status, headers, *rest)

        try:
            return self._application(environ, start)
        finally:
            self._note(environ, statuses[-1] if statuses else "500", self._timer() - begun)
            request_id.reset(token)

    def _request_id(self, environ: Environ) -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._trusts_ids else ""
        return given if _GIVEN.fullmatch(given) else secrets.token_hex(8)

    def _note(self, environ: Environ, status: str, seconds: float) -> None:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        surface = "feeds" if path.endswith(".ics") else _surface(path)
        self._metrics.count(surface, method if method in _METHODS else "other", status, seconds, environ.get(OUTCOME))
        # The path alone: what people search for, and who they are, is nobody's business.
        if seconds >= SLOW_SECONDS:
            log.warning("slow: %s %s took %.1f s", method, path, seconds)
        elif log.isEnabledFor(logging.DEBUG):
            log.debug("%s %s %s %.1f ms %s", method, path, status, seconds * 1000, environ.get(OUTCOME, ""))


def _surface(path: str) -> str:
    return next((surface for prefix, surface in _SURFACES if path.startswith(prefix)), "pages")
