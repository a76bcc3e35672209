import gzip
import sys

import brotli
import pytest
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from webapp.web.content_encoding import SMALLEST, Encoded, encode

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODY = b"Everything that is sent twice is sent smaller. " * 40


def encoded(accepted: str, body: bytes = BODY) -> Encoded:
    return encode(body, parse_accept_header(accepted, Accept))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd, gzip", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("br;q=0, gzip;q=0, zstd;q=0", None),
        ("gzip;q=0.5, identity;q=0.9", None),
        ("*", "gzip"),
        ("*;q=0", None),
        ("*;q=0.1, br;q=0.5", "br"),
        ("deflate, compress", None),
        ("gzip;q=rubbish", None),
        (";;,,==", None),
    ],
)
def test_the_client_chooses_and_of_what_it_likes_equally_we_do(accepted: str, encoding: str | None) -> None:
    found = encoded(accepted)
    assert (found.encoding, found.varies) == (encoding, True)
    assert found.body == BODY if encoding is None else len(found.body) < len(BODY)


def test_every_coding_can_be_undone() -> None:
    assert gzip.decompress(encoded("gzip").body) == BODY
    assert brotli.decompress(encoded("br").body) == BODY
    assert zstd.decompress(encoded("zstd").body) == BODY


@pytest.mark.parametrize("accepted", ["gzip", "br", "zstd"])
def test_the_same_body_gives_the_same_bytes(accepted: str) -> None:
    assert encoded(accepted) == encoded(accepted)


def test_no_time_is_in_a_gzip_body() -> None:
    assert encoded("gzip").body[4:8] == b"\0\0\0\0"


def test_a_small_body_goes_to_everyone_as_it_is() -> None:
    small = b"x" * (SMALLEST - 1)
    assert encoded("gzip, br", small) == Encoded(small, None, varies=False)
