"""One query for every output: what a query string asks for, and its one canonical spelling."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from webapp.domain.changes import TOLD_KINDS, ChangeKind
from webapp.domain.parameters import (
    PARAMETERS,
    Cancelled,
    Format,
    Mode,
    Ordering,
    Parameter,
    Part,
    Span,
    Vague,
    WeekStart,
)
from webapp.domain.precision import Step
from webapp.domain.values import LARGEST_LIMIT, LARGEST_OFFSET
from webapp.domain.zones import UTC_ZONE


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter: the value as sent, what was expected, and how Launch Library words it."""

    parameter: str
    value: str
    expected: str
    ll2_words: str = "Enter a valid value."


class InvalidQueryError(ValueError):
    """A query string that cannot be understood; `faults` names every bad parameter at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.parameter}: expected {fault.expected}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events, which page of them, and how a feed shall write them. Made only by `parse` and `replaced`.

    Tuples of ids are sorted and hold each id once; an empty one asks for nothing in particular. Instants are aware and
    in UTC. `webapp.domain.parameters` says which parameter fills which field, and what it means.
    """

    ids: tuple[int, ...] = ()
    type_id: int | None = None
    type_ids: tuple[int, ...] = ()
    not_type_ids: tuple[int, ...] = ()
    agency_ids: tuple[int, ...] = ()
    not_agency_ids: tuple[int, ...] = ()
    program_ids: tuple[int, ...] = ()
    slug: str = ""
    video_urls: tuple[str, ...] = ()
    search: str = ""
    words: str = ""
    location: str = ""
    webcast: bool = False
    live: bool = False
    precision: Step | None = None
    from_date: date | None = None
    to_date: date | None = None
    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    date_gt: datetime | None = None
    date_gte: datetime | None = None
    date_lt: datetime | None = None
    date_lte: datetime | None = None
    last_updated_gte: datetime | None = None
    last_updated_lte: datetime | None = None
    hide_recent_previous: bool = False
    limit: int | None = None
    offset: int = 0
    ordering: Ordering | None = None
    mode: Mode = Mode.NORMAL
    format: Format | None = None
    zone: ZoneInfo = UTC_ZONE
    span: Span = Span.QUARTER
    week: WeekStart = WeekStart.MONDAY
    past: int = 30
    vague: Vague = Vague.OMIT
    alarm: int | None = None
    busy: bool = False
    cancelled: Cancelled = Cancelled.KEEP
    kinds: tuple[ChangeKind, ...] = TOLD_KINDS

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]], *, lenient: bool = False) -> "EventQuery":
        """Read decoded pairs of names and values; empty values say nothing, unknown names are passed over.

        `lenient` lets a bad value of a view parameter fall back, and a limit that is too high be cut, as Launch Library
        does. Raises `InvalidQueryError`, which names every parameter at fault.
        """
        given = _given(pairs)
        found: dict[str, Any] = {}
        faults: list[Fault] = []
        for parameter in PARAMETERS:
            spelled = [name for name in (parameter.name, *parameter.aliases) if name in given]
            values = [value for name in spelled for value in given[name]]
            if not values:
                continue
            try:
                found[parameter.field] = parameter.kind.read(values)
            except ValueError:
                if lenient and parameter.part is Part.VIEW:
                    found |= _fallen_back(parameter, values[-1])
                else:
                    kind = parameter.kind
                    faults.append(Fault(spelled[-1], ",".join(values)[:200], kind.expected, kind.ll2_words))
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
            (one.name, one.kind.spell(getattr(self, one.field)))
            for one in PARAMETERS
            if getattr(self, one.field) != getattr(untouched, one.field)
        ]

    def to_query_string(self) -> str:
        """Give the canonical spelling ready to follow a path: empty, or with its question mark."""
        pairs = self.to_pairs()
        return f"?{urlencode(pairs, safe=',:/')}" if pairs else ""


def unknown_names(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Give the names that no parameter has, each once, as sent: they are ignored, and the asker shall hear of it."""
    known = {name for one in PARAMETERS for name in (one.name, *one.aliases)}
    return tuple(dict.fromkeys(name for name, _ in pairs if tidied_name(name) not in known))


def _given(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            given.setdefault(tidied_name(name), []).append(value.strip())
    return given


def tidied_name(name: str) -> str:
    """Give the name that was meant where a client glued addresses together, or took one out of an HTML page."""
    # Clients glue addresses together: `?limit=3&?ordering=date`, or `&amp;type=2` out of an HTML page.
    return name.strip().removeprefix("amp;").lstrip("?")


def _fallen_back(parameter: Parameter, value: str) -> dict[str, Any]:
    is_too_large = value.isascii() and value.isdigit() and bool(value.strip("0"))
    largest = {"limit": LARGEST_LIMIT, "offset": LARGEST_OFFSET}
    return {parameter.field: largest[parameter.field]} if is_too_large and parameter.field in largest else {}
