"""Writing answers of the source to the store: each in one transaction, whole or not at all, with the progress."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.domain.changes import Change
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.domain.precision import is_known
from webapp.domain.words import FIRST_FEW, list_words
from webapp.ll2.parse import PAGE_SIZE, Page, RejectedRecord
from webapp.ll2.protocol import PageRequest, ThrottleReport, next_request
from webapp.store import CLOCK_ALERT, LIST_ALERT, Intake, Writer
from webapp.sync.budget import HOUR, spent
from webapp.sync.plan import FREE

log = logging.getLogger(__name__)

CHANGED_MARGIN = timedelta(days=1)
"""How far before the start of the first import to look for changes since: our clock and the source's may differ."""

UNREAD = "unreadable"
"""The word for fields of an answer that could not be read, in the outcome of a call."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an answer: in words, with the changes that it brought, each beside its entry's key.

    `is_done` is false while the task has more to ask at once. `progress` is how many entries an import has met, of how
    many; `lack` says what it lacks, if it came to the end of the list and the store does not hold all that is counted.
    """

    words: str
    changes: tuple[tuple[EntryKey, Change], ...] = ()
    is_done: bool = True
    lack: str | None = None
    progress: tuple[int, int] | None = None


def apply_throttle(writer: Writer, report: ThrottleReport, *, now: datetime) -> Outcome:
    """Note how many calls are allowed."""
    ours = spent([call.called_at for call in writer.sync.list_calls(since=now - HOUR) if call.task not in FREE], now)
    # Whoever else calls from this address, or with this key, leaves us so much less.
    left = max(report.hourly_limit - max(report.current_use - ours, 0), 1)
    writer.update_state(hourly_limit=left)
    if report.wait and report.current_use >= report.hourly_limit:
        writer.update_state(paused_until=now + report.wait)
    return Outcome(f"{report.hourly_limit} calls an hour allowed, {report.current_use} used")


def apply_upcoming(writer: Writer, page: Page, *, now: datetime) -> Outcome:
    """Write the upcoming list. If it came complete, put in doubt those upcoming entries that it lacks."""
    intake = _take_in(writer, page, now)
    listed = _keys_in(page)
    if CLOCK_ALERT in writer.sync.list_alerts():
        # What is upcoming there is not what is upcoming here.
        return Outcome(_words(page, intake), intake.changes)
    given = len(listed) + sum(rejected.key is None for rejected in page.rejected)
    if not 0 < page.count <= given:
        return Outcome(f"{_words(page, intake)}, of {page.count}: incomplete", intake.changes)
    missing = writer.sync.list_keys_from(EntryKind.EVENT, now) - listed
    writer.sync.doubt(missing, now=now)
    return Outcome(_words(page, intake, missing), intake.changes)


def apply_import_page(writer: Writer, asked: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write one page of an import, with the place to go on from.

    The list may move between two calls. Where it shrank so that nothing is left at this place, the import goes back by
    a page and on. It ends at the end of the list; it was complete if it met as many entries as the source counts, and
    only such a one puts in doubt those that it did not meet.
    """
    if asked.offset == 0:
        _begin_import(writer, now)
    elif page.count <= asked.offset and not _keys_in(page):
        return _go_back(writer, page)
    intake = _take_in(writer, page, now)
    writer.sync.meet(_keys_in(page))
    following = next_request(asked, page)
    writer.update_progress(EntryKind.EVENT, import_offset=following.offset if following else 0)
    reached = asked.offset + len(page.received) + len(page.rejected)
    if following is not None:
        return Outcome(_words(page, intake), intake.changes, progress=(reached, page.count))
    end, lack = _conclude_import(writer, page, intake, now)
    return Outcome(end, intake.changes, lack=lack, progress=(reached, page.count))


def apply_changed(writer: Writer, asked: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write a page of what changed since, and the place to ask on from."""
    intake = _take_in(writer, page, now)
    following = next_request(asked, page)
    newest = max(
        (received.entry.last_updated for received in page.received if received.entry.last_updated),
        default=asked.since or now,
    )
    # Never past now: a date in the future would hide all that changes until then. Nor on, while it is not sure what
    # time it is: then the list is read to its end from where it was begun.
    stays = CLOCK_ALERT in writer.sync.list_alerts()
    if following is not None and (stays or newest == asked.since or newest > now):
        writer.update_progress(EntryKind.EVENT, changed_since=asked.since, changed_offset=following.offset)
    else:
        moved = {} if stays else {"changed_since": min(newest, now)}
        writer.update_progress(EntryKind.EVENT, changed_offset=0, **moved)
    return Outcome(_words(page, intake), intake.changes, is_done=following is None)


def apply_details(writer: Writer, key: EntryKey, received: ReceivedEntry | None, *, now: datetime) -> Outcome:
    """Write what the source says of an entry in doubt: its record, or that there is none."""
    if received is None:
        writer.sync.settle([key])
        change = writer.withdraw(key, now=now)
        return Outcome(f"{key} withdrawn", ((key, change),))
    intake = _keep(writer, [received], (), now)
    if intake.changes:
        # It is not what that list lacked any more: one that lacks it from now on is a new reason to ask.
        writer.sync.settle([key])
    else:
        writer.sync.note_asked(key, now=now)
    words = f"{key} still listed" + _news(intake) + _unread([received]) + _refused(len(intake.refused))
    return Outcome(words, intake.changes)


def _take_in(writer: Writer, page: Page, now: datetime) -> Intake:
    _log_unknown_precisions(page)
    intake = _keep(writer, page.received, page.rejected, now)
    writer.sync.settle(_keys_in(page))
    return intake


def _keep(
    writer: Writer, received: Sequence[ReceivedEntry], rejected: Sequence[RejectedRecord], now: datetime
) -> Intake:
    """Write what was understood, and note what was not, with what could not be written."""
    intake = writer.upsert_entries(received, now=now)
    refused = [
        *((record.key.source_id if record.key else None, record.reason) for record in rejected),
        *((key.source_id, reason) for key, reason in intake.refused),
    ]
    writer.forget_rejected(EntryKind.EVENT, [arrived.entry.key.source_id for arrived in received])
    writer.note_rejected(EntryKind.EVENT, refused, now=now)
    _log_refused(refused, of=len(received) + len(rejected))
    _log_unread(received)
    return intake


def _begin_import(writer: Writer, now: datetime) -> None:
    writer.sync.forget_met(EntryKind.EVENT)
    progress = writer.state.progress_of(EntryKind.EVENT).believed(now)
    writer.forget_rejected(EntryKind.EVENT, before=progress.import_started_at)
    writer.update_progress(EntryKind.EVENT, import_started_at=now)


def _go_back(writer: Writer, page: Page) -> Outcome:
    # Never to the very beginning: that would be another import.
    offset = max(page.count - PAGE_SIZE, 1)
    writer.update_progress(EntryKind.EVENT, import_offset=offset)
    return Outcome(f"list shrank to {page.count}: going back", progress=(offset, page.count))


def _conclude_import(writer: Writer, page: Page, intake: Intake, now: datetime) -> tuple[str, str | None]:
    """Conclude an import that came to the end of the list: give its words, and what the store still lacks."""
    met, stored = writer.sync.list_met(EntryKind.EVENT), writer.sync.list_keys_from(EntryKind.EVENT, None)
    progress = writer.state.progress_of(EntryKind.EVENT)
    nameless = sum(rejected.source_id is None for rejected in writer.list_rejected())
    is_complete = len(met) + nameless >= page.count
    missing = stored - met if is_complete else set()
    writer.sync.doubt(missing, now=now)
    lack = None
    if len(met | stored) + nameless < page.count:
        lack = f"Launch Library reports {page.count} events but returned {len(met | stored) + nameless}"
    _note_lack(writer, lack)
    since = progress.changed_since or (progress.believed(now).import_started_at or now) - CHANGED_MARGIN
    writer.update_progress(EntryKind.EVENT, imported_at=now, changed_since=since)
    return _words(page, intake, missing) + (", complete" if is_complete else f", of {page.count}: incomplete"), lack


def _note_lack(writer: Writer, lack: str | None) -> None:
    if lack is None:
        writer.sync.clear_alert(LIST_ALERT)
        return
    before = writer.sync.list_alerts().get(LIST_ALERT)
    well_at = before.well_at if before else writer.state.progress_of(EntryKind.EVENT).imported_at
    writer.sync.raise_alert(LIST_ALERT, lack, well_at=well_at)


def _keys_in(page: Page) -> set[EntryKey]:
    return {one.entry.key for one in page.received} | {one.key for one in page.rejected if one.key is not None}


def _words(page: Page, intake: Intake, missing: set[EntryKey] | None = None) -> str:
    kept = len(page.received) - len(intake.refused)
    entries = "1 event" if kept == 1 else f"{kept} events"
    lacks = f", {len(missing)} missing" if missing else ""
    refused = _refused(len(page.rejected) + len(intake.refused))
    return entries + _news(intake) + lacks + _unread(page.received) + refused


def _news(intake: Intake) -> str:
    new = f", {intake.added} new" if intake.added else ""
    return new + (f", {intake.changed} changed" if intake.changed else "" if new else ", nothing new")


def _refused(count: int) -> str:
    return f", {count} rejected" if count else ""


def _unread(received: Iterable[ReceivedEntry]) -> str:
    fields = _count_unread(received)
    count = "1 field" if fields.total() == 1 else f"{fields.total()} fields"
    return f", {count} {UNREAD} ({list_words(list(fields), most=FIRST_FEW)})" if fields else ""


def _count_unread(received: Iterable[ReceivedEntry]) -> Counter[str]:
    """Count in how many records each field could not be read, the most frequent first."""
    return Counter(dict(Counter(field for record in received for field in record.unread).most_common()))


def _log_refused(refused: Sequence[tuple[str | None, str]], *, of: int) -> None:
    if refused:
        listed = [f"{source_id or 'without an ID'} ({reason})" for source_id, reason in refused]
        log.warning("%d of %d records rejected: %s", len(refused), of, list_words(listed, most=FIRST_FEW))


def _log_unread(received: Iterable[ReceivedEntry]) -> None:
    if fields := _count_unread(received):
        listed = [f"{field} of {count}" for field, count in fields.items()]
        log.warning("unreadable fields, treated as missing: %s", list_words(listed, most=FIRST_FEW))


def _log_unknown_precisions(page: Page) -> None:
    precision_ids = {received.entry.precision_id for received in page.received}
    unknown = sorted(number for number in precision_ids if number is not None and not is_known(number))
    if unknown:
        listed = list_words([str(number) for number in unknown], most=FIRST_FEW)
        log.warning("unknown date precisions, treated as whole days: %s", listed)
