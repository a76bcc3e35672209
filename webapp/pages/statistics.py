"""The page of statistics: whether announced dates hold, how they slip, and how launches end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.domain.entry import EntryKind, StoredEntry
from webapp.domain.intervals import SMALLEST_SAMPLE
from webapp.domain.launch import LaunchStatus
from webapp.domain.query import Filter, Query
from webapp.pages.date_tables import lead_counts, of_all_types, table_of, table_of_leads, table_of_precisions
from webapp.pages.filters import FilterForm, present_filter
from webapp.pages.public_histories import EVENTS, LAUNCHES, PublicHistory
from webapp.pages.share_tables import ShareTable
from webapp.pages.slip_tables import LongestRow, present_longest, tables_of_launches, tables_of_slips
from webapp.store import CaseKey, Choice, Dimension, Drift, Facets, LaunchKey, SlipKey
from webapp.web.addresses import STATISTICS_PATH, statistics_path

_MEMBERS = (Dimension.TYPE, Dimension.PROVIDER, Dimension.SITE)
_MOST_CHOICES = 100
_HISTORIES = {EntryKind.EVENT: EVENTS, EntryKind.LAUNCH: LAUNCHES}


@dataclass(frozen=True, slots=True)
class StatisticsRead:
    """What the page is made of. `names` are those of types, providers and sites, by their ids."""

    cases: Counter[CaseKey]
    slips: Counter[SlipKey]
    launches: Counter[LaunchKey]
    drifts: Sequence[Drift]
    drifted: Mapping[int, StoredEntry]
    names: Mapping[Dimension, Mapping[int, str]]
    facets: Facets


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """What the page shows. `histories` are those rows of public ones of which the ledger has too few of its own."""

    total: int
    slips: int
    filter: FilterForm
    is_filtered: bool
    dates: tuple[ShareTable, ...]
    slip_tables: tuple[ShareTable, ...]
    launch_tables: tuple[ShareTable, ...]
    longest: tuple[LongestRow, ...]
    histories: tuple[PublicHistory, ...]
    csv_path: str
    json_path: str
    smallest: int = SMALLEST_SAMPLE


def present_statistics(read: StatisticsRead, *, query: Query) -> StatisticsPage:
    """Say what the page shows of what a query finds."""
    by_member = (table_of(dimension, read.cases, read.names[dimension]) for dimension in _MEMBERS)
    whole = of_all_types(read.cases)
    total = whole.total()
    return StatisticsPage(
        total=total,
        slips=read.slips.total(),
        filter=present_filter(query, read.facets, path=STATISTICS_PATH, total=total),
        is_filtered=query.filter != Filter(),
        dates=(
            table_of_leads(whole),
            table_of_precisions(whole),
            *(table for table in by_member if table is not None),
        ),
        slip_tables=tables_of_slips(read.slips) if read.slips else (),
        launch_tables=tables_of_launches(read.launches, read.names),
        longest=present_longest(read.drifts, read.drifted),
        histories=tuple(_histories(whole)) if query.filter == Filter() else (),
        csv_path=statistics_path(query, ".csv"),
        json_path=statistics_path(query, ".json"),
    )


def facets_of(
    cases: Counter[CaseKey], launches: Counter[LaunchKey], names: Mapping[Dimension, Mapping[int, str]]
) -> Facets:
    """Give what can be chosen of all that is stored: types by their dates, the rest by launches that lifted off."""
    types, statuses = Counter[int](), Counter[int]()
    for case, count in cases.items():
        if case.dimension == Dimension.TYPE.value and case.member_id:
            types[case.member_id] += count
    members = {dimension: Counter[int]() for dimension in (Dimension.PROVIDER, Dimension.SITE, Dimension.YEAR)}
    for launch, count in launches.items():
        members[Dimension(launch.dimension)][launch.member_id] += count
        if launch.dimension == Dimension.YEAR.value:
            statuses[launch.status_id] += count
    words = {status_id: LaunchStatus(status_id, "", "").words for status_id in statuses}
    return Facets(
        types=_choices(types, names[Dimension.TYPE]),
        agencies=(),
        programs=(),
        statuses=_choices(statuses, words),
        providers=_choices(members[Dimension.PROVIDER], names[Dimension.PROVIDER]),
        sites=_choices(members[Dimension.SITE], names[Dimension.SITE]),
    )


def _choices(counts: Counter[int], names: Mapping[int, str]) -> tuple[Choice, ...]:
    choices = [Choice(one, names.get(one, str(one)), count) for one, count in counts.items()]
    return tuple(sorted(choices, key=lambda choice: (-choice.count, choice.name))[:_MOST_CHOICES])


def _histories(counted: Counter[CaseKey]) -> list[PublicHistory]:
    found = []
    for kind, history in _HISTORIES.items():
        own = Counter({key: count for key, count in counted.items() if key.kind == kind.value})
        rows = tuple(
            row for row in history.rows if any(lead_counts(own, lead).total < SMALLEST_SAMPLE for lead in row.leads)
        )
        if rows:
            found.append(replace(history, rows=rows))
    return found
