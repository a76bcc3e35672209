"""The filter of a page: chips for what is asked for most, a form for all else, and a way back from each choice."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.domain.entry import type_title
from webapp.domain.precision import Step
from webapp.domain.query import Filter, Query, conditions_of
from webapp.domain.text import isolated
from webapp.pages.condition_words import STEP_WORDS, condition_words, names_of
from webapp.pages.looser_filters import LooserChoice, present_looser
from webapp.pages.quick_choices import has_quick_choice, quick_choices
from webapp.rendering.choices import Choice
from webapp.store import Choice as Facet
from webapp.store import Facets
from webapp.web.addresses import subscribe_path

_IN_THE_FORM = frozenset({
    "type", "type__ids", "agency__ids", "program", "status__ids", "lsp__id", "location__ids", "launcher_config__id",
    "q", "location", "webcast", "live", "precision", "from", "to", "limit", "offset",
})  # fmt: skip
_USUAL_STEPS = frozenset({Step.MINUTE, Step.DAY, Step.WEEK, Step.MONTH, Step.YEAR})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of the form: what is sent for it, its words, how many events it would show, and whether it is made.

    `count` is `None` where that was not counted.
    """

    value: str
    words: str
    count: int | None
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


@dataclass(frozen=True, slots=True)
class ChosenCondition:
    """A condition that is chosen, in words, and the path of the page without it.

    `has_quick_choice` says that one of the quick choices takes it away as well.
    """

    words: str
    without_path: str
    has_quick_choice: bool = False


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
    looser: Mapping[Filter, int] | None = None,
    asked_beside: Collection[str] = (),
    has_switch: bool = False,
) -> FilterForm:
    """Say what the form of the page at this path shows for this query, which finds `total` entries.

    `webcast_count` is how many of them there would be with a webcast, if that was counted. `looser` has the counts of
    filters with a condition or two less (see `looser_filters`). `asked_beside` are the parameters that the page has
    fields for outside the form; with `has_switch` it has a switch between the kinds.
    """
    asked, names = query.filter, names_of(facets)
    from_the_start = query.at(0)
    types = {*asked.type_ids, *([] if asked.type_id is None else [asked.type_id])}
    return FilterForm(
        path=path,
        total=total,
        quick=tuple(quick_choices(from_the_start, facets, path, webcast_count, has_switch=has_switch)),
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
            *(group for group in _groups_of_launches(asked, facets) if group.options),
        ),
        hidden=tuple(pair for pair in query.to_pairs() if pair[0] not in _IN_THE_FORM and pair[0] not in asked_beside),
        chosen=tuple(
            ChosenCondition(
                condition_words(condition, names),
                path + replace(from_the_start, filter=condition.without).to_query_string(),
                has_quick_choice=has_quick_choice(condition, types, has_switch=has_switch),
            )
            for condition in conditions_of(asked)
        ),
        looser=tuple(present_looser(from_the_start, path, names, looser or {})),
        clear_path=path + replace(from_the_start, filter=Filter()).to_query_string(),
        subscribe_path=subscribe_path(query),
    )


def _steps(asked: Filter) -> Iterator[Step]:
    yield from (step for step in Step if step in _USUAL_STEPS or step is asked.precision)


def _groups_of_launches(asked: Filter, facets: Facets) -> Iterator[ChoiceGroup]:
    yield _group("status__ids", "Launch status", facets.statuses, set(asked.status_ids))
    yield _group("lsp__id", "Launch provider", facets.providers, set(asked.provider_ids))
    yield _group("location__ids", "Launch site", facets.sites, set(asked.site_ids))
    yield _group("launcher_config__id", "Rocket", facets.rockets, set(asked.rocket_ids))


def _group(name: str, title: str, choices: Sequence[Facet], chosen: set[int]) -> ChoiceGroup:
    return ChoiceGroup(
        name,
        title,
        tuple(Option(str(choice.id), isolated(choice.name), choice.count, choice.id in chosen) for choice in choices),
    )
