"""The types of values that settings have. Each reads a text, without blanks around it, or raises `ValueError`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, quote, unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from webapp.domain.entry import EntryKind
from webapp.domain.pictures import PicturePolicy
from webapp.domain.push_endpoints import is_host_pattern
from webapp.domain.text import is_host
from webapp.domain.uris import ascii_host, web_url

Value = TypeVar("Value")

# Segments of unreserved characters and of encoded ones beyond ASCII (RFC 3986, 2.3); none is `.` or `..`.
_BASE_PATH = re.compile(r"(?:/(?!\.\.?(?:/|$))(?:[0-9A-Za-z._~-]|%[89A-F][0-9A-F])+)+")

SHORTEST_TOKEN = 16
"""How many characters a token of ours has at least: fewer could be guessed."""


def optional(read: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """Read as `read` does, and nothing as `None`."""
    return lambda text: read(text) if text else None


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number within these bounds, both included."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Read one of these words, in any case."""

    def read(text: str) -> str:
        if text.casefold() not in words:
            raise ValueError(text)
        return text.casefold()

    return read


def switch(on: str, off: str) -> Callable[[str], bool]:
    """Read one of two words, the first of which is true."""
    word = one_of(on, off)
    return lambda text: word(text) == on


def folder(text: str) -> Path:
    """Read a folder, as an absolute path."""
    if not text:
        raise ValueError(text)
    try:
        return Path(text).expanduser().resolve()
    except RuntimeError as error:  # It begins with the home of a user who has none.
        raise ValueError(text) from error


def file(text: str) -> Path:
    """Read a file that is there, as an absolute path."""
    found = folder(text)
    if not found.is_file():
        raise ValueError(text)
    return found


def hosts(text: str) -> tuple[str, ...]:
    """Read hosts separated by commas, as requests name them; an IPv6 address stands in brackets or without."""
    return tuple(map(_host, _pieces(text)))


def push_hosts(text: str) -> tuple[str, ...]:
    """Read hosts of push services separated by commas, as `is_host_pattern` knows them, in any case."""
    pieces = tuple(piece.casefold() for piece in _pieces(text))
    if not all(map(is_host_pattern, pieces)):
        raise ValueError(text)
    return pieces


def origin(text: str) -> str:
    """Read a web address without a path, as `scheme://host:port`."""
    parts = _web_address(text)
    if parts.path.strip("/"):
        raise ValueError(text)
    return f"{parts.scheme}://{parts.netloc}"


def site_address(text: str) -> str:
    """Read the web address of a site, which may be below a path, without a slash at its end.

    A path that proxies and browsers might spell in another way, such as one with dots for a segment, is refused.
    """
    parts = _web_address(text)
    path = quote(unquote(parts.path.rstrip("/"), errors="strict"))
    if (path and not _BASE_PATH.fullmatch(path)) or "%2f" in parts.path.casefold():
        raise ValueError(text)
    return f"{parts.scheme}://{parts.netloc}{path}"


def origins(text: str) -> tuple[str, ...]:
    """Read the origins that `Access-Control-Allow-Origin` may name, spelled as browsers send them, or `*`."""
    return tuple(one if one == "*" else origin(one).casefold() for one in _pieces(text))


def service(text: str) -> str:
    """Read a web address that paths are put behind: it ends with a slash."""
    return _web_address(text).geturl().rstrip("/") + "/"


def page(text: str) -> str:
    """Read any web address."""
    if (url := web_url(text)) is None:
        raise ValueError(text)
    return url


def kinds(text: str) -> tuple[EntryKind, ...]:
    """Read kinds of entry separated by commas, in any case: `event`, `launch`."""
    given = {EntryKind(piece.casefold()) for piece in _pieces(text)}
    if not given:
        raise ValueError(text)
    return tuple(kind for kind in EntryKind if kind in given)


def pictures(text: str) -> PicturePolicy:
    """Read which pictures to show, in any case: `licensed`, `all` or `off`."""
    return PicturePolicy(text.casefold())


def database(text: str) -> str:
    """Read the address of a SQLite file or of a PostgreSQL database."""
    try:
        url = make_url(re.sub("^postgres:", "postgresql:", text))
    except ArgumentError as error:
        raise ValueError(text) from error
    # A database in memory would be another one in each thread.
    if url.drivername not in {"sqlite", "postgresql"} or (url.drivername == "sqlite" and not _is_file(url)):
        raise ValueError(text)
    return url.render_as_string(hide_password=False)


def redis(text: str) -> str:
    """Read the address of a Redis."""
    parts = urlsplit(text)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ValueError(text)
    return text


def token(text: str) -> str:
    """Read a token that is ours to choose."""
    if len(text) < SHORTEST_TOKEN:
        raise ValueError(text)
    return header_safe(text)


def header_safe(text: str) -> str:
    """Read what can stand in a header of a request."""
    if not text.isascii() or not text.isprintable():
        raise ValueError(text)
    return text


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in text.split(",") if piece.strip()]


def _host(text: str) -> str:
    name, colon, port = text.partition(":")
    host = text if text.isascii() else f"{ascii_host(name) or ''}{colon}{port}"
    if not is_host(host) and not is_host(f"[{host}]"):
        raise ValueError(text)
    return host


def _web_address(text: str) -> SplitResult:
    parts = urlsplit(page(text))
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError(text)
    return parts


def _is_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:"
