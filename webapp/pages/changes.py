"""The page of recent changes: the latest first, by the UTC day on which they were seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from webapp.domain.change_words import KIND_WORDS, change_words
from webapp.domain.changes import TOLD_KINDS, ChangeKind, StoredChange
from webapp.domain.event import StoredEvent
from webapp.domain.parameters import Part
from webapp.domain.query import EventQuery
from webapp.domain.text import one_line
from webapp.domain.words import WEEKDAYS, day_words
from webapp.edge.links import changes_path, event_path
from webapp.edge.moments import Moment, present_instant

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: of which event, when it was seen, and what it was."""

    kind: str
    at: Moment
    name: str
    path: str
    type_id: int
    words: str


@dataclass(frozen=True, slots=True)
class ChangesDay:
    """The changes of one UTC day. `iso` is the day for a machine."""

    lead: str
    day: str
    iso: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A kind of change to choose, with the address that shows it alone; the first choice shows all."""

    label: str
    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What the page shows: changes `first` to `last` of `total`; a path is `None` where it would lead nowhere."""

    days: tuple[ChangesDay, ...]
    choices: tuple[KindChoice, ...]
    total: int
    first: int
    last: int
    is_filtered: bool
    all_path: str
    more_path: str | None
    start_path: str | None


def present_changes(
    changes: Sequence[StoredChange], events: Mapping[int, StoredEvent], *, total: int, query: EventQuery
) -> ChangesPage:
    """Group one page of changes, given the latest first, by their days; `events` has the event of each, by id."""
    last = query.offset + len(changes)
    days = groupby(changes, lambda one: one.seen_at.date())
    return ChangesPage(
        days=tuple(_present_day(day, [_present_line(one, events[one.event_id]) for one in seen]) for day, seen in days),
        choices=tuple(_choices(query)),
        total=total,
        first=query.offset + 1 if changes else 0,
        last=last if changes else 0,
        is_filtered=query.without(Part.VIEW) != EventQuery(),
        all_path=changes_path(EventQuery()),
        more_path=changes_path(query.replaced({"offset": last})) if changes and last < total else None,
        start_path=changes_path(query.replaced({"offset": 0})) if query.offset else None,
    )


def _present_day(day: date, lines: list[ChangeLine]) -> ChangesDay:
    return ChangesDay(WEEKDAYS[day.weekday()], day_words(day), day.isoformat(), tuple(lines))


def _present_line(stored: StoredChange, event: StoredEvent) -> ChangeLine:
    return ChangeLine(
        kind=stored.change.kind.value,
        at=present_instant(stored.seen_at),
        name=one_line(event.event.name),
        path=event_path(event.event),
        type_id=event.event.type.id,
        words=change_words(stored.change),
    )


def _choices(query: EventQuery) -> list[KindChoice]:
    def choice(label: str, kinds: tuple[ChangeKind, ...]) -> KindChoice:
        path = changes_path(query.replaced({"kinds": kinds, "offset": 0}))
        return KindChoice(label, path, is_chosen=query.kinds == kinds)

    return [choice("All", TOLD_KINDS), *(choice(KIND_WORDS[kind], (kind,)) for kind in ChangeKind)]
