"""What one can ask of the API, for people: told by the table of parameters itself, so that it cannot rot."""

from dataclasses import dataclass
from urllib.parse import quote

from webapp.api.collection import COLLECTIONS, EVENTS
from webapp.api.envelope import PAGE_SIZE
from webapp.api.modes import DETAILED_KEYS, LIST_KEYS, NORMAL_KEYS
from webapp.domain.modes import Mode
from webapp.domain.parameter_types import LARGEST_LIMIT, MOST_IDS
from webapp.domain.parameters import PARAMETERS, Ordering, Parameter, Part


@dataclass(frozen=True, slots=True)
class Entry:
    """One parameter: its names, what it means, what it takes, and an address that shows it at work."""

    names: tuple[str, ...]
    meaning: str
    expected: str
    example: str
    example_path: str
    is_ll2: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """All of it. `modes` pairs each mode with what it gives."""

    lists: tuple[tuple[str, str], ...]
    modes: tuple[tuple[str, str], ...]
    filters: tuple[Entry, ...]
    views: tuple[Entry, ...]
    orderings: tuple[str, ...]
    page_size: int
    largest_limit: int
    most_ids: int


def present_guide() -> Guide:
    """Put the guide together."""
    return Guide(
        lists=tuple((collection.path, collection.meaning) for collection in COLLECTIONS),
        modes=_modes(),
        filters=_entries(Part.FILTER),
        views=_entries(Part.VIEW),
        orderings=tuple(ordering.value for ordering in Ordering),
        page_size=PAGE_SIZE,
        largest_limit=LARGEST_LIMIT,
        most_ids=MOST_IDS,
    )


def _modes() -> tuple[tuple[str, str], ...]:
    normal = NORMAL_KEYS[len(LIST_KEYS) :]
    detailed = DETAILED_KEYS[len(NORMAL_KEYS) :]
    return (
        (Mode.LIST.value, f"{', '.join(LIST_KEYS)}."),
        (Mode.NORMAL.value, f"Adds {', '.join(normal)}. This is the default."),
        (Mode.DETAILED.value, f"Adds {', '.join(detailed)}. Single events are always detailed."),
    )


def _entries(part: Part) -> tuple[Entry, ...]:
    return tuple(_entry(parameter) for parameter in PARAMETERS if parameter.part is part and not parameter.only_pages)


def _entry(parameter: Parameter) -> Entry:
    path = f"{EVENTS.path}?{parameter.name}={quote(parameter.example, safe=',:')}"
    return Entry(
        (parameter.name, *parameter.aliases),
        parameter.meaning,
        parameter.type.expected,
        parameter.example,
        path,
        parameter.is_ll2,
    )
