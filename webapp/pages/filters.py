"""The filter of a page: a form that works by itself, and chips of what is chosen, each of which can be taken away."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from webapp.domain.parameters import PARAMETERS, Parameter, Part
from webapp.domain.precision import Step
from webapp.domain.query import EventQuery
from webapp.domain.text import one_line
from webapp.domain.words import day_words
from webapp.store import Choice, Facets

_IN_THE_FORM = frozenset({
    "type", "type__ids", "agency__ids", "program", "q", "location", "webcast", "live", "precision", "from", "to",
    "limit", "offset",
})  # fmt: skip
STEP_WORDS = {
    Step.SECOND: "to the second",
    Step.MINUTE: "to the minute",
    Step.HOUR: "to the hour",
    Step.DAY: "to the day",
    Step.WEEK: "to the week",
    Step.MONTH: "to the month",
    Step.QUARTER: "to the quarter",
    Step.HALF: "to the half-year",
    Step.YEAR: "to the year",
    Step.DECADE: "to the decade",
}
_USUAL_STEPS = frozenset({Step.MINUTE, Step.DAY, Step.WEEK, Step.MONTH, Step.YEAR})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of the form: what is sent for it, its words, how many events it would show, and whether it is made."""

    value: str
    words: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Choices of one kind; `name` is the parameter that they fill. `is_open` where one is made."""

    name: str
    title: str
    options: tuple[Option, ...]

    @property
    def is_open(self) -> bool:
        """Whether one of them is made, so that it should be seen."""
        return any(option.is_chosen for option in self.options)


NOT_COUNTED: Mapping[EventQuery, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is chosen, in words, and the path of the page without it.

    `count` is how many events there would be without it, where that was asked for.
    """

    words: str
    without_path: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The form. `path` is where it leads; `hidden` are the pairs that it carries along unseen; days are ISO 8601.

    `clear_path` leads to the page without any filter.
    """

    path: str
    words: str
    location: str
    webcast: bool
    live: bool
    from_day: str
    to_day: str
    steps: tuple[Option, ...]
    groups: tuple[ChoiceGroup, ...]
    hidden: tuple[tuple[str, str], ...]
    chips: tuple[Chip, ...]
    clear_path: str


def present_filter(
    query: EventQuery,
    facets: Facets,
    *,
    path: str,
    looser: Mapping[EventQuery, int] = NOT_COUNTED,
    asked_beside: Collection[str] = (),
) -> FilterForm:
    """Say what the form of the page at this path shows for this query.

    `looser` has the counts of queries with one thing less (see `looser_queries`). `asked_beside` are the parameters
    that the page has fields for outside the form.
    """
    types = {*query.type_ids, *([] if query.type_id is None else [query.type_id])}
    return FilterForm(
        path=path,
        words=query.words,
        location=query.location,
        webcast=query.webcast,
        live=query.live,
        from_day=query.from_date.isoformat() if query.from_date else "",
        to_day=query.to_date.isoformat() if query.to_date else "",
        steps=tuple(Option(step.value, STEP_WORDS[step], 0, step is query.precision) for step in _steps(query)),
        groups=(
            _group("type__ids", "Type", facets.types, types),
            _group("agency__ids", "Agency", facets.agencies, set(query.agency_ids)),
            _group("program", "Program", facets.programs, set(query.program_ids)),
        ),
        hidden=tuple(pair for pair in query.to_pairs() if pair[0] not in _IN_THE_FORM and pair[0] not in asked_beside),
        chips=tuple(
            Chip(words, path + without.to_query_string(), looser.get(without))
            for words, without in _chosen(query, _names(facets))
        ),
        clear_path=path + query.without(Part.FILTER).replaced({"offset": 0}).to_query_string(),
    )


def _steps(query: EventQuery) -> Iterator[Step]:
    yield from (step for step in Step if step in _USUAL_STEPS or step is query.precision)


def _group(name: str, title: str, choices: tuple[Choice, ...], chosen: set[int]) -> ChoiceGroup:
    return ChoiceGroup(
        name,
        title,
        tuple(Option(str(one.id), one_line(one.name), one.count, one.id in chosen) for one in choices),
    )


def _names(facets: Facets) -> dict[str, dict[int, str]]:
    types = {one.id: one_line(one.name) for one in facets.types}
    return {
        "type": types,
        "type__ids": types,
        "agency__ids": {one.id: one_line(one.name) for one in facets.agencies},
        "program": {one.id: one_line(one.name) for one in facets.programs},
    }


def looser_queries(query: EventQuery) -> list[EventQuery]:
    """Give the query without one and another of the things that are chosen."""
    return [without for _, without in _chosen(query, {})]


def _chosen(query: EventQuery, names: dict[str, dict[int, str]]) -> Iterator[tuple[str, EventQuery]]:
    """Give each thing that is chosen, in words, with the query without it."""
    untouched = EventQuery()
    for one in PARAMETERS:
        value = getattr(query, one.field)
        if one.part is not Part.FILTER or value == getattr(untouched, one.field):
            continue
        for words, left in _pieces(one, value, names):
            yield words, query.replaced({one.field: left, "offset": 0})


def _pieces(one: Parameter, value: Any, names: dict[str, dict[int, str]]) -> Iterator[tuple[str, Any]]:
    """Give each piece of a parameter's value in words, with what is left of the value without it."""
    if isinstance(value, tuple):
        for piece in value:
            yield _piece_words(one, piece, names), tuple(other for other in value if other != piece)
    else:
        yield _piece_words(one, value, names), getattr(EventQuery(), one.field)


def _piece_words(one: Parameter, piece: Any, names: dict[str, dict[int, str]]) -> str:
    if one.name in names and piece in names[one.name]:
        return names[one.name][piece]
    if one.name in _WORDS:
        return _WORDS[one.name](piece)
    return f"{one.name}: {one.kind.spell((piece,) if one.kind.is_list else piece)}"


_WORDS: dict[str, Callable[[Any], str]] = {
    "q": lambda words: f"Words: {words}",
    "search": lambda words: f"Name has: {words}",
    "location": lambda place: f"Place: {place}",
    "webcast": lambda _: "With a webcast",
    "live": lambda _: "Live now",
    "precision": lambda step: f"Known {STEP_WORDS[step]}",
    "from": lambda day: f"From {day_words(day)}",
    "to": lambda day: f"Until {day_words(day)}",
}
