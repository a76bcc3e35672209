"""Keeping the statistics: what they hold of an entry is made anew in the transaction that changes the entry.

A case is among the totals once it is known what came of it: once the source was reached after the entry was over.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from webapp.domain.entry import EntryKind
from webapp.store.keys import chunks, kind_of, of_kinds
from webapp.store.schema import date_cases, dated_entries, entries, sync_progress
from webapp.store.statistics.histories import DatedEntry, list_dated
from webapp.store.statistics.packing import pack_cases, pack_slips
from webapp.store.statistics.totals import Key, Tally, add_totals, clear_totals, count_keys, raise_totals

_SECOND = timedelta(seconds=1)
_AT_ONCE = 4_000


def refresh(connection: Connection, entry_ids: Sequence[int]) -> None:
    """Make anew what the statistics hold of these entries."""
    ids = list(entry_ids)
    if not ids:
        return
    before = Counter[Key]()
    for chunk in chunks(ids):
        stored = select(dated_entries).where(dated_entries.c.entry_id.in_(chunk))
        before.update(_count(connection.execute(stored).mappings().all()))
        for table in (date_cases, dated_entries):
            connection.execute(delete(table).where(table.c.entry_id.in_(chunk)))
    after = _add(connection, ids)
    after.subtract(before)
    raise_totals(connection, after)


def rebuild(connection: Connection) -> None:
    """Make all statistics anew."""
    for table in (date_cases, dated_entries):
        connection.execute(delete(table))
    clear_totals(connection)
    totals, last = Counter[Key](), -1
    while ids := connection.execute(
        select(entries.c.id).where(entries.c.id > last).order_by(entries.c.id).limit(_AT_ONCE)
    ).scalars().all():  # fmt: skip
        totals.update(_add(connection, ids))
        last = ids[-1]
    add_totals(connection, totals)


def refresh_within(connection: Connection, kind: EntryKind, began_at: datetime, ended_at: datetime) -> None:
    """Make anew what lies in a gap of contact: what was announced then, nobody here knows."""
    is_within = date_cases.c.crossed_at >= began_at, date_cases.c.crossed_at < ended_at
    ids = select(date_cases.c.entry_id).where(*is_within, of_kinds([kind], date_cases.c.entry_id)).distinct()
    refresh(connection, connection.execute(ids).scalars().all())


def count_known(connection: Connection, kind: EntryKind, reached_at: datetime) -> None:
    """Count the cases of which is known what came of them, now that the source was reached."""
    is_due = (
        dated_entries.c.is_counted.is_(False), dated_entries.c.known_at <= reached_at,
        of_kinds([kind], dated_entries.c.entry_id),
    )  # fmt: skip
    due = connection.execute(select(dated_entries).where(*is_due)).mappings().all()
    if due:
        known = (_tally({**row, "is_counted": True}) for row in due)
        # Slips, and launches that have lifted off, are among the totals from the first.
        cases = ((one._replace(slips="", launched_year=None), 1) for one in known)
        raise_totals(connection, count_keys(cases))
        connection.execute(update(dated_entries).where(*is_due).values(is_counted=True))


def _add(connection: Connection, entry_ids: Sequence[int]) -> Counter[Key]:
    """Add what the statistics hold of entries of which they hold nothing, and count it."""
    dated, reached = list_dated(connection, entry_ids), _reached(connection)
    rows = [_entry_row(one, reached.get(one.kind)) for one in dated]
    cases = [row for one in dated for row in _case_rows(one)]
    for table, added in ((dated_entries, rows), (date_cases, cases)):
        if added:
            connection.execute(insert(table), added)
    return _count(rows)


def _reached(connection: Connection) -> dict[EntryKind, datetime]:
    rows = connection.execute(select(sync_progress.c.kind, sync_progress.c.reached_at))
    return {EntryKind(row.kind): row.reached_at for row in rows if row.reached_at is not None}


def _count(rows: Iterable[Mapping[Any, Any]]) -> Counter[Key]:
    return count_keys((_tally(row), 1) for row in rows)


def _tally(row: Mapping[Any, Any]) -> Tally:
    return Tally(
        kind_of(row["entry_id"]).value, row["type_id"], row["provider_id"], row["site_id"],
        cases=row["cases"] if row["is_counted"] else "",
        slips=row["slips"],
        launched_year=row["launched_year"],
        launched_status_id=row["launched_status_id"],
    )  # fmt: skip


def _entry_row(dated: DatedEntry, reached_at: datetime | None) -> dict[str, Any]:
    return {
        "entry_id": dated.id, "type_id": dated.type_id, "provider_id": dated.provider_id, "site_id": dated.site_id,
        "cases": pack_cases(dated.cases), "slips": pack_slips(dated.slips),
        "launched_year": dated.launched and dated.launched.year,
        "launched_status_id": dated.launched and dated.launched.status_id,
        "drift": None if dated.drift is None else dated.drift // _SECOND,
        "known_at": dated.known_at, "is_counted": reached_at is not None and dated.known_at <= reached_at,
    }  # fmt: skip


def _case_rows(dated: DatedEntry) -> Iterator[dict[str, Any]]:
    for case in dated.cases:
        yield {
            "entry_id": dated.id, "lead": case.lead.value, "crossed_at": case.crossed_at,
            "announced": case.announced.date, "precision_id": case.announced.precision_id, "step": case.step.order,
            "status_id": case.status_id, "outcome": case.outcome.value,
            "error": None if case.error is None else case.error // _SECOND,
        }  # fmt: skip
