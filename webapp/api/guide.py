"""What one can ask of the API, for people: told by the table of parameters itself, so that it cannot rot."""

from dataclasses import dataclass
from urllib.parse import quote

from webapp.api.collection import COLLECTIONS, EVENTS, LAUNCHES, Collection
from webapp.api.config_lists import CONFIG_LISTS
from webapp.api.envelope import PAGE_SIZE
from webapp.api.record_shapes import SHAPES
from webapp.domain.entry import EntryKind
from webapp.domain.modes import Mode
from webapp.domain.parameter_types import LARGEST_LIMIT, MOST_IDS
from webapp.domain.parameters import PARAMETERS, Parameter, Part


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One parameter: its names, what it means, what it takes, and an address that shows it at work."""

    names: tuple[str, ...]
    meaning: str
    expected: str
    example: str
    example_path: str
    is_ll2: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """All of it. `modes` pairs each mode with what it gives, of an event and of a launch.

    `launch_filters` are those that only lists of launches have.
    """

    lists: tuple[tuple[str, str], ...]
    modes: tuple[tuple[str, str, str], ...]
    filters: tuple[GuideEntry, ...]
    launch_filters: tuple[GuideEntry, ...]
    views: tuple[GuideEntry, ...]
    orderings: tuple[str, ...]
    launch_orderings: tuple[str, ...]
    launch_path: str
    page_size: int
    largest_limit: int
    most_ids: int


def present_guide() -> Guide:
    """Put the guide together."""
    return Guide(
        lists=tuple((listed.path, listed.meaning) for listed in (*COLLECTIONS, *CONFIG_LISTS)),
        modes=_modes(),
        filters=_entries(Part.FILTER, EVENTS),
        launch_filters=tuple(
            _entry(one, LAUNCHES) for one in PARAMETERS if one.surfaces == frozenset({LAUNCHES.surface})
        ),
        views=_entries(Part.VIEW, EVENTS),
        orderings=_orderings(EVENTS),
        launch_orderings=tuple(one for one in _orderings(LAUNCHES) if one not in _orderings(EVENTS)),
        launch_path=LAUNCHES.path,
        page_size=PAGE_SIZE,
        largest_limit=LARGEST_LIMIT,
        most_ids=MOST_IDS,
    )


def _orderings(collection: Collection) -> tuple[str, ...]:
    ordering = next(parameter for parameter in PARAMETERS if parameter.field == "ordering")
    return tuple((ordering.type_on(collection.surface).schema or {})["enum"])


def _modes() -> tuple[tuple[str, str, str], ...]:
    words = {
        Mode.LIST: "{}.",
        Mode.NORMAL: "Adds {}. This is the default.",
        Mode.DETAILED: "Adds {}. Single entries are always detailed.",
    }
    events, launches = (_added_keys(kind) for kind in (EntryKind.EVENT, EntryKind.LAUNCH))
    return tuple(
        (mode.value, text.format(", ".join(events[mode])), text.format(", ".join(launches[mode])))
        for mode, text in words.items()
    )


def _added_keys(kind: EntryKind) -> dict[Mode, tuple[str, ...]]:
    """Give the keys that each mode has and the ones before it have not."""
    keys, known = SHAPES[kind].keys, 0
    added = {}
    for mode in Mode:
        added[mode] = keys[mode][known:]
        known = len(keys[mode])
    return added


def _entries(part: Part, collection: Collection) -> tuple[GuideEntry, ...]:
    return tuple(
        _entry(parameter, collection)
        for parameter in PARAMETERS
        if parameter.part is part and collection.surface in parameter.surfaces
    )


def _entry(parameter: Parameter, collection: Collection) -> GuideEntry:
    example = parameter.example_on(collection.surface)
    path = f"{collection.path}?{parameter.name}={quote(example, safe=',:')}"
    return GuideEntry(
        (parameter.name, *parameter.aliases),
        parameter.meaning,
        parameter.type_on(collection.surface).expected,
        example,
        path,
        parameter.is_ll2,
    )
