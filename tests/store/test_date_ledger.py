"""The ledger of dates of real histories, on every engine: case by case what a reading of the raw facts finds.

The histories are those of the 39 days, and of the launches of January to April 2026. What is kept with each commit is
what is made anew of all that is stored.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Table, select

from tests.date_ledger import Gap, Row, Sight, read_ledger, sight_of_event, sight_of_launch
from tests.fake_ll2.daily import daily_snapshots
from tests.fake_ll2.launch_moments import BEGINNING, launch_moments
from tests.fake_ll2.shapes import Record
from tests.kept_ledger import kept_ledger
from tests.soak import IS_LONG, length
from tests.store.test_upgrade import migrate_to
from webapp.domain.date_ledger import Lead
from webapp.domain.entry import EntryKind
from webapp.domain.query import Filter
from webapp.ll2.parse import parse_record
from webapp.store import Store
from webapp.store.engine import read_transaction, write_transaction
from webapp.store.schema import (
    case_totals,
    date_cases,
    dated_entries,
    launch_totals,
    slip_totals,
)
from webapp.store.statistics.keeping import rebuild
from webapp.store.statistics.totals import Dimension

DAYS = timedelta(days=length(12, long=105))
IN_ALL = {
    True: {"quarter_hour": 102, "hour": 50, "day": 81, "week": 99, "later": 35, "unknown": 5},
    False: {"quarter_hour": 77, "hour": 33, "day": 38, "week": 68, "later": 23, "unknown": 3},
}
IN_THE_FIRST_DAYS = {
    True: {"quarter_hour": 6, "hour": 4, "day": 9, "week": 4},
    False: {"quarter_hour": 6, "hour": 2, "day": 2},
}
"""Of the launches, watched or not: how many cases came to what."""

LONGEST_SILENCE = timedelta(hours=6)
TABLES = (dated_entries, date_cases, case_totals, slip_totals, launch_totals)


@dataclass(frozen=True)
class Moment:
    """Records that arrive at an instant, and what a reading of them finds."""

    at: datetime
    records: Sequence[Record]
    sights: Sequence[Sight]


@pytest.mark.parametrize("is_watched", [True, False], ids=["watched", "with gaps"])
def test_the_39_days_make_the_ledger_that_their_files_hold(store: Store, *, is_watched: bool) -> None:
    rows, expected = ledgers(store, EntryKind.EVENT, list(moments_of_events()), is_watched=is_watched)
    assert rows == expected
    assert len(rows) == (45 if is_watched else 0)


def test_a_store_with_a_history_has_the_same_statistics_once_it_is_upgraded(store: Store) -> None:
    replay(store, EntryKind.EVENT, list(moments_of_events())[:20], is_watched=True)
    kept = {table.name: rows_of(store, table) for table in TABLES}
    assert all(kept[name] for name in ("dated_entries", "date_cases", "case_totals"))
    url = store._engine.url.render_as_string(hide_password=False)  # noqa: SLF001 - its address is told nowhere else
    migrate_to(url, "0009", down=True)
    migrate_to(url, "0010")
    assert {table.name: rows_of(store, table) for table in TABLES} == kept


@pytest.mark.slow
@pytest.mark.campaign
@pytest.mark.parametrize("is_watched", [True, False], ids=["watched", "with gaps"])
def test_the_launches_make_the_ledger_that_their_facts_hold(store: Store, *, is_watched: bool) -> None:
    rows, expected = ledgers(store, EntryKind.LAUNCH, list(moments_of_launches()), is_watched=is_watched)
    assert rows == expected
    outcomes = Counter(outcome for _, _, _, _, _, outcome, _ in rows)
    assert dict(outcomes) == (IN_ALL if IS_LONG else IN_THE_FIRST_DAYS)[is_watched]


def ledgers(
    store: Store, kind: EntryKind, moments: Sequence[Moment], *, is_watched: bool
) -> tuple[list[Row], list[Row]]:
    """Replay the moments, and give our ledger and the one that is read of them, each in order."""
    replay(store, kind, moments, is_watched=is_watched)
    assert_kept_as_made_anew(store)
    assert_counted_as_listed(store)
    gaps = [] if is_watched else list(gaps_between(moments))
    sights = (sight for moment in moments for sight in moment.sights)
    return sorted(kept_ledger(store), key=str), sorted(read_ledger(sights, gaps, moments[-1].at), key=str)


def assert_counted_as_listed(store: Store) -> None:
    """Assert of filters that few entries pass, and of those that most do, that they count what they list."""
    with store.read() as snapshot:
        type_ids = snapshot.statistics.list_names(Dimension.TYPE, range(100))
        filters = [asked for one in type_ids for asked in (Filter(type_ids=(one,)), Filter(not_type_ids=(one,)))]
        for asked in [*filters, Filter(words="a"), Filter(words="no such thing")]:
            counted = Counter[tuple[Lead, str]]()
            for key, count in snapshot.statistics.count_cases(asked, tuple(Lead)).items():
                if key.dimension == Dimension.TYPE.value:
                    counted[Lead(key.lead), key.outcome] += count
            listed = Counter(
                (one.case.lead, one.case.outcome.value) for one in snapshot.statistics.iterate_cases(asked)
            )
            assert counted == listed


def moments_of_events() -> Iterator[Moment]:
    for day in daily_snapshots():
        at = datetime.combine(day.day, time(6), UTC)
        yield Moment(at, day.listed, [sight_of_event(at, record) for record in day.raw])


def moments_of_launches() -> Iterator[Moment]:
    known: dict[str, Record] = {}
    for moment in launch_moments(BEGINNING + DAYS):
        changed = [id_ for id_, facts in moment.facts.items() if known.get(id_) != facts]
        known = moment.facts
        listed = [record for record in (*moment.listed, *moment.unlisted) if record["id"] in changed]
        yield Moment(moment.at, listed, [sight_of_launch(moment.at, id_, moment.facts[id_]) for id_ in changed])


def replay(store: Store, kind: EntryKind, moments: Iterable[Moment], *, is_watched: bool) -> None:
    """Write what arrives as the engine does: a silence of over six hours is a gap, unless somebody watched."""
    reached: datetime | None = None
    for moment in moments:
        with store.write() as writer:
            writer.upsert_entries([parse_record(record, kind) for record in moment.records], now=moment.at)
            if reached and not is_watched and moment.at - reached > LONGEST_SILENCE:
                writer.sync.add_gap(kind, reached, moment.at)
            writer.update_progress(kind, imported_at=moment.at, reached_at=moment.at)
        reached = moment.at


def gaps_between(moments: Sequence[Moment]) -> Iterator[Gap]:
    for before, after in pairwise(moments):
        if after.at - before.at > LONGEST_SILENCE:
            yield before.at, after.at


def assert_kept_as_made_anew(store: Store) -> None:
    """Make sure that what was kept commit by commit is what all stored changes together give, filtered or not."""
    kept = {table.name: rows_of(store, table) for table in TABLES}
    with write_transaction(store._engine) as connection:  # noqa: SLF001 - no other way leads to its tables
        rebuild(connection)
    assert {table.name: rows_of(store, table) for table in TABLES} == kept
    always = Filter(from_date=datetime(1900, 1, 1, tzinfo=UTC).date())
    with store.read() as snapshot:
        read = snapshot.statistics
        assert read.count_cases(always, list(Lead)) == read.count_cases(Filter(), list(Lead))
        assert read.count_slips(always) == read.count_slips(Filter())
        assert read.count_launches(always) == read.count_launches(Filter())


def rows_of(store: Store, table: Table) -> Counter[tuple[object, ...]]:
    with read_transaction(store._engine) as connection:  # noqa: SLF001 - no other way leads to its tables
        return Counter(tuple(row) for row in connection.execute(select(table)))
