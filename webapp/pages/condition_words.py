"""What a filter asks for, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.domain.entry import EntryKind, type_title
from webapp.domain.precision import Step
from webapp.domain.query import Condition
from webapp.domain.text import isolated
from webapp.domain.words import MONTHS, day_words
from webapp.store import Facets

Names = Mapping[str, Mapping[int, str]]
"""What ids are called, by the name of their parameter."""

STARLINK = 25
"""The program of Launch Library that has a third of all launches."""

_WITHOUT = {STARLINK: "Without Starlink"}
_KIND_WORDS = {EntryKind.EVENT: "Events", EntryKind.LAUNCH: "Launches"}
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


def names_of(facets: Facets) -> Names:
    """Give the names of all that could be chosen."""
    types = {choice.id: isolated(type_title(choice.name)) for choice in facets.types}
    return {
        "type": types,
        "type__ids": types,
        "agency__ids": {choice.id: isolated(choice.name) for choice in facets.agencies},
        "program": {choice.id: isolated(choice.name) for choice in facets.programs},
        "not_program__ids": {choice.id: f"Without {isolated(choice.name)}" for choice in facets.programs} | _WITHOUT,
        "status__ids": {choice.id: isolated(choice.name) for choice in facets.statuses},
        "lsp__id": {choice.id: isolated(choice.name) for choice in facets.providers},
        "location__ids": {choice.id: isolated(choice.name) for choice in facets.sites},
        "launcher_config__id": {choice.id: isolated(choice.name) for choice in facets.rockets},
    }


def condition_words(condition: Condition, names: Names) -> str:
    """Say what a condition asks for; one without words of its own as in an address."""
    parameter, value = condition.parameter, condition.value
    if parameter.name in names and value in names[parameter.name]:
        return names[parameter.name][value]
    if parameter.name in _WORDS:
        return _WORDS[parameter.name](value)
    return f"{parameter.name}: {parameter.type.serialize((value,) if parameter.type.is_list else value)}"


_WORDS: dict[str, Callable[[Any], str]] = {
    "kind": lambda kind: _KIND_WORDS[kind],
    "is_crewed": lambda is_crewed: "Crewed" if is_crewed else "Not crewed",
    "include_suborbital": lambda _: "Without suborbital flights",
    "q": lambda words: f"Search: {words}",
    "search": lambda words: f"Name contains: {words}",
    "location": lambda place: f"Location: {place}",
    "webcast": lambda _: "With a webcast",
    "live": lambda _: "Live now",
    "precision": lambda step: f"Date precision: {STEP_WORDS[step]}",
    "from": lambda day: f"From {day_words(day)}",
    "to": lambda day: f"Until {day_words(day)}",
    "month": lambda month: MONTHS[month - 1],
    "year": str,
}
