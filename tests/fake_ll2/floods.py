"""Answers that never end, or that become more than they seem: what a client must cut off by itself."""

import struct
import zlib
from collections.abc import Iterable
from functools import cache
from itertools import chain, cycle, repeat

from tests.fake_ll2.faults import Fault, QueuedFault
from tests.fake_ll2.shapes import Answer, Delivery

_MEBIBYTE = 2**20
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_CHUNK = b"10000\r\n" + b" " * 65_536 + b"\r\n"
_LINE = b"X-More: " + b"m" * 1000 + b"\r\n"

_ENDLESS: dict[Fault, tuple[bytes, bytes]] = {
    Fault.ENDLESS_HEAD: (_OK, _LINE),
    Fault.ENDLESS_HEADER_LINE: (_OK + b"X-More: ", b"m" * 65_536),
    Fault.ENDLESS_INTERIM: (b"", b"HTTP/1.1 100 Continue\r\n" + _LINE + b"\r\n"),
    Fault.ENDLESS_BODY: (_CHUNKED, _CHUNK),
    Fault.ENDLESS_CHUNK_SIZE: (_CHUNKED, b"0" * 65_536),
    Fault.ENDLESS_TRAILERS: (_CHUNKED + b"0\r\n", _LINE * 60),
}


def flood(queued: QueuedFault) -> Answer | None:
    """The answer of such a fault; None for the others."""
    match queued.fault:
        case Fault.DRIPPING_HEAD:
            return _pieces(chain([_OK + b"X-Slow: "], repeat(b"s")), queued.details["every"])
        case Fault.DRIPPING_BODY:
            return _pieces(
                chain([_OK + b"Content-Length: 1000000\r\n\r\n"], cycle([b"[", b" "])), queued.details["every"]
            )
        case Fault.GZIP_BOMB:
            return _coded("gzip", _bomb(queued.details["mebibytes"]))
        case Fault.UNASKED_CODING:
            return _coded(queued.details["coding"], b"whatever it is")
        case fault if fault in _ENDLESS:
            first, again = _ENDLESS[fault]
            return _pieces(chain([first], repeat(again)))
    return None


def _pieces(pieces: Iterable[bytes], pause: float = 0.0) -> Answer:
    return Answer(200, b"", delivery=Delivery.PIECES, pieces=pieces, pause=pause)


def _coded(coding: str, body: bytes) -> Answer:
    return Answer(200, body, (("Content-Encoding", coding), ("ETag", '"coded"')))


@cache
def _bomb(mebibytes: int) -> bytes:
    """So many MiB of zeros in gzip (RFC 1952), made of one MiB that is coded once."""
    zeros, coder, check = bytes(_MEBIBYTE), zlib.compressobj(9, wbits=-zlib.MAX_WBITS), 0
    coded = coder.compress(zeros) + coder.flush(zlib.Z_FULL_FLUSH)
    for _ in range(mebibytes):
        check = zlib.crc32(zeros, check)
    head, end = b"\x1f\x8b\x08" + bytes(7), struct.pack("<II", check, mebibytes * _MEBIBYTE)
    return head + coded * mebibytes + coder.flush() + end
