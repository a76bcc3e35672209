"""The horizon's geometry: the lengths and positions of its marks, labels, lanes and strips on their axis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from webapp.pages.horizon_axis import EDGE, FONT_SIZE, WIDTH, Axis, percent
from webapp.pages.horizon_lanes import APART, Box
from webapp.pages.text_widths import cut_to_width, text_width

TOP = 42.0
"""Where the first lane begins: above it stand "Now" and the words of the ticks, a row for each."""

_DOT = 6.0
_GAP = 8.0
_SHORTEST_BAR = 10.0
_SHORTEST_SHARE = 0.015
_LEAST_LABEL = 300.0  # So much of a label is always shown, if there is so much of it.
_BETWEEN_BANDS = 12.0


@dataclass(frozen=True, slots=True)
class LaneLengths:
    """The lengths within a lane, from its upper edge down."""

    height: float = 26.0
    middle: float = 13.0
    bar_top: float = 4.0
    bar_height: float = 18.0
    end_top: float = 2.0
    end_bottom: float = 24.0
    baseline: float = 18.0
    dot: float = _DOT
    ring: float = 5.0


@dataclass(frozen=True, slots=True)
class HeadRows:
    """Where above the lanes the line of "Now" and the ticks begin, and on what lines their words stand."""

    now_top: float = 2.0
    now_baseline: float = 13.0
    ticks_top: float = 20.0
    ticks_baseline: float = 32.0


LANE = LaneLengths()
HEAD_ROWS = HeadRows()


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn for a range of time: a dot where `width` is 0, else a bar from `x` on.

    An end that lies beyond the drawing is open. `ring_x` is where a ring stands for an earlier date, and `move_x` where
    the line from there begins, at the drawing's edge if that date lies beyond it.
    """

    x: float
    width: float
    is_open_left: bool
    is_open_right: bool
    ring_x: float | None = None
    move_x: float | None = None

    @property
    def end_x(self) -> float:
        """Where a bar ends."""
        return round(self.x + self.width, 1)

    @property
    def left(self) -> float:
        """Its left end, with its ring."""
        own = self.x if self.width else self.x - _DOT
        return own if self.move_x is None else min(own, self.move_x - _DOT)

    @property
    def right(self) -> float:
        """Its right end, with its ring."""
        own = self.x + (self.width or _DOT)
        return own if self.move_x is None else max(own, self.move_x + _DOT)


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its words, which may be cut short, and where they begin, or end if it is `left` of the mark.

    `place` is `left`, `right`, or `within` a bar.
    """

    words: str
    x: float
    place: str
    width: float

    @property
    def is_left(self) -> bool:
        """Whether `x` is where it ends."""
        return self.place == "left"

    @property
    def begin(self) -> float:
        """Where it begins."""
        return self.x - self.width if self.is_left else self.x

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.x if self.is_left else self.x + self.width


@dataclass(frozen=True, slots=True)
class Strip:
    """The same on the strip of a list: a dot where `length` is empty, else a bar; and the ring, if there is one."""

    begin: str
    length: str
    ring: str | None


def shape_of(axis: Axis, reach: tuple[float, float], earlier: tuple[float, float] | None) -> Shape:
    """Draw a range that reaches between these days, and a ring in the middle of an `earlier` one."""
    first, last = reach
    x, width = axis.place(first), 0.0
    if first != last:
        # A bar that is too short to be seen keeps its middle, and stays within the drawing.
        width = round(max(axis.place(last) - x, _SHORTEST_BAR), 1)
        middle = (x + axis.place(last)) / 2
        x = round(min(max(middle - width / 2, EDGE), WIDTH - EDGE - width), 1)
    moved_from = None if earlier is None else sum(earlier) / 2
    move_x = None if moved_from is None else axis.place(moved_from)
    is_inside = moved_from is not None and 0 <= moved_from <= axis.days
    return Shape(x, width, first < 0, last > axis.days, move_x if is_inside else None, move_x)


def strip_of(axis: Axis, reach: tuple[float, float], earlier: tuple[float, float] | None) -> Strip:
    """Give the strip of a range that reaches between these days, with a ring in the middle of an `earlier` one."""
    first, last = (min(max(day, 0.0), float(axis.days)) for day in reach)
    length = max((last - first) / axis.days, _SHORTEST_SHARE)
    moved_from = -1.0 if earlier is None else sum(earlier) / 2
    ring = axis.share(moved_from) if 0 <= moved_from <= axis.days else None
    return Strip(axis.share(first), "" if reach[0] == reach[1] else percent(length), ring)


def label_beside(shape: Shape, name: str) -> Label:
    """Give a label the place that it needs at least: within a long bar, else right of the mark, or left of it."""
    whole = text_width(name, FONT_SIZE)
    least = min(whole, _LEAST_LABEL)
    right, left = shape.right + _GAP, shape.left - _GAP
    has_right, has_left = right + least <= WIDTH - EDGE, left - least >= EDGE
    if shape.width >= whole + 2 * _GAP or not (has_right or has_left):
        return Label(name, shape.x + _GAP, "within", least)
    return Label(name, right, "right", least) if has_right else Label(name, left, "left", least)


def box_of(shape: Shape, label: Label) -> Box:
    """Give what a mark and its label take up."""
    return Box(min(shape.left, label.begin), max(shape.right, label.end))


def labels_with_room(shapes: Sequence[Shape], labels: Sequence[Label], lanes: Sequence[int]) -> list[Label]:
    """Let each label have the room that is left in its lane; it is cut only where another mark, or the edge, begins."""
    grown = list(labels)
    for lane in set(lanes):
        members = sorted((at for at, its in enumerate(lanes) if its == lane), key=lambda at: shapes[at].x)
        end = EDGE - APART
        for place, at in enumerate(members):
            after = members[place + 1] if place + 1 < len(members) else None
            begin = WIDTH - EDGE + APART if after is None else box_of(shapes[after], labels[after]).begin
            label = labels[at]
            room = label.x - end - APART if label.is_left else begin - APART - label.x
            words = cut_to_width(label.words, room, FONT_SIZE)
            grown[at] = replace(label, words=words, width=text_width(words, FONT_SIZE))
            end = box_of(shapes[at], grown[at]).end
    return grown


def lane_tops(bands: Sequence[int]) -> list[list[float]]:
    """Give where each lane begins, in bands of so many lanes, one below the other."""
    tops, top = [], TOP
    for lanes in bands:
        tops.append([top + number * LANE.height for number in range(lanes)])
        top += lanes * LANE.height + (_BETWEEN_BANDS if lanes else 0.0)
    return tops


def height_of(bands: Sequence[int]) -> float:
    """Give how high a drawing of such bands is."""
    return max((top for tops in lane_tops(bands) for top in tops), default=TOP) + LANE.height
