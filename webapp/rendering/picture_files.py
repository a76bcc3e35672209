"""Serving the files of pictures, at addresses by a hash of their content: what was read once comes from memory."""

import re
from collections.abc import Iterable
from functools import partial

from flask import Blueprint, Response, abort, request
from werkzeug.http import parse_etags

from webapp.instance.editions import FirstImportPendingError
from webapp.response_cache.caches import PictureCache
from webapp.response_cache.versions import VersionTracker
from webapp.store import StoreUnavailableError
from webapp.web.addresses import PICTURES_PATH
from webapp.web.security_headers import security_headers
from webapp.web.wsgi import Application, Environ, Headers, StartResponse

_PATH = re.compile(r"[0-9a-f]{20}\.(avif|webp|jpg|png)")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
_A_YEAR = "public, max-age=31536000, immutable"


class PictureFiles:
    """The files of pictures and the cards, of the store that is shown. `cache` holds some of them in memory."""

    def __init__(self, versions: VersionTracker, cache: PictureCache, *, is_https: bool) -> None:
        self._versions = versions
        self._cache = cache
        self._is_https = is_https

    def served_ahead_of(self, application: Application) -> Application:
        """Make a WSGI application that answers for those in memory, and leaves all else to another."""
        return partial(self._answer, application)

    def make_blueprint(self) -> Blueprint:
        """Make what answers for those that are not in memory yet."""
        blueprint = Blueprint("pictures", __name__)

        @blueprint.get(f"{PICTURES_PATH}<path>")
        def file(path: str) -> Response:
            """Serve a file of a picture, or a card. (404 where it is not held, or no more.)"""
            content = self._read(path) if _PATH.fullmatch(path) else None
            if content is None:
                abort(404)
            response = Response(content, headers=_headers(path, content))
            response.make_conditional(request)
            return response

        return blueprint

    def _answer(self, application: Application, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(PICTURES_PATH) and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            path = path.removeprefix(PICTURES_PATH)
            content = self._recall(path)
            if content is not None:
                return self._start(path, content, environ, start_response)
        return application(environ, start_response)

    def _recall(self, path: str) -> bytes | None:
        try:
            generation = self._versions.current().state.generation
        except (FirstImportPendingError, StoreUnavailableError):
            return None  # The application meets the same, and says so.
        return self._cache.get((generation, path))

    def _start(self, path: str, content: bytes, environ: Environ, start_response: StartResponse) -> list[bytes]:
        headers = _headers(path, content)
        headers += security_headers(_type(path), is_https=self._is_https).items()
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(_tag(path)):
            start_response("304 NOT MODIFIED", [one for one in headers if not one[0].startswith("Content-")])
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

    def _read(self, path: str) -> bytes | None:
        versions = self._versions.current()
        with versions.edition.store.read() as snapshot:
            content, generation = snapshot.pictures.get_content(path), snapshot.state.generation
        if content is not None:
            self._cache.put((generation, path), content, len(content))
        return content


def _headers(path: str, content: bytes) -> Headers:
    return [
        ("Content-Type", _type(path)),
        ("Content-Length", str(len(content))),
        ("Cache-Control", _A_YEAR),
        ("ETag", f'"{_tag(path)}"'),
    ]


def _type(path: str) -> str:
    return _TYPES[path.rpartition(".")[2]]


def _tag(path: str) -> str:
    return path.partition(".")[0]
