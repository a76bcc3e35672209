"""The making process: starts the child that makes pictures small and draws cards, and checks what it gives back.

A child that fails, or that gives nonsense, is a picture that cannot be used; nothing else is ever harmed.
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from webapp import paths
from webapp.domain.pictures import PictureFile
from webapp.pictures.frames import read_frame, write_frame
from webapp.pictures.making import CardFacts, MadePicture, Maker, MakingFailedError, UnusablePictureError

MOST_CARDS: Final = 10
"""How many cards one process draws."""

_TIMEOUT_S: Final = 20.0
_COMMAND: Final = (sys.executable, "-m", "webapp.pictures.maker")
_IMPORT_ROOT: Final = Path(__file__).resolve().parents[2]
_FONT: Final = "fontsource-variable-stix-two-text@*/stix-two-text-latin-wght-normal.woff2"
_EXTENSIONS: Final = {"image/avif": "avif", "image/webp": "webp", "image/jpeg": "jpg", "image/png": "png"}
_COLOR: Final = re.compile(r"#[0-9a-f]{6}")
_WORDS_OF_FAULT: Final = 160

_running: set["subprocess.Popen[bytes]"] = set()


def is_available() -> bool:
    """Whether pictures can be made: whether Pillow (`perigee[pictures]`) is installed."""
    return importlib.util.find_spec("PIL") is not None


def find_maker() -> Maker | None:
    """Give what makes pictures and draws cards, if it is installed."""
    return Maker(make_files, draw_cards, path_of_card, stop_children) if is_available() else None


def stop_children() -> None:
    """End the children that are at work: whoever stops does not wait for them."""
    for child in list(_running):
        child.kill()


def make_files(original: bytes, *, timeout_s: float = _TIMEOUT_S) -> MadePicture:
    """Make the files of a picture. Raises `UnusablePictureError` for an original of which none can be made."""
    head, contents = _ask(write_frame({"task": "files"}, [original]), timeout_s)
    try:
        files = {_file(listed, content): content for listed, content in zip(head["files"], contents, strict=True)}
        is_whole = bool(files) and _COLOR.fullmatch(head["color"])
    except (ValueError, TypeError, KeyError) as error:
        raise _nonsense(error) from None
    if not is_whole:
        raise _nonsense("no file, or no colour")
    return MadePicture(head["color"], files)


def draw_cards(cards: Sequence[CardFacts], *, timeout_s: float = _TIMEOUT_S) -> list[bytes | None]:
    """Draw the cards of entries, at most `MOST_CARDS`: `None` for one with letters that the typeface lacks.

    A card is a JPEG or a PNG; `path_of_card` tells them apart.
    """
    facts = [{name: value for name, value in asdict(card).items() if name != "picture"} for card in cards]
    head = {"task": "cards", "cards": facts, "has_picture": [card.picture is not None for card in cards]} | _materials()
    drawn, contents = _ask(write_frame(head, [card.picture or b"" for card in cards]), timeout_s)
    try:
        return [content if is_drawn else None for is_drawn, content in zip(drawn["drawn"], contents, strict=True)]
    except (ValueError, TypeError, KeyError) as error:
        raise _nonsense(error) from None


def path_of(content: bytes, media_type: str) -> str:
    """Give the place of a file under `/pictures/`, by a hash of its content. Raises `KeyError` for another type."""
    return f"{hashlib.sha256(content).hexdigest()[:20]}.{_EXTENSIONS[media_type]}"


def path_of_card(card: bytes) -> str:
    """Give the place of a card under `/pictures/`: one with a picture is a JPEG, one with a drawing a PNG."""
    return path_of(card, "image/png" if card.startswith(b"\x89PNG") else "image/jpeg")


def _materials() -> dict[str, str]:
    """Where the typeface and the drawings are."""
    (font,) = (paths.static() / "vendor").glob(_FONT)
    return {"font": str(font), "drawings": str(paths.static() / "img" / "cards")}


def _file(listed: dict[str, Any], content: bytes) -> PictureFile:
    path = path_of(content, listed["media_type"])
    return PictureFile(path, listed["media_type"], int(listed["width"]), int(listed["height"]), len(content))


def _ask(request: bytes, timeout_s: float) -> tuple[Any, list[bytes]]:
    """Ask a child of its own for one answer."""
    try:
        done = _run(request, timeout_s)
    except subprocess.TimeoutExpired:
        raise MakingFailedError(f"took more than {timeout_s:g} seconds") from None
    except OSError as error:
        raise MakingFailedError(f"could not be made small: no process could be started ({error})") from None
    if done.returncode != 0:
        raise MakingFailedError(f"could not be made small ({_fault_of(done)})")
    try:
        head, pieces = read_frame(done.stdout)
        unusable = head.get("unusable")
    except (ValueError, TypeError, AttributeError) as error:
        raise _nonsense(error) from None
    if unusable is not None:
        raise UnusablePictureError(str(unusable)[:_WORDS_OF_FAULT])
    return head, pieces


def _run(request: bytes, timeout_s: float) -> subprocess.CompletedProcess[bytes]:
    """Give a child its request, and wait for its answer. Raises `subprocess.TimeoutExpired` and `OSError`."""
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - Our own program, without a shell.
        _COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, env=_environment(), cwd=_IMPORT_ROOT
    ) as child:
        _running.add(child)
        try:
            output, errors = child.communicate(request, timeout_s)
        finally:
            child.kill()  # One that has ended is past it.
            _running.discard(child)
    return subprocess.CompletedProcess(_COMMAND, child.returncode, output, errors)


def _environment() -> dict[str, str]:
    """Give what Python needs to start, and nothing that this process was told."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    # Each further arena would reserve 64 MiB of the address space, which is limited.
    return {**kept, "MALLOC_ARENA_MAX": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _fault_of(done: subprocess.CompletedProcess[bytes]) -> str:
    """Say in short why a child failed: the signal that ended it, or the last line that it wrote."""
    if done.returncode < 0:
        return f"the process was ended by signal {-done.returncode}"
    lines = done.stderr.decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), f"exit status {done.returncode}")
    return last[:_WORDS_OF_FAULT]


def _nonsense(error: object) -> MakingFailedError:
    return MakingFailedError(f"could not be made small (the process answered nonsense: {error})"[:_WORDS_OF_FAULT])
