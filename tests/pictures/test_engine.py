"""Hours and days of fetching: the right files, within the budget and the room, and nothing asked for twice."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.clock import ManualClock
from tests.keys import event_key
from tests.pictures.hosts import DEAD, SECURE, Answer, PictureHosts
from tests.pictures.stage import MIB, PictureStage
from webapp.domain.pictures import PicturePolicy
from webapp.pictures.engine import PictureEngine
from webapp.pictures.fetch import Failed, Fetcher, Gone, Original, Unchanged, Validators
from webapp.store import StoreUnavailableError
from webapp.sync.lease import LeaseHolder, LeaseLostError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE, TWO, THREE = (f"http://a.example/{number}.jpg" for number in (1, 2, 3))


@pytest.fixture
def stage(tmp_path: Path, clock: ManualClock) -> Iterator[PictureStage]:
    stage = PictureStage(tmp_path, clock)
    with closing(stage.store):
        yield stage


@pytest.fixture
def engine(stage: PictureStage) -> PictureEngine:
    return stage.make_engine()


def test_an_hour_with_hosts_of_every_sort(stage: PictureStage, hosts: PictureHosts) -> None:
    secret = hosts.publish("http://inside.example/", b"secret", ["127.0.0.1"])
    named = [
        hosts.publish("http://a.example/soonest.jpg", Answer(b"soonest", headers={"ETag": '"1"'})),
        hosts.publish("http://a.example/gone.jpg", Answer(status=404)),
        hosts.publish("http://slow.example/1.jpg", Answer(bytes(99), drip=0.1)),
        hosts.publish("http://dead.example/1.jpg", b"dead", [DEAD]),
        hosts.publish("http://a.example/moved.jpg", Answer(status=301, headers={"Location": f"https://{SECURE}/2"})),
        hosts.publish("http://evil.example/1.jpg", Answer(status=302, headers={"Location": secret})),
        hosts.publish("http://private.example/2.jpg", b"secret", ["10.0.0.1"]),
        hosts.publish("http://bad.example/3.jpg", Answer(bytes(MIB), endless=True)),
        hosts.publish("http://bad.example/4.jpg", b"bad picture"),
        hosts.publish("http://evil.example:8080/5.jpg", b"secret"),
    ]
    hosts.publish(f"https://{SECURE}/2", b"moved")
    for number, url in enumerate(named, 2):
        stage.name(number, url, days=number)
    stage.name(1, hosts.publish("http://a.example/unknown.jpg", b"unknown"), days=1, license_name="Unknown")
    stage.name(20, hosts.publish("http://a.example/past.jpg", b"past"), days=-1)
    stage.name(21, hosts.publish("http://a.example/older.jpg", b"older"), days=-2)
    engine = stage.make_engine(Fetcher(hosts.network, stage.clock, "Perigee/test", seconds=1))
    stage.run(engine, HOUR - timedelta(minutes=5))
    assert stage.held() == {
        "http://a.example/soonest.jpg": [b"soonest"],
        "http://a.example/moved.jpg": [b"moved"],
        "http://a.example/past.jpg": [b"past"],
        "http://a.example/older.jpg": [b"older"],
    }
    assert hosts.asked() == [
        "http://a.example/soonest.jpg",
        "http://a.example/gone.jpg",
        "http://slow.example/1.jpg",
        "http://a.example/moved.jpg",
        f"https://{SECURE}/2",
        "http://evil.example/1.jpg",
        "http://bad.example/3.jpg",
        "http://bad.example/4.jpg",
        "http://a.example/past.jpg",
        "http://a.example/older.jpg",
    ]
    faults = {url: state.fault for url, state in stage.states().items() if state.fault}
    assert faults == {
        "http://a.example/gone.jpg": "Its host says that it is gone (404)",
        "http://slow.example/1.jpg": "The original did not come within 1 s",
        "http://dead.example/1.jpg": "The original did not come within 1 s",
        "http://evil.example/1.jpg": "The address is not public",
        "http://private.example/2.jpg": "The address is not public",
        "http://bad.example/3.jpg": "The original is larger than 12 MiB",
        "http://bad.example/4.jpg": "The picture is no picture",
        "http://evil.example:8080/5.jpg": "The address names a port other than 80 and 443",
    }
    with stage.store.read() as snapshot:
        assert snapshot.pictures.count().failing == len(faults)


@pytest.mark.slow
def test_no_hour_has_more_bytes_than_it_may_and_nothing_is_fetched_twice(
    stage: PictureStage, engine: PictureEngine
) -> None:
    stage.hosts.size = 10 * MIB
    urls = [stage.name(number, f"https://a.example/{number}", days=number) for number in range(1, 31)]
    stage.run(engine, 7 * HOUR)
    assert stage.hosts.urls() == urls, "the soonest first, each once"
    times = [at for at, _, _ in stage.hosts.asked]
    assert all(sum(at <= other <= at + HOUR for other in times) * 10 * MIB <= 60 * MIB for at in times)
    assert stage.held().keys() == set(urls)


def test_what_came_before_a_restart_counts_and_an_attempt_that_was_cut_off_too(stage: PictureStage) -> None:
    stage.name(1, ONE, days=1)

    def be_killed(*_: object) -> Original:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.make_engine(be_killed).step()
    stage.run(stage.make_engine(), HOUR - timedelta(minutes=1))
    assert stage.hosts.asked == []
    stage.run(stage.make_engine(), timedelta(minutes=2))
    assert stage.hosts.urls() == [ONE]


def test_a_picture_is_asked_for_again_conditionally_every_twenty_hours(
    stage: PictureStage, engine: PictureEngine
) -> None:
    known = Validators('"1"', "Sun, 01 Mar 2026 09:00:00 GMT")
    stage.name(1, ONE, days=30, original=Original(b"one", known, 9))
    engine.step()
    begun, generation = stage.clock.now, stage.generation()
    stage.hosts.originals[ONE] = Unchanged(5)
    stage.run(engine, 3 * DAY)
    asked = [(at - begun, validators) for at, _, validators in stage.hosts.asked]
    assert asked[0] == (timedelta(0), Validators())
    assert [validators for _, validators in asked[1:]] == [known] * 3
    for number, (after, _) in enumerate(asked[1:], 1):
        assert timedelta(0) <= after - number * timedelta(hours=20) < 2 * HOUR
    assert (stage.held(), stage.generation()) == ({ONE: [b"one"]}, generation), "nothing changed for readers"
    stage.hosts.originals[ONE] = Original(b"two", Validators(), 9)
    stage.run(engine, DAY)
    assert stage.held() == {ONE: [b"two"]}


def test_the_same_original_sent_anew_changes_nothing_for_readers(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=30)
    engine.step()
    generation = stage.generation()
    stage.run(engine, DAY)
    assert (len(stage.hosts.asked), stage.generation()) == (2, generation)


@pytest.mark.parametrize("status", [404, 410])
def test_what_its_host_withdraws_is_gone_within_a_day(stage: PictureStage, engine: PictureEngine, status: int) -> None:
    stage.name(1, ONE, days=30)
    engine.step()
    with stage.store.read() as snapshot:
        before = snapshot.get_entry(event_key(1))
    stage.hosts.originals[ONE] = Gone(status, 5)
    generation = stage.generation()
    stage.run(engine, DAY)
    assert (stage.held(), stage.states()[ONE].failures) == ({}, 1)
    assert stage.generation() > generation
    with stage.store.read() as snapshot:
        assert snapshot.get_entry(event_key(1)) == before, "no change of the entry"
    stage.hosts.originals[ONE] = b"back"
    stage.run(engine, DAY)
    assert stage.held() == {ONE: [b"back"]}


@pytest.mark.parametrize("now_named", [None, TWO])
def test_what_no_record_names_any_more_is_gone_at_once(
    stage: PictureStage, engine: PictureEngine, now_named: str | None
) -> None:
    stage.name(1, ONE, days=30)
    engine.step()
    stage.name(1, now_named, days=30)
    stage.run(engine, timedelta(minutes=1))
    assert stage.held().keys() == ({now_named} if now_named else set())
    assert ONE in stage.states(), "what came counts for an hour"
    stage.run(engine, HOUR + timedelta(minutes=5))
    assert ONE not in stage.states()


def test_what_a_withdrawn_entry_named_is_gone(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=30)
    engine.step()
    with stage.store.write() as writer:
        writer.withdraw(event_key(1), now=stage.clock.now)
    engine.step()
    assert stage.held() == {}


def test_a_licence_that_is_taken_back_takes_the_picture_with_it(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=30)
    engine.step()
    stage.name(1, ONE, days=30, license_name="Unknown")
    engine.step()
    assert stage.held() == {}
    stage.name(1, ONE, days=30)
    stage.run(engine, HOUR - timedelta(minutes=1))
    assert stage.hosts.urls() == [ONE], "not twice within an hour"
    stage.run(engine, timedelta(minutes=2))
    assert stage.held().keys() == {ONE}


def test_failures_wait_ever_longer_and_cost_no_file(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=30)
    engine.step()
    stage.hosts.originals[ONE] = Failed("The host answered with status 500", None, 5)
    for hours in (1, 2, 4, 8, 16, 20, 20, 20):
        stage.clock.now = stage.states()[ONE].ask_again_at
        engine.step()
        state = stage.states()[ONE]
        assert (state.asked_at, state.ask_again_at) == (stage.clock.now, stage.clock.now + hours * HOUR)
    assert stage.held().keys() == {ONE}
    assert stage.states()[ONE].fault == "The host answered with status 500"


def test_a_host_that_asks_for_time_gets_it(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=30, original=Failed("The host answered with status 429", timedelta(hours=7), 5))
    stage.name(2, TWO, days=31, original=Failed("The host answered with status 503", timedelta(seconds=9), 5))
    stage.run(engine, timedelta(hours=6))
    assert stage.hosts.urls() == [ONE, TWO, TWO, TWO]
    stage.run(engine, timedelta(hours=1, minutes=5))
    assert stage.hosts.urls()[4:] == [ONE, TWO]


def test_an_original_that_cannot_be_used_is_asked_for_conditionally(stage: PictureStage, engine: PictureEngine) -> None:
    known = Validators('"1"')
    stage.name(1, ONE, days=30, original=Original(b"bad", known, 9))
    engine.step()
    stage.hosts.originals[ONE] = Unchanged(5)
    stage.run(engine, 5 * HOUR)
    assert [validators for _, _, validators in stage.hosts.asked] == [Validators(), known]
    assert stage.states()[ONE].fault == "The picture is no picture"
    assert stage.held() == {}


def test_a_maker_that_fails_costs_no_file_and_is_given_the_original_once_more(
    stage: PictureStage, engine: PictureEngine
) -> None:
    first, second = Validators('"1"'), Validators('"2"')
    stage.name(1, ONE, days=30, original=Original(b"slow", first, 9))
    engine.step()
    assert (stage.states()[ONE].fault, stage.held()) == ("The picture took more than 20 seconds", {})
    stage.hosts.originals[ONE] = Original(b"one", first, 9)
    stage.run(engine, 2 * HOUR)
    assert (stage.states()[ONE].fault, stage.held()) == (None, {ONE: [b"one"]})
    stage.hosts.originals[ONE] = Original(b"slow", second, 9)
    stage.run(engine, 21 * HOUR)
    assert (stage.states()[ONE].fault, stage.held()) == ("The picture took more than 20 seconds", {ONE: [b"one"]})
    stage.hosts.originals[ONE] = Original(b"two", second, 9)
    stage.run(engine, 2 * HOUR)
    assert stage.held() == {ONE: [b"two"]}
    assert {validators for _, _, validators in stage.hosts.asked} == {Validators(), first}


@pytest.mark.slow
def test_the_room_is_kept_and_what_is_wanted_last_goes_first(stage: PictureStage) -> None:
    engine, most = stage.make_engine(mib=8), 8 * MIB
    past = [
        stage.name(number, f"https://a.example/{number}", days=-number, original=bytes([number]) * MIB)
        for number in range(1, 13)
    ]
    stage.run(engine, 2 * HOUR)
    assert stage.hosts.urls() == past[:6], "what would not fit is not asked for"
    assert stage.held().keys() == set(past[:6])
    soon = stage.name(20, ONE, days=1, original=bytes([20]) * (MIB + 1))
    stage.run(engine, HOUR)
    assert stage.held().keys() == {soon, *past[:4]}
    assert stage.size() <= most
    stage.run(engine, 3 * DAY)
    assert set(stage.hosts.urls()) == {*past[:6], soon}
    smaller = stage.make_engine(mib=4)
    smaller.step()
    assert stage.held().keys() == {soon, past[0]}


def test_one_that_is_larger_than_all_the_room_is_not_held(stage: PictureStage) -> None:
    engine = stage.make_engine(mib=4)
    stage.name(1, ONE, days=1, original=bytes(5 * MIB))
    stage.name(2, TWO, days=-1)
    stage.run(engine, DAY)
    assert stage.held().keys() == {TWO}
    assert stage.hosts.urls().count(ONE) == 2, "again after twenty hours"


def test_a_full_disk_loses_nothing_and_nothing_is_asked_for_meanwhile(
    stage: PictureStage, engine: PictureEngine
) -> None:
    stage.name(1, ONE, days=1)
    engine.step()
    before = (stage.held(), stage.states())
    stage.name(2, TWO, days=2)
    for _ in range(5):
        stage.full_writes = [True]
        with pytest.raises(StoreUnavailableError, match="full"):
            engine.step()
    assert ((stage.held(), stage.states()), stage.hosts.urls()) == (before, [ONE])
    engine.step()
    assert stage.held().keys() == {ONE, TWO}


def test_a_database_with_no_room_for_a_picture_keeps_what_it_has(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=1)
    engine.step()
    before = stage.held()
    stage.name(2, TWO, days=2, original=bytes(MIB))
    full = {"pages": 0}

    def limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {full['pages'] or 2**30}")

    database = stage.store._engine  # noqa: SLF001 - no other way leads to its connections
    event.listen(database, "checkout", limit)
    with database.connect() as connection:
        full["pages"] = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 4
    with pytest.raises(StoreUnavailableError, match="database or disk is full"):
        engine.step()
    assert stage.held() == before
    full["pages"] = 0
    stage.run(engine, HOUR - timedelta(minutes=5))
    assert (stage.held(), stage.hosts.urls()) == (before, [ONE, TWO]), "it is left alone for an hour"
    stage.run(engine, timedelta(minutes=10))
    assert stage.held() == {**before, TWO: [bytes(MIB)]}


def test_a_disk_that_fills_up_while_a_picture_comes(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=1)
    stage.full_writes = [False, True]
    with pytest.raises(StoreUnavailableError, match="full"):
        engine.step()
    stage.run(engine, HOUR - timedelta(minutes=1))
    assert stage.hosts.urls() == [ONE]
    stage.run(engine, timedelta(minutes=2))
    assert stage.hosts.urls() == [ONE, ONE]
    assert stage.held().keys() == {ONE}


@pytest.mark.parametrize("how", ["off", "no maker"])
def test_without_pictures_all_of_them_are_forgotten(stage: PictureStage, engine: PictureEngine, how: str) -> None:
    stage.name(1, ONE, days=1)
    engine.step()
    assert stage.held().keys() == {ONE}
    assert stage.card_names() == ["Event 1"]
    policy = PicturePolicy.OFF if how == "off" else PicturePolicy.LICENSED
    without, generation = stage.make_engine(policy=policy, has_maker=how == "off"), stage.generation()
    assert without.step()
    assert (stage.held(), stage.card_names()) == ({}, [])
    assert stage.generation() > generation
    stage.run(without, HOUR + timedelta(minutes=5))
    assert (stage.states(), stage.hosts.urls()) == ({}, [ONE])
    assert not without.step()


def test_the_owner_may_want_all_pictures(stage: PictureStage) -> None:
    stage.name(1, ONE, days=1, license_name="Unknown")
    stage.name(2, TWO, days=2, license_name="CC BY-ND 4.0")
    licensed, everything = (stage.make_engine(policy=policy) for policy in (PicturePolicy.LICENSED, PicturePolicy.ALL))
    stage.run(licensed, timedelta(minutes=1))
    assert stage.held().keys() == {TWO}
    stage.run(everything, timedelta(minutes=1))
    assert stage.held().keys() == {ONE, TWO}


def test_only_the_holder_of_the_lease_does_anything(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=1)
    other = LeaseHolder(stage.store, stage.clock, "other")
    assert other.hold()
    assert not engine.step()
    assert (stage.hosts.asked, stage.states()) == ([], {})
    stage.clock.advance(timedelta(minutes=2))

    def lose_the_lease(*_: object) -> Original:
        stage.clock.advance(timedelta(minutes=2))
        assert other.hold()
        return Original(b"one", Validators(), 9)

    with pytest.raises(LeaseLostError):
        stage.make_engine(lose_the_lease).step()
    assert stage.held() == {}


def test_a_clock_that_was_ahead_holds_nothing_up(stage: PictureStage, engine: PictureEngine) -> None:
    stage.hosts.size = 12 * MIB
    for number, url in enumerate((ONE, TWO, THREE), 1):
        stage.name(number, url, days=400 + number)
    now: datetime = stage.clock.now
    stage.clock.now = now + timedelta(days=365)
    stage.run(engine, timedelta(minutes=1))
    stage.clock.now = now
    stage.run(engine, timedelta(minutes=5))
    assert stage.hosts.urls() == [ONE, TWO, THREE] * 2
    assert all(state.asked_at <= stage.clock.now for state in stage.states().values())


@pytest.mark.slow
def test_what_is_held_is_asked_for_again_before_more_of_the_past(stage: PictureStage, engine: PictureEngine) -> None:
    stage.hosts.size = 12 * MIB
    for number in range(1, 200):
        stage.name(number, f"https://a.example/{number}", days=-number)
    stage.run(engine, 2.5 * DAY)
    for url, state in stage.states().items():
        assert stage.clock.now - state.asked_at < DAY, url
    assert 50 < len(stage.held()) <= 100, "no more than the budget allows to ask for again"
