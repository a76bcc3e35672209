"""Stored changes: written beside the record that brought them, read by entry, by filter, or all."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, insert, select

from webapp.domain.changes import Change, ChangeKind, KnownDate, SlipCount, StoredChange
from webapp.domain.entry import EntryKind
from webapp.domain.launch import LaunchStatus
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.store.keys import chunks
from webapp.store.schema import changes, entries
from webapp.store.selection.conditions import matching


def add_changes(connection: Connection, entry_id: int, revision: int, added: Sequence[Change], now: datetime) -> None:
    """Add changes of one entry in their order; the first makes it `revision` + 1."""
    rows = [
        {
            "entry_id": entry_id,
            "revision": revision + place,
            "kind": change.kind.value,
            "seen_at": now,
            "details": details_of(change),
        }
        for place, change in enumerate(added, start=1)
    ]
    if rows:
        connection.execute(insert(changes), rows)


def count_slips(connection: Connection, entry_ids: Sequence[int]) -> dict[int, SlipCount]:
    """Count how often each of these entries has slipped; those that never did are left out."""
    is_scrub = case((changes.c.details.contains('"scrub_number":'), 1), else_=0)
    statement = (
        select(changes.c.entry_id, func.count().label("slips"), func.sum(is_scrub).label("scrubs"))
        .where(changes.c.entry_id.in_(entry_ids), changes.c.kind == ChangeKind.SLIPPED.value)
        .group_by(changes.c.entry_id)
    )
    return {row.entry_id: SlipCount(row.slips, row.scrubs) for row in connection.execute(statement)}


def list_history(connection: Connection, entry_id: int) -> list[StoredChange]:
    """List all changes of one entry, the latest first."""
    statement = select(changes).where(changes.c.entry_id == entry_id).order_by(changes.c.revision.desc())
    return _load(connection, statement)


def list_changes(
    connection: Connection, asked: Filter, kinds: Sequence[ChangeKind], *, since: datetime | None = None,
    limit: int | None = None, offset: int = 0, shown: tuple[EntryKind, ...] = (),
) -> list[StoredChange]:  # fmt: skip
    """List the changes, of these kinds, of the entries that pass the filter, the latest first.

    With `since`, only those that were seen then or after; with `shown`, only those of these kinds of entry.
    """
    of_kind = changes.c.kind.in_([kind.value for kind in kinds])
    # Those that came through a chain have numbers of another store: among those of one instant, these decide.
    number = func.coalesce(changes.c.origin_number, changes.c.number)
    statement = (
        select(changes)
        .where(of_kind, *_matches(connection, asked, since, shown))
        .order_by(changes.c.seen_at.desc(), number.desc(), changes.c.number.desc())
    )
    return _load(connection, statement.limit(limit).offset(offset or None))


def list_changes_after(connection: Connection, number: int) -> list[StoredChange]:
    """List all changes with a greater number, the earliest first."""
    return _load(connection, select(changes).where(changes.c.number > number).order_by(changes.c.number))


def get_changes(connection: Connection, numbers: Sequence[int]) -> list[StoredChange]:
    """Give those of these changes that are stored, the earliest first."""
    return [
        change
        for chunk in chunks(sorted(numbers))
        for change in _load(connection, select(changes).where(changes.c.number.in_(chunk)).order_by(changes.c.number))
    ]


def count_changes(
    connection: Connection, asked: Filter, since: datetime | None = None, shown: tuple[EntryKind, ...] = ()
) -> Counter[ChangeKind]:
    """Count what `list_changes` lists without a limit, by kind."""
    matches = list(_matches(connection, asked, since, shown))
    statement = select(changes.c.kind, func.count()).where(*matches).group_by(changes.c.kind)
    if since is not None and len(matches) == 1:
        # Its index has the kinds in order, but no instants: SQLite would fetch each row through it, four times slower.
        statement = statement.with_hint(changes, "NOT INDEXED", "sqlite")
    return Counter({ChangeKind(kind): count for kind, count in connection.execute(statement)})


def list_slips(connection: Connection, entry_ids: Sequence[int], since: datetime) -> dict[int, StoredChange]:
    """Give the latest slip of each of these entries that was seen at `since` or after."""
    statement = (
        select(changes)
        .where(
            changes.c.entry_id.in_(entry_ids),
            changes.c.kind == ChangeKind.SLIPPED.value,
            changes.c.seen_at >= since,
        )
        .order_by(changes.c.revision)
    )
    return {slip.entry_id: slip for slip in _load(connection, statement)}


def stored_change(row: Mapping[Any, Any]) -> StoredChange:
    """Make a stored change of its row."""
    return StoredChange(
        row["number"], row["entry_id"], row["revision"], row["seen_at"], parse_details(row["kind"], row["details"])
    )


def _matches(
    connection: Connection, asked: Filter, since: datetime | None, shown: tuple[EntryKind, ...]
) -> Iterator[ColumnElement[bool]]:
    if since is not None:
        yield changes.c.seen_at >= since
    if asked != Filter() or shown:
        scope = Scope(withdrawn=True, kinds=shown)
        yield changes.c.entry_id.in_(select(entries.c.id).where(matching(asked, scope, connection.dialect.name)))


def _load(connection: Connection, statement: Select[Any]) -> list[StoredChange]:
    return [stored_change(row) for row in connection.execute(statement).mappings()]


def details_of(change: Change) -> str:
    """Serialize what a change holds besides its kind, without what is empty, as JSON."""
    details = {name: value for name, value in asdict(change).items() if name != "kind" and value not in (None, ())}
    return json.dumps(details, separators=(",", ":"), default=datetime.isoformat)


def parse_details(kind: str, serialized: str) -> Change:
    """Read a change of this kind as it is stored."""
    details = json.loads(serialized)
    for name in ("before", "after"):
        if name in details:
            details[name] = _known_date(details[name])
    for name in ("old_status", "new_status"):
        if name in details:
            details[name] = LaunchStatus(**details[name])
    for name in ("urls", "fields"):
        if name in details:
            details[name] = tuple(details[name])
    return Change(ChangeKind(kind), **details)


def _known_date(stored: Mapping[str, Any]) -> KnownDate:
    date = stored["date"]
    return KnownDate(None if date is None else datetime.fromisoformat(date), stored["precision_id"])
