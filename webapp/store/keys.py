"""Ids and keys: the store's own numbers of entries, and the keys by which the source knows them.

An event's id is Launch Library's own, which stays below 2^31. Entries whose own ids are no numbers are given theirs
from 2^31 on, in the order in which they come.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, func, insert, select, true

from webapp.domain.entry import EntryKey, EntryKind
from webapp.store.schema import entries, entry_keys

Value = TypeVar("Value")

FIRST_GIVEN_ID = 2**31
"""The first id of those that are given here."""

CHUNK = 400  # SQLite builds exist that take no more than 999 parameters in a statement.


def ids_of(connection: Connection, keys: Iterable[EntryKey]) -> dict[EntryKey, int]:
    """Give the ids of entries by their keys. Keys that were never given one are left out."""
    own, others = _parted(keys)
    for kind in {key.kind for key in others}:
        source_ids = [key.source_id for key in others if key.kind is kind]
        for chunk in chunks(source_ids):
            known = entry_keys.c.kind == kind.value, entry_keys.c.source_id.in_(chunk)
            rows = connection.execute(select(entry_keys.c.source_id, entry_keys.c.entry_id).where(*known))
            own |= {EntryKey(kind, row.source_id): row.entry_id for row in rows}
    return own


def give_ids(connection: Connection, keys: Iterable[EntryKey]) -> dict[EntryKey, int]:
    """Give the ids of entries by their keys, new ones to those that have none."""
    wanted = list(dict.fromkeys(keys))
    known = ids_of(connection, wanted)
    new = [key for key in wanted if key not in known]
    if new:
        latest = connection.execute(select(func.max(entry_keys.c.entry_id))).scalar()
        given = dict(zip(new, count(FIRST_GIVEN_ID if latest is None else latest + 1), strict=False))
        rows = [
            {"entry_id": entry_id, "kind": key.kind.value, "source_id": key.source_id}
            for key, entry_id in given.items()
        ]
        connection.execute(insert(entry_keys), rows)
        known |= given
    return known


def reserve_ids(connection: Connection, wanted: Mapping[EntryKey, int]) -> None:
    """Give entries that never had one these ids, as far as they are free: those of another store, in its order."""
    _, others = _parted(wanted)
    known = ids_of(connection, others)
    new = {wanted[key]: key for key in others if key not in known and wanted[key] >= FIRST_GIVEN_ID}
    for chunk in chunks(list(new)):
        taken = select(entry_keys.c.entry_id).where(entry_keys.c.entry_id.in_(chunk))
        used = set(connection.execute(taken).scalars())
        rows = [
            {"entry_id": entry_id, "kind": new[entry_id].kind.value, "source_id": new[entry_id].source_id}
            for entry_id in chunk
            if entry_id not in used
        ]
        if rows:
            connection.execute(insert(entry_keys), rows)


def key_of(entry_id: int, kind: str | None, source_id: str | None) -> EntryKey:
    """Give the key of an entry by its id, and by its row in the table of keys, if it has one there."""
    if kind is None or source_id is None:
        return EntryKey.of_event(entry_id)
    return EntryKey(EntryKind(kind), source_id)


def kind_of(entry_id: int) -> EntryKind:
    """Give the kind of an entry by its id."""
    return EntryKind.EVENT if entry_id < FIRST_GIVEN_ID else EntryKind.LAUNCH


def of_kinds(kinds: Sequence[EntryKind], key: ColumnElement[int] = entries.c.id) -> ColumnElement[bool]:
    """Give the condition that an entry is of one of these kinds, as its id tells, which is `key`."""
    if len(kinds) == len(EntryKind):
        return true()
    return key < FIRST_GIVEN_ID if EntryKind.EVENT in kinds else key >= FIRST_GIVEN_ID


def chunks(values: Sequence[Value]) -> list[Sequence[Value]]:
    """Cut what goes into a statement as parameters into parts that every engine takes."""
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]


def _parted(keys: Iterable[EntryKey]) -> tuple[dict[EntryKey, int], list[EntryKey]]:
    own: dict[EntryKey, int] = {}
    others: list[EntryKey] = []
    for key in keys:
        if key.kind is EntryKind.EVENT:
            own[key] = int(key.source_id)
        else:
            others.append(key)
    return own, others
