"""Frames: what two processes tell each other over a pipe. A head in JSON, then pieces of bytes."""

import json
import struct
from collections.abc import Sequence
from typing import Any, Final

_LENGTH: Final = struct.Struct(">I")


def write_frame(head: object, pieces: Sequence[bytes] = ()) -> bytes:
    """Write a frame: the length of its first part, that part in JSON (the head, the pieces' lengths), the pieces."""
    first = json.dumps([head, [len(piece) for piece in pieces]]).encode()
    return b"".join((_LENGTH.pack(len(first)), first, *pieces))


def read_frame(frame: bytes) -> tuple[Any, list[bytes]]:
    """Read a frame back into its head and its pieces. Raises `ValueError` for anything that is none."""
    if len(frame) < _LENGTH.size:
        raise ValueError("it is shorter than a frame")
    place = _LENGTH.size + _LENGTH.unpack_from(frame)[0]
    head, lengths = json.loads(frame[_LENGTH.size : place])
    pieces = []
    for length in lengths:
        pieces.append(frame[place : place + length])
        place += length
    if place != len(frame):
        raise ValueError("its pieces are not as long as it says")
    return head, pieces
