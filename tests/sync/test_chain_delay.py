"""How soon a change passes each link of a chain, by what the chain tells alone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, make_launch, make_record
from tests.fake_ll2.moments import stamp
from tests.soak import length
from tests.sync.links import Chain, Link, make_chain
from webapp.api.chain import MOST_RECORDS
from webapp.sync.situation import Plan, Task
from webapp.sync.watch import report_lines

pytestmark = [pytest.mark.slow, pytest.mark.campaign]

MINUTE, STEP = timedelta(minutes=1), timedelta(seconds=15)
CHANGES = length(2, long=60)
FEEDS = ("/feeds/events.json?past=400", "/feeds/events.ics?past=400&cancelled=keep", "/feeds/changes.json")


@pytest.fixture
def fake(clock: ManualClock) -> Iterator[FakeLaunchLibrary]:
    """Launch Library with a few events and launches, none of them near."""
    dates = [stamp(clock.now + timedelta(days=number, hours=14)) for number in range(1, 7)]
    old = stamp(clock.now - timedelta(days=40))
    events = [make_record(number, date=date, last_updated=old) for number, date in enumerate(dates, start=1)]
    launches = [make_launch(number, net=date, last_updated=old) for number, date in enumerate(dates, start=1)]
    with FakeLaunchLibrary(events, launches=launches, hourly_limit=None, clock=clock) as fake:
        yield fake


@pytest.fixture
def chain(fake: FakeLaunchLibrary, clock: ManualClock, tmp_path: Path) -> Iterator[Chain]:
    """A chain of three that have imported everything."""
    with make_chain(tmp_path, fake.url, clock) as chain:
        chain.run(2 * MINUTE)
        yield chain


def change(fake: FakeLaunchLibrary, clock: ManualClock, number: int, *, chance: Random) -> Task:
    """Change something at Launch Library, or add it; give the task by which the first link notices it."""
    date, now = stamp(clock.now + timedelta(days=chance.randrange(5, 90))), stamp(clock.now)
    if chance.random() < 0.5:
        record = chance.choice(fake.launches) | {"net": date, "last_updated": now}
        fake.put_launch(record)
        return Task.LAUNCHES_CHANGED
    fake.put(make_record(chance.choice((number % 6 + 1, 100 + number)), date=date, last_updated=now))
    return Task.CHANGED


def shown_by(link: Link) -> list[str]:
    return [link.get(path) for path in FEEDS]


def test_a_change_passes_each_link_in_under_a_minute(fake: FakeLaunchLibrary, chain: Chain, clock: ManualClock) -> None:
    first, second, third = chain.links
    chance = Random(CHANGES)  # noqa: S311 - no secret
    for number in range(CHANGES):
        task = change(fake, clock, number, chance=chance)
        before = [len(link.reports) for link in chain.links]
        first.engine.carry_out(Plan(task, clock.now, "the test wants it"))
        expected, began = shown_by(first), clock.now
        passed: dict[str, timedelta] = {}
        while len(passed) < 2 and clock.now < began + 2 * MINUTE:
            chain.run(STEP)
            passed |= {
                name: clock.now - began
                for name, link in (("second", second), ("third", third))
                if name not in passed and shown_by(link) == expected
            }
        assert passed["second"] <= MINUTE
        assert passed["third"] <= 2 * MINUTE
        # None of the budget went into that.
        made = [report for link, done in zip(chain.links, before, strict=True) for report in link.reports[done:]]
        assert CHANGES > 2 or {report.planned.task for report in made} == {Task.CHAIN}


def test_a_call_that_tells_nothing_is_neither_kept_nor_told(chain: Chain) -> None:
    _, second, _ = chain.links
    with second.store.read() as snapshot:
        before = snapshot.sync.list_calls()
    made = len(second.calls("chain"))
    chain.run(2 * MINUTE)
    quiet = second.calls("chain")[made:]
    assert len(quiet) == 4
    assert [one.outcome is not None and one.outcome.is_quiet for one in quiet] == [True] * 4
    assert report_lines(quiet[0]) == []
    with second.store.read() as snapshot:
        assert snapshot.sync.list_calls() == before
        assert snapshot.sync.list_tasks()["chain"].succeeded_at == quiet[-1].at


def test_of_many_changes_at_once_the_lists_bring_the_records(
    fake: FakeLaunchLibrary, chain: Chain, clock: ManualClock
) -> None:
    first, second, _ = chain.links
    for number in range(MOST_RECORDS + 1):
        fake.put(make_record(100 + number, date=stamp(clock.now + timedelta(days=9)), last_updated=stamp(clock.now)))
    first.engine.carry_out(Plan(Task.CHANGED, clock.now, "the test wants it"))
    chain.run(MINUTE)
    with second.store.read() as snapshot:
        assert snapshot.count_all().events == 6
    second.engine.carry_out(Plan(Task.CHANGED, clock.now, "the test wants it"))
    assert shown_by(second) == shown_by(first)
