import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_records
from tests.keys import event_key
from webapp.ll2.client import LaunchLibrary
from webapp.ll2.errors import MalformedError, SourceError, ThrottledError, UnavailableError
from webapp.ll2.protocol import PageRequest, ThrottleReport

Details = dict[str, Any]
Client = Callable[..., LaunchLibrary]


@pytest.fixture
def fake(clock: ManualClock) -> Iterator[FakeLaunchLibrary]:
    with FakeLaunchLibrary(make_records(250, now=clock.now), clock=clock) as fake:
        yield fake


@pytest.fixture
def client(fake: FakeLaunchLibrary, clock: ManualClock, tmp_path: Path) -> Iterator[Client]:
    opened: list[LaunchLibrary] = []

    def make(token: str | None = None) -> LaunchLibrary:
        cache = tmp_path / "http-cache"
        source = LaunchLibrary(fake.url, cache=cache, clock=clock, user_agent="Perigee/test", token=token, deadline=3)
        opened.append(source)
        return source

    yield make
    for source in opened:
        source.close()


def test_it_asks_politely_for_a_full_page_in_detail(fake: FakeLaunchLibrary, client: Client) -> None:
    answer = client().fetch_page(PageRequest(100))
    assert (answer.is_contact, answer.content.count, answer.content.has_next) == (True, 250, True)
    assert [received.entry.key.json_id for received in answer.content.received] == [
        record["id"] for record in sorted(fake.records, key=lambda one: (one["date"] or "9", one["id"]))[100:200]
    ]
    (seen,) = fake.requests
    assert seen.path == "/2.3.0/events/"
    assert sorted(seen.query) == [("limit", "100"), ("mode", "detailed"), ("offset", "100"), ("ordering", "date")]
    assert (seen.headers["accept"], seen.headers["user-agent"]) == ("application/json", "Perigee/test")
    assert "authorization" not in seen.headers


def test_a_token_goes_to_the_service_and_nowhere_else(fake: FakeLaunchLibrary, client: Client, tmp_path: Path) -> None:
    client("s3cr3t-t0ken").fetch_page(PageRequest())
    assert fake.requests[0].headers["authorization"] == "Token s3cr3t-t0ken"
    written = [path for path in tmp_path.iterdir() if b"s3cr3t-t0ken" in path.read_bytes()]
    assert written == []


def test_what_the_service_confirms_counts_as_contact(fake: FakeLaunchLibrary, client: Client) -> None:
    source = client()
    first, second = source.fetch_page(PageRequest()), source.fetch_page(PageRequest())
    assert (first.is_contact, second.is_contact) == (True, True)
    assert [seen.status for seen in fake.requests] == [200, 304], "each time the service itself was asked"
    assert first.content == second.content


def test_the_cache_outlives_a_restart(fake: FakeLaunchLibrary, client: Client) -> None:
    client().fetch_page(PageRequest())
    client().fetch_page(PageRequest())
    assert [seen.status for seen in fake.requests] == [200, 304]


@pytest.mark.parametrize(
    ("how", "expected", "words"),
    [
        ((Fault.TIMEOUT, {}), UnavailableError, "Launch Library did not answer in time"),
        ((Fault.RESET, {}), UnavailableError, "Launch Library could not be reached"),
        ((Fault.RESET_MID_BODY, {}), UnavailableError, "Launch Library"),
        ((Fault.HTML_500, {}), UnavailableError, "Launch Library answered with status 500"),
        ((Fault.BAD_GATEWAY_502, {}), UnavailableError, "Launch Library answered with status 502"),
        ((Fault.GATEWAY_TIMEOUT_504, {}), UnavailableError, "Launch Library answered with status 504"),
        ((Fault.CLOUDFLARE_524, {}), UnavailableError, "Launch Library answered with status 524"),
        (
            (Fault.UNAUTHORIZED_401, {}),
            UnavailableError,
            "Launch Library refused access (401); check PERIGEE_LL2_TOKEN",
        ),
        (
            (Fault.THROTTLED, {"retry_after": 77}),
            ThrottledError,
            "Launch Library is throttling requests, for 77 s more",
        ),
        ((Fault.TRUNCATED_JSON, {}), MalformedError, "Launch Library's answer is not JSON"),
        ((Fault.INVALID_JSON, {}), MalformedError, "Launch Library's answer is not JSON"),
        ((Fault.EMPTY_200, {}), MalformedError, "Launch Library's answer is not JSON"),
        ((Fault.WRONG_SHAPE, {}), MalformedError, "Launch Library's answer has no list of results"),
    ],
)
def test_each_fault_is_a_typed_error_and_the_next_call_works(
    fake: FakeLaunchLibrary,
    client: Client,
    how: tuple[Fault, Details],
    expected: type[SourceError],
    words: str,
) -> None:
    source = client()
    fault, details = how
    fake.fail(fault, **details)
    with pytest.raises(expected) as caught:
        source.fetch_page(PageRequest())
    assert str(caught.value).startswith(words)
    assert source.fetch_page(PageRequest()).is_contact


def test_a_failing_service_is_never_covered_up_by_an_old_copy(fake: FakeLaunchLibrary, client: Client) -> None:
    source = client()
    source.fetch_page(PageRequest())
    fake.fail(Fault.HTML_500)
    with pytest.raises(UnavailableError):
        source.fetch_page(PageRequest())


def test_a_service_that_is_not_there_is_unavailable_at_once(fake: FakeLaunchLibrary, client: Client) -> None:
    source = client()
    fake.stop()
    begun = time.monotonic()
    with pytest.raises(UnavailableError, match="could not be reached"):
        source.fetch_page(PageRequest())
    assert time.monotonic() - begun < 5


def test_one_event_is_asked_for_in_detail(fake: FakeLaunchLibrary, client: Client) -> None:
    known, source = fake.records[0], client()
    found = source.fetch_entry(event_key(known["id"])).content
    assert found is not None
    assert found.entry.name == known["name"]
    assert fake.requests[-1].path == f"/2.3.0/events/{known['id']}/"
    fake.remove(known["id"])
    assert source.fetch_entry(event_key(known["id"])).content is None


def test_the_allowance_is_asked_for_anew_each_time(fake: FakeLaunchLibrary, client: Client) -> None:
    fake.hourly_limit = 15
    source = client("s3cr3t-t0ken")
    assert source.fetch_throttle() == ThrottleReport(15, 0, timedelta(0))
    source.fetch_page(PageRequest())
    assert source.fetch_throttle() == ThrottleReport(15, 1, timedelta(0))


def test_the_date_of_the_last_answer_is_the_services_own_even_where_a_copy_was_confirmed(
    fake: FakeLaunchLibrary, client: Client, clock: ManualClock
) -> None:
    source = client()
    assert source.date is None
    for _ in range(2):
        clock.advance(timedelta(minutes=5))
        source.fetch_page(PageRequest())
        assert source.date == clock.now
    fake.fail(Fault.SKEWED_DATE, by=-600)
    source.fetch_page(PageRequest())
    assert source.date == clock.now - timedelta(minutes=10)
    fake.fail(Fault.RESET)
    with pytest.raises(UnavailableError):
        source.fetch_page(PageRequest())
    assert source.date is None
