"""The horizon: what lies ahead as one drawing, in which a vague date is as long as what it may mean.

Lengths are in the drawing's own units, which are pixels where it is shown 1200 wide.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.domain.change_words import from_to_words
from webapp.domain.changes import StoredChange
from webapp.domain.entry import Entry, EntryKey
from webapp.domain.parameters import Span
from webapp.domain.precision import ClockRange, Range
from webapp.domain.query import Filter, Query
from webapp.domain.text import isolated
from webapp.domain.words import MONTHS
from webapp.domain.zones import in_zone
from webapp.pages.choices import Choice
from webapp.pages.filters import FilterForm, present_filter
from webapp.pages.horizon_lanes import LANE, Box, packed
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.store import Facets
from webapp.web.addresses import entry_path, horizon_path

WIDTH = 1200.0
LEFT = RIGHT = 16.0
TOP = 44.0
DAYS = {Span.MONTH: 31, Span.QUARTER: 92, Span.YEAR: 366}

_SHORTEST_BAR = 10.0
_MARK = 12.0
_LETTER = 7.6  # What a letter of a label takes up, on the safe side.
_LONGEST_LABEL = 36
_GAP = 8.0
_ROOM_FOR_A_MONTH = 110.0
_SPAN_WORDS = {Span.MONTH: "month", Span.QUARTER: "quarter", Span.YEAR: "year"}


@dataclass(frozen=True, slots=True)
class Ghost:
    """Where an event was before its latest slip: the point, and a line from there to where it is now."""

    x: float
    to_x: float
    words: str


@dataclass(frozen=True, slots=True)
class HorizonMark:
    """One event. A point where `width` is 0, else a bar from `x`; an end beyond the drawing is `open`.

    `label_x` and `is_label_left` place its label, which may be cut short; `name` is whole. `share` and `share_width`
    place the same in hundredths of the span.
    """

    path: str
    name: str
    label: str
    date_words: str
    type_id: int
    certainty: str
    is_live: bool
    x: float
    width: float
    y: float
    is_open_left: bool
    is_open_right: bool
    label_x: float
    is_label_left: bool
    ghost: Ghost | None

    @property
    def share(self) -> float:
        """Where it begins, in hundredths of the span."""
        return round((self.x - LEFT) / (WIDTH - LEFT - RIGHT) * 100, 1)

    @property
    def share_width(self) -> float:
        """How long it is, in hundredths of the span."""
        return round(self.width / (WIDTH - LEFT - RIGHT) * 100, 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month in the drawing."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class HorizonPage:
    """What the page shows. `later` counts events that only begin after the span, `undated` those without any date."""

    span_words: str
    width: float
    height: float
    marks: tuple[HorizonMark, ...]
    ticks: tuple[Tick, ...]
    zooms: tuple[Choice, ...]
    later: int
    undated: int
    left_out: int
    filter: FilterForm
    zone: ZoneMenu
    is_filtered: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """From which day, in a zone, over how many days the drawing reaches."""

    begin: date
    days: int
    zone: ZoneInfo

    def place(self, day: float) -> float:
        """Give where a moment is drawn, told in days since the beginning; what lies outside is drawn at the edge."""
        inside = min(max(day, 0.0), float(self.days))
        return round(LEFT + inside / self.days * (WIDTH - LEFT - RIGHT), 1)

    def reach(self, date_range: Range) -> tuple[float, float]:
        """Give the days since the beginning between which a range lies; both are the same for a clock time."""
        if isinstance(date_range, ClockRange):
            start = in_zone(date_range.start, self.zone).replace(tzinfo=None)
            since = (start - datetime.combine(self.begin, time.min)) / timedelta(days=1)
            return since, since
        return float((date_range.first_date - self.begin).days), float((date_range.last_date - self.begin).days + 1)


def present_horizon(
    entries: Sequence[Entry],
    *,
    now: datetime,
    query: Query,
    facets: Facets,
    slips: Mapping[EntryKey, StoredChange],
    total: int,
) -> HorizonPage:
    """Draw entries, given in timeline order, from today on, as it is in the query's zone.

    `slips` has the latest slip of those that moved of late, by their keys; `total` is how many events there are.
    """
    axis = Axis(in_zone(now, query.view.zone).date(), DAYS[query.view.span], query.view.zone)
    dated = [(entry, axis.reach(entry.date_range)) for entry in entries if entry.date_range is not None]
    inside = sorted(((entry, reach) for entry, reach in dated if reach[0] < axis.days), key=lambda pair: pair[1])
    marks = tuple(_marks(inside, axis, slips))
    lanes = max((mark.y for mark in marks), default=TOP)
    return HorizonPage(
        span_words=_SPAN_WORDS[query.view.span],
        width=WIDTH,
        height=lanes + LANE,
        marks=marks,
        ticks=tuple(_ticks(axis)),
        zooms=tuple(_zoom(span, query) for span in Span),
        later=len(dated) - len(inside),
        undated=len(entries) - len(dated),
        left_out=total - len(entries),
        filter=present_filter(query, facets, path="/horizon"),
        zone=present_zone(query, horizon_path, now),
        is_filtered=query.filter != Filter(),
    )


def _zoom(span: Span, query: Query) -> Choice:
    path = horizon_path(replace(query, view=replace(query.view, span=span)))
    return Choice(_SPAN_WORDS[span], path, span is query.view.span)


def _marks(
    inside: Sequence[tuple[Entry, tuple[float, float]]], axis: Axis, slips: Mapping[EntryKey, StoredChange]
) -> Iterator[HorizonMark]:
    drawn = [(entry, _mark(entry, reach, axis, slips.get(entry.key))) for entry, reach in inside]
    lanes = packed([_box(mark) for _, mark in drawn])
    for (_, mark), lane in zip(drawn, lanes, strict=True):
        yield _at_lane(mark, lane)


def _mark(entry: Entry, reach: tuple[float, float], axis: Axis, slip: StoredChange | None) -> HorizonMark:
    first, last = reach
    x, end = axis.place(first), axis.place(last)
    # A short bar keeps its middle, and stays within the drawing.
    width = 0.0 if first == last else max(end - x, _SHORTEST_BAR)
    x = min(x, WIDTH - RIGHT - width)
    label = entry.name if len(entry.name) <= _LONGEST_LABEL else f"{entry.name[: _LONGEST_LABEL - 1].rstrip()}…"
    ghost = _ghost(slip, x, axis)
    right_of = max(x + max(width, _MARK), ghost.x + _MARK if ghost else 0.0) + _GAP
    is_left = right_of + len(label) * _LETTER > WIDTH - RIGHT and x - _GAP - len(label) * _LETTER > 0
    # A long bar carries its label itself.
    is_within = width > len(label) * _LETTER + 2 * _GAP
    return HorizonMark(
        path=entry_path(entry, axis.zone),
        name=isolated(entry.name),
        label=isolated(label),
        date_words=entry.date_words_in(axis.zone),
        type_id=entry.type.id,
        certainty=entry.certainty_word,
        is_live=entry.webcast_live,
        x=x,
        width=width,
        y=0.0,
        is_open_left=first < 0,
        is_open_right=last > axis.days,
        label_x=x + _GAP if is_within else (x - _GAP if is_left else right_of),
        is_label_left=is_left and not is_within,
        ghost=ghost,
    )


def _ghost(slip: StoredChange | None, x: float, axis: Axis) -> Ghost | None:
    if slip is None or slip.change.before is None or slip.change.before.date_range is None:
        return None
    first, last = axis.reach(slip.change.before.date_range)
    return Ghost(axis.place((first + last) / 2), x, f"Moved {from_to_words(slip.change)}")


def _box(mark: HorizonMark) -> Box:
    length = len(mark.label) * _LETTER
    begin = mark.label_x - length if mark.is_label_left else mark.label_x
    edges = [mark.x - _MARK, mark.x + max(mark.width, _MARK), begin, begin + length]
    if mark.ghost is not None:
        edges += [mark.ghost.x - _MARK, mark.ghost.x + _MARK]
    return Box(min(edges), max(edges))


def _at_lane(mark: HorizonMark, lane: int) -> HorizonMark:
    values = {name: getattr(mark, name) for name in HorizonMark.__slots__}
    return HorizonMark(**values | {"y": TOP + lane * LANE})


def _ticks(axis: Axis) -> Iterator[Tick]:
    for days in range(axis.days):
        day = axis.begin + timedelta(days=days)
        if day.day == 1 and axis.place(days) < WIDTH - _ROOM_FOR_A_MONTH:
            year = f" {day.year}" if day.month == 1 else ""
            yield Tick(axis.place(days), f"{MONTHS[day.month - 1]}{year}")
