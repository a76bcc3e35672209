"""The query of every surface: filter, view and options, parsed from a query string, and its canonical spelling."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from webapp.domain.changes import DEFAULT_CHANGE_KINDS, ChangeKind
from webapp.domain.entry import EntryKey, EntryKind
from webapp.domain.launch_parameters import LaunchFact
from webapp.domain.modes import Mode
from webapp.domain.parameter import LAUNCH_FACTS
from webapp.domain.parameter_types import LARGEST_LIMIT, LARGEST_OFFSET
from webapp.domain.parameters import (
    PARAMETERS,
    Cancelled,
    Format,
    Ordering,
    Parameter,
    Part,
    Span,
    Surface,
    Vague,
    WeekStart,
)
from webapp.domain.precision import Step
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
class Filter:
    """The filter: which entries, the same on every surface. `Filter()` lets all of them pass.

    Tuples of ids are sorted and hold each id once; an empty one asks for nothing in particular. Instants are aware and
    in UTC. `webapp.domain.parameters` says which parameter fills which field, and what it means. `launch_facts` are
    the filters that only the API's launch paths understand, in the order of the table.

    What asks for something that a kind of entry lacks leaves that kind out; what asks for none of it lets it pass.
    """

    kinds: tuple[EntryKind, ...] = ()
    ids: tuple[EntryKey, ...] = ()
    type_id: int | None = None
    type_ids: tuple[int, ...] = ()
    not_type_ids: tuple[int, ...] = ()
    agency_ids: tuple[int, ...] = ()
    not_agency_ids: tuple[int, ...] = ()
    program_ids: tuple[int, ...] = ()
    not_program_ids: tuple[int, ...] = ()
    status_id: int | None = None
    status_ids: tuple[int, ...] = ()
    provider_ids: tuple[int, ...] = ()
    site_ids: tuple[int, ...] = ()
    pad_id: int | None = None
    rocket_ids: tuple[int, ...] = ()
    is_crewed: bool | None = None
    include_suborbital: bool = True
    orbit_name: str = ""
    orbit_name_part: str = ""
    orbit_ids: tuple[int, ...] = ()
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
    launch_facts: tuple[LaunchFact, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """The view: which page of the entries, in which order and form; for pages and the API. Feeds have none."""

    hide_recent_previous: bool = False
    limit: int | None = None
    offset: int = 0
    ordering: Ordering | None = None
    mode: Mode = Mode.NORMAL
    format: Format | None = None
    zone: ZoneInfo = UTC_ZONE
    span: Span = Span.QUARTER
    week: WeekStart = WeekStart.MONDAY
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """The options of feeds: days of what is over, vague dates, alarms (minutes), and so on; which kinds of change."""

    past: int = 30
    vague: Vague = Vague.OMIT
    alarm: int | None = None
    busy: bool = False
    cancelled: Cancelled = Cancelled.KEEP
    likely: bool = False
    change_kinds: tuple[ChangeKind, ...] = DEFAULT_CHANGE_KINDS


@dataclass(frozen=True, slots=True)
class Query:
    """All that a query string asks for. Made by `parse`, or of typed parts; changed with `dataclasses.replace`."""

    filter: Filter = field(default_factory=Filter)
    view: View = field(default_factory=View)
    options: Options = field(default_factory=Options)

    @classmethod
    def parse(
        cls, pairs: Iterable[tuple[str, str]], *, lenient: bool = False, surface: Surface = Surface.PAGES
    ) -> "Query":
        """Parse decoded pairs of names and values; empty values and names unknown to the surface are ignored.

        `lenient` lets a bad value of a view parameter fall back, and a limit that is too high be cut, as Launch Library
        does. Raises `InvalidQueryError`, which names every parameter at fault.
        """
        given = _given(pairs)
        parsed: dict[Part, dict[str, Any]] = {part: {} for part in Part}
        faults: list[Fault] = []
        for parameter in _UNDERSTOOD[surface]:
            names = [name for name in (parameter.name, *parameter.aliases) if name in given]
            values = [value for name in names for value in given[name]]
            if not values:
                continue
            value_type = parameter.type_on(surface)
            try:
                _keep(parsed[parameter.part], parameter, value_type.parse(values))
            except ValueError:
                if lenient and parameter.part is Part.VIEW:
                    parsed[Part.VIEW] |= _fallen_back(parameter, values[-1])
                else:
                    faults.append(Fault(names[-1], ",".join(values)[:200], value_type.expected, value_type.ll2_words))
        if faults:
            raise InvalidQueryError(faults)
        if len(parsed[Part.FILTER].get("kinds", ())) == len(EntryKind):
            del parsed[Part.FILTER]["kinds"]  # All of them ask for nothing in particular.
        return cls(Filter(**parsed[Part.FILTER]), View(**parsed[Part.VIEW]), Options(**parsed[Part.OPTION]))

    def at(self, offset: int) -> "Query":
        """Give the same query with its page beginning after so many."""
        return replace(self, view=replace(self.view, offset=offset))

    def to_pairs(self) -> list[tuple[str, str]]:
        """Serialize to the canonical spelling: defaults dropped, ids sorted and each but once, in one fixed order."""
        parts = {Part.FILTER: self.filter, Part.VIEW: self.view, Part.OPTION: self.options}
        return [
            (parameter.name, parameter.type.serialize(value))
            for parameter, default in _WITH_DEFAULTS
            if (value := getattr(parts[parameter.part], parameter.field)) != default
        ] + [(fact.name, _BY_NAME[fact.name].type.serialize(fact.value)) for fact in self.filter.launch_facts]

    def to_query_string(self) -> str:
        """Give the canonical spelling ready to follow a path: empty, or with its question mark."""
        pairs = self.to_pairs()
        return f"?{urlencode(pairs, safe=',:/')}" if pairs else ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a filter: a value of a parameter, one of several if it is a list.

    `without` is the filter with all its other conditions.
    """

    parameter: Parameter
    value: Any
    without: Filter


def conditions_of(asked: Filter) -> Iterator[Condition]:
    """Give the conditions of a filter, in canonical order."""
    for parameter, _ in _WITH_DEFAULTS:
        if parameter.part is not Part.FILTER:
            continue
        value, default = getattr(asked, parameter.field), getattr(Filter(), parameter.field)
        if isinstance(value, tuple):
            parts = [(piece, tuple(other for other in value if other != piece)) for piece in value]
        else:
            parts = [] if value == default else [(value, default)]
        for piece, left in parts:
            # What is left of a field's own value is of the field's type.
            rest: dict[str, Any] = {parameter.field: left}
            yield Condition(parameter, piece, replace(asked, **rest))
    for fact in asked.launch_facts:
        others = tuple(other for other in asked.launch_facts if other != fact)
        yield Condition(_BY_NAME[fact.name], fact.value, replace(asked, launch_facts=others))


def unknown_names(pairs: Iterable[tuple[str, str]], surface: Surface = Surface.PAGES) -> tuple[str, ...]:
    """Give the names that mean nothing on a surface, each once, as sent: they are ignored, and the answer says so."""
    known = {name for parameter in _UNDERSTOOD[surface] for name in (parameter.name, *parameter.aliases)}
    return tuple(dict.fromkeys(name for name, _ in pairs if tidied_name(name) not in known))


def tidied_name(name: str) -> str:
    """Give the name that was meant where a client glued addresses together, or took one out of an HTML page."""
    # Clients glue addresses together: `?limit=3&?ordering=date`, or `&amp;type=2` out of an HTML page.
    return name.strip().removeprefix("amp;").lstrip("?")


def _given(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            given.setdefault(_parameter_name(tidied_name(name), value), []).append(value.strip())
    return given


def _parameter_name(name: str, value: str) -> str:
    # Kinds of change were asked for as `kind` at first, and subscribers still do; the kinds of entry are other words.
    words = {piece.strip().casefold() for piece in value.split(",")}
    return "change" if name == "kind" and words & {kind.value for kind in ChangeKind} else name


def _keep(values: dict[str, Any], parameter: Parameter, value: Any) -> None:
    """Keep a value under its field; of those that launches alone are filtered by, with its name."""
    if parameter.field == LAUNCH_FACTS:
        values[LAUNCH_FACTS] = (*values.get(LAUNCH_FACTS, ()), LaunchFact(parameter.name, value))
    else:
        values[parameter.field] = value


_UNDERSTOOD = {surface: [one for one in PARAMETERS if surface in one.surfaces] for surface in Surface}
_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
_EMPTY = {Part.FILTER: Filter(), Part.VIEW: View(), Part.OPTION: Options()}
_WITH_DEFAULTS = [
    (parameter, getattr(_EMPTY[parameter.part], parameter.field))
    for parameter in PARAMETERS
    if parameter.field != LAUNCH_FACTS
]


def _fallen_back(parameter: Parameter, value: str) -> dict[str, Any]:
    is_too_large = value.isascii() and value.isdigit() and bool(value.strip("0"))
    largest = {"limit": LARGEST_LIMIT, "offset": LARGEST_OFFSET}
    return {parameter.field: largest[parameter.field]} if is_too_large and parameter.field in largest else {}
