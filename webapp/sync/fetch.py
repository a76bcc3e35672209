"""Fetching what a plan asks for: one call to the source, and what to do with its answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.domain.launch import StatusKind
from webapp.domain.modes import Mode
from webapp.ll2.chain import ChainPage
from webapp.ll2.client import Answer, Content
from webapp.ll2.errors import MalformedError, UnavailableError
from webapp.ll2.parse import PAGE_SIZE, Page
from webapp.ll2.protocol import Listing, Order, PageRequest, ThrottleReport
from webapp.store import Snapshot, StoreState, Writer
from webapp.sync.apply import (
    CHANGED_MARGIN,
    apply_changed,
    apply_details,
    apply_import_page,
    apply_throttle,
    apply_upcoming,
)
from webapp.sync.apply_launches import (
    ASK_AGAIN_AFTER,
    apply_history,
    apply_launch_details,
    apply_soon,
    apply_sweep,
)
from webapp.sync.chain import apply_chain, note_source
from webapp.sync.intake import Outcome
from webapp.sync.situation import Plan, Task

DETAILED_PAGE_SIZE = 25
"""How many launches to ask for in full at a time: one takes up to 70 kB, and the source its time."""

DETAILED_FOR = timedelta(days=2 * 366)
"""How far back launches are kept in full."""

_CHANGED_OVERLAP = timedelta(minutes=5)


class Source(Protocol):
    """What the syncing asks of Launch Library."""

    def fetch_page(self, request: PageRequest) -> Answer[Page]:
        """Fetch one page of a list."""

    def fetch_entry(self, key: EntryKey) -> Answer[ReceivedEntry | None]:
        """Fetch one entry, or learn that there is none."""

    def fetch_throttle(self) -> ThrottleReport:
        """Ask how many calls are allowed."""

    def fetch_chain(self, after: str) -> ChainPage:
        """Ask a Perigee what it tells of its chain after a cursor."""

    @property
    def url(self) -> str:
        """The address of the service."""

    @property
    def date(self) -> datetime | None:
        """When the last answer came by the source's own clock, in UTC, if it said so."""


Apply = Callable[[Writer, datetime], Outcome]
"""Takes an answer in, at that instant, within the transaction that notes its call as done."""


def page_size_of(task: Task) -> int:
    """Give how many records to ask for at a time while the source answers in time."""
    is_detailed = task in {Task.LAUNCHES_SOON, Task.LAUNCHES_CHANGED, Task.LAUNCHES_DETAILS}
    return DETAILED_PAGE_SIZE if is_detailed else PAGE_SIZE


def request_of(planned: Plan, snapshot: Snapshot, state: StoreState, now: datetime) -> PageRequest | None:
    """Give the page that a plan asks for; `None` where it asks for no page."""
    if planned.task not in _PAGE_TASKS:
        return None
    request = _PAGE_TASKS[planned.task].request(snapshot, state, now)
    known = snapshot.sync.list_tasks().get(planned.task.value)
    limit = (known.page_size if known else None) or page_size_of(planned.task)
    return replace(request, limit=limit, ids=request.ids[:limit])


def fetch(source: Source, planned: Plan, request: PageRequest | None) -> Apply:
    """Make the call of a plan, and give what takes its answer in. Raises a `SourceError`."""
    if request is not None:
        task, page = _PAGE_TASKS[planned.task], _believed(source.fetch_page(request))
        if page.count == 0 and not task.may_be_empty:
            raise MalformedError(f"Launch Library reports no {request.listing.kind.plural} at all")
        return _given(task.apply, request, page)
    if planned.task is Task.THROTTLE:
        return _given(_apply_throttle, source.url, source.fetch_throttle())
    if planned.key is None:
        raise ValueError("the details of which entry?")
    return _given(apply_details, planned.key, _believed(source.fetch_entry(planned.key)))


def fetch_chain(source: Source, after: str) -> Apply:
    """Ask what the source tells of its chain after a cursor, and give what takes it in. Raises a `SourceError`."""
    return _given(apply_chain, after, source.fetch_chain(after))


def _apply_throttle(writer: Writer, source_url: str, report: ThrottleReport, *, now: datetime) -> Outcome:
    note_source(writer, source_url, is_perigee=report.is_perigee)
    return apply_throttle(writer, report, now=now)


def _changed(listing: Listing, state: StoreState, now: datetime) -> PageRequest:
    progress = state.progress_of(listing.kind)
    since = progress.changed_since or (progress.imported_at or now) - CHANGED_MARGIN
    if listing is Listing.LAUNCHES and progress.changed_offset == 0:
        since -= _CHANGED_OVERLAP
    return PageRequest(progress.changed_offset, listing, since)


def _sweep(state: StoreState) -> PageRequest:
    progress = state.progress_of(EntryKind.LAUNCH)
    # The first one brings what lists show; those after it only look for what differs.
    mode = Mode.NORMAL if progress.imported_at is None else Mode.LIST
    return PageRequest(progress.sweep_offset, Listing.UPCOMING_LAUNCHES, mode=mode, order=Order.ID)


def _history(state: StoreState) -> PageRequest:
    offset = state.progress_of(EntryKind.LAUNCH).import_offset
    return PageRequest(offset, Listing.PAST_LAUNCHES, mode=Mode.NORMAL, order=Order.NET_DESCENDING)


def _details(snapshot: Snapshot, now: datetime) -> PageRequest:
    keys = snapshot.sync.list_partial(
        dated_after=now - DETAILED_FOR, asked_before=now - ASK_AGAIN_AFTER, limit=DETAILED_PAGE_SIZE
    )
    return PageRequest(0, Listing.LAUNCHES, order=Order.NET, ids=tuple(key.source_id for key in keys))


_SOON = PageRequest(
    0,
    Listing.UPCOMING_LAUNCHES,
    order=Order.NET,
    status_ids=tuple(
        sorted(kind for kind in StatusKind if kind not in {StatusKind.TO_BE_DETERMINED, StatusKind.OTHER})
    ),
)


@dataclass(frozen=True, slots=True)
class _PageTask:
    """A task that asks for a page: which one, by what the store knows, and what takes it in."""

    request: Callable[[Snapshot, StoreState, datetime], PageRequest]
    apply: Callable[..., Outcome]
    may_be_empty: bool = True


_PAGE_TASKS = {
    Task.UPCOMING: _PageTask(lambda *_: PageRequest(listing=Listing.UPCOMING), apply_upcoming),
    Task.CHANGED: _PageTask(lambda _, state, now: _changed(Listing.EVERYTHING, state, now), apply_changed),
    Task.IMPORT: _PageTask(
        lambda _, state, __: PageRequest(state.progress_of(EntryKind.EVENT).import_offset),
        apply_import_page,
        may_be_empty=False,
    ),
    Task.LAUNCHES_SOON: _PageTask(lambda *_: _SOON, apply_soon),
    Task.LAUNCHES_CHANGED: _PageTask(lambda _, state, now: _changed(Listing.LAUNCHES, state, now), apply_changed),
    Task.LAUNCHES_SWEEP: _PageTask(lambda _, state, __: _sweep(state), apply_sweep, may_be_empty=False),
    Task.LAUNCHES_DETAILS: _PageTask(lambda snapshot, _, now: _details(snapshot, now), apply_launch_details),
    Task.LAUNCHES_HISTORY: _PageTask(lambda _, state, __: _history(state), apply_history),
}


def _given(apply: Callable[..., Outcome], *arguments: object) -> Apply:
    return lambda writer, now: apply(writer, *arguments, now=now)


def _believed(answer: Answer[Content]) -> Content:
    if not answer.is_contact:
        raise UnavailableError("only a cached copy of Launch Library's answer is available")
    return answer.content
