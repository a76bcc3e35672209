"""Reading the statistics: counts from the totals where all is asked for, else from what the filter lets pass."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, false, func, not_, or_, select, true

from webapp.domain.changes import KnownDate
from webapp.domain.date_ledger import Case, Lead, Outcome
from webapp.domain.entry import EntryKey, EntryKind, StoredEntry
from webapp.domain.likelihood import Alike, Fared, Likelihood, alike_of, count_alike
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.domain.type_families import family_of, type_words
from webapp.store.keys import key_of, of_kinds
from webapp.store.schema import (
    agencies,
    case_totals,
    date_cases,
    dated_entries,
    entries,
    entry_keys,
    event_types,
    launch_sites,
    launch_totals,
    slip_totals,
)
from webapp.store.selection.conditions import in_ids, matching
from webapp.store.statistics.totals import CaseKey, Dimension, Key, LaunchKey, SlipKey, Tally, count_keys, list_totals

_NAMES: Mapping[Dimension, Table] = {
    Dimension.TYPE: event_types, Dimension.PROVIDER: agencies, Dimension.SITE: launch_sites,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case of which is known what came of it, with its entry."""

    entry_id: int
    key: EntryKey
    name: str
    type_name: str
    case: Case


@dataclass(frozen=True, slots=True)
class Drift:
    """An entry, how often it has slipped, and by how much its first date that was known to the day has moved."""

    key: EntryKey
    name: str
    slug: str
    slips: int
    drift: timedelta


class Statistics:
    """The statistics of one snapshot, of these `kinds` alone, or of all that there are."""

    def __init__(self, connection: Connection, kinds: tuple[EntryKind, ...] = ()) -> None:
        self._connection = connection
        self._kinds = kinds
        self._counted: dict[Filter, Counter[Key]] = {}
        self._alike: dict[tuple[EntryKind, tuple[int, ...], Alike], Counter[Fared]] = {}

    def count_cases(self, asked: Filter, member_leads: Sequence[Lead]) -> Counter[CaseKey]:
        """Count the cases of what passes the filter, and of these leads by type, provider and site.

        Those of all other leads are counted under the type 0.
        """
        if (kinds := self._whole_kinds(asked)) is not None:
            wanted = or_(case_totals.c.dimension == Dimension.TYPE.value, case_totals.c.lead.in_(member_leads))
            table = case_totals.c
            told_member = case((table.lead.in_(member_leads), table.member_id), else_=0)
            told_apart = (table.kind, table.dimension, told_member, table.lead, table.step, table.outcome)
            totals = select(*told_apart, func.sum(table.total)).where(wanted, table.kind.in_(kinds))
            rows = self._connection.execute(totals.group_by(*told_apart))
            return Counter({CaseKey(*key): int(total) for *key, total in rows})
        counted = Counter[CaseKey]()
        for key, count in self._count(asked).items():
            if isinstance(key, CaseKey) and (key.lead in member_leads or key.dimension == Dimension.TYPE.value):
                member_id = key.member_id if key.lead in member_leads else 0
                counted[key._replace(member_id=member_id, is_early=False)] += count
        return counted

    def count_slips(self, asked: Filter) -> Counter[SlipKey]:
        """Count the slips of what passes the filter."""
        if (kinds := self._whole_kinds(asked)) is not None:
            rows = self._connection.execute(select(slip_totals).where(slip_totals.c.kind.in_(kinds)))
            return Counter({SlipKey(*row[:-1]): row.total for row in rows})
        return Counter({key: count for key, count in self._count(asked).items() if isinstance(key, SlipKey)})

    def count_launches(self, asked: Filter) -> Counter[LaunchKey]:
        """Count the launches that have lifted off, of those that pass the filter, by year, provider and site."""
        kinds = self._whole_kinds(asked)
        if kinds is not None:
            is_shown = EntryKind.LAUNCH.value in kinds
            rows = self._connection.execute(select(launch_totals)).all() if is_shown else []
            return Counter({LaunchKey(*row[:-1]): row.total for row in rows})
        return Counter({key: count for key, count in self._count(asked).items() if isinstance(key, LaunchKey)})

    def count_choices(self) -> Counter[tuple[Dimension, int]]:
        """Count the cases of each type, provider and site, whatever the filter."""
        table = case_totals.c
        kinds = self._whole_kinds(Filter()) or []
        totals = select(table.dimension, table.member_id, func.sum(table.total)).where(table.kind.in_(kinds))
        rows = self._connection.execute(totals.group_by(table.dimension, table.member_id))
        return Counter({(Dimension(dimension), member_id): int(total) for dimension, member_id, total in rows})

    def list_names(self, dimension: Dimension, member_ids: Collection[int]) -> dict[int, str]:
        """Give the names of types, providers or sites."""
        table = _NAMES[dimension]
        rows = self._connection.execute(
            select(table.c.id, table.c.name).where(in_ids(table.c.id, member_ids, self._connection.dialect.name))
        )
        return {row.id: row.name for row in rows}

    def list_longest(self, asked: Filter, *, limit: int) -> list[Drift]:
        """List the entries that have slipped furthest, of those that pass the filter."""
        table = dated_entries.c
        has_slipped = table.drift > 0, table.slips != "", self._passes(table.entry_id, asked)
        longest = select(table.entry_id, table.slips, table.drift).where(*has_slipped)
        longest = longest.order_by(table.drift.desc(), table.entry_id.desc()).limit(limit)
        found = self._connection.execute(longest).all()
        named = (
            select(entries.c.id, entries.c.name, entries.c.slug, entry_keys.c.kind, entry_keys.c.source_id)
            .outerjoin(entry_keys, entry_keys.c.entry_id == entries.c.id)
            .where(entries.c.id.in_([row.entry_id for row in found]))
        )
        names = {row.id: row for row in self._connection.execute(named)}
        return [
            Drift(
                key_of(row.entry_id, names[row.entry_id].kind, names[row.entry_id].source_id),
                names[row.entry_id].name, names[row.entry_id].slug, len(row.slips), timedelta(seconds=row.drift),
            )
            for row in found
        ]  # fmt: skip

    def iterate_cases(self, asked: Filter) -> Iterator[KnownCase]:
        """Give one after another the cases of what passes the filter, in the order of their entries and leads."""
        columns = (
            date_cases,
            entries.c.name,
            event_types.c.name.label("type_name"),
            entry_keys.c.kind,
            entry_keys.c.source_id,
        )
        joined = (
            date_cases.join(dated_entries, dated_entries.c.entry_id == date_cases.c.entry_id)
            .join(entries, entries.c.id == date_cases.c.entry_id)
            .join(event_types, event_types.c.id == entries.c.type_id)
            .outerjoin(entry_keys, entry_keys.c.entry_id == date_cases.c.entry_id)
        )
        statement = select(*columns).select_from(joined).where(*self._known(asked))
        statement = statement.order_by(date_cases.c.entry_id, date_cases.c.lead).execution_options(yield_per=1_000)
        for row in self._connection.execute(statement).mappings():
            key = key_of(row["entry_id"], row["kind"], row["source_id"])
            yield KnownCase(row["entry_id"], key, row["name"], row["type_name"], _case(row))

    def likelihood_of(self, stored: StoredEntry, now: datetime) -> Likelihood | None:
        """Say how dates like an entry's fared; of its family, where there are too few of its type and enough of that.

        `None` where no date is like it: it was withdrawn, has passed, or is too vague or too far ahead.
        """
        type_id, kind = stored.entry.type.id, stored.entry.key.kind
        alike = None if stored.withdrawn_at else alike_of(stored.entry, now)
        if alike is None:
            return None
        told = count_alike(type_words(type_id), alike, self._fared(kind, (type_id,), alike))
        if not told.held.is_enough and (family := family_of(type_id)):
            wider = count_alike(family.words, alike, self._fared(kind, family.type_ids, alike))
            told = wider if wider.held.is_enough else told
        if kind is EntryKind.LAUNCH:
            return told
        every = count_alike("events", alike, self._fared(kind, (), alike)).held
        return told if every.total == told.held.total else replace(told, base=every)

    def _fared(self, kind: EntryKind, type_ids: tuple[int, ...], alike: Alike) -> Counter[Fared]:
        # Of the entries of a calendar many are alike.
        key = (kind, type_ids, alike)
        if key not in self._alike:
            self._alike[key] = self._count_alike(*key)
        return self._alike[key]

    def _count_alike(self, kind: EntryKind, type_ids: Sequence[int], alike: Alike) -> Counter[Fared]:
        table = case_totals.c
        is_alike = (
            table.kind == kind.value, table.dimension == Dimension.TYPE.value, table.lead == alike.lead.value,
            table.step.in_([step.order for step in alike.steps]),
            table.member_id.in_(type_ids) if type_ids else true(),
        )  # fmt: skip
        told_apart = (table.outcome, table.is_early)
        counted = select(*told_apart, func.sum(table.total)).where(*is_alike).group_by(*told_apart)
        rows = self._connection.execute(counted)
        return Counter({Fared(Outcome(outcome), is_early): int(count) for outcome, is_early, count in rows})

    def _count(self, asked: Filter) -> Counter[Key]:
        """Count all that passes the filter, by the facts that the totals tell apart."""
        if asked not in self._counted:
            passes = self._passes(dated_entries.c.entry_id, asked)
            is_shown = self._passes(dated_entries.c.entry_id, Filter())
            if 2 * self._count_entries(passes) > self._count_entries(is_shown):
                # To count is dear, and the totals are there: less is counted if it is what does not pass.
                counted = list_totals(self._connection, self._whole_kinds(Filter()) or [])
                counted.subtract(self._count_where(is_shown, not_(passes)))
                self._counted[asked] = +counted
            else:
                self._counted[asked] = self._count_where(passes)
        return self._counted[asked]

    def _count_entries(self, passes: ColumnElement[bool]) -> int:
        return self._connection.execute(select(func.count()).select_from(dated_entries).where(passes)).scalar_one()

    def _count_where(self, *conditions: ColumnElement[bool]) -> Counter[Key]:
        table = dated_entries.c
        told_apart = (
            of_kinds([EntryKind.EVENT], table.entry_id).label("is_event"), table.type_id, table.provider_id,
            table.site_id, case((table.is_counted.is_(True), table.cases), else_=""), table.slips,
            table.launched_year, table.launched_status_id,
        )  # fmt: skip
        rows = self._connection.execute(select(*told_apart, func.count()).where(*conditions).group_by(*told_apart))
        kinds = {True: EntryKind.EVENT.value, False: EntryKind.LAUNCH.value}
        return count_keys((Tally(kinds[bool(is_event)], *facts), count) for is_event, *facts, count in rows)

    def _known(self, asked: Filter) -> tuple[ColumnElement[bool], ...]:
        return dated_entries.c.is_counted.is_(True), self._passes(date_cases.c.entry_id, asked)

    def _passes(self, entry_id: ColumnElement[int], asked: Filter) -> ColumnElement[bool]:
        kinds = self._whole_kinds(asked)
        if kinds is not None:
            return of_kinds([EntryKind(kind) for kind in kinds], entry_id) if kinds else false()
        scope = Scope(withdrawn=True, kinds=self._kinds)
        return entry_id.in_(select(entries.c.id).where(matching(asked, scope, self._connection.dialect.name)))

    def _whole_kinds(self, asked: Filter) -> list[str] | None:
        """Give the kinds of which all is asked for, and nothing else; `None` if the filter asks for anything more."""
        if asked not in (Filter(), Filter(kinds=asked.kinds)):
            return None
        shown = self._kinds or tuple(EntryKind)
        return [kind.value for kind in asked.kinds or EntryKind if kind in shown]


def _case(row: Any) -> Case:
    announced: datetime = row["announced"]
    error = None if row["error"] is None else timedelta(seconds=row["error"])
    known = KnownDate(announced, row["precision_id"])
    return Case(Lead(row["lead"]), row["crossed_at"], known, row["status_id"], Outcome(row["outcome"]), error)
