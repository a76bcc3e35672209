"""A simulated year: an invented source whose events and launches move as the real ones do."""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.fake_ll2.data import data_folder
from webapp.domain.entry import EntryKey, EntryKind

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTE, HOUR_ONLY, DAY_ONLY, MONTH = 1, 2, 5, 7
"""Ids of LL2's date precisions."""

GO, TBD, SUCCESS, FAILURE, HOLD, IN_FLIGHT, TBC = 1, 2, 3, 4, 5, 6, 8
"""Ids of LL2's launch statuses."""

_EVENT, _LAUNCH = EntryKind.EVENT, EntryKind.LAUNCH
_OUTCOMES = {SUCCESS, FAILURE}
_NEAR_PRECISIONS = {_EVENT: {MINUTE}, _LAUNCH: {MINUTE, HOUR_ONLY}}


@dataclass(frozen=True, slots=True)
class State:
    """One entry at the source from `since` on; its versions count from 1. An event has no status."""

    kind: EntryKind
    number: int
    version: int
    since: datetime
    date: datetime
    precision_id: int = MINUTE
    is_live: bool = False
    status_id: int | None = None

    @property
    def key(self) -> EntryKey:
        """Its key."""
        source_id = str(self.number) if self.kind is _EVENT else f"00000000-0000-4000-8000-{self.number:012d}"
        return EntryKey(self.kind, source_id)

    @property
    def is_timed(self) -> bool:
        """Whether its date is known so well that it can be near."""
        return self.precision_id in _NEAR_PRECISIONS[self.kind]

    @property
    def has_outcome(self) -> bool:
        """Whether it is a launch of which is known how it ended."""
        return self.status_id in _OUTCOMES

    def then(self, since: datetime, **changes: Any) -> "State":
        """Give its next version."""
        return replace(self, version=self.version + 1, since=since, **changes)


@dataclass(frozen=True, slots=True)
class Move:
    """One change at the source, and whether the entry was near when it came: timed and within an hour."""

    state: State
    is_near: bool
    is_outcome: bool = False


@dataclass(frozen=True, slots=True)
class Shifts:
    """How far entries really moved: events from one day's list to the next, launches with a clock time by lead.

    `by_day` are those of launches whose time was more than a day away, `late` those of the last day.
    """

    events: Sequence[timedelta]
    by_day: Sequence[timedelta]
    late: Sequence[timedelta]


def real_shifts() -> Shifts:
    """Read them: the 39 days of 2020, and the launches of January to April 2026."""
    early, late = _real_launch_shifts()
    return Shifts(_real_event_shifts(), early, late)


def _real_event_shifts() -> list[timedelta]:
    known: dict[int, str] = {}
    shifts = []
    for file in sorted((data_folder() / "daily-upcoming").glob("*.json")):
        for record in json.loads(file.read_text("utf-8"))["results"]:
            before, after = known.get(record["id"], record["date"]), record["date"]
            if before != after:
                shifts.append(datetime.fromisoformat(after) - datetime.fromisoformat(before))
            known[record["id"]] = after
    return shifts


def _real_launch_shifts() -> tuple[list[timedelta], list[timedelta]]:
    file = data_folder() / "launches" / "zenith-2.2.0" / "changes-2026-01-to-04.jsonl"
    precisions: dict[str, int] = {}
    early, late = list[timedelta](), list[timedelta]()
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        changed: Mapping[str, Any] = row.get("chg", {})
        before = precisions.get(row["id"], MONTH)
        after = changed["prec"][1] if "prec" in changed else row.get("new", {}).get("prec", before)
        precisions[row["id"]] = after
        if "net" in changed and max(before, after) <= HOUR_ONLY:
            old, new = map(datetime.fromisoformat, changed["net"])
            ahead = old - datetime.fromisoformat(row["at"])
            if ahead > timedelta(0):  # What came later entered the true time of lift-off.
                (early if ahead > DAY else late).append(new - old)
    return early, late


class World:
    """A schedule and all that changes about it, made from one seed, of these kinds."""

    def __init__(self, *, seed: int, days: int, shifts: Shifts, kinds: Sequence[EntryKind] = tuple(EntryKind)) -> None:
        self.end = BEGIN + timedelta(days=days)
        self.kinds = kinds
        self.moves = [
            move
            for kind in kinds
            for move in _LIVES[kind](Random(seed), days, shifts)  # noqa: S311 - no secret
        ]
        self.moves.sort(key=lambda move: (move.state.since, move.state.kind.value, move.state.number))
        self._times = [move.state.since for move in self.moves]
        self._near = {
            kind: _near_intervals(one.state for one in self.moves if one.state.kind is kind) for kind in kinds
        }

    def changes(self) -> list[Move]:
        """Give what changes while the simulation runs."""
        return [move for move in self.moves if BEGIN + HOUR < move.state.since < self.end]

    def until(self, now: datetime) -> Sequence[Move]:
        """Give all that has happened up to now."""
        return self.moves[: bisect_left(self._times, now)]

    def is_all_near(self, moment: datetime) -> bool:
        """Whether something of every kind is near at a moment, where there are several."""
        return len(self.kinds) > 1 and all(_is_within(self._near[kind], moment) for kind in self.kinds)


def _near_intervals(states: Iterator[State]) -> list[tuple[datetime, datetime]]:
    """Give when something was near, as spans in order that do not meet."""
    lives: dict[int, list[State]] = defaultdict(list)
    for state in states:
        lives[state.number].append(state)
    spans = []
    for life in lives.values():
        ends = [*(state.since for state in life[1:]), None]
        for state, end in zip(life, ends, strict=True):
            first, last = max(state.date - HOUR, state.since), state.date + HOUR
            last = last if end is None else min(last, end)
            if state.is_timed and not state.has_outcome and first < last:
                spans.append((first, last))
    merged: list[tuple[datetime, datetime]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _is_within(spans: Sequence[tuple[datetime, datetime]], moment: datetime) -> bool:
    place = bisect_right(spans, moment, key=lambda span: span[0])
    return place > 0 and moment <= spans[place - 1][1]


def _events(chance: Random, days: int, shifts: Shifts) -> Iterator[Move]:
    for number, date in enumerate(_event_dates(chance, days), start=1):
        yield from _event(chance, number, date, shifts.events)


def _event_dates(chance: Random, days: int) -> Iterator[datetime]:
    # From sixty days before the beginning, so that there is a past, to a hundred after the end.
    for day in range(-60, days + 100):
        for _ in range(chance.choice((0, 0, 1, 1, 2))):
            yield BEGIN + timedelta(days=day, minutes=chance.randrange(24 * 60))
    for week in _crowded_weeks(days):
        # Thirty hours in a row in which something is always near.
        for hour in range(30):
            yield BEGIN + timedelta(weeks=week, hours=hour, minutes=chance.randrange(60))


def _crowded_weeks(days: int) -> range:
    return range(4, days // 7, 9)


def _event(chance: Random, number: int, date: datetime, shifts: Sequence[timedelta]) -> Iterator[Move]:
    """Invent one event's life: it is listed, moves some times, perhaps at the last hour, goes live, and ends."""
    precision_id = chance.choice((MINUTE, MINUTE, MINUTE, MINUTE, HOUR_ONLY, DAY_ONLY, DAY_ONLY, MONTH))
    state = State(_EVENT, number, 1, date - timedelta(days=chance.uniform(5, 70)), date, precision_id)
    yield Move(state, is_near=False)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        at = state.since + timedelta(days=chance.uniform(0.5, 12))
        moved = state.date + chance.choice(shifts)
        if at < state.date - 2 * HOUR and moved > at:
            state = state.then(at, date=moved)
            yield Move(state, is_near=False)
    if state.precision_id == MINUTE:
        yield from _last_hour(chance, state)


def _last_hour(chance: Random, state: State) -> Iterator[Move]:
    at = state.date - timedelta(minutes=chance.uniform(2, 58))
    if chance.random() < 0.4 and at > state.since:
        state = state.then(at, date=state.date + timedelta(minutes=chance.choice((5, 10, 20, 45))))
        yield Move(state, is_near=True)
    # A webcast begins before the event more often than after it.
    live = state.date + timedelta(minutes=chance.uniform(-15, 5))
    if live > state.since:
        begins = state.then(live, is_live=True)
        yield Move(begins, is_near=True)
        yield Move(begins.then(live + timedelta(minutes=chance.uniform(20, 200)), is_live=False), is_near=True)


def _launches(chance: Random, days: int, shifts: Shifts) -> Iterator[Move]:
    for number, date in enumerate(_launch_dates(chance, days), start=1):
        yield from _launch(chance, number, date, shifts)


def _launch_dates(chance: Random, days: int) -> Iterator[datetime]:
    # 320 fly in a year.
    for _ in range(1, round(320 / 365 * (days + 160))):
        yield BEGIN + timedelta(days=chance.uniform(-60, days + 100))
    for week in _crowded_weeks(days):
        # Both kinds are seldom near at once; here they are for as long.
        for hour in range(0, 30, 2):
            yield BEGIN + timedelta(weeks=week, hours=hour, minutes=chance.randrange(60))


def _launch(chance: Random, number: int, date: datetime, shifts: Shifts) -> Iterator[Move]:
    """Invent one launch's life: a placeholder, a time some twelve days before, moves, flight and outcome."""
    placeholder = date.replace(hour=0, minute=0, second=0, microsecond=0)
    state = State(_LAUNCH, number, 1, date - timedelta(days=chance.uniform(40, 120)), placeholder, MONTH, status_id=TBD)
    yield Move(state, is_near=False)
    at = date - timedelta(days=chance.triangular(1, 25, 12))
    precision_id = chance.choice((MINUTE, MINUTE, MINUTE, HOUR_ONLY))
    state = state.then(at, date=date, precision_id=precision_id, status_id=chance.choice((GO, GO, TBC)))
    yield Move(state, is_near=False)
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 2, 3, 4))):
        # More moves come in the last day than on any other.
        ahead = timedelta(hours=chance.choice((240, 150, 100, 60, 20, 14, 8, 3, 1.5)))
        at = max(state.since + HOUR, state.date - ahead)
        moved = state.date + chance.choice(shifts.by_day if state.date - at > DAY else shifts.late)
        if at < state.date - HOUR < moved - HOUR and moved > at + HOUR:
            state = state.then(at, date=moved, status_id=GO)
            yield Move(state, is_near=False)
    yield from _countdown(chance, state)


def _countdown(chance: Random, state: State) -> Iterator[Move]:
    if chance.random() < 0.2:
        held = state.date - timedelta(minutes=chance.uniform(1, 40))
        if held > state.since:
            state = state.then(held, status_id=HOLD)
            yield Move(state, is_near=True)
            again = held + timedelta(minutes=chance.uniform(5, 35))
            state = state.then(again, status_id=GO, date=max(state.date, again) + timedelta(minutes=20))
            yield Move(state, is_near=True)
    live = state.date - timedelta(minutes=chance.uniform(10, 30))
    if live > state.since:
        state = state.then(live, is_live=True)
        yield Move(state, is_near=True)
    flies = state.date + timedelta(minutes=chance.triangular(3, 70, 20))
    state = state.then(flies, status_id=IN_FLIGHT, is_live=False)
    yield Move(state, is_near=True)
    # Known 113 minutes after the time at the median, a tenth of them only after half a day.
    ended = state.date + timedelta(minutes=chance.choice((65, 80, 95, 105, 113, 118, 135, 170, 230, 800)))
    ended = max(ended + timedelta(minutes=chance.uniform(-10, 10)), flies + timedelta(minutes=5))
    status_id = FAILURE if chance.random() < 0.04 else SUCCESS
    yield Move(state.then(ended, status_id=status_id), is_near=False, is_outcome=True)


_LIVES = {_EVENT: _events, _LAUNCH: _launches}
