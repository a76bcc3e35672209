"""The filter of a page: chips for what is asked for most, a form for all else, and a way back from each choice."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType
from typing import Any

from webapp.domain.entry import type_title
from webapp.domain.precision import Step
from webapp.domain.query import Condition, Filter, Query, conditions_of
from webapp.domain.text import isolated
from webapp.domain.words import MONTHS, day_words
from webapp.instance.presets import TYPE_GROUPS
from webapp.pages.choices import Choice
from webapp.store import Choice as Facet
from webapp.store import Facets
from webapp.web.addresses import subscribe_path

_IN_THE_FORM = frozenset({
    "type", "type__ids", "agency__ids", "program", "q", "location", "webcast", "live", "precision", "from", "to",
    "limit", "offset",
})  # fmt: skip
STEP_WORDS = {
    Step.SECOND: "to the second",
    Step.MINUTE: "exact time",
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
class ChosenCondition:
    """A condition that is chosen, in words, and the path of the page without it.

    `count` is how many entries there would be without it, where that was asked for. `has_quick_choice` says that one of
    the quick choices takes it away as well.
    """

    words: str
    without_path: str
    count: int | None = None
    has_quick_choice: bool = False


@dataclass(frozen=True, slots=True)
class LooserChoice:
    """A way to find more: what to leave out, in words, and how many entries there are without."""

    words: str
    path: str
    count: int


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The form. `path` is where it leads; `hidden` are the pairs that it carries along unseen; days are ISO 8601.

    `total` is how many entries the filter finds. `quick` are the choices that stand beside the form; `looser` the ways
    to find more, where nothing is found. `clear_path` leads to the page without any filter, `subscribe_path` to the
    page that helps to subscribe to what it finds.
    """

    path: str
    total: int
    quick: tuple[Choice, ...]
    words: str
    location: str
    webcast: bool
    live: bool
    from_day: str
    to_day: str
    steps: tuple[Option, ...]
    groups: tuple[ChoiceGroup, ...]
    hidden: tuple[tuple[str, str], ...]
    chosen: tuple[ChosenCondition, ...]
    looser: tuple[LooserChoice, ...]
    clear_path: str
    subscribe_path: str

    @property
    def chosen_beside(self) -> tuple[ChosenCondition, ...]:
        """What is chosen and has no quick choice."""
        return tuple(condition for condition in self.chosen if not condition.has_quick_choice)


def present_filter(
    query: Query,
    facets: Facets,
    *,
    path: str,
    total: int = 0,
    webcast_count: int | None = None,
    looser: Mapping[Filter, int] = NOT_COUNTED,
    asked_beside: Collection[str] = (),
) -> FilterForm:
    """Say what the form of the page at this path shows for this query, which finds `total` entries.

    `webcast_count` is how many of them there would be with a webcast, if that was counted. `looser` has the counts of
    filters with a thing or two less (see `looser_filters`). `asked_beside` are the parameters
    that the page has fields for outside the form.
    """
    asked, names = query.filter, _names(facets)
    from_the_start = query.at(0)
    types = {*asked.type_ids, *([] if asked.type_id is None else [asked.type_id])}
    return FilterForm(
        path=path,
        total=total,
        quick=tuple(_quick_choices(from_the_start, facets, path, webcast_count)),
        words=asked.words,
        location=asked.location,
        webcast=asked.webcast,
        live=asked.live,
        from_day=asked.from_date.isoformat() if asked.from_date else "",
        to_day=asked.to_date.isoformat() if asked.to_date else "",
        steps=tuple(Option(step.value, STEP_WORDS[step], 0, step is asked.precision) for step in _steps(asked)),
        groups=(
            _group("type__ids", "Type", [replace(one, name=type_title(one.name)) for one in facets.types], types),
            _group("agency__ids", "Agency", facets.agencies, set(asked.agency_ids)),
            _group("program", "Program", facets.programs, set(asked.program_ids)),
        ),
        hidden=tuple(pair for pair in query.to_pairs() if pair[0] not in _IN_THE_FORM and pair[0] not in asked_beside),
        chosen=tuple(
            ChosenCondition(
                _condition_words(condition, names),
                path + replace(from_the_start, filter=condition.without).to_query_string(),
                looser.get(condition.without),
                has_quick_choice=_has_quick_choice(condition, types),
            )
            for condition in conditions_of(asked)
        ),
        looser=tuple(_looser_choices(from_the_start, path, names, looser)),
        clear_path=path + replace(from_the_start, filter=Filter()).to_query_string(),
        subscribe_path=subscribe_path(query),
    )


def looser_filters(asked: Filter) -> list[Filter]:
    """Give the filter without each of its conditions, then without each two of them."""
    return [looser for _, looser in _looser(asked)]


def _looser(asked: Filter) -> Iterator[tuple[tuple[Condition, ...], Filter]]:
    """Give the looser filters, each with the conditions that it goes without."""
    conditions = list(conditions_of(asked))
    for condition in conditions:
        yield (condition,), condition.without
    for one, other in combinations(conditions, 2):
        names = one.parameter.name, other.parameter.name
        rest = next((each for each in conditions_of(one.without) if _is_same(each, other)), None)
        if rest is not None and len(conditions) > len(names):
            yield (one, other), rest.without


def _is_same(one: Condition, other: Condition) -> bool:
    return (one.parameter, one.value) == (other.parameter, other.value)


def _looser_choices(
    query: Query, path: str, names: Mapping[str, Mapping[int, str]], counts: Mapping[Filter, int]
) -> Iterator[LooserChoice]:
    """Give the looser filters that find anything; of two conditions only where neither is enough by itself."""
    enough: list[Condition] = []
    for conditions, looser in _looser(query.filter):
        count = counts.get(looser, 0)
        if not count or any(_is_same(one, other) for one in conditions for other in enough):
            continue
        enough += conditions if len(conditions) == 1 else ()
        words = " and ".join(f"“{_condition_words(condition, names)}”" for condition in conditions)
        yield LooserChoice(words, path + replace(query, filter=looser).to_query_string(), count)


def _quick_choices(query: Query, facets: Facets, path: str, webcast_count: int | None) -> Iterator[Choice]:
    """Give the choices of what is asked for most: groups of types, and what has a webcast."""
    asked, counts = query.filter, {choice.id: choice.count for choice in facets.types}
    for title, type_ids in TYPE_GROUPS.items():
        is_chosen = set(type_ids) <= set(asked.type_ids)
        chosen = set(asked.type_ids) - set(type_ids) if is_chosen else {*asked.type_ids, *type_ids}
        toggled = replace(asked, type_ids=tuple(sorted(chosen)))
        yield Choice(
            title,
            path + replace(query, filter=toggled).to_query_string(),
            is_chosen,
            sum(counts.get(type_id, 0) for type_id in type_ids),
        )
    toggled = replace(asked, webcast=not asked.webcast)
    yield Choice(
        "With a webcast", path + replace(query, filter=toggled).to_query_string(), asked.webcast, webcast_count
    )


def _has_quick_choice(condition: Condition, types: Collection[int]) -> bool:
    name = condition.parameter.name
    grouped = (type_ids for type_ids in TYPE_GROUPS.values() if set(type_ids) <= set(types))
    return name == "webcast" or (name == "type__ids" and any(condition.value in type_ids for type_ids in grouped))


def _steps(asked: Filter) -> Iterator[Step]:
    yield from (step for step in Step if step in _USUAL_STEPS or step is asked.precision)


def _group(name: str, title: str, choices: Sequence[Facet], chosen: set[int]) -> ChoiceGroup:
    return ChoiceGroup(
        name,
        title,
        tuple(Option(str(choice.id), isolated(choice.name), choice.count, choice.id in chosen) for choice in choices),
    )


def _names(facets: Facets) -> dict[str, dict[int, str]]:
    types = {choice.id: isolated(type_title(choice.name)) for choice in facets.types}
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
    "q": lambda words: f"Search: {words}",
    "search": lambda words: f"Name has: {words}",
    "location": lambda place: f"Location: {place}",
    "webcast": lambda _: "With a webcast",
    "live": lambda _: "Live now",
    "precision": lambda step: f"Date precision: {STEP_WORDS[step]}",
    "from": lambda day: f"From {day_words(day)}",
    "to": lambda day: f"Until {day_words(day)}",
    "month": lambda month: MONTHS[month - 1],
    "year": str,
}
