"""Static files under one hash of the whole tree, so that any of them can be kept for ever."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


def make_assets(folder: Path) -> tuple[Blueprint, Callable[[str], str]]:
    """Make the blueprint that serves `/static/<version>/<path>`, and the function that gives a file's address.

    All files share the version, so a relative address inside a style sheet or a script stays within it.
    """
    version = _tree_hash(folder)
    blueprint = Blueprint("assets", __name__)
    blueprint.add_url_rule("/static/<asked>/<path:path>", "file", partial(_serve, folder, version))
    return blueprint, lambda path: f"/static/{version}/{path}"


def _serve(folder: Path, version: str, asked: str, path: str) -> Response:
    response = send_from_directory(folder, path)
    # A page of another version may still ask under its own hash: it gets the file we have, for now.
    response.headers["Cache-Control"] = _FOR_EVER if asked == version else _ASK_AGAIN
    return response


def _tree_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
