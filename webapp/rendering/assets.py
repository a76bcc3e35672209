"""Static files under one hash of the whole tree, so that any of them can be kept for ever, encoded ahead of time."""

import hashlib
import logging
import shutil
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import cast
from wsgiref.headers import Headers

from flask import Blueprint, Response, send_from_directory
from servestatic import ServeStatic
from servestatic.compress import Compressor

from webapp.rendering.style_sheet import STYLE_SHEET, join_style_sheets
from webapp.web.security_headers import security_headers
from webapp.web.wsgi import Application, Environ, StartResponse

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

log = logging.getLogger(__name__)

SERVICE_WORKER_PATH = "/service-worker.js"

_ASK_AGAIN = "no-cache"
_A_DAY = "public, max-age=86400"
_A_YEAR = "public, max-age=31536000, immutable"
_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".ico": "image/vnd.microsoft.icon"}
_ENCODED = {".css", ".js", ".svg", ".webmanifest"}
_WORKER_POLICY = "default-src 'none'; connect-src 'self'; img-src 'self'"
_DENSEST_ZSTD = 19
_UNFINISHED = "unfinished-"
_IS_GIVEN_UP_AFTER_SECONDS = 3600


class _Encoder(Compressor):  # type: ignore[misc] # The library has no types.
    """Encodes files as small as they get. The library looks for Zstandard in Python 3.14 alone; we have it before."""

    def __init__(self) -> None:
        super().__init__(quiet=True)
        self.use_zstd = True

    @staticmethod
    def compress_zstd(data: bytes, **_options: object) -> bytes:
        return zstd.compress(data, _DENSEST_ZSTD)


class _Files(ServeStatic):  # type: ignore[misc] # The same.
    """Leaves to the application what is no reading: it knows how to refuse."""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            return cast("Iterable[bytes]", super().__call__(environ, start_response))
        return cast("Iterable[bytes]", self.application(environ, start_response))


class Assets:
    """The static files of a folder; what was prepared of them in another is served, encoded, in their place."""

    def __init__(self, folder: Path, prepared: Path) -> None:
        self._folder = folder
        self._style_sheet = join_style_sheets(folder / "css").encode()
        self._version = _tree_hash(folder, self._style_sheet)
        self._prepared = prepared / self._version

    def address(self, path: str) -> str:
        """Give a file's address: all files share the version, so a relative address inside one stays within it."""
        return f"/static/{self._version}/{path}"

    def prepare(self) -> None:
        """Join the style sheets, and encode all texts as Brotli, Zstandard and gzip: once for each version.

        Several processes may do so at once. Where nothing can be written, files are served as they are.
        """
        if self._prepared.is_dir():
            return
        try:
            self._prepared.parent.mkdir(parents=True, exist_ok=True)
            self._write()
        except OSError as error:
            log.warning("static files are served uncompressed: %s", error)

    def served_ahead_of(self, application: Application, *, is_https: bool) -> Application:
        """Make a WSGI application that serves them at their addresses, and leaves all else to another."""
        return _Files(
            application,
            root=self._prepared if self._prepared.is_dir() else self._folder,
            prefix=f"static/{self._version}",
            allow_all_origins=False,
            mimetypes=_TYPES,
            add_headers_function=partial(_add_headers, version=self._version, is_https=is_https),
        )

    def make_blueprint(self) -> Blueprint:
        """Make what serves the rest: the cards, and files that a page of another version asks for."""
        blueprint = Blueprint("assets", __name__)
        folder, style_sheet = self._folder, self._style_sheet

        @blueprint.get("/static/<asked>/<path:path>")
        def file(asked: str, path: str) -> Response:
            """Serve the file that we have, for now, to a page that was made by another version of Perigee."""
            if path != STYLE_SHEET:
                return _serve(folder, path, _ASK_AGAIN)
            cache = _A_YEAR if asked == self._version else _ASK_AGAIN
            return Response(style_sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": cache})

        @blueprint.get("/cards/<name>.png")
        def card(name: str) -> Response:
            """Serve a card at an address that stays, since feeds and those who share a link keep it."""
            return _serve(folder / "img" / "cards", f"{name}.png", _A_DAY)

        @blueprint.get(SERVICE_WORKER_PATH)
        def service_worker() -> Response:
            """Serve the script that shows notices, at the root, for all pages, and always the present one."""
            headers = {"Cache-Control": "no-store", "Content-Security-Policy": _WORKER_POLICY}
            worker = (folder / "js" / "service-worker.js").read_bytes()
            return Response(worker, content_type="text/javascript; charset=utf-8", headers=headers)

        return blueprint

    def _sources(self, folder: str, names: list[str]) -> set[str]:
        """Give those of a folder's files that are joined into the one style sheet."""
        return {name for name in names if name.endswith(".css") and Path(folder) == self._folder / "css"}

    def _write(self) -> None:
        encoder = _Encoder()
        # Made beside its place and then moved there: nobody finds it half done.
        unfinished = Path(mkdtemp(dir=self._prepared.parent, prefix=_UNFINISHED))
        try:
            shutil.copytree(self._folder, unfinished / "static", ignore=self._sources)
            (unfinished / "static" / STYLE_SHEET).write_bytes(self._style_sheet)
            for file in [*(unfinished / "static").rglob("*")]:
                if file.suffix in _ENCODED:
                    encoder.compress(file)
            (unfinished / "static").touch()  # A copy is as old as what it was made of.
            (unfinished / "static").rename(self._prepared)
            self._forget_others()
        except OSError:
            if not self._prepared.is_dir():  # Else another process was quicker.
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _forget_others(self) -> None:
        """Remove what nobody serves or writes any more.

        Of other versions the latest may still be served, by who is about to stop; what is unfinished since long was
        begun by a process that was killed.
        """
        others = [folder for folder in self._prepared.parent.glob("[0-9a-f]" * 12) if folder != self._prepared]
        old = sorted(others, key=_written_at)[:-1]
        long_ago = _written_at(self._prepared) - _IS_GIVEN_UP_AFTER_SECONDS
        unfinished = self._prepared.parent.glob(f"{_UNFINISHED}*")
        abandoned = [folder for folder in unfinished if _written_at(folder) < long_ago]
        for folder in (*old, *abandoned):
            shutil.rmtree(folder, ignore_errors=True)


def _written_at(folder: Path) -> float:
    return folder.stat().st_mtime


def list_card_types(folder: Path) -> frozenset[int]:
    """List the types of event that have a card: a drawing of 1200 by 630 in `img/cards`, by their ids."""
    return frozenset(int(card.stem.removeprefix("type-")) for card in (folder / "img" / "cards").glob("type-*.png"))


def _add_headers(headers: Headers, _path: str, _url: str, *, version: str, is_https: bool) -> None:
    content_type = (headers["Content-Type"] or "").replace('"', "")  # As all other answers of ours spell it.
    headers["Content-Type"] = content_type
    headers["Cache-Control"] = _A_YEAR
    # Weak, since the library has one for all encodings (RFC 9110, 8.8.3.3), and the same on all machines.
    headers["ETag"] = f'W/"{version}"'
    for name, value in security_headers(content_type, is_https=is_https).items():
        headers[name] = value


def _serve(folder: Path, path: str, cache: str) -> Response:
    response = send_from_directory(folder, path)
    response.headers["Cache-Control"] = cache
    return response


def _tree_hash(folder: Path, style_sheet: bytes) -> str:
    digest = hashlib.sha256(style_sheet)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
