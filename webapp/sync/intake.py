"""Intake: the records of an answer are written to the store, what could not be is noted, and both are said in words."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.changes import Change
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.domain.precision import is_known
from webapp.domain.words import FIRST_FEW, list_words
from webapp.ll2.parse import Page, RejectedRecord
from webapp.store import Intake, Writer

log = logging.getLogger(__name__)

UNREAD = "unreadable"
"""The word for fields of an answer that could not be read, in the outcome of a call."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an answer: in words, with the changes that it brought, each beside its entry's key.

    `is_done` is false while the task has more to ask at once. `progress` is how many entries an import has met, of how
    many; `lack` says what it lacks, if it came to the end of the list and the store does not hold all that is counted.
    One that `is_quiet` told nothing, as was to be expected: it is neither kept nor logged.
    """

    words: str
    changes: tuple[tuple[EntryKey, Change], ...] = ()
    is_done: bool = True
    lack: str | None = None
    progress: tuple[int, int] | None = None
    is_quiet: bool = False


def take_in(writer: Writer, page: Page, kind: EntryKind, *, now: datetime, is_history: bool = False) -> Intake:
    """Write a page of entries of a kind; whatever was doubted of them is settled.

    Where it `is_history`, entries that are new here are no news.
    """
    _log_unknown_precisions(page)
    intake = keep(writer, page.received, page.rejected, kind, now=now, is_history=is_history)
    writer.sync.settle(keys_in(page))
    return intake


def keep(
    writer: Writer, received: Sequence[ReceivedEntry], rejected: Sequence[RejectedRecord], kind: EntryKind, *,
    now: datetime, is_history: bool = False,
) -> Intake:  # fmt: skip
    """Write what was understood, and note what was not, with what could not be written."""
    intake = writer.upsert_entries(received, now=now, is_history=is_history)
    refused = [
        *((record.key.source_id if record.key else None, record.reason) for record in rejected),
        *((key.source_id, reason) for key, reason in intake.refused),
    ]
    writer.forget_rejected(kind, [arrived.entry.key.source_id for arrived in received])
    writer.note_rejected(kind, refused, now=now)
    _log_refused(refused, of=len(received) + len(rejected))
    _log_unread(received)
    return intake


def keys_in(page: Page) -> set[EntryKey]:
    """Give the keys of all entries on a page, also of those that could not be understood."""
    return {one.entry.key for one in page.received} | {one.key for one in page.rejected if one.key is not None}


def page_words(page: Page, intake: Intake, kind: EntryKind, missing: set[EntryKey] | None = None) -> str:
    """Say what a page brought."""
    kept = len(page.received) - len(intake.refused)
    entries = f"1 {kind.value}" if kept == 1 else f"{kept} {kind.plural}"
    lacks = f", {len(missing)} missing" if missing else ""
    refused = refused_words(len(page.rejected) + len(intake.refused))
    return entries + news_words(intake) + lacks + unread_words(page.received) + refused


def news_words(intake: Intake) -> str:
    """Say how much of it was new."""
    new = f", {intake.added} new" if intake.added else ""
    return new + (f", {intake.changed} changed" if intake.changed else "" if new else ", nothing new")


def refused_words(count: int) -> str:
    """Say how many records were rejected, if any."""
    return f", {count} rejected" if count else ""


def unread_words(received: Iterable[ReceivedEntry]) -> str:
    """Say which fields could not be read, if any."""
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
