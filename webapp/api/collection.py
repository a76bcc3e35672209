"""The lists of the API, three of each kind of entry, and what sets them apart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.domain.entry import EntryKind
from webapp.domain.parameters import Ordering, Surface
from webapp.domain.query import Filter, View
from webapp.domain.scopes import EVERYTHING, Scope, api_previous_scope, api_upcoming_scope
from webapp.store import Snapshot
from webapp.web.addresses import API_PATH


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of entries of one kind at `path`.

    `scope` is what it holds at an instant; `is_timed` if that changes as time passes.
    """

    kind: EntryKind
    path: str
    title: str
    meaning: str
    scope: Callable[[View, datetime], Scope]
    ordering: Ordering = Ordering.DATE
    is_timed: bool = True

    @property
    def surface(self) -> Surface:
        """Where its parameters are understood."""
        return _SURFACES[self.kind]

    @property
    def has_recent_previous(self) -> bool:
        """Whether it holds entries of the last 24 hours that can be hidden."""
        return self.path.endswith("/upcoming/")

    def narrowed(self, asked: Filter) -> Filter:
        """Give a filter for entries of its kind alone."""
        return replace(asked, kinds=(self.kind,))

    def changed_at(self, snapshot: Snapshot, scope: Scope, now: datetime) -> datetime | None:
        """Say when an entry last came or went merely because time passed; `None` if none ever did."""
        if not self.is_timed:
            return None
        border = scope.date_from or scope.date_to or now
        latest = View(ordering=Ordering.DATE_DESCENDING, limit=1)
        every = self.narrowed(Filter())
        dates = [stored.entry.date for stored in snapshot.list_entries(every, Scope(date_to=border), latest)]
        return dates[0] + (now - border) if dates and dates[0] else None


_SURFACES = {EntryKind.EVENT: Surface.EVENTS_API, EntryKind.LAUNCH: Surface.LAUNCHES_API}


def _collections(kind: EntryKind) -> Iterator[Collection]:
    word, words = kind.value.title(), kind.plural.title()
    path = f"{API_PATH}{kind.plural}/"
    yield Collection(
        kind, path, f"{word} list", f"All {kind.plural}, past and upcoming.", lambda _view, _now: EVERYTHING,
        is_timed=False,
    )  # fmt: skip
    yield Collection(
        kind,
        f"{path}upcoming/",
        f"Upcoming {kind.plural}",
        f"{words} from now on, plus those of the last 24 hours unless hide_recent_previous is set.",
        api_upcoming_scope,
    )
    yield Collection(
        kind,
        f"{path}previous/",
        f"Previous {kind.plural}",
        f"Past {kind.plural}, latest first.",
        lambda _view, now: api_previous_scope(now),
        Ordering.DATE_DESCENDING,
    )


EVENTS, UPCOMING, PREVIOUS = _collections(EntryKind.EVENT)
LAUNCHES, UPCOMING_LAUNCHES, PREVIOUS_LAUNCHES = _collections(EntryKind.LAUNCH)
COLLECTIONS = (EVENTS, UPCOMING, PREVIOUS, LAUNCHES, UPCOMING_LAUNCHES, PREVIOUS_LAUNCHES)


def entry_url(address: str, kind: EntryKind, source_id: object) -> str:
    """Give the address of an entry in the API."""
    return f"{address}{API_PATH}{kind.plural}/{source_id}/"
