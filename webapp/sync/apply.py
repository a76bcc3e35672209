"""Writing answers of the source to the store: each in one transaction, whole or not at all, with the progress."""

from datetime import datetime, timedelta

from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.ll2.parse import Page
from webapp.ll2.protocol import PageRequest, ThrottleReport, next_request
from webapp.store import CLOCK_ALERT, LIST_ALERT, Intake, Writer
from webapp.sync.budget import HOUR, spent
from webapp.sync.intake import (
    Outcome,
    keep,
    keys_in,
    news_words,
    page_words,
    refused_words,
    take_in,
    unread_words,
)
from webapp.sync.situation import FREE

CHANGED_MARGIN = timedelta(days=1)
"""How far before the start of the first import to look for changes since: our clock and the source's may differ."""


def apply_throttle(writer: Writer, report: ThrottleReport, *, now: datetime) -> Outcome:
    """Note how many calls are allowed."""
    ours = spent([call.called_at for call in writer.sync.list_calls(since=now - HOUR) if call.task not in FREE], now)
    if report.hourly_limit is None:
        writer.update_state(hourly_limit=None)
        return Outcome("no call limit")
    # Whoever else calls from this address, or with this key, leaves us so much less.
    left = max(report.hourly_limit - max(report.current_use - ours, 0), 1)
    writer.update_state(hourly_limit=left)
    if report.wait and report.current_use >= report.hourly_limit:
        writer.update_state(paused_until=now + report.wait)
    return Outcome(f"{report.hourly_limit} calls an hour allowed, {report.current_use} used")


def apply_upcoming(writer: Writer, _: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write the upcoming list. If it came complete, put in doubt those upcoming entries that it lacks."""
    intake = take_in(writer, page, EntryKind.EVENT, now=now)
    listed = keys_in(page)
    if listed and writer.state.progress_of(EntryKind.EVENT).shown_at is None:
        writer.update_progress(EntryKind.EVENT, swept_at=now)
    if CLOCK_ALERT in writer.sync.list_alerts():
        # What is upcoming there is not what is upcoming here.
        return Outcome(page_words(page, intake, EntryKind.EVENT), intake.changes)
    given = len(listed) + sum(rejected.key is None for rejected in page.rejected)
    if not 0 < page.count <= given:
        return Outcome(f"{page_words(page, intake, EntryKind.EVENT)}, of {page.count}: incomplete", intake.changes)
    missing = writer.sync.list_keys_from(EntryKind.EVENT, now) - listed
    writer.sync.doubt(missing, now=now)
    return Outcome(page_words(page, intake, EntryKind.EVENT, missing), intake.changes)


def apply_import_page(writer: Writer, asked: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write one page of an import, with the place to go on from.

    The list may move between two calls. Where it shrank so that nothing is left at this place, the import goes back by
    a page and on. It ends at the end of the list; it was complete if it met as many entries as the source counts, and
    only such a one puts in doubt those that it did not meet.
    """
    if asked.offset == 0:
        _begin_import(writer, now)
    elif page.count <= asked.offset and not keys_in(page):
        return _go_back(writer, page, asked.limit)
    intake = take_in(writer, page, EntryKind.EVENT, now=now)
    writer.sync.meet(keys_in(page))
    following = next_request(asked, page)
    writer.update_progress(EntryKind.EVENT, import_offset=following.offset if following else 0)
    reached = asked.offset + len(page.received) + len(page.rejected)
    if following is not None:
        return Outcome(page_words(page, intake, EntryKind.EVENT), intake.changes, progress=(reached, page.count))
    end, lack = _conclude_import(writer, page, intake, now)
    return Outcome(end, intake.changes, lack=lack, progress=(reached, page.count))


def apply_changed(writer: Writer, asked: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write a page of what changed since, and the place to ask on from."""
    kind = asked.listing.kind
    intake = take_in(writer, page, kind, now=now)
    following = next_request(asked, page)
    newest = max(
        (received.entry.last_updated for received in page.received if received.entry.last_updated),
        default=asked.since or now,
    )
    # Never past now: a date in the future would hide all that changes until then. Nor on, while it is not sure what
    # time it is: then the list is read to its end from where it was begun.
    stays = CLOCK_ALERT in writer.sync.list_alerts()
    if following is not None and (stays or newest == asked.since or newest > now):
        writer.update_progress(kind, changed_since=asked.since, changed_offset=following.offset)
    else:
        moved = {} if stays else {"changed_since": min(newest, now)}
        writer.update_progress(kind, changed_offset=0, **moved)
    return Outcome(page_words(page, intake, kind), intake.changes, is_done=following is None)


def apply_details(writer: Writer, key: EntryKey, received: ReceivedEntry | None, *, now: datetime) -> Outcome:
    """Write what the source says of an entry in doubt: its record, or that there is none."""
    if received is None:
        writer.sync.settle([key])
        change = writer.withdraw(key, now=now)
        return Outcome(f"{key} withdrawn", ((key, change),))
    intake = keep(writer, [received], (), key.kind, now=now)
    if intake.changes:
        # It is not what that list lacked any more: one that lacks it from now on is a new reason to ask.
        writer.sync.settle([key])
    else:
        writer.sync.note_asked(key, now=now)
    words = f"{key} still listed" + news_words(intake) + unread_words([received]) + refused_words(len(intake.refused))
    return Outcome(words, intake.changes)


def _begin_import(writer: Writer, now: datetime) -> None:
    writer.sync.forget_met(EntryKind.EVENT)
    progress = writer.state.progress_of(EntryKind.EVENT).believed(now)
    writer.forget_rejected(EntryKind.EVENT, before=progress.import_started_at)
    writer.update_progress(EntryKind.EVENT, import_started_at=now)


def _go_back(writer: Writer, page: Page, page_size: int) -> Outcome:
    # Never to the very beginning: that would be another import.
    offset = max(page.count - page_size, 1)
    writer.update_progress(EntryKind.EVENT, import_offset=offset)
    return Outcome(f"list shrank to {page.count}: going back", progress=(offset, page.count))


def _conclude_import(writer: Writer, page: Page, intake: Intake, now: datetime) -> tuple[str, str | None]:
    """Conclude an import that came to the end of the list: give its words, and what the store still lacks."""
    met, stored = writer.sync.list_met(EntryKind.EVENT), writer.sync.list_keys_from(EntryKind.EVENT, None)
    progress = writer.state.progress_of(EntryKind.EVENT)
    nameless = writer.count_nameless(EntryKind.EVENT)
    is_complete = len(met) + nameless >= page.count
    missing = stored - met if is_complete else set()
    writer.sync.doubt(missing, now=now)
    lack = None
    if len(met | stored) + nameless < page.count:
        lack = f"Launch Library reports {page.count} events but returned {len(met | stored) + nameless}"
    _note_lack(writer, lack)
    since = progress.changed_since or (progress.believed(now).import_started_at or now) - CHANGED_MARGIN
    writer.update_progress(EntryKind.EVENT, imported_at=now, changed_since=since)
    return page_words(page, intake, EntryKind.EVENT, missing) + (
        ", complete" if is_complete else f", of {page.count}: incomplete"
    ), lack


def _note_lack(writer: Writer, lack: str | None) -> None:
    if lack is None:
        writer.sync.clear_alert(LIST_ALERT)
        return
    before = writer.sync.list_alerts().get(LIST_ALERT)
    well_at = before.well_at if before else writer.state.progress_of(EntryKind.EVENT).imported_at
    writer.sync.raise_alert(LIST_ALERT, lack, well_at=well_at)
