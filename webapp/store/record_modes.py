"""How full the records of launches are: the fullest mode in which each has come, and whether there is more by now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select, update

from webapp.domain.entry import EntryKey
from webapp.domain.modes import Mode
from webapp.store.keys import chunks, key_of
from webapp.store.schema import entries, entry_keys, withdrawals


@dataclass(frozen=True, slots=True)
class RecordMode:
    """How full a record is. An outdated one lacks what the source has said since, as a lesser record showed."""

    mode: Mode
    is_outdated: bool = False


def modes_of(connection: Connection, entry_ids: Sequence[int]) -> dict[int, RecordMode]:
    """Give how full the records of launches are, by id; those of events, which come in full, are left out."""
    columns = select(entry_keys.c.entry_id, entry_keys.c.mode, entry_keys.c.is_outdated)
    return {
        row.entry_id: RecordMode(Mode(row.mode), row.is_outdated)
        for chunk in chunks(entry_ids)
        for row in connection.execute(columns.where(entry_keys.c.entry_id.in_(chunk), entry_keys.c.mode.is_not(None)))
    }


def note_modes(connection: Connection, modes: Mapping[int, RecordMode]) -> None:
    """Note how full the records of these launches are now."""
    for one in set(modes.values()):
        values = {"mode": one.mode.value, "is_outdated": one.is_outdated}
        for chunk in chunks([entry_id for entry_id, mode in modes.items() if mode == one]):
            connection.execute(update(entry_keys).where(entry_keys.c.entry_id.in_(chunk)).values(values))


def note_outdated(connection: Connection, entry_ids: Iterable[int], asked_before: datetime) -> None:
    """Note that the source says something else of these launches by now, whatever it is.

    Those for which it was asked since `asked_before` are left as they are: it had its say.
    """
    for chunk in chunks(list(entry_ids)):
        statement = update(entry_keys).where(entry_keys.c.entry_id.in_(chunk), _not_asked_since(asked_before))
        connection.execute(statement.values(is_outdated=True))


def note_asked(connection: Connection, entry_ids: Iterable[int], now: datetime) -> None:
    """Note that the source was asked for the full records of these launches."""
    for chunk in chunks(list(entry_ids)):
        connection.execute(update(entry_keys).where(entry_keys.c.entry_id.in_(chunk)).values(asked_at=now))


def list_partial(
    connection: Connection, *, dated_after: datetime, asked_before: datetime, limit: int
) -> list[EntryKey]:
    """List the launches whose record is not full, or outdated, those that are outdated and dated soonest first.

    Only such as have a date after `dated_after`, and for which the source was not asked since `asked_before`.
    """
    is_partial = or_(entry_keys.c.is_outdated.is_(True), entry_keys.c.mode != Mode.DETAILED.value)
    statement = (
        select(entry_keys.c.entry_id, entry_keys.c.kind, entry_keys.c.source_id)
        .join(entries, entries.c.id == entry_keys.c.entry_id)
        .where(is_partial, _not_asked_since(asked_before), entries.c.sort_date > dated_after)
        .where(entry_keys.c.entry_id.not_in(select(withdrawals.c.entry_id)))
        .order_by(entry_keys.c.is_outdated.desc(), entries.c.range_over_at.desc(), entries.c.id)
        .limit(limit)
    )
    return [key_of(*row) for row in connection.execute(statement)]


def _not_asked_since(moment: datetime) -> ColumnElement[bool]:
    return or_(entry_keys.c.asked_at.is_(None), entry_keys.c.asked_at <= moment)
