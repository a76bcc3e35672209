"""Lettering: the typeface in its sizes and weights, which letters it lacks, and how a text fits into a box."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_NO_LETTER: Final = "\ufffe"
"""Unicode promises that this is none, so that what is drawn for it is what is drawn for any that is lacking."""
_ELLIPSIS: Final = "…"


def plain(text: str) -> str:
    """Give a text in composed letters, on one line, with plain spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class Typeface:
    """The typeface, a variable font in the file of that path."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.font = lru_cache(self._font)
        self._has = lru_cache(self._has_letter)

    def has_letters_of(self, text: str) -> bool:
        """Whether it has each letter of a text."""
        return all(self._has(letter) for letter in text)

    def _font(self, size: int, weight: int) -> ImageFont.FreeTypeFont:
        font = ImageFont.truetype(self._path, size)
        font.set_variation_by_axes([weight])
        return font

    def _has_letter(self, letter: str) -> bool:
        return letter == " " or (letter.isprintable() and self._shape(letter) != self._shape(_NO_LETTER))

    def _shape(self, letter: str) -> tuple[tuple[int, int], bytes]:
        mask = self.font(32, 400).getmask(letter)
        return mask.size, bytes(mask)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one font. `leading` is from one line to the next, in pixels."""

    lines: Sequence[str]
    font: ImageFont.FreeTypeFont
    leading: int

    @property
    def height(self) -> int:
        """How high the lines are together, in pixels."""
        return self.leading * len(self.lines)

    def draw(self, image: Image.Image, left: int, top: int, color: str) -> int:
        """Draw the lines from a corner on, and give where they end."""
        pen = ImageDraw.Draw(image)
        ascent, descent = self.font.getmetrics()
        for number, line in enumerate(self.lines):
            baseline = top + number * self.leading + (self.leading + ascent - descent) // 2
            pen.text((left, baseline), line, fill=color, font=self.font, anchor="ls")
        return top + self.height


def fit(text: str, typeface: Typeface, *, sizes: Sequence[int], weight: int, width: int, most_lines: int) -> Block:
    """Set a text as large as it fits into so many lines of a width; in the last of the sizes it is cut."""
    for size in sizes:
        font = typeface.font(size, weight)
        lines = _wrap(text, font, width)
        if len(lines) <= most_lines and all(font.getlength(line) <= width for line in lines):
            return Block(lines, font, round(size * 1.14))
    lines = [piece for line in lines for piece in _break(line, font, width)]
    return Block(_cut(lines, font, width, most_lines), font, round(sizes[-1] * 1.14))


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break a text into lines between its words."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _break(line: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break a word that is wider than its line."""
    pieces = [""]
    for letter in line:
        if pieces[-1] and font.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _cut(lines: list[str], font: ImageFont.FreeTypeFont, width: int, most_lines: int) -> list[str]:
    if len(lines) <= most_lines:
        return lines
    last = lines[most_lines - 1]
    while last and font.getlength(last + _ELLIPSIS) > width:
        last = last[:-1].rstrip()
    return [*lines[: most_lines - 1], last.rstrip(" ,:;-–—") + _ELLIPSIS]
