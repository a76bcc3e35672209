from typing import Any

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, make_record


def get(http: requests.Session, fake: FakeLaunchLibrary, query: str) -> Any:
    return http.get(f"{fake.url}events/{query}").json()


def ids(page: Any) -> list[int]:
    return [event["id"] for event in page["results"]]


@pytest.mark.parametrize(
    ("limit", "size"),
    [("", 10), ("?limit=25", 25), ("?limit=100", 100), ("?limit=101", 100), ("?limit=0", 10), ("?limit=-5", 10),
     ("?limit=ten", 10), ("?limit=", 10)],
)  # fmt: skip
def test_a_limit_is_clamped_and_rubbish_falls_back(http: requests.Session, limit: str, size: int) -> None:
    with FakeLaunchLibrary([make_record(id_) for id_ in range(1, 121)]) as fake:
        assert ids(get(http, fake, limit)) == list(range(1, size + 1))


def test_links_are_absolute_sorted_and_keep_the_query(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(id_) for id_ in range(1, 51)]) as fake:
        page = get(http, fake, "?search=meridian&offset=20&ordering=-date&program=1&program=17&program=5&mode=list")
        kept = "mode=list{offset}&ordering=-date&program=1&program=17&program=5&search=meridian"
        assert page["count"] == 15
        assert page["next"] is None
        assert page["previous"] == f"{fake.url}events/?limit=10&" + kept.format(offset="&offset=10")
        assert get(http, fake, "?offset=5&search=meridian") == {
            **get(http, fake, "?search=meridian&limit=10&offset=5"),
            "next": f"{fake.url}events/?limit=10&offset=15&search=meridian",
            "previous": f"{fake.url}events/?limit=10&search=meridian",
        }


@pytest.mark.parametrize(("offset", "first"), [("2", 3), ("-1", 1), ("two", 1), ("", 1)])
def test_a_bad_offset_falls_back(http: requests.Session, offset: str, first: int) -> None:
    with FakeLaunchLibrary([make_record(id_) for id_ in (1, 2, 3)]) as fake:
        assert ids(get(http, fake, f"?offset={offset}")) == list(range(first, 4))


def test_an_offset_past_the_end_finds_nothing(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1)]) as fake:
        assert get(http, fake, "?offset=40") == {
            "count": 1,
            "next": None,
            "previous": f"{fake.url}events/?limit=10&offset=30",
            "results": [],
        }


ORDERED = [
    make_record(4, date="2025-03-01T00:00:00Z", last_updated="2025-01-04T00:00:00Z"),
    make_record(2, date="2025-03-01T00:00:00Z", last_updated="2025-01-03T00:00:00Z"),
    make_record(1, date=None, last_updated="2025-01-02T00:00:00Z"),
    make_record(3, date="2024-03-01T00:00:00Z", last_updated="2025-01-03T00:00:00Z"),
]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", [3, 2, 4, 1]),
        ("?ordering=date", [3, 2, 4, 1]),
        ("?ordering=-date", [2, 4, 3, 1]),
        ("?ordering=last_updated", [1, 2, 3, 4]),
        ("?ordering=-last_updated", [4, 2, 3, 1]),
        ("?ordering=last_updated,-date", [1, 2, 3, 4]),
        ("?ordering=name", [3, 2, 4, 1]),
    ],
)
def test_ties_are_in_ascending_id_and_the_dateless_last(
    http: requests.Session, ordering: str, expected: list[int]
) -> None:
    with FakeLaunchLibrary(ORDERED) as fake:
        assert ids(get(http, fake, ordering)) == expected
