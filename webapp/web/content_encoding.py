"""Content encoding: Brotli, Zstandard or gzip, whichever the client accepts (RFC 9110, 12.5.3)."""

import gzip
import sys
from collections.abc import Callable
from dataclasses import dataclass

import brotli
from werkzeug.datastructures import Accept

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SMALLEST = 600
"""A body of fewer bytes fits in one packet as it is: it is sent so to everyone."""

# Levels for bodies made on request. The same body gives the same bytes: the ETag is made of them. Brotli's usual window
# of 4 MiB takes 20 MiB to fill, and makes nothing of ours smaller than one of half a MiB does.
_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5, lgwin=19),
    "zstd": lambda body: zstd.compress(body, 6),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A body as it is sent. `varies` says whether another client might have been sent another encoding of it."""

    body: bytes
    encoding: str | None = None
    varies: bool = False


def encode(body: bytes, accepted: Accept) -> Encoded:
    """Encode a body as well as `Accept-Encoding` allows."""
    if len(body) < SMALLEST:
        return Encoded(body)
    encoding = choose_encoding(accepted)
    return Encoded(_ENCODERS[encoding](body) if encoding else body, encoding, varies=True)


def choose_encoding(accepted: Accept) -> str | None:
    """Choose what the client likes best, and of what it likes equally the first of ours; `None` is none at all."""
    wanted = {name.casefold(): quality for name, quality in accepted}
    # Whoever says `*` or `x-gzip` is old or careless: gzip is the one encoding that everything understands.
    wanted.setdefault("gzip", wanted.get("x-gzip", wanted.get("*", 0)))
    best = max(_ENCODERS, key=lambda encoding: wanted.get(encoding, 0))
    quality = wanted.get(best, 0)
    return best if quality > 0 and quality >= wanted.get("identity", 0) else None
