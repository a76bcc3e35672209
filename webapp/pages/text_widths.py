"""The width of a line of text, estimated from the advance widths of the page's typeface (STIX Two Text, regular)."""

import unicodedata
from collections.abc import Iterator
from functools import cache

_WIDTHS = {
    0.32: " !',.:;`ijl|·‘’ft",
    0.38: '"()-/I[\\]r{}',
    0.47: "*?Jcesz“”",
    0.52: "$0123456789^_abgoqvxy–",
    0.59: "#FLPSdhknpu~",
    0.67: "BERTXYZ",
    0.75: "%&+<=>ACDGKNOQVw",
    0.79: "HU",
    0.95: "@MWm",
}
"""The widths of characters in parts of the font size, each rounded up to that of the widest beside it."""

_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}
_OTHER = 1.0  # Such as Cyrillic and Chinese: wide ones, on the safe side.
_PICTURE = 1.4
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})


def text_width(text: str, font_size: float) -> float:
    """Give the width of a line of text at most, in the unit of the font size. Kerning makes it narrower."""
    return sum(_widths(text)) * font_size


def cut_to_width(text: str, room: float, font_size: float) -> str:
    """Give a text that is no wider than `room`: all of it, or its beginning and an ellipsis."""
    left = room / font_size
    if sum(_widths(text)) <= left:
        return text
    left -= _OTHER
    length = 0
    for width in _widths(text):
        left -= width
        if left < 0:
            break
        length += 1
    return f"{text[:length].rstrip()}…"


def _widths(text: str) -> Iterator[float]:
    return (_width(character) for character in text)


@cache
def _width(character: str) -> float:
    known = _WIDTH_OF.get(character)
    if known is not None:
        return known
    category = unicodedata.category(character)
    if category in _NO_WIDTH:
        return 0.0
    base = unicodedata.normalize("NFD", character)[0]
    return _WIDTH_OF.get(base, _PICTURE if category == "So" else _OTHER)
