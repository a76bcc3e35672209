"""The lists: what they hold, their envelope, and how bad input is taken."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record
from tests.site import Site

MakeSite = Callable[..., Site]
LISTS = ("/2.3.0/events/", "/2.3.0/events/upcoming/", "/2.3.0/events/previous/")


@pytest.fixture(scope="module")
def around(shared: MakeSite) -> Site:
    """Events 1 to 6: two days and twelve hours ago, an hour ago, now, and in one hour and two days."""
    hours = (-48, -12, -1, 0, 1, 48)
    dates = [(NOW + timedelta(hours=each)).isoformat() for each in hours]
    return shared(*(make_record(number, date=date) for number, date in enumerate(dates, 1)))


@pytest.fixture(scope="module")
def dozen(shared: MakeSite) -> Site:
    return shared(*(make_record(number) for number in range(1, 13)))


def page(site: Site, address: str) -> Any:
    answer = site.client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json


def ids(site: Site, address: str) -> list[int]:
    return [event["id"] for event in page(site, address)["results"]]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/2.3.0/events/", [1, 2, 3, 4, 5, 6]),
        ("/2.3.0/events/upcoming/", [2, 3, 4, 5, 6]),
        ("/2.3.0/events/upcoming/?hide_recent_previous=true", [4, 5, 6]),
        ("/2.3.0/events/previous/", [4, 3, 2, 1]),
        ("/2.3.0/events/previous/?ordering=date", [1, 2, 3, 4]),
        ("/2.3.0/events/?ordering=-date&limit=2&offset=1", [5, 4]),
        ("/2.3.0/events/?id=3,1&id=6", [1, 3, 6]),
        ("/2.3.0/events/?id=3%252C1", [1, 3]),
        ("/2.3.0/events/?limit=2&?ordering=-date", [6, 5]),
        ("/2.3.0/events/?limit=2&amp;ordering=-date", [6, 5]),
    ],
)
def test_what_each_list_holds_and_in_what_order(around: Site, address: str, expected: list[int]) -> None:
    assert ids(around, address) == expected


@pytest.mark.parametrize(("path", "held"), list(zip(LISTS, ({1, 3, 6}, {3, 6}, {1, 3}), strict=True)))
def test_one_event_is_found_where_its_list_holds_it(around: Site, path: str, held: set[int]) -> None:
    assert {number for number in (1, 3, 6) if around.get(f"{path}{number}/")[0] == 200} == held


@pytest.mark.parametrize("text", ["7", "0", "99999999999999999999", "-1", "abc", "1.0", "%00", "%ff", "٣", "1%20"])
@pytest.mark.parametrize("path", LISTS)
def test_an_event_that_is_not_there_in_the_services_words(around: Site, path: str, text: str) -> None:
    answer = around.client.get(f"{path}{text}/")
    assert (answer.status_code, answer.json) == (404, {"detail": "No Event matches the given query."})
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("application/json", "no-store")


def test_the_envelope_leads_through_all_pages_and_back(around: Site) -> None:
    first = page(around, "/2.3.0/events/?limit=2&type__ids=&mode=list")
    assert (first["count"], first["previous"]) == (6, None)
    assert first["next"] == "http://localhost/2.3.0/events/?limit=2&offset=2&mode=list"
    second = page(around, first["next"])
    assert second["previous"] == "http://localhost/2.3.0/events/?limit=2&mode=list"
    third = page(around, second["next"])
    assert third["next"] is None
    assert [one["id"] for each in (first, second, third) for one in each["results"]] == [1, 2, 3, 4, 5, 6]
    assert page(around, "/2.3.0/events/?limit=4&offset=1")["previous"] == "http://localhost/2.3.0/events/?limit=4"


def test_links_keep_the_query_in_its_one_spelling(around: Site) -> None:
    found = page(around, "/2.3.0/events/?offset=1&limit=1&id=3,1,3,2&foo=bar&format=json&ordering=-date&past=9")
    assert found["next"] == "http://localhost/2.3.0/events/?id=1,2,3&limit=1&offset=2&ordering=-date&format=json"


def test_past_the_end_there_is_nothing_and_a_way_back(around: Site) -> None:
    found = page(around, "/2.3.0/events/?offset=50")
    assert found == {
        "count": 6,
        "next": None,
        "previous": "http://localhost/2.3.0/events/?limit=10&offset=40",
        "results": [],
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("limit=0", 10), ("limit=-1", 10), ("limit=x", 10), ("limit=", 10), ("limit=1000", 12), ("limit=١", 10),
        ("offset=x", 10), ("offset=-5", 10), ("ordering=name", 10), ("mode=whole", 10), ("format=xml", 10),
        ("limit=3", 3), ("limit=99999999999999999999999", 12),
    ],
)  # fmt: skip
def test_a_bad_view_falls_back(dozen: Site, query: str, shown: int) -> None:
    found = page(dozen, f"/2.3.0/events/?{query}")
    assert (found["count"], len(found["results"]), found["results"][0]["id"]) == (12, shown, 1)
    assert found["results"][0]["response_mode"] == "normal"


@pytest.mark.parametrize("path", LISTS)
def test_bad_filters_are_named_all_at_once_in_the_services_words(around: Site, path: str) -> None:
    answer = around.client.get(f"{path}?date__gte=soon&id=x&from=1&limit=0&month=13")
    assert (answer.status_code, answer.content_type) == (400, "application/json")
    assert answer.json == {
        "id": ["Enter a number."],
        "from": ["Enter a valid date."],
        "month": ["Enter a number."],
        "date__gte": ["Enter a valid date/time."],
    }


def test_both_spellings_of_less_than(around: Site) -> None:
    now = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (
        ids(around, f"/2.3.0/events/?date__lt={now}") == ids(around, f"/2.3.0/events/?date__gt__lt={now}") == [1, 2, 3]
    )


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=2", None),
        ("limt=2&odering=date&limt=3", "limt, odering"),
        ("past=x&vague=span&id=1", "past, vague"),
        ("a%0d%0aSet-Cookie:x=1", "a%0D%0ASet-Cookie%3Ax"),
        ("%00é=1", "%00%C3%A9"),
        ("=1&%20=2", None),
        ("x" * 500, "x" * 60),
        ("&".join(f"p{number}" for number in range(100)), ", ".join(f"p{number}" for number in range(20))),
    ],
)
def test_what_has_no_effect_is_named_in_a_header(around: Site, query: str, named: str | None) -> None:
    answer = around.client.get(f"/2.3.0/events/?{query}")
    assert answer.status_code == 200
    assert answer.headers.get("Perigee-Ignored-Parameters") == named
    assert "Set-Cookie" not in answer.headers


def test_one_event_takes_no_filter(around: Site) -> None:
    answer = around.client.get("/2.3.0/events/1/?id=x&mode=list&format=json")
    assert (answer.status_code, answer.headers["Perigee-Ignored-Parameters"]) == (200, "id, mode")
    assert around.get("/2.3.0/events/upcoming/3/?hide_recent_previous=true")[0] == 404


def test_the_index_names_what_there_is(around: Site) -> None:
    found = page(around, "/2.3.0/")
    assert found == {
        "api-throttle": "http://localhost/2.3.0/api-throttle/",
        "events": "http://localhost/2.3.0/events/",
        "events/upcoming": "http://localhost/2.3.0/events/upcoming/",
        "events/previous": "http://localhost/2.3.0/events/previous/",
        "launches": "http://localhost/2.3.0/launches/",
        "launches/upcoming": "http://localhost/2.3.0/launches/upcoming/",
        "launches/previous": "http://localhost/2.3.0/launches/previous/",
        "config/launch_statuses": "http://localhost/2.3.0/config/launch_statuses/",
        "config/mission_types": "http://localhost/2.3.0/config/mission_types/",
        "config/orbits": "http://localhost/2.3.0/config/orbits/",
        "config/timeline_event_types": "http://localhost/2.3.0/config/timeline_event_types/",
    }
    assert [around.get(url)[0] for url in found.values()] == [200] * 11


def test_the_data_are_attributed_and_the_sample_says_so(around: Site, site: MakeSite, clock: ManualClock) -> None:
    headers = around.client.get("/2.3.0/events/").headers
    assert headers["Perigee-Attribution"] == "Launch Library 2 by The Space Devs, https://thespacedevs.com/llapi"
    assert "Perigee-Sample" not in headers
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    sample = site(sample=True).client.get("/2.3.0/events/")
    assert (sample.headers["Perigee-Sample"], json.loads(sample.data)["count"]) == ("shown as of 19 July 2025", 10)
    assert sample.headers["Cache-Control"] == "no-cache"
