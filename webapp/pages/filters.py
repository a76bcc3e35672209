"""The filter of a page: a form that works by itself, and chips of what is chosen, each of which can be taken away."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from webapp.domain.precision import Step
from webapp.domain.query import Condition, Filter, Query, conditions_of
from webapp.domain.text import isolated
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


NOT_COUNTED: Mapping[Filter, int] = MappingProxyType({})


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
    query: Query,
    facets: Facets,
    *,
    path: str,
    looser: Mapping[Filter, int] = NOT_COUNTED,
    asked_beside: Collection[str] = (),
) -> FilterForm:
    """Say what the form of the page at this path shows for this query.

    `looser` has the counts of filters with one thing less (see `looser_filters`). `asked_beside` are the parameters
    that the page has fields for outside the form.
    """
    asked, names = query.filter, _names(facets)
    from_the_start = query.at(0)
    types = {*asked.type_ids, *([] if asked.type_id is None else [asked.type_id])}
    return FilterForm(
        path=path,
        words=asked.words,
        location=asked.location,
        webcast=asked.webcast,
        live=asked.live,
        from_day=asked.from_date.isoformat() if asked.from_date else "",
        to_day=asked.to_date.isoformat() if asked.to_date else "",
        steps=tuple(Option(step.value, STEP_WORDS[step], 0, step is asked.precision) for step in _steps(asked)),
        groups=(
            _group("type__ids", "Type", facets.types, types),
            _group("agency__ids", "Agency", facets.agencies, set(asked.agency_ids)),
            _group("program", "Program", facets.programs, set(asked.program_ids)),
        ),
        hidden=tuple(pair for pair in query.to_pairs() if pair[0] not in _IN_THE_FORM and pair[0] not in asked_beside),
        chips=tuple(
            Chip(
                _condition_words(condition, names),
                path + replace(from_the_start, filter=condition.without).to_query_string(),
                looser.get(condition.without),
            )
            for condition in conditions_of(asked)
        ),
        clear_path=path + replace(from_the_start, filter=Filter()).to_query_string(),
    )


def looser_filters(asked: Filter) -> list[Filter]:
    """Give the filter without one and another of the things that it asks for."""
    return [condition.without for condition in conditions_of(asked)]


def _steps(asked: Filter) -> Iterator[Step]:
    yield from (step for step in Step if step in _USUAL_STEPS or step is asked.precision)


def _group(name: str, title: str, choices: tuple[Choice, ...], chosen: set[int]) -> ChoiceGroup:
    return ChoiceGroup(
        name,
        title,
        tuple(Option(str(choice.id), isolated(choice.name), choice.count, choice.id in chosen) for choice in choices),
    )


def _names(facets: Facets) -> dict[str, dict[int, str]]:
    types = {choice.id: isolated(choice.name) for choice in facets.types}
    return {
        "type": types,
        "type__ids": types,
        "agency__ids": {choice.id: isolated(choice.name) for choice in facets.agencies},
        "program": {choice.id: isolated(choice.name) for choice in facets.programs},
    }


def _condition_words(condition: Condition, names: Mapping[str, Mapping[int, str]]) -> str:
    parameter, value = condition.parameter, condition.value
    if parameter.name in names and value in names[parameter.name]:
        return names[parameter.name][value]
    if parameter.name in _WORDS:
        return _WORDS[parameter.name](value)
    return f"{parameter.name}: {parameter.type.serialize((value,) if parameter.type.is_list else value)}"


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
