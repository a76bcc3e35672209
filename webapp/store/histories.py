"""Histories of entries as a chain tells them: listed for the next link, and taken over from the one before."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from webapp.domain.chain import EntryHistory, HistoricChange
from webapp.domain.changes import ChangeKind
from webapp.domain.clock import CLOCK_TOLERANCE
from webapp.domain.entry import EntryKey, EntryKind
from webapp.store.changes import details_of, parse_details
from webapp.store.keys import chunks, ids_of, key_of, of_kinds, reserve_ids
from webapp.store.schema import chained_histories, changes, entries, entry_keys, withdrawals

MOST_WAITING = 50_000
"""So many histories of entries that are not stored yet are kept at most."""


class HistoryPlace(NamedTuple):
    """A place in the list of histories, which has the entries by the generation in which they were last written."""

    generation: int = -1
    entry_id: int = -1


def list_histories(
    connection: Connection, after: HistoryPlace, *, limit: int, kinds: Sequence[EntryKind]
) -> list[tuple[HistoryPlace, EntryHistory]]:
    """List the histories of the entries of these kinds that follow a place, each with its own place."""
    is_after = or_(
        entries.c.written > after.generation,
        and_(entries.c.written == after.generation, entries.c.id > after.entry_id),
    )
    columns = (
        entries.c.id, entries.c.written, entries.c.first_seen, entries.c.changed_at, withdrawals.c.withdrawn_at,
        entry_keys.c.kind, entry_keys.c.source_id,
    )  # fmt: skip
    statement = (
        select(*columns)
        .outerjoin(withdrawals, withdrawals.c.entry_id == entries.c.id)
        .outerjoin(entry_keys, entry_keys.c.entry_id == entries.c.id)
        .where(is_after, of_kinds(kinds))
        .order_by(entries.c.written, entries.c.id)
        .limit(limit)
    )
    rows = connection.execute(statement).all()
    histories = _changes_of(connection, [row.id for row in rows])
    return [
        (
            HistoryPlace(row.written, row.id),
            EntryHistory(
                key_of(row.id, row.kind, row.source_id),
                row.id,
                row.first_seen,
                row.changed_at,
                row.withdrawn_at,
                tuple(_historic(change) for change in histories.get(row.id, ())),
            ),
        )
        for row in rows
    ]


def list_chained(connection: Connection, keys: Iterable[EntryKey]) -> dict[EntryKey, EntryHistory | None]:
    """Give those of these entries whose history a chain tells, with the history where it has not been written yet."""
    found: dict[EntryKey, EntryHistory | None] = {}
    for kind, source_ids in _by_kind(keys):
        for chunk in chunks(source_ids):
            known = chained_histories.c.kind == kind.value, chained_histories.c.source_id.in_(chunk)
            for row in connection.execute(select(chained_histories).where(*known)):
                key = EntryKey(kind, row.source_id)
                found[key] = None if row.history is None else _load(key, row.history)
    return found


def take_over(connection: Connection, told: Sequence[EntryHistory], generation: int) -> list[EntryKey]:
    """Take histories over, and give the keys of those entries whose history is another by that.

    Of an entry that is not stored yet the history waits until it is. One that we have known for longer, by a history of
    our own, keeps that.
    """
    ids = ids_of(connection, [one.key for one in told])
    rows = _rows_of(connection, list(ids.values()))
    present = _changes_of(connection, list(rows))
    stored = [one for one in told if ids.get(one.key) in rows]
    taken = [one for one in stored if one.first_seen <= rows[ids[one.key]].first_seen + CLOCK_TOLERANCE]
    waiting = [one for one in told if ids.get(one.key) not in rows]
    reserve_ids(connection, {one.key: one.number for one in waiting})
    _forget(connection, [one.key for one in told])
    _note(connection, {one.key: None for one in taken})
    room = MOST_WAITING - _count_waiting(connection)
    _note(connection, {one.key: _dump(one) for one in waiting[: max(room, 0)]})
    return [
        one.key
        for one in taken
        if _write(connection, rows[ids[one.key]], present.get(ids[one.key], []), one, generation)
    ]


def leave(connection: Connection) -> None:
    """Let our own comparison tell changes again: no chain tells any history."""
    connection.execute(delete(chained_histories))


def _write(
    connection: Connection, row: Any, present: Sequence[Mapping[Any, Any]], told: EntryHistory, generation: int
) -> bool:
    """Give an entry the history that is told, and say whether it had another."""
    is_changed = _write_changes(connection, row.id, present, told.changes)
    if row.withdrawn_at != told.withdrawn_at:
        is_changed = True
        connection.execute(delete(withdrawals).where(withdrawals.c.entry_id == row.id))
        if told.withdrawn_at is not None:
            connection.execute(insert(withdrawals).values(entry_id=row.id, withdrawn_at=told.withdrawn_at))
    values = {"revision": len(told.changes), "first_seen": told.first_seen, "changed_at": told.changed_at}
    if is_changed or any(getattr(row, name) != value for name, value in values.items()):
        connection.execute(update(entries).where(entries.c.id == row.id).values(written=generation, **values))
        return True
    return False


def _write_changes(
    connection: Connection, entry_id: int, present: Sequence[Mapping[Any, Any]], told: Sequence[HistoricChange]
) -> bool:
    """Write the changes of an entry. One that is here already keeps its number, and is given its true time."""
    known = {row["revision"]: row for row in present}
    wanted = {
        revision: {
            "entry_id": entry_id,
            "revision": revision,
            "kind": one.change.kind.value,
            "seen_at": one.seen_at,
            "details": details_of(one.change),
            "origin_number": one.number,
        }
        for revision, one in enumerate(told, start=1)
    }
    new = {revision: row for revision, row in wanted.items() if not _is_same(row, known.get(revision))}
    outdated = [row["number"] for revision, row in known.items() if revision in new or revision not in wanted]
    for chunk in chunks(outdated):
        connection.execute(delete(changes).where(changes.c.number.in_(chunk)))
    if new:
        connection.execute(insert(changes), list(new.values()))
    moved = [
        row for revision, row in wanted.items()
        if revision not in new and any(row[name] != known[revision][name] for name in ("seen_at", "origin_number"))
    ]  # fmt: skip
    for row in moved:
        one = update(changes).where(changes.c.number == known[row["revision"]]["number"])
        connection.execute(one.values(seen_at=row["seen_at"], origin_number=row["origin_number"]))
    return bool(new or outdated or moved)


def _is_same(told: Mapping[Any, Any], known: Mapping[Any, Any] | None) -> bool:
    return known is not None and (told["kind"], told["details"]) == (known["kind"], known["details"])


def _rows_of(connection: Connection, entry_ids: Sequence[int]) -> dict[int, Any]:
    columns = (entries.c.id, entries.c.revision, entries.c.first_seen, entries.c.changed_at, withdrawals.c.withdrawn_at)
    statement = select(*columns).outerjoin(withdrawals, withdrawals.c.entry_id == entries.c.id)
    return {
        row.id: row
        for chunk in chunks(entry_ids)
        for row in connection.execute(statement.where(entries.c.id.in_(chunk)))
    }


def _changes_of(connection: Connection, entry_ids: Sequence[int]) -> dict[int, list[Mapping[Any, Any]]]:
    """Give the rows of these entries' changes, in their order."""
    found: dict[int, list[Mapping[Any, Any]]] = {}
    for chunk in chunks(entry_ids):
        statement = select(changes).where(changes.c.entry_id.in_(chunk)).order_by(changes.c.revision)
        for row in connection.execute(statement).mappings():
            found.setdefault(row["entry_id"], []).append(row)
    return found


def _historic(row: Mapping[Any, Any]) -> HistoricChange:
    # A link tells the number of the first one, so that changes of one instant keep their order down the chain.
    number = row["number"] if row["origin_number"] is None else row["origin_number"]
    return HistoricChange(number, row["seen_at"], parse_details(row["kind"], row["details"]))


def _forget(connection: Connection, keys: Collection[EntryKey]) -> None:
    for kind, source_ids in _by_kind(keys):
        of_kind = delete(chained_histories).where(chained_histories.c.kind == kind.value)
        for chunk in chunks(source_ids):
            connection.execute(of_kind.where(chained_histories.c.source_id.in_(chunk)))


def _note(connection: Connection, histories: Mapping[EntryKey, str | None]) -> None:
    rows = [
        {"kind": key.kind.value, "source_id": key.source_id, "history": history} for key, history in histories.items()
    ]
    if rows:
        connection.execute(insert(chained_histories), rows)


def _count_waiting(connection: Connection) -> int:
    is_waiting = chained_histories.c.history.is_not(None)
    return connection.execute(select(func.count()).select_from(chained_histories).where(is_waiting)).scalar_one()


def _by_kind(keys: Iterable[EntryKey]) -> list[tuple[EntryKind, list[str]]]:
    wanted = list(keys)
    return [(kind, [key.source_id for key in wanted if key.kind is kind]) for kind in EntryKind]


def _dump(history: EntryHistory) -> str:
    times = (history.first_seen, history.changed_at, history.withdrawn_at)
    told = [
        (one.number, one.seen_at.isoformat(), one.change.kind.value, details_of(one.change)) for one in history.changes
    ]
    return json.dumps([history.number, [moment and moment.isoformat() for moment in times], told])


def _load(key: EntryKey, history: str) -> EntryHistory:
    number, times, told = json.loads(history)
    first_seen, changed_at, withdrawn_at = (moment and datetime.fromisoformat(moment) for moment in times)
    changed = [
        HistoricChange(number, datetime.fromisoformat(seen_at), parse_details(ChangeKind(kind).value, details))
        for number, seen_at, kind, details in told
    ]
    return EntryHistory(key, number, first_seen, changed_at, withdrawn_at, tuple(changed))
