import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, make_record
from tests.fake_ll2.catalogue import agency, event_type, program
from tests.fake_ll2.parts import webcast

RECORDS = [
    make_record(
        1,
        name='Crew-11 "Endeavour" Docking',
        slug="crew-11-docking",
        type=event_type(2),
        agencies=[agency(44), agency(121)],
        program=[program(17)],
        date="2025-08-02T07:12:53Z",
        last_updated="2025-07-19T04:57:31Z",
        vid_urls=[webcast("https://youtu.be/one", None)],
    ),
    make_record(
        2,
        name="Crew-10 Undocking",
        slug="",
        type=event_type(8),
        agencies=[agency(121)],
        program=[program(5), program(17)],
        date="2025-08-05T00:00:00Z",
        last_updated="2025-07-11T01:04:27Z",
        vid_urls=[],
    ),
    make_record(
        3,
        name="Artemis II Press Conference",
        slug="artemis-ii-press-conference",
        type=event_type(20),
        agencies=[],
        program=None,
        date=None,
        last_updated="2024-07-11T00:00:00Z",
        vid_urls=[],
    ),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("id=1,3", [1, 3]),
        ("id=9", []),
        ("id=", [1, 2, 3]),
        ("type=8", [2]),
        ("type__ids=2,20", [1, 3]),
        ("agency__ids=44", [1]),
        ("agency__ids=44,121", [1, 2]),
        ("program=5", [2]),
        ("program=5&program=17", [1, 2]),
        ("date__gte=2025-08-05T00:00:00Z", [2]),
        ("date__gt=2025-08-05T00:00:00Z", []),
        ("date__gte=2025-08-05T02:00:00%2B02:00", [2]),
        ("date__gte=2025-08-03", [2]),
        ("date__lte=2025-08-02T07:12:53Z", [1]),
        ("date__lt=2025-08-02T07:12:53Z", []),
        ("date__gt__lt=2025-08-05T00:00:00Z", [1]),
        ("date__gte=2025-08-01&date__lte=2025-08-31", [1, 2]),
        ("last_updated__gte=2025-07-11T01:04:27Z", [1, 2]),
        ("last_updated__lte=2025-07-11T01:04:27Z", [2, 3]),
        ("day=5", [2]),
        ("month=7,8", [1, 2]),
        ("year=2024", []),
        ("slug=crew-11-docking", [1]),
        ("slug=crew-11", []),
        ("search=crew", [1, 2]),
        ("search=DOCKING,crew", [1, 2]),
        ("search=crew conference", []),
        ("search=%22press conference%22", [3]),
        ("search=%22conference press%22", []),
        ("video_url=https://youtu.be/one,https://youtu.be/two", [1]),
        ("unheard_of=1", [1, 2, 3]),
    ],
)
def test_a_filter_finds_its_events(http: requests.Session, query: str, expected: list[int]) -> None:
    with FakeLaunchLibrary(RECORDS) as fake:
        page = http.get(f"{fake.url}events/?{query}").json()
        assert (page["count"], [event["id"] for event in page["results"]]) == (len(expected), expected)


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("date__gte=soon", {"date__gte": ["Enter a valid date/time."]}),
        ("date__gte=2025-02-30", {"date__gte": ["Enter a valid date/time."]}),
        (
            "last_updated__lte=x&id=one&program=1&program=two",
            {
                "id": ["Enter a number."],
                "program": ["Enter a number."],
                "last_updated__lte": ["Enter a valid date/time."],
            },
        ),
    ],
)
def test_each_bad_parameter_is_named(http: requests.Session, query: str, errors: dict[str, list[str]]) -> None:
    with FakeLaunchLibrary(RECORDS) as fake:
        answer = http.get(f"{fake.url}events/?{query}")
        assert (answer.status_code, answer.json()) == (400, errors)
