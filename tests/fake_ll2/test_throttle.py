from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_record

NOON = datetime(2025, 7, 19, 12, tzinfo=UTC)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def fake(clock: HandClock) -> Iterator[FakeLaunchLibrary]:
    with FakeLaunchLibrary([make_record(1)], hourly_limit=2, clock=clock) as fake:
        yield fake


def statuses(http: requests.Session, fake: FakeLaunchLibrary, times: int, **headers: str) -> list[int]:
    return [http.get(f"{fake.url}events/", headers=headers).status_code for _ in range(times)]


def report(http: requests.Session, fake: FakeLaunchLibrary, **headers: str) -> Any:
    return http.get(f"{fake.url}api-throttle/", headers=headers).json()


def test_over_the_limit_it_says_when(http: requests.Session, fake: FakeLaunchLibrary, clock: HandClock) -> None:
    assert statuses(http, fake, 1) == [200]
    clock.now = NOON + timedelta(seconds=100.5)
    assert statuses(http, fake, 1) == [200]
    answer = http.get(f"{fake.url}events/")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3500"
    assert answer.json() == {"detail": "Request was throttled. Expected available in 3500 seconds."}
    assert [seen.status for seen in fake.requests] == [200, 200, 429]


def test_the_window_rolls_and_a_refusal_costs_nothing(
    http: requests.Session, fake: FakeLaunchLibrary, clock: HandClock
) -> None:
    assert statuses(http, fake, 1) == [200]
    clock.now = NOON + timedelta(minutes=30)
    assert statuses(http, fake, 3) == [200, 429, 429]
    clock.now = NOON + timedelta(seconds=3599)
    answer = http.get(f"{fake.url}events/")
    assert answer.json() == {"detail": "Request was throttled. Expected available in 1 second."}
    clock.now = NOON + timedelta(hours=1)
    assert statuses(http, fake, 2) == [200, 429]
    clock.now = NOON + timedelta(minutes=90)
    assert statuses(http, fake, 2) == [200, 429]


def test_each_token_has_its_own_budget(http: requests.Session, fake: FakeLaunchLibrary) -> None:
    assert statuses(http, fake, 3) == [200, 200, 429]
    assert statuses(http, fake, 3, Authorization="Token one") == [200, 200, 429]
    assert statuses(http, fake, 1, Authorization="Token two") == [200]
    assert report(http, fake, Authorization="Token two")["ident"] == "two"


def test_the_report_costs_nothing(http: requests.Session, fake: FakeLaunchLibrary, clock: HandClock) -> None:
    expected = {
        "your_request_limit": 2,
        "limit_frequency_secs": 3600,
        "current_use": 0,
        "next_use_secs": 0,
        "ident": "127.0.0.1",
    }
    assert [report(http, fake) for _ in range(4)] == [expected] * 4
    statuses(http, fake, 2)
    clock.now = NOON + timedelta(seconds=600)
    assert report(http, fake) == expected | {"current_use": 2, "next_use_secs": 3000}
    fake.hourly_limit = None
    assert report(http, fake) == expected | {"your_request_limit": 1_000_000, "current_use": 2}


def test_a_limit_can_shrink_to_nothing(http: requests.Session, fake: FakeLaunchLibrary) -> None:
    fake.hourly_limit = 0
    assert statuses(http, fake, 1) == [429]
    assert report(http, fake)["next_use_secs"] == 3600


@pytest.mark.parametrize(
    ("fault", "use"),
    [
        (Fault.HTML_500, 1),
        (Fault.GATEWAY_TIMEOUT_504, 1),
        (Fault.CLOUDFLARE_524, 1),
        (Fault.EMPTY_PAGE, 1),
        (Fault.BAD_GATEWAY_502, 0),
        (Fault.UNAVAILABLE_503, 0),
        (Fault.UNAUTHORIZED_401, 0),
        (Fault.THROTTLED, 0),
    ],
)
def test_a_fault_costs_budget_if_it_reached_the_service(
    http: requests.Session, fake: FakeLaunchLibrary, fault: Fault, use: int
) -> None:
    fake.fail(fault)
    statuses(http, fake, 1)
    assert report(http, fake)["current_use"] == use


def test_a_missing_event_costs_budget_and_a_missing_page_does_not(
    http: requests.Session, fake: FakeLaunchLibrary
) -> None:
    assert http.get(f"{fake.url}events/99/").status_code == 404
    assert http.get(f"{fake.url}agencies/").status_code == 404
    assert report(http, fake)["current_use"] == 1
