"""The HTTP cache in a real Redis."""

import json
import logging
import pickle
from pathlib import Path

import pytest
from redis import Redis

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, make_records
from tests.ll2.planted import Planted
from tests.redis_server import running_redis
from webapp.ll2.client import LaunchLibrary
from webapp.ll2.protocol import PageRequest

pytestmark = pytest.mark.service


def test_what_one_process_fetched_another_need_not_transfer(clock: ManualClock) -> None:
    with FakeLaunchLibrary(make_records(20, now=clock.now), clock=clock) as fake, running_redis() as redis:
        for _ in range(2):
            with LaunchLibrary(fake.url, cache=redis.url, clock=clock, user_agent="Perigee/test") as source:
                assert source.fetch_page(PageRequest()).content.count == 20
        assert [seen.status for seen in fake.requests] == [200, 304]


def test_a_redis_that_goes_costs_nothing_but_transfers(clock: ManualClock, caplog: pytest.LogCaptureFixture) -> None:
    with FakeLaunchLibrary(make_records(20, now=clock.now), clock=clock) as fake, running_redis() as redis:
        with LaunchLibrary(fake.url, cache=redis.url, clock=clock, user_agent="Perigee/test") as source:
            source.fetch_page(PageRequest())
            redis.stop()
            with caplog.at_level(logging.WARNING):
                assert source.fetch_page(PageRequest()).is_contact
            assert caplog.records[0].getMessage().startswith("HTTP cache unavailable (ConnectionError: ")
        with LaunchLibrary(fake.url, cache=redis.url, clock=clock, user_agent="Perigee/test") as source:
            assert source.fetch_page(PageRequest()).content.count == 20
        assert [redis.url in record.getMessage() for record in caplog.records] == [False] * len(caplog.records)
        assert [seen.status for seen in fake.requests] == [200, 200, 200]


def test_copies_are_json_under_a_name_of_their_own_and_end_after_a_week(clock: ManualClock) -> None:
    with FakeLaunchLibrary(make_records(20, now=clock.now), clock=clock) as fake, running_redis() as redis:
        with LaunchLibrary(fake.url, cache=redis.url, clock=clock, user_agent="Perigee/test") as source:
            source.fetch_page(PageRequest())
        with Redis.from_url(redis.url) as server:
            (name,) = server.keys()
            assert name.startswith(b"perigee:copy:")
            assert sorted(json.loads(server.get(name))) == ["body", "etag", "sha256"]
            assert 7 * 86_400 - 60 < server.ttl(name) <= 7 * 86_400


@pytest.mark.parametrize("damage", ["text", "pickle", "list", "wrong type", "huge"])
def test_damage_costs_one_transfer_and_runs_nothing(clock: ManualClock, tmp_path: Path, damage: str) -> None:
    with FakeLaunchLibrary(make_records(20, now=clock.now), clock=clock) as fake, running_redis() as redis:
        with LaunchLibrary(fake.url, cache=redis.url, clock=clock, user_agent="Perigee/test") as source:
            whole = source.fetch_page(PageRequest())
            with Redis.from_url(redis.url) as server:
                (name,) = server.keys()
                spoil(server, name, damage, tmp_path / "run")
            assert [source.fetch_page(PageRequest()) for _ in range(2)] == [whole, whole]
        assert [seen.status for seen in fake.requests] == [200, 200, 304]
        assert not (tmp_path / "run").exists()


def spoil(server: "Redis", name: bytes, damage: str, trace: Path) -> None:
    match damage:
        case "text":
            server.set(name, "no copy")
        case "pickle":
            server.set(name, pickle.dumps(Planted(trace)))
        case "list":
            server.set(name, "[1, 2, 3]")
        case "wrong type":
            server.delete(name)
            server.rpush(name, "a list of Redis")
        case "huge":
            server.setrange(name, 100_000_000, "x")
