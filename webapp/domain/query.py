"""One query for every output: what a query string asks for, and its one canonical spelling."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from webapp.domain.clock import utc_midnight

LARGEST_ID = 2**31 - 1
LARGEST_OFFSET = 1_000_000
LARGEST_LIMIT = 100
LONGEST_PAST = 3650


class Vague(Enum):
    """What a calendar does with dates coarser than a week."""

    OMIT = "omit"
    SPAN = "span"
    MARKER = "marker"


class Part(Enum):
    """What a parameter is about: which events (on every surface alike), which page of them, or how feeds write them."""

    FILTER = "filter"
    VIEW = "view"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter: the value as sent, and what was expected of it."""

    parameter: str
    value: str
    expected: str


class InvalidQueryError(ValueError):
    """A query string that cannot be understood; `faults` names every bad parameter at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.parameter}: expected {fault.expected}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events, which page of them, and how a feed shall write them. Made only by `parse` and `replaced`."""

    type_ids: tuple[int, ...] = ()
    agency_ids: tuple[int, ...] = ()
    program_ids: tuple[int, ...] = ()
    limit: int | None = None
    offset: int = 0
    past: int = 30
    vague: Vague = Vague.OMIT

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]]) -> "EventQuery":
        """Read decoded pairs of names and values; unknown names are passed over, empty values say nothing.

        Raises `InvalidQueryError`, which names every parameter at fault.
        """
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            if value.strip():
                given.setdefault(name, []).append(value.strip())
        found: dict[str, Any] = {}
        faults: list[Fault] = []
        for parameter in PARAMETERS:
            if parameter.name in given:
                try:
                    found[parameter.field] = parameter.read(given[parameter.name])
                except ValueError:
                    faults.append(Fault(parameter.name, ",".join(given[parameter.name]), parameter.expected))
        if faults:
            raise InvalidQueryError(faults)
        return cls(**found)

    def replaced(self, changes: Mapping[str, Any]) -> "EventQuery":
        """Give the same query with some fields changed."""
        return replace(self, **changes)

    def without(self, *parts: Part) -> "EventQuery":
        """Give the same query with all fields of these parts back at their defaults."""
        untouched = EventQuery()
        dropped = {one.field: getattr(untouched, one.field) for one in PARAMETERS if one.part in parts}
        return self.replaced(dropped)

    def to_pairs(self) -> list[tuple[str, str]]:
        """Give the canonical spelling: defaults dropped, ids sorted and each but once, in one fixed order."""
        untouched = EventQuery()
        return [
            (one.name, one.spell(getattr(self, one.field)))
            for one in PARAMETERS
            if getattr(self, one.field) != getattr(untouched, one.field)
        ]

    def to_query_string(self) -> str:
        """Give the canonical spelling ready to follow a path: empty, or with its question mark."""
        pairs = self.to_pairs()
        return f"?{urlencode(pairs, safe=',')}" if pairs else ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: how its values are read, how its value is spelled, and what to say when neither works."""

    name: str
    field: str
    part: Part
    expected: str
    read: Callable[[list[str]], Any]
    spell: Callable[[Any], str] = str


def _read_ids(values: list[str]) -> tuple[int, ...]:
    pieces = [piece.strip() for value in values for piece in value.split(",") if piece.strip()]
    return tuple(sorted({_whole_number(piece, 0, LARGEST_ID) for piece in pieces}))


def _spell_ids(ids: tuple[int, ...]) -> str:
    return ",".join(map(str, ids))


def _read_number(least: int, most: int) -> Callable[[list[str]], int]:
    return lambda values: _whole_number(values[-1], least, most)


def _whole_number(text: str, least: int, most: int) -> int:
    # int() takes underscores, signs and digits of every script; an address has one spelling.
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _read_vague(values: list[str]) -> Vague:
    return Vague(values[-1])


def _spell_vague(vague: Vague) -> str:
    return vague.value


PARAMETERS = (
    Parameter(
        "type__ids", "type_ids", Part.FILTER, "event type ids separated by commas, such as 2,8", _read_ids, _spell_ids
    ),
    Parameter(
        "agency__ids", "agency_ids", Part.FILTER, "agency ids separated by commas, such as 44,63", _read_ids, _spell_ids
    ),
    Parameter("program", "program_ids", Part.FILTER, "program ids, such as 17", _read_ids, _spell_ids),
    Parameter("limit", "limit", Part.VIEW, f"a whole number from 1 to {LARGEST_LIMIT}", _read_number(1, LARGEST_LIMIT)),
    Parameter(
        "offset", "offset", Part.VIEW, f"a whole number from 0 to {LARGEST_OFFSET}", _read_number(0, LARGEST_OFFSET)
    ),
    Parameter(
        "past",
        "past",
        Part.OPTION,
        f"a number of days from 0 to {LONGEST_PAST}",
        _read_number(0, LONGEST_PAST),
    ),
    Parameter("vague", "vague", Part.OPTION, "one of omit, span or marker", _read_vague, _spell_vague),
)
"""Every parameter that is understood, in canonical order."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a surface shows before any filter.

    Events whose window is over later than `over_after` (UTC); with a window of at most `largest_rank` (see
    `Precision.rank`); and only such as have a date at all where `dated` says so.
    """

    over_after: datetime
    largest_rank: int | None = None
    dated: bool = False


def upcoming_scope(now: datetime) -> Scope:
    """The scope of `/`: events whose window is not over."""
    return Scope(over_after=now)


def feed_scope(query: EventQuery, now: datetime) -> Scope:
    """The scope of a feed for readers: upcoming and the last `past` days, counted from UTC midnight."""
    return Scope(over_after=utc_midnight(now.date()) - timedelta(days=query.past))


def calendar_scope(query: EventQuery, now: datetime) -> Scope:
    """The scope of a calendar: a feed's, without what no calendar can place; coarse dates by `vague`."""
    return replace(feed_scope(query, now), dated=True, largest_rank=1 if query.vague is Vague.OMIT else None)
