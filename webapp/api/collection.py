"""The three lists of events, and what sets them apart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.parameters import Ordering
from webapp.domain.query import Filter, View
from webapp.domain.scopes import EVERYTHING, Scope, api_previous_scope, api_upcoming_scope
from webapp.store import Snapshot
from webapp.web.addresses import API_PATH


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of events at `path`. `scope` is what it holds at an instant; `is_timed` if that changes as time passes."""

    path: str
    title: str
    meaning: str
    scope: Callable[[View, datetime], Scope]
    ordering: Ordering = Ordering.DATE
    is_timed: bool = True

    def changed_at(self, snapshot: Snapshot, scope: Scope, now: datetime) -> datetime | None:
        """Say when an event last came or went merely because time passed; `None` if none ever did."""
        if not self.is_timed:
            return None
        border = scope.date_from or scope.date_to or now
        latest = View(ordering=Ordering.DATE_DESCENDING, limit=1)
        dates = [stored.entry.date for stored in snapshot.list_entries(Filter(), Scope(date_to=border), latest)]
        return dates[0] + (now - border) if dates and dates[0] else None


EVENTS = Collection(
    f"{API_PATH}events/",
    "Event list",
    "All events, past and upcoming.",
    lambda _view, _now: EVERYTHING,
    is_timed=False,
)
UPCOMING = Collection(
    f"{API_PATH}events/upcoming/",
    "Upcoming events",
    "Events from now on, plus those of the last 24 hours unless hide_recent_previous is set.",
    api_upcoming_scope,
)
PREVIOUS = Collection(
    f"{API_PATH}events/previous/",
    "Previous events",
    "Past events, latest first.",
    lambda _view, now: api_previous_scope(now),
    Ordering.DATE_DESCENDING,
)
COLLECTIONS = (EVENTS, UPCOMING, PREVIOUS)


def event_url(address: str, event_id: int) -> str:
    """Give the address of an event in the API."""
    return f"{address}{EVENTS.path}{event_id}/"
