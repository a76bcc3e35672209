"""The certainty scale on a card: a mark as wide as the doubt about a date, as `glyphs.svg` draws it on pages."""

from typing import Final

from PIL import Image, ImageDraw

LABELS: Final = {
    "exact": "exact time", "hour": "to the hour", "day": "day only", "month": "no day yet", "year": "no month yet",
    "unknown": "no date yet",
}  # fmt: skip
"""What pages say beside it."""

_WIDTH, _HEIGHT = 64, 12
"""In the units of its drawing."""
_FINE: Final = 8
"""It is drawn so many times as large, and then made smaller, for smooth edges."""


def draw_scale(certainty: str, width: int) -> Image.Image:
    """Draw the scale of a certainty as a mask of that width."""
    unit = _FINE * width / _WIDTH
    mask = Image.new("L", (round(_WIDTH * unit), round(_HEIGHT * unit)))
    _Pen(mask, unit).draw(certainty)
    return mask.resize((width, round(width * _HEIGHT / _WIDTH)), Image.Resampling.LANCZOS)


class _Pen:
    """Draws in the units of `glyphs.svg`."""

    def __init__(self, mask: Image.Image, unit: float) -> None:
        self._pen, self._unit = ImageDraw.Draw(mask), unit

    def draw(self, certainty: str) -> None:
        if certainty == "unknown":
            for place in range(1, 64, 6):
                self._box(place - 1.1, 4.9, place + 1.1, 7.1, round_by=1.1)
        elif certainty == "year":
            self._frame(1, 63)
        elif certainty == "month":
            self._rule((1, 14), (50, 63))
            self._frame(14.5, 49.5)
            for left in (18, 24, 30, 36, 42):
                self._line(left, 9, left + 5, 3)
        else:
            self._rule((1, 63))
            middle = {"hour": (25, 2.5, 39, 9.5, 3.5), "day": (21, 3, 43, 9, 0)}
            self._box(*middle.get(certainty, (27.5, 1.5, 36.5, 10.5, 4.5)))

    def _rule(self, *parts: tuple[float, float]) -> None:
        """Draw the axis in its parts, with its ends."""
        for left, right in parts:
            self._box(left, 5.5, right, 6.5, shade=150)
        for place in (1, 63):
            self._box(place - 0.5, 3.5, place + 0.5, 8.5, shade=150)

    def _frame(self, left: float, right: float) -> None:
        corners = (left - 0.75, 2.25, right + 0.75, 9.75)
        self._pen.rectangle([part * self._unit for part in corners], outline=255, width=round(1.5 * self._unit))

    def _line(self, *ends: float) -> None:
        self._pen.line([part * self._unit for part in ends], fill=255, width=round(1.5 * self._unit))

    def _box(
        self, left: float, top: float, right: float, bottom: float, round_by: float = 0, *, shade: int = 255
    ) -> None:
        corners = [part * self._unit for part in (left, top, right, bottom)]
        self._pen.rounded_rectangle(corners, radius=round_by * self._unit, fill=shade)
