"""Copies of Launch Library's answers in a real Redis."""

import logging

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, make_records
from tests.redis_server import running_redis
from webapp.ll2.client import LaunchLibrary
from webapp.ll2.errors import UnavailableError
from webapp.ll2.protocol import PageRequest


def test_what_one_process_fetched_another_need_not_transfer(clock: ManualClock) -> None:
    with FakeLaunchLibrary(make_records(20, now=clock.now), clock=clock) as fake, running_redis() as redis:
        for _ in range(2):
            with LaunchLibrary(fake.url, cache=redis.url, clock=clock, user_agent="Perigee/test") as source:
                assert source.fetch_page(PageRequest()).content.count == 20
        assert [seen.status for seen in fake.requests] == [200, 304]


def test_a_redis_that_goes_costs_one_call_and_one_that_is_gone_none(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    with FakeLaunchLibrary(make_records(20, now=clock.now), clock=clock) as fake, running_redis() as redis:
        with LaunchLibrary(fake.url, cache=redis.url, clock=clock, user_agent="Perigee/test") as source:
            source.fetch_page(PageRequest())
            redis.stop()
            with pytest.raises(UnavailableError, match="the HTTP cache cannot be used"):
                source.fetch_page(PageRequest())
            assert source.fetch_page(PageRequest()).is_contact
        with (
            caplog.at_level(logging.WARNING),
            LaunchLibrary(fake.url, cache=redis.url, clock=clock, user_agent="Perigee/test") as source,
        ):
            assert source.fetch_page(PageRequest()).content.count == 20
        assert [redis.url in record.getMessage() for record in caplog.records] == [False]
