"""Static files under one hash of the whole tree, so that any of them can be kept for ever."""

import hashlib
import mimetypes
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header
from werkzeug.security import safe_join

from webapp.edge.compression import Coded, code

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_A_DAY = "public, max-age=86400"
_TEXTS = frozenset({".css", ".js", ".svg", ".webmanifest"})
_MOST_CODED = 512  # Of some 80 texts, each in three codings; whoever asks oddly makes us code anew, no more.

CodeFile = Callable[[str, str], Coded]


def make_assets(folder: Path) -> tuple[Blueprint, Callable[[str], str]]:
    """Make the blueprint that serves `/static/<version>/<path>`, and the function that gives a file's address.

    All files share the version, so a relative address inside a style sheet or a script stays within it. Texts go out
    coded as the client accepts, and are coded once.
    """
    version = _tree_hash(folder)
    blueprint = Blueprint("assets", __name__)
    code_file = lru_cache(_MOST_CODED)(partial(_code_file, folder))
    blueprint.add_url_rule("/static/<asked>/<path:path>", "file", partial(_serve, folder, version, code_file))
    blueprint.add_url_rule("/cards/<name>.png", "card", partial(_serve_card, folder / "img" / "cards"))
    return blueprint, lambda path: f"/static/{version}/{path}"


def list_card_types(folder: Path) -> frozenset[int]:
    """List the types of event that have a card: a drawing of 1200 by 630 in `img/cards`, by their ids."""
    return frozenset(int(card.stem.removeprefix("type-")) for card in (folder / "img" / "cards").glob("type-*.png"))


def _serve_card(folder: Path, name: str) -> Response:
    """Serve a card at an address that stays, since feeds and those who share a link keep it."""
    response = send_from_directory(folder, f"{name}.png")
    response.headers["Cache-Control"] = _A_DAY
    return response


def _serve(folder: Path, version: str, code_file: CodeFile, asked: str, path: str) -> Response:
    if Path(path).suffix in _TEXTS and _is_file(folder, path):
        response = _answer_text(path, code_file(path, request.headers.get("Accept-Encoding", "")))
    else:
        response = send_from_directory(folder, path)
    # A page of another version may still ask under its own hash: it gets the file we have, for now.
    response.headers["Cache-Control"] = _FOR_EVER if asked == version else _ASK_AGAIN
    return response


def _answer_text(path: str, coded: Coded) -> Response:
    response = Response(coded.body, mimetype=mimetypes.guess_type(path)[0])
    response.set_etag(hashlib.sha256(coded.body).hexdigest()[:32])
    if coded.coding:
        response.headers["Content-Encoding"] = coded.coding
    if coded.varies:
        response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    return response


def _code_file(folder: Path, path: str, accepted: str) -> Coded:
    return code((folder / path).read_bytes(), parse_accept_header(accepted, Accept))


def _is_file(folder: Path, path: str) -> bool:
    found = safe_join(str(folder), path)
    return found is not None and Path(found).is_file()


def _tree_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
