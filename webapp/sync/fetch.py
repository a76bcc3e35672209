"""Fetching what a plan asks for: one call to the source, and what to do with its answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.ll2.client import Answer, Content
from webapp.ll2.errors import MalformedError, UnavailableError
from webapp.ll2.parse import Page
from webapp.ll2.protocol import Listing, PageRequest, ThrottleReport
from webapp.store import StoreState, Writer
from webapp.sync.apply import (
    CHANGED_MARGIN,
    Outcome,
    apply_changed,
    apply_details,
    apply_import_page,
    apply_throttle,
    apply_upcoming,
)
from webapp.sync.plan import Plan, Task


class Source(Protocol):
    """What the syncing asks of Launch Library."""

    def fetch_page(self, request: PageRequest) -> Answer[Page]:
        """Fetch one page of a list."""

    def fetch_event(self, event_id: int) -> Answer[ReceivedEntry | None]:
        """Fetch one event, or learn that there is none."""

    def fetch_throttle(self) -> ThrottleReport:
        """Ask how many calls are allowed."""

    @property
    def date(self) -> datetime | None:
        """When the last answer came by the source's own clock, in UTC, if it said so."""


Apply = Callable[[Writer, datetime], Outcome]
"""Takes an answer in, at that instant, within the transaction that notes its call as done."""


def fetch(source: Source, planned: Plan, state: StoreState, now: datetime) -> Apply:
    """Make the call of a plan, and give what takes its answer in. Raises a `SourceError`."""
    progress = state.progress_of(EntryKind.EVENT)
    match planned.task:
        case Task.THROTTLE:
            return _given(apply_throttle, source.fetch_throttle())
        case Task.UPCOMING:
            return _given(apply_upcoming, _believed(source.fetch_page(PageRequest(listing=Listing.UPCOMING))))
        case Task.CHANGED:
            since = progress.changed_since or (progress.imported_at or now) - CHANGED_MARGIN
            request = PageRequest(progress.changed_offset, since=since)
            return _given(apply_changed, request, _believed(source.fetch_page(request)))
        case Task.IMPORT:
            request = PageRequest(progress.import_offset)
            return _given(apply_import_page, request, _not_empty(_believed(source.fetch_page(request))))
        case Task.DETAILS:
            if planned.key is None:
                raise ValueError("the details of which entry?")
            return _given(apply_details, planned.key, _believed(source.fetch_event(int(planned.key.source_id))))


def _given(apply: Callable[..., Outcome], *arguments: object) -> Apply:
    return lambda writer, now: apply(writer, *arguments, now=now)


def _believed(answer: Answer[Content]) -> Content:
    if not answer.is_contact:
        raise UnavailableError("only a cached copy of Launch Library's answer is available")
    return answer.content


def _not_empty(page: Page) -> Page:
    if page.count == 0:
        raise MalformedError("Launch Library reports no events at all")
    return page
