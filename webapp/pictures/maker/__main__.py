"""Answer one request, a frame on standard input, with a frame on standard output. Limited before Pillow is imported."""

import os
import resource
import sys
from typing import Any, Final

from webapp.pictures.frames import read_frame, write_frame
from webapp.pictures.making import UnusablePictureError

_MEMORY: Final = 384 << 20
_CPU_S: Final = 20
_NICENESS: Final = 5
"""Those who serve visitors come first."""


def main() -> None:
    """Answer the request."""
    _limit()
    head, pieces = read_frame(sys.stdin.buffer.read())
    try:
        answer = _answer(head, pieces)
    except UnusablePictureError as error:
        answer = write_frame({"unusable": str(error)})
    except MemoryError:
        answer = write_frame({"unusable": "needs too much memory"})
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _limit() -> None:
    os.nice(_NICENESS)
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_S),
        (resource.RLIMIT_FSIZE, 0),  # It has no file to write.
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (limit, limit))


def _answer(head: Any, pieces: list[bytes]) -> bytes:
    # Imported here, under the limits, and only what the request needs.
    if head["task"] == "files":
        from webapp.pictures.maker.files import make_files  # noqa: PLC0415

        return make_files(pieces[0])
    from webapp.pictures.maker.cards import draw_cards  # noqa: PLC0415

    return draw_cards(head, pieces)


if __name__ == "__main__":
    main()
