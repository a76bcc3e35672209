"""Keeping the statistics: what they hold of an entry is made anew in the transaction that changes the entry.

A case is among the totals once it is known what came of it: once the source was reached after the entry was over.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from webapp.domain.entry import EntryKind
from webapp.store.keys import chunks, kind_of, of_kinds
from webapp.store.schema import date_cases, date_slips, dated_entries, entries, sync_progress
from webapp.store.statistics.histories import DatedEntry, list_dated
from webapp.store.statistics.totals import (
    CaseKey,
    Dimension,
    Key,
    LaunchKey,
    SlipKey,
    add_totals,
    clear_totals,
    members_of,
    raise_totals,
)

_SECOND = timedelta(seconds=1)
_CASES = (date_cases.c.entry_id, date_cases.c.lead, date_cases.c.step, date_cases.c.outcome)
_AT_ONCE = 4_000


def refresh(connection: Connection, entry_ids: Sequence[int]) -> None:
    """Make anew what the statistics hold of these entries."""
    ids = list(entry_ids)
    if not ids:
        return
    before = _stored_totals(connection, ids)
    for table in (date_cases, date_slips, dated_entries):
        for chunk in chunks(ids):
            connection.execute(delete(table).where(table.c.entry_id.in_(chunk)))
    after = _add(connection, ids)
    after.subtract(before)
    raise_totals(connection, after)


def rebuild(connection: Connection) -> None:
    """Make all statistics anew."""
    for table in (date_cases, date_slips, dated_entries):
        connection.execute(delete(table))
    clear_totals(connection)
    totals, last = Counter[Key](), -1
    while ids := connection.execute(
        select(entries.c.id).where(entries.c.id > last).order_by(entries.c.id).limit(_AT_ONCE)
    ).scalars().all():  # fmt: skip
        totals += _add(connection, ids)
        last = ids[-1]
    add_totals(connection, totals)


def refresh_within(connection: Connection, kind: EntryKind, began_at: datetime, ended_at: datetime) -> None:
    """Make anew what lies in a gap of contact: what was announced then, nobody here knows."""
    is_within = date_cases.c.crossed_at >= began_at, date_cases.c.crossed_at < ended_at
    ids = select(date_cases.c.entry_id).where(*is_within, of_kinds([kind], date_cases.c.entry_id)).distinct()
    refresh(connection, connection.execute(ids).scalars().all())


def count_known(connection: Connection, kind: EntryKind, reached_at: datetime) -> None:
    """Count the cases of which is known what came of them, now that the source was reached."""
    due = date_cases.c.is_counted.is_(False), date_cases.c.known_at <= reached_at
    is_due = (*due, of_kinds([kind], date_cases.c.entry_id))
    cases = connection.execute(_with_members().where(*is_due)).all()
    if cases:
        raise_totals(connection, Counter(key for row in cases for key in _case_keys(row)))
        connection.execute(update(date_cases).where(*is_due).values(is_counted=True))


def _add(connection: Connection, entry_ids: Sequence[int]) -> Counter[Key]:
    """Add what the statistics hold of entries of which they hold nothing, and count it."""
    dated, reached = list_dated(connection, entry_ids), _reached(connection)
    cases = [row for one in dated for row in _case_rows(one, reached.get(one.kind))]
    slips = [row for one in dated for row in _slip_rows(one)]
    for table, rows in ((dated_entries, [_entry_row(one) for one in dated]), (date_cases, cases), (date_slips, slips)):
        if rows:
            connection.execute(insert(table), rows)
    return _stored_totals(connection, [one.id for one in dated])


def _reached(connection: Connection) -> dict[EntryKind, datetime]:
    rows = connection.execute(select(sync_progress.c.kind, sync_progress.c.reached_at))
    return {EntryKind(row.kind): row.reached_at for row in rows if row.reached_at is not None}


def _stored_totals(connection: Connection, entry_ids: Sequence[int]) -> Counter[Key]:
    return Counter(key for chunk in chunks(entry_ids) for key in _stored_keys(connection, chunk))


def _stored_keys(connection: Connection, entry_ids: Sequence[int]) -> Iterator[Key]:
    counted = date_cases.c.entry_id.in_(entry_ids), date_cases.c.is_counted.is_(True)
    for row in connection.execute(_with_members().where(*counted)):
        yield from _case_keys(row)
    for row in connection.execute(select(date_slips).where(date_slips.c.entry_id.in_(entry_ids))):
        yield SlipKey(kind_of(row.entry_id).value, row.size, row.time, row.is_later)
    for row in connection.execute(select(dated_entries).where(dated_entries.c.entry_id.in_(entry_ids))):
        if row.launched_year is not None:
            members = [(Dimension.YEAR, row.launched_year), *members_of(row.type_id, row.provider_id, row.site_id)[1:]]
            for dimension, member_id in members:
                yield LaunchKey(dimension.value, member_id, row.launched_status_id)


def _with_members() -> Any:
    members = (dated_entries.c.type_id, dated_entries.c.provider_id, dated_entries.c.site_id)
    return select(*_CASES, *members).join(dated_entries, dated_entries.c.entry_id == date_cases.c.entry_id)


def _case_keys(row: Row[Any]) -> Iterator[CaseKey]:
    kind = kind_of(row.entry_id).value
    for dimension, member_id in members_of(row.type_id, row.provider_id, row.site_id):
        yield CaseKey(kind, dimension.value, member_id, row.lead, row.step, row.outcome)


def _entry_row(dated: DatedEntry) -> dict[str, Any]:
    return {
        "entry_id": dated.id, "type_id": dated.type_id, "provider_id": dated.provider_id, "site_id": dated.site_id,
        "launched_year": dated.launched and dated.launched.year,
        "launched_status_id": dated.launched and dated.launched.status_id,
        "slips": len(dated.slips),
        "drift": None if dated.drift is None else dated.drift // _SECOND,
    }  # fmt: skip


def _case_rows(dated: DatedEntry, reached_at: datetime | None) -> Iterator[dict[str, Any]]:
    is_counted = reached_at is not None and dated.known_at <= reached_at
    for case in dated.cases:
        yield {
            "entry_id": dated.id, "lead": case.lead.value, "crossed_at": case.crossed_at,
            "announced": case.announced.date, "precision_id": case.announced.precision_id, "step": case.step.order,
            "status_id": case.status_id, "outcome": case.outcome.value,
            "error": None if case.error is None else case.error // _SECOND,
            "known_at": dated.known_at, "is_counted": is_counted,
        }  # fmt: skip


def _slip_rows(dated: DatedEntry) -> Iterator[dict[str, Any]]:
    for number, slip in dated.slips:
        yield {
            "entry_id": dated.id, "change_number": number, "size": slip.size.value, "time": slip.time.value,
            "is_later": slip.is_later,
        }  # fmt: skip
