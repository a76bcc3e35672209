"""The page of statistics: whether announced dates hold, how they slip, and how launches end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.domain.entry import EntryKind
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
        longest=present_longest(read.drifts),
        histories=tuple(_histories(whole)) if query.filter == Filter() else (),
        csv_path=statistics_path(query, ".csv"),
        json_path=statistics_path(query, ".json"),
    )


def facets_of(
    counts: Counter[tuple[Dimension, int]],
    statuses: Counter[int],
    names: Mapping[Dimension, Mapping[int, str]],
    chosen: Facets,
) -> Facets:
    """Give what can be chosen: all of which there are dates, by how many, beside what is chosen already."""
    by_dimension = {
        dimension: Counter({member_id: count for (one, member_id), count in counts.items() if one is dimension})
        for dimension in _MEMBERS
    }
    words = {status_id: LaunchStatus(status_id, "", "").words for status_id in statuses}
    types, providers, sites = (_choices(by_dimension[one], names[one]) for one in _MEMBERS)
    return replace(
        chosen,
        types=_with_chosen(types, chosen.types),
        statuses=_with_chosen(_choices(statuses, words), chosen.statuses),
        providers=_with_chosen(providers, chosen.providers),
        sites=_with_chosen(sites, chosen.sites),
    )


def _choices(counts: Counter[int], names: Mapping[int, str]) -> tuple[Choice, ...]:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], names.get(one[0], "")))
    return tuple(Choice(one, names.get(one, str(one)), count) for one, count in ordered[:_MOST_CHOICES])


def _with_chosen(choices: tuple[Choice, ...], chosen: tuple[Choice, ...]) -> tuple[Choice, ...]:
    listed = {choice.id for choice in choices}
    return (*choices, *(choice for choice in chosen if choice.id not in listed))


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
