"""The horizon's drawing: each entry a mark with its label, in lanes, what is dated above what is vaguer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from webapp.domain.change_words import from_to_words
from webapp.domain.changes import StoredChange
from webapp.domain.entry import Entry, EntryKey, EntryKind
from webapp.domain.entry_state import EntryState, state_of
from webapp.domain.text import isolated
from webapp.pages.horizon_axis import TICK_GAP, WIDTH, Axis
from webapp.pages.horizon_geometry import (
    HEAD_ROWS,
    LANE,
    HeadRows,
    Label,
    LaneLengths,
    Shape,
    box_of,
    height_of,
    label_beside,
    labels_with_room,
    lane_tops,
    shape_of,
)
from webapp.pages.horizon_lanes import Box, packed
from webapp.pages.launch_facts import launch_title
from webapp.web.addresses import entry_path

MOST_LANES = 30, 14
"""So many lanes are drawn of what is dated, and of what is vaguer; the rest stands in the list alone."""


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry on the axis: between which days it lies, its latest slip, and between which it lay before that."""

    entry: Entry
    reach: tuple[float, float]
    slip: StoredChange | None
    earlier: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class HorizonMark:
    """An entry in the drawing: `y` is the upper edge of its lane, `target` what of that can be pressed."""

    path: str
    title: str
    type_id: int
    y: float
    shape: Shape
    label: Label
    target: Box
    is_launch: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing. `now_x` is where the present instant is; `left_out` counts what there are no lanes for."""

    width: float
    height: float
    rows: HeadRows
    lane: LaneLengths
    now_x: float
    now_words_x: float
    marks: tuple[HorizonMark, ...]
    left_out: int


class _LaidOut(NamedTuple):
    placed: PlacedEntry
    shape: Shape
    label: Label
    lane: int


def place_entries(entries: Sequence[Entry], axis: Axis, slips: Mapping[EntryKey, StoredChange]) -> list[PlacedEntry]:
    """Place the entries that have a date and begin before the axis ends, in the order in which they begin."""
    placed = [_place(entry, axis, slips.get(entry.key)) for entry in entries if entry.date_range is not None]
    return sorted((one for one in placed if one.reach[0] < axis.days), key=lambda one: one.reach)


def draw(dated: Sequence[PlacedEntry], vague: Sequence[PlacedEntry], axis: Axis, now: datetime) -> Drawing:
    """Draw entries in bands of lanes: what is dated, and below it what is vaguer, the least vague first."""
    bands = dated, sorted(vague, key=lambda one: one.entry.precision.rank)
    drawn = [_lay_out(placed, axis, most) for placed, most in zip(bands, MOST_LANES, strict=True)]
    lanes = [1 + max((one.lane for one in band), default=-1) for band in drawn]
    tops = lane_tops(lanes)
    marks = tuple(_mark(one, axis, now, y=tops[number][one.lane]) for number, band in enumerate(drawn) for one in band)
    left_out = sum(map(len, bands)) - len(marks)
    now_x = axis.place(axis.since(now))
    return Drawing(WIDTH, height_of(lanes), HEAD_ROWS, LANE, now_x, now_x + TICK_GAP, marks, left_out)


def _place(entry: Entry, axis: Axis, slip: StoredChange | None) -> PlacedEntry:
    before = None if slip is None or slip.change.before is None else slip.change.before.date_range
    return PlacedEntry(
        entry,
        (0.0, 0.0) if entry.date_range is None else axis.reach(entry.date_range),
        slip,
        None if before is None else axis.reach(before),
    )


def _lay_out(placed: Sequence[PlacedEntry], axis: Axis, most_lanes: int) -> list[_LaidOut]:
    """Give each mark of a band its shape, its label and its lane; those that have none are left out."""
    shapes = [shape_of(axis, one.reach, one.earlier) for one in placed]
    labels = [label_beside(shape, launch_title(one.entry)) for one, shape in zip(placed, shapes, strict=True)]
    lanes = packed([box_of(shape, label) for shape, label in zip(shapes, labels, strict=True)])
    grown = labels_with_room(shapes, labels, lanes)
    laid_out = map(_LaidOut, placed, shapes, grown, lanes)
    return [one for one in laid_out if one.lane < most_lanes]


def _mark(laid_out: _LaidOut, axis: Axis, now: datetime, *, y: float) -> HorizonMark:
    entry, label = laid_out.placed.entry, laid_out.label
    return HorizonMark(
        path=entry_path(entry, axis.zone),
        title=". ".join(_title(laid_out.placed, axis, now)),
        type_id=entry.type.id,
        y=y,
        shape=laid_out.shape,
        label=replace(label, words=isolated(label.words)),
        target=box_of(laid_out.shape, label),
        is_launch=entry.key.kind is EntryKind.LAUNCH,
    )


def _title(placed: PlacedEntry, axis: Axis, now: datetime) -> Iterator[str]:
    yield f"{launch_title(placed.entry)}: {placed.entry.date_words_in(axis.zone)}"
    if state_of(placed.entry, now) is EntryState.LIVE:
        yield "Live now"
    if placed.slip is not None and placed.slip.change.before is not None:
        yield f"Moved {from_to_words(placed.slip.change, axis.zone)}"
