"""Histories of entries: what was announced of each when, and what follows from it, as the stored changes tell.

Only columns that the statistics need are named here, since the migration that makes their tables reads stores by this.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, select

from webapp.domain.changes import KnownDate, StoredChange, span_of
from webapp.domain.date_history import DATING_CHANGE_KINDS, Announcement, list_announcements
from webapp.domain.date_ledger import Case, ending_of, list_cases
from webapp.domain.entry import EntryKind
from webapp.domain.launch import LaunchStatus
from webapp.domain.precision import Step
from webapp.domain.slips import Slip, slip_of
from webapp.store.changes import stored_change
from webapp.store.keys import chunks, kind_of
from webapp.store.schema import changes, contact_gaps, entries, launches

Gap = tuple[datetime, datetime]

_FACTS = (
    entries.c.id, entries.c.type_id, entries.c.date, entries.c.date_year, entries.c.precision_id,
    entries.c.range_over_at, entries.c.first_seen, launches.c.status_id, launches.c.provider_id, launches.c.location_id,
)  # fmt: skip
_SECOND = timedelta(seconds=1)


class Launched(NamedTuple):
    """The year and the status of a launch that has lifted off."""

    year: int
    status_id: int


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """What the statistics hold of an entry: its cases with when they are known, and its slips.

    `drift` is by how much its first date that was known to the day has moved until now.
    """

    id: int
    type_id: int
    provider_id: int | None
    site_id: int | None
    launched: Launched | None
    drift: timedelta | None
    known_at: datetime
    cases: tuple[Case, ...]
    slips: tuple[Slip, ...]

    @property
    def kind(self) -> EntryKind:
        """Its kind."""
        return kind_of(self.id)


def list_dated(connection: Connection, entry_ids: Sequence[int]) -> list[DatedEntry]:
    """Make of the stored changes of these entries what the statistics hold of them; nothing of those that add none."""
    gaps, found = list_gaps(connection), list[DatedEntry]()
    for chunk in chunks(entry_ids):
        histories = _list_changes(connection, chunk)
        facts = select(*_FACTS).select_from(entries.outerjoin(launches)).where(entries.c.id.in_(chunk))
        rows = connection.execute(facts).mappings()
        found += [_dated(row, histories.get(row.id, []), gaps[kind_of(row.id)]) for row in rows]
    return [dated for dated in found if dated.cases or dated.slips or dated.launched]


def list_gaps(connection: Connection) -> dict[EntryKind, list[Gap]]:
    """List the gaps of contact with the source, by the kind of entry that they are of."""
    rows = connection.execute(select(contact_gaps.c.kind, contact_gaps.c.began_at, contact_gaps.c.ended_at)).all()
    return {kind: [(row.began_at, row.ended_at) for row in rows if row.kind == kind.value] for kind in EntryKind}


def _list_changes(connection: Connection, entry_ids: Sequence[int]) -> dict[int, list[StoredChange]]:
    is_dating = changes.c.kind.in_([kind.value for kind in DATING_CHANGE_KINDS])
    statement = select(changes).where(changes.c.entry_id.in_(entry_ids), is_dating).order_by(changes.c.revision)
    histories = defaultdict[int, list[StoredChange]](list)
    for row in connection.execute(statement).mappings():
        histories[row["entry_id"]].append(stored_change(row))
    return histories


def _dated(row: RowMapping, history: Sequence[StoredChange], gaps: Sequence[Gap]) -> DatedEntry:
    present = KnownDate(row.date, row.precision_id)
    announcements = list_announcements(row.first_seen, present, row.status_id, history)
    is_launch = kind_of(row.id) is EntryKind.LAUNCH
    ending = ending_of(announcements, present, row.range_over_at, is_launch=is_launch)
    slips = (slip_of(stored.change, stored.seen_at) for stored in history)
    return DatedEntry(
        row.id, row.type_id, row.provider_id, row.location_id,
        launched=None if ending.is_withdrawn else _launched(row),
        drift=_drift(announcements, present),
        known_at=ending.known_at,
        cases=tuple(list_cases(announcements, ending, gaps)),
        slips=tuple(slip for slip in slips if slip is not None),
    )  # fmt: skip


def _launched(row: RowMapping) -> Launched | None:
    if row.status_id is None or row.date_year is None or not LaunchStatus(row.status_id, "", "").has_lifted_off:
        return None
    return Launched(row.date_year, row.status_id)


def _drift(announcements: Sequence[Announcement], present: KnownDate) -> timedelta | None:
    first = next((one.known for one in announcements if one.known and _is_dated(one.known)), None)
    if first is None or not _is_dated(present):
        return None
    (old, _), (new, _) = (span_of(known.date_range) for known in (first, present) if known.date_range)
    return (new - old) // _SECOND * _SECOND


def _is_dated(known: KnownDate) -> bool:
    return known.date is not None and known.precision.step.order <= Step.DAY.order
