"""The fake Launch Library as its users meet it: whole sweeps through real HTTP. Its parts are tested beside them."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_records

NOW = datetime(2025, 7, 19, 12, tzinfo=UTC)


def sweep(address: str | None) -> list[int]:
    """The ids of every event from an address on, following `next`."""
    found: list[int] = []
    with requests.Session() as http:
        http.trust_env = False
        while address:
            answer = http.get(address)
            answer.raise_for_status()
            page = answer.json()
            found += [event["id"] for event in page["results"]]
            address = page["next"]
    return found


@pytest.mark.parametrize("mode", ["list", "normal", "detailed"])
def test_a_table_of_1017_is_swept_in_eleven_requests(mode: str) -> None:
    records = make_records(1017, now=NOW)
    with FakeLaunchLibrary(records, clock=lambda: NOW) as fake:
        found = sweep(f"{fake.url}events/?limit=100&mode={mode}&ordering=date")
        offsets = [dict(seen.query).get("offset") for seen in fake.requests]
    dated = sorted(records, key=lambda record: (record["date"] is None, record["date"], record["id"]))
    assert found == [record["id"] for record in dated]
    assert offsets == [None, *(str(offset) for offset in range(100, 1001, 100))]


def test_what_is_upcoming_fits_in_one_request() -> None:
    with FakeLaunchLibrary(make_records(1017, now=NOW), clock=lambda: NOW) as fake:
        assert len(sweep(f"{fake.url}events/upcoming/?limit=100&mode=detailed")) == 29
        assert len(sweep(f"{fake.url}events/upcoming/?limit=100&hide_recent_previous=true")) == 28
        assert len(fake.requests) == 2


def test_what_changed_since_can_be_asked_for() -> None:
    with FakeLaunchLibrary(make_records(1017, now=NOW)) as fake:
        since = "2025-07-19T00:00:00Z"
        found = sweep(f"{fake.url}events/?last_updated__gte={since}&ordering=-last_updated")
        expected = [record["id"] for record in fake.records if record["last_updated"] >= since]
        assert sorted(found) == sorted(expected)
        assert len(found) == 4


def test_a_throttled_sweep_goes_on_an_hour_later() -> None:
    now = [NOW]
    with FakeLaunchLibrary(make_records(1017, now=NOW), hourly_limit=6, clock=lambda: now[0]) as fake:
        with pytest.raises(requests.HTTPError, match="429"):
            sweep(f"{fake.url}events/?limit=100")
        refused = fake.requests[-1]
        assert [seen.status for seen in fake.requests] == [200] * 6 + [429]
        now[0] += timedelta(hours=1)
        assert len(sweep(f"{fake.url}events/?limit=100&offset={dict(refused.query)['offset']}")) == 417


def test_a_sweep_meets_its_fault_on_the_page_it_was_meant_for() -> None:
    with FakeLaunchLibrary(make_records(250, now=NOW)) as fake:
        fake.fail(Fault.BAD_GATEWAY_502, after=2)
        with pytest.raises(requests.HTTPError, match="502"):
            sweep(f"{fake.url}events/?limit=100")
        assert [seen.status for seen in fake.requests] == [200, 200, 502]
        assert len(sweep(f"{fake.url}events/?limit=100")) == 250


def test_an_unlisted_record_answers_by_its_id_and_stands_in_no_list() -> None:
    listed, unlisted = make_records(2, now=NOW)
    with FakeLaunchLibrary([listed]) as fake, requests.Session() as http:
        fake.unlisted.append(unlisted)
        assert sweep(f"{fake.url}events/") == [listed["id"]]
        found = http.get(f"{fake.url}events/{unlisted['id']}/?mode=detailed")
        assert (found.status_code, found.json()["id"]) == (200, unlisted["id"])
