"""Reading the statistics: counts from the totals where all is asked for, else from what the filter lets pass."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, case, func, or_, select

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
    date_slips,
    dated_entries,
    entries,
    entry_keys,
    event_types,
    launch_sites,
    launch_totals,
    slip_totals,
)
from webapp.store.selection.conditions import in_ids, matching
from webapp.store.statistics.totals import CaseKey, Dimension, LaunchKey, SlipKey, members_of

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
    """How often an entry has slipped, and by how much its first date that was known to the day has moved."""

    entry_id: int
    slips: int
    drift: timedelta


class Statistics:
    """The statistics of one snapshot, of these `kinds` alone, or of all that there are."""

    def __init__(self, connection: Connection, kinds: tuple[EntryKind, ...] = ()) -> None:
        self._connection = connection
        self._kinds = kinds
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
        for row in self._connection.execute(self._case_groups(asked)):
            for dimension, member_id in members_of(row.type_id, row.provider_id, row.site_id):
                is_told = row.lead in member_leads
                if dimension is Dimension.TYPE or is_told:
                    kind = (EntryKind.EVENT if row.is_event else EntryKind.LAUNCH).value
                    member = member_id if is_told else 0
                    counted[CaseKey(kind, dimension.value, member, row.lead, row.step, row.outcome)] += row.total
        return counted

    def count_slips(self, asked: Filter) -> Counter[SlipKey]:
        """Count the slips of what passes the filter."""
        if (kinds := self._whole_kinds(asked)) is not None:
            rows = self._connection.execute(select(slip_totals).where(slip_totals.c.kind.in_(kinds)))
            return Counter({SlipKey(*row[:-1]): row.total for row in rows})
        is_event = of_kinds([EntryKind.EVENT], date_slips.c.entry_id)
        told_apart = (is_event.label("is_event"), date_slips.c.size, date_slips.c.time, date_slips.c.is_later)
        statement = select(*told_apart, func.count().label("total")).where(self._passes(date_slips.c.entry_id, asked))
        rows = self._connection.execute(statement.group_by(*told_apart))
        kinds_of = {True: EntryKind.EVENT.value, False: EntryKind.LAUNCH.value}
        return Counter(
            {SlipKey(kinds_of[bool(row.is_event)], row.size, row.time, row.is_later): row.total for row in rows}
        )

    def count_launches(self, asked: Filter) -> Counter[LaunchKey]:
        """Count the launches that have lifted off, of those that pass the filter, by year, provider and site."""
        kinds = self._whole_kinds(asked)
        if kinds is not None:
            is_shown = EntryKind.LAUNCH.value in kinds
            rows = self._connection.execute(select(launch_totals)).all() if is_shown else []
            return Counter({LaunchKey(*row[:-1]): row.total for row in rows})
        table = dated_entries.c
        told_apart = (table.launched_year, table.provider_id, table.site_id, table.launched_status_id)
        has_launched = table.launched_year.is_not(None), self._passes(table.entry_id, asked)
        statement = select(*told_apart, func.count().label("total")).where(*has_launched).group_by(*told_apart)
        counted = Counter[LaunchKey]()
        for year, provider_id, site_id, status_id, total in self._connection.execute(statement):
            members = ((Dimension.YEAR, year), (Dimension.PROVIDER, provider_id), (Dimension.SITE, site_id))
            for dimension, member_id in members:
                if member_id is not None:
                    counted[LaunchKey(dimension.value, member_id, status_id)] += total
        return counted

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
        has_slipped = table.drift > 0, table.slips > 0, self._passes(table.entry_id, asked)
        statement = select(table.entry_id, table.slips, table.drift).where(*has_slipped)
        rows = self._connection.execute(statement.order_by(table.drift.desc(), table.entry_id.desc()).limit(limit))
        return [Drift(row.entry_id, row.slips, timedelta(seconds=row.drift)) for row in rows]

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
            date_cases.join(entries, entries.c.id == date_cases.c.entry_id)
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
        own = count_alike(type_words(type_id), alike, self._fared(kind, (type_id,), alike))
        family = family_of(type_id)
        if own.held.is_enough or family is None:
            return own
        wider = count_alike(family.words, alike, self._fared(kind, family.type_ids, alike))
        return wider if wider.held.is_enough else own

    def _fared(self, kind: EntryKind, type_ids: tuple[int, ...], alike: Alike) -> Counter[Fared]:
        # Of the entries of a calendar many are alike.
        key = (kind, type_ids, alike)
        if key not in self._alike:
            self._alike[key] = self._count_alike(*key)
        return self._alike[key]

    def _count_alike(self, kind: EntryKind, type_ids: Sequence[int], alike: Alike) -> Counter[Fared]:
        steps = [step.order for step in alike.steps]
        joined = date_cases.join(dated_entries, dated_entries.c.entry_id == date_cases.c.entry_id)
        is_alike = (
            dated_entries.c.type_id.in_(type_ids), date_cases.c.lead == alike.lead.value, date_cases.c.step.in_(steps),
            date_cases.c.is_counted.is_(True), of_kinds([kind], date_cases.c.entry_id),
        )  # fmt: skip
        told_apart = (date_cases.c.outcome, (date_cases.c.error < 0).label("is_early"))
        counted = select(*told_apart, func.count()).select_from(joined).where(*is_alike).group_by(*told_apart)
        rows = self._connection.execute(counted)
        return Counter({Fared(Outcome(outcome), bool(is_early)): count for outcome, is_early, count in rows})

    def _case_groups(self, asked: Filter) -> Select[Any]:
        is_event = of_kinds([EntryKind.EVENT], date_cases.c.entry_id).label("is_event")
        members = (dated_entries.c.type_id, dated_entries.c.provider_id, dated_entries.c.site_id)
        told_apart = (is_event, *members, date_cases.c.lead, date_cases.c.step, date_cases.c.outcome)
        joined = date_cases.join(dated_entries, dated_entries.c.entry_id == date_cases.c.entry_id)
        statement = select(*told_apart, func.count().label("total")).select_from(joined)
        return statement.where(*self._known(asked)).group_by(*told_apart)

    def _known(self, asked: Filter) -> tuple[ColumnElement[bool], ...]:
        return date_cases.c.is_counted.is_(True), self._passes(date_cases.c.entry_id, asked)

    def _passes(self, entry_id: ColumnElement[int], asked: Filter) -> ColumnElement[bool]:
        kinds = self._whole_kinds(asked)
        if kinds is not None:
            return of_kinds([EntryKind(kind) for kind in kinds], entry_id)
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
