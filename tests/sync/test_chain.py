"""A chain of Perigees: what the last one shows is what the first one does, and an outage anywhere shows everywhere."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, make_launch, make_record
from tests.fake_ll2.faults import Fault
from tests.fake_ll2.moments import stamp
from tests.keys import event_key
from tests.sync.links import Chain, make_chain, make_link
from webapp.sync import plan
from webapp.sync.diagnosis import examine_store

pytestmark = pytest.mark.slow

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FEEDS = tuple(
    f"/feeds/{which}" for which in (
        "events.ics", "events.rss", "events.atom", "events.json", "changes.rss", "changes.atom", "changes.json",
        "events.ics?past=400&cancelled=keep", "changes.json?change=edited,adjusted,slipped,status,withdrawn",
    )
)  # fmt: skip


@pytest.fixture(autouse=True)
def asked_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask about the chain every five minutes: hours pass here. How soon a change passes is in test_chain_delay.py."""
    monkeypatch.setattr(plan, "CHAIN_EVERY", 5 * MINUTE)


@pytest.fixture
def fake(clock: ManualClock) -> Iterator[FakeLaunchLibrary]:
    """Launch Library with a dozen events and as many launches around now."""
    at = [stamp(clock.now + timedelta(days=number - 4, hours=14)) for number in range(1, 13)]
    old = stamp(clock.now - timedelta(days=40))
    events = [make_record(number, date=date, last_updated=old) for number, date in enumerate(at, start=1)]
    launches = [make_launch(number, net=date, last_updated=old) for number, date in enumerate(at, start=1)]
    with FakeLaunchLibrary(events, launches=launches, hourly_limit=None, clock=clock) as fake:
        yield fake


@pytest.fixture
def chain(fake: FakeLaunchLibrary, clock: ManualClock, tmp_path: Path) -> Iterator[Chain]:
    """A chain of three, of which nothing is imported yet."""
    with make_chain(tmp_path, fake.url, clock) as chain:
        yield chain


@pytest.fixture
def pair(fake: FakeLaunchLibrary, clock: ManualClock, tmp_path: Path) -> Iterator[Chain]:
    """A chain of two, of which nothing is imported yet."""
    with make_chain(tmp_path, fake.url, clock, length=2) as pair:
        yield pair


def put(fake: FakeLaunchLibrary, clock: ManualClock, number: int, **changes: object) -> None:
    """Change an event at Launch Library, now."""
    (known,) = [record for record in fake.records if record["id"] == number]
    fake.put(known | changes | {"last_updated": stamp(clock.now)})


def test_three_links_give_the_same_feeds(fake: FakeLaunchLibrary, chain: Chain, clock: ManualClock) -> None:
    first, *others = chain.links
    for link in others:
        link.is_running = False
    chain.run(30 * MINUTE)
    # A year's work in short, before the others come: moved twice, renamed beside, called off, withdrawn.
    put(fake, clock, 6, date=stamp(clock.now + timedelta(days=9)))
    put(fake, clock, 7, name="Another name", date=stamp(clock.now + timedelta(days=5)))
    chain.run(30 * MINUTE)
    put(fake, clock, 6, date=stamp(clock.now + timedelta(days=19)))
    fake.remove(8)
    chain.run(40 * MINUTE)
    for link in others:
        link.is_running = True
    chain.run(30 * MINUTE)
    assert_equal(chain)
    # And what happens while all are there, each noticing it later than the one before.
    put(fake, clock, 9, name="New name", description="Told anew.")
    put(fake, clock, 10, webcast_live=True)
    fake.remove(11)
    fake.put(make_record(40, date=stamp(clock.now + timedelta(days=3)), last_updated=stamp(clock.now)))
    chain.run(40 * MINUTE)
    assert_equal(chain)
    changes = json.loads(first.get("/feeds/changes.json"))["items"]
    assert len(changes) == 9


def assert_equal(chain: Chain) -> None:
    """Hold the feeds of all links against those of the first, byte by byte."""
    first, *others = chain.links
    for path in FEEDS:
        expected = first.get(path)
        for place, link in enumerate(others, start=2):
            differing = list(unified_diff(expected.splitlines(), link.get(path).splitlines(), n=2, lineterm=""))
            assert not differing, "\n".join((f"{path} of link {place}", *differing[:30]))


def test_an_outage_two_links_up_shows_on_the_last(fake: FakeLaunchLibrary, chain: Chain, clock: ManualClock) -> None:
    chain.run(10 * MINUTE)
    last = chain.links[-1]
    well_at = chain.links[0].state.reached_at
    document = json.loads(last.get("/status.json"))
    assert document["chain"] == {
        "links": 2,
        "source": "Launch Library 2",
        "source_url": fake.url,
        "failing_since": None,
        "upstream_reached_at": document["chain"]["upstream_reached_at"],
    }
    assert "passed on by 2 other Perigee servers, updated <time" in last.get("/")
    fake.fail(Fault.UNAVAILABLE_503, times=1000, on="/")
    chain.run(140 * MINUTE)
    # The source of the last one answers as if nothing were.
    document = json.loads(last.get("/status.json"))
    reached_at = datetime.fromisoformat(document["reached_at"])
    assert (document["failing_since"], document["failures"]) == (None, 0)
    assert well_at is not None
    assert well_at <= reached_at < clock.now - 2 * HOUR
    assert document["age_seconds"] == (clock.now - reached_at).total_seconds()
    assert clock.now - datetime.fromisoformat(document["chain"]["upstream_reached_at"]) < 30 * MINUTE
    assert datetime.fromisoformat(document["chain"]["failing_since"]) < clock.now - 2 * HOUR
    page, metrics = last.get("/"), last.get("/metrics")
    assert "This data may be out of date." in page
    assert f'<time datetime="{document["reached_at"]}"' in page
    assert "Updates have been failing further up since" in last.get("/status")
    assert f"perigee_data_age_seconds {float(document['age_seconds'])}\n" in metrics
    assert "perigee_chain_links 2.0\n" in metrics
    with last.store.read() as snapshot:
        findings = [one.words for one in examine_store(snapshot, budget=12, now=clock.now)]
    assert any(words.startswith("Calls have been failing further up since") for words in findings)
    fake.be_good()
    chain.run(70 * MINUTE)
    assert "This data may be out of date." not in last.get("/")


def test_a_source_says_what_it_is_and_launch_library_is_not_asked(fake: FakeLaunchLibrary, chain: Chain) -> None:
    chain.run(10 * MINUTE)
    assert [one.path for one in fake.requests if "chain" in one.path] == []
    first, second, _ = chain.links
    assert first.calls("chain") == []
    assert second.calls("chain") != []
    assert json.loads(first.get("/status.json"))["chain"] is None

    # A Perigee on the same machine sets no limit: then our own budget alone holds.
    (asked,) = second.calls("throttle")
    assert asked.outcome is not None
    assert asked.outcome.words == "no call limit"
    assert second.state.hourly_limit is None
    assert json.loads(second.get("/status.json"))["budget"]["hourly_limit"] is None


def test_what_is_taken_over_outlives_a_restart(pair: Chain, clock: ManualClock, tmp_path: Path) -> None:
    pair.run(20 * MINUTE)
    second = pair.links[1]
    before = second.state.chain
    assert before is not None
    assert before.is_read
    second.engine.lease.release()
    with make_link(tmp_path / "link 2", f"{pair.links[0].url}/2.3.0/", clock, name="again") as again:
        assert again.state.chain == before
        pair.links[1] = again
        pair.run(10 * MINUTE)
        assert next(one.outcome.words for one in again.calls("chain") if one.outcome) == "0 histories, none changed"


def test_another_source_tells_no_histories(
    fake: FakeLaunchLibrary, pair: Chain, clock: ManualClock, tmp_path: Path
) -> None:
    pair.run(20 * MINUTE)
    pair.links[1].engine.lease.release()
    with make_link(tmp_path / "link 2", fake.url, clock, name="again") as again:
        pair.links[1:] = [again]
        put(fake, clock, 9, name="New name")
        pair.run(20 * MINUTE)
        assert again.calls("chain") == []
        assert again.state.origin is None
        with again.store.read() as snapshot:
            (renamed,) = snapshot.list_history(event_key(9))
    assert (renamed.change.new_name, renamed.revision) == ("New name", 1)


def test_a_history_of_our_own_that_is_longer_stays(
    fake: FakeLaunchLibrary, pair: Chain, clock: ManualClock, tmp_path: Path
) -> None:
    first, *others = pair.links
    for link in others:
        link.is_running = False
    with make_link(tmp_path / "older", fake.url, clock, name="older") as older:
        direct = Chain(clock, [older])
        direct.run(30 * MINUTE)
        put(fake, clock, 9, name="New name")
        direct.run(30 * MINUTE)
        with older.store.read() as snapshot:
            before = snapshot.list_history(event_key(9))
        older.engine.lease.release()
    pair.run(20 * MINUTE)
    with make_link(tmp_path / "older", f"{first.url}/2.3.0/", clock, name="later") as later:
        pair.links[1:] = [later]
        pair.run(20 * MINUTE)
        put(fake, clock, 9, name="Newer name")
        pair.run(HOUR)
        with later.store.read() as snapshot:
            after = snapshot.list_history(event_key(9))
    assert after[1:] == before
    assert [one.change.new_name for one in after] == ["Newer name", "New name"]
