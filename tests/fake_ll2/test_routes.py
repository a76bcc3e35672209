from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, make_record

NOW = datetime(2025, 7, 19, 12, tzinfo=UTC)
RECORDS = [
    make_record(1, date="2025-07-18T11:59:59Z"),
    make_record(2, date="2025-07-18T12:00:00Z"),
    make_record(3, date="2025-07-19T11:59:59Z"),
    make_record(4, date="2025-07-19T12:00:00Z"),
    make_record(5, date="2025-12-31T00:00:00Z"),
    make_record(6, date=None),
]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("events/", [1, 2, 3, 4, 5, 6]),
        ("events/upcoming/", [2, 3, 4, 5]),
        ("events/upcoming/?hide_recent_previous=true", [4, 5]),
        ("events/upcoming/?hide_recent_previous=false", [2, 3, 4, 5]),
        ("events/upcoming/?ordering=-date", [5, 4, 3, 2]),
        ("events/previous/", [4, 3, 2, 1]),
        ("events/previous/?ordering=date", [1, 2, 3, 4]),
    ],
)
def test_a_list_holds_its_part_of_time(http: requests.Session, path: str, expected: list[int]) -> None:
    with FakeLaunchLibrary(RECORDS, clock=lambda: NOW) as fake:
        assert [event["id"] for event in http.get(fake.url + path).json()["results"]] == expected


@pytest.mark.parametrize(
    ("path", "status", "answer"),
    [
        ("events/5/", 200, 5),
        ("events/upcoming/5/", 200, 5),
        ("events/previous/1/", 200, 1),
        ("events/7/", 404, {"detail": "No Event matches the given query."}),
        ("events/previous/5/", 404, {"detail": "No Event matches the given query."}),
        ("events/upcoming/1/", 404, {"detail": "No Event matches the given query."}),
        ("events/five/", 404, {"detail": "Not found."}),
        ("agencies/", 404, {"detail": "Not found."}),
        ("", 404, {"detail": "Not found."}),
        ("../2.2.0/events/", 404, {"detail": "Not found."}),
    ],
)
def test_an_address_answers_or_says_why_not(http: requests.Session, path: str, status: int, answer: Any) -> None:
    with FakeLaunchLibrary(RECORDS, clock=lambda: NOW) as fake:
        response = http.get(fake.url + path)
        found = response.json()
        assert (response.status_code, found.get("id", found)) == (status, answer)
        assert response.headers["Content-Type"] == "application/json"


def test_time_goes_on(http: requests.Session) -> None:
    with FakeLaunchLibrary(RECORDS, clock=lambda: NOW) as fake:
        fake.clock = lambda: datetime(2026, 1, 1, 1, tzinfo=UTC)
        assert http.get(f"{fake.url}events/upcoming/").json()["results"] == []
        assert http.get(f"{fake.url}events/previous/").json()["count"] == 5


def test_records_can_change_under_way(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1), make_record(2)]) as fake:
        fake.put(make_record(1, name="Renamed"))
        fake.put(make_record(3))
        fake.remove(2)
        names = [event["name"] for event in http.get(f"{fake.url}events/").json()["results"]]
        assert names == ["Renamed", "Meridian 3 Spacecraft Berthing"]
        assert http.get(f"{fake.url}events/2/").status_code == 404
        with pytest.raises(KeyError, match="2"):
            fake.remove(2)
