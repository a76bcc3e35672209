"""The totals of the statistics: how many there are of each sort, raised and lowered as entries change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from webapp.domain.entry import EntryKind
from webapp.store.schema import case_totals, launch_totals, slip_totals
from webapp.store.statistics.packing import unpack_cases, unpack_slips


class Dimension(Enum):
    """By what cases and launches are counted. Only launches have a provider and a site, and count by their year."""

    TYPE = "type"
    PROVIDER = "provider"
    SITE = "site"
    YEAR = "year"


class CaseKey(NamedTuple):
    """What is told apart among cases; `is_early` only among the totals, where it says what began too early."""

    kind: str
    dimension: str
    member_id: int
    lead: int
    step: int
    outcome: str
    is_early: bool = False


class SlipKey(NamedTuple):
    """What is told apart among slips."""

    kind: str
    size: str
    time: str
    is_later: bool


class LaunchKey(NamedTuple):
    """What is told apart among launches that have lifted off."""

    dimension: str
    member_id: int
    status_id: int


class Tally(NamedTuple):
    """What of an entry is counted: its members, its packed cases once they are known, its packed slips, its launch."""

    kind: str
    type_id: int
    provider_id: int | None
    site_id: int | None
    cases: str
    slips: str
    launched_year: int | None
    launched_status_id: int | None


Key = CaseKey | SlipKey | LaunchKey
_TABLES: Mapping[type[Key], Table] = {CaseKey: case_totals, SlipKey: slip_totals, LaunchKey: launch_totals}


def count_keys(tallies: Iterable[tuple[Tally, int]]) -> Counter[Key]:
    """Count what is told apart among entries, of which so many are alike."""
    packed, slips, found = Counter[tuple[str, Dimension, int, str]](), Counter[tuple[str, str]](), Counter[Key]()
    for tally, count in tallies:
        members = _members_of(tally)
        for dimension, member_id in members:
            packed[tally.kind, dimension, member_id, tally.cases] += count
        slips[tally.kind, tally.slips] += count
        for key in _launch_keys(tally, members):
            found[key] += count
    for (kind, dimension, member_id, cases), count in packed.items():
        for case in unpack_cases(cases):
            found[CaseKey(kind, dimension.value, member_id, *case)] += count
    for (kind, packed_slips), count in slips.items():
        for slip in unpack_slips(packed_slips):
            found[SlipKey(kind, *slip)] += count
    return found


def _launch_keys(tally: Tally, members: Sequence[tuple[Dimension, int]]) -> list[LaunchKey]:
    if tally.launched_year is None or tally.launched_status_id is None:
        return []
    counted = [(Dimension.YEAR, tally.launched_year), *members]
    return [
        LaunchKey(dimension.value, member_id, tally.launched_status_id)
        for dimension, member_id in counted
        if dimension is not Dimension.TYPE
    ]


def _members_of(tally: Tally) -> list[tuple[Dimension, int]]:
    members = (
        (Dimension.TYPE, tally.type_id), (Dimension.PROVIDER, tally.provider_id), (Dimension.SITE, tally.site_id),
    )  # fmt: skip
    return [(dimension, member_id) for dimension, member_id in members if member_id is not None]


def list_totals(connection: Connection, kinds: Sequence[str]) -> Counter[Key]:
    """Give all totals of these kinds of entry; those of launches that have lifted off are of launches alone."""
    found = Counter[Key]()
    for of_one, table in _TABLES.items():
        totals = select(*(table.c[name] for name in of_one._fields), table.c.total)
        if "kind" in table.c:
            totals = totals.where(table.c.kind.in_(kinds))
        elif EntryKind.LAUNCH.value not in kinds:
            continue
        found.update({of_one(*key): total for *key, total in connection.execute(totals)})
    return found


def raise_totals(connection: Connection, by: Counter[Key]) -> None:
    """Raise totals by so much, or lower them; those that come to nothing are not kept."""
    for table_key, table in _TABLES.items():
        changed = {key: count for key, count in by.items() if count and isinstance(key, table_key)}
        if changed:
            _raise(connection, table, changed)


def add_totals(connection: Connection, totals: Counter[Key]) -> None:
    """Add totals of which none is there yet."""
    for table_key, table in _TABLES.items():
        rows = [_row(key, count) for key, count in totals.items() if isinstance(key, table_key)]
        if rows:
            connection.execute(insert(table), rows)


def clear_totals(connection: Connection) -> None:
    """Delete all totals."""
    for table in _TABLES.values():
        connection.execute(delete(table))


def _raise(connection: Connection, table: Table, changed: Mapping[Key, int]) -> None:
    added = []
    for key, count in changed.items():
        is_it = and_(*(table.c[name] == value for name, value in key._asdict().items()))
        raised = update(table).where(is_it).values(total=table.c.total + count)
        if connection.execute(raised).rowcount == 0:
            added.append(_row(key, count))
    if added:
        connection.execute(insert(table), added)
    connection.execute(delete(table).where(table.c.total == 0))


def _row(key: Key, count: int) -> dict[str, Any]:
    return {**key._asdict(), "total": count}
