"""Updates: what an arriving record makes of the stored state of its entry. Pure: nothing is read or written here."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.domain.clock import believed
from webapp.domain.entry import Entry, ReceivedEntry, StoredEntry
from webapp.domain.partial_records import completed, patched
from webapp.store.record_modes import RecordMode


@dataclass(frozen=True, slots=True)
class Update:
    """What arrived of a stored entry, whole, and the state before it as far as it can be compared."""

    received: ReceivedEntry
    known: StoredEntry
    before: Entry


def update_of(
    received: ReceivedEntry, known: StoredEntry, record: str, mode: RecordMode | None
) -> tuple[Update, RecordMode | None]:
    """Give the update that a record makes, and how full the record then is, of a launch.

    What a lesser record leaves out stays as it was. What a fuller one holds for the first time was there before.
    """
    if mode is None:
        return Update(received, known, known.entry), None
    if received.mode.fullness < mode.mode.fullness:
        entry = completed(received.entry, received.mode, known.entry)
        whole = replace(received, entry=entry, record=patched(record, received.record))
        return Update(whole, known, known.entry), replace(mode, is_outdated=True)
    before = known.entry if received.mode is mode.mode else completed(known.entry, mode.mode, received.entry)
    return Update(received, known, before), RecordMode(received.mode)


def is_older(arrived: Entry, known: Entry, sure_at: datetime | None) -> bool:
    """Whether what arrived is older than what is known, which is judged only by a clock that is sure."""
    known_at = believed(known.last_updated, sure_at) if sure_at else None
    return arrived.last_updated is not None and known_at is not None and arrived.last_updated < known_at


def is_news(update: Update, record: str) -> bool:
    """Whether what arrived is another record."""
    if update.known.withdrawn_at is not None or update.received.entry != update.known.entry:
        return True
    return _without_address(update.received.record) != _without_address(record)


def _without_address(record: str) -> dict[str, object]:
    # The record's own address names whichever host was asked: another host is no other entry.
    return {key: value for key, value in json.loads(record).items() if key != "url"}
