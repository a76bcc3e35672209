from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_launch, make_record
from tests.fake_ll2.catalogue import precision, program
from tests.fake_ll2.conformity import deviations
from tests.fake_ll2.data import launches_schema, read_json
from tests.fake_ll2.faults import OF_LISTS
from tests.fake_ll2.launch_parts import pad_object, provider_object
from tests.fake_ll2.launches import launch_id, launch_status, real_launches

NOW = datetime(2026, 7, 19, 12, tzinfo=UTC)
LIST_KEYS = (
    "id url name response_mode slug launch_designator status last_updated net net_precision window_end window_start "
    "image infographic"
)
NORMAL_KEYS = (
    f"{LIST_KEYS} probability weather_concerns failreason hashtag launch_service_provider rocket mission pad "
    "webcast_live program orbital_launch_attempt_count location_launch_attempt_count pad_launch_attempt_count "
    "agency_launch_attempt_count orbital_launch_attempt_count_year location_launch_attempt_count_year "
    "pad_launch_attempt_count_year agency_launch_attempt_count_year"
)
DETAILED_KEYS = f"{NORMAL_KEYS} flightclub_url updates info_urls vid_urls timeline pad_turnaround mission_patches"
MODES = [
    ("?mode=list", "list", LIST_KEYS),
    ("", "normal", NORMAL_KEYS),
    ("?mode=tiny", "normal", NORMAL_KEYS),
    ("?mode=detailed", "detailed", DETAILED_KEYS),
    (f"{launch_id(7)}/", "detailed", DETAILED_KEYS),
    (f"{launch_id(7)}/?mode=list", "detailed", DETAILED_KEYS),
]


def get(http: requests.Session, fake: FakeLaunchLibrary, path: str = "") -> Any:
    return http.get(f"{fake.url}launches/{path}").json()


def numbers(page: Any) -> list[int]:
    return [int(launch["id"].rpartition("-")[2]) for launch in page["results"]]


@pytest.mark.parametrize(("path", "mode", "keys"), MODES)
def test_a_mode_has_its_keys_in_order(http: requests.Session, path: str, mode: str, keys: str) -> None:
    with FakeLaunchLibrary(launches=[make_launch(7)]) as fake:
        found = get(http, fake, path)
        launch = found["results"][0] if "results" in found else found
        assert " ".join(launch) == keys
        assert launch["response_mode"] == mode
        assert launch["url"] == f"{fake.url}launches/{launch_id(7)}/"


@pytest.mark.parametrize(
    ("mode", "name"), [("list", "LaunchBasic"), ("normal", "LaunchNormal"), ("detailed", "LaunchDetailed")]
)
def test_the_schema_of_the_service_accepts_each_mode(http: requests.Session, mode: str, name: str) -> None:
    document = launches_schema()
    with FakeLaunchLibrary(launches=[make_launch(number) for number in range(1, 101)]) as fake:
        launches = get(http, fake, f"?limit=100&mode={mode}")["results"]
        assert len(launches) == 100
        assert [deviation for launch in launches for deviation in deviations(launch, name, document)] == []
        assert list(document["components"]["schemas"][name]["properties"]) == list(launches[0])


def test_the_first_satellite_is_given_as_the_service_gives_it(http: requests.Session) -> None:
    detailed = read_json("launches/real-2.3.0/launch-detailed-sputnik-1.json")
    normal = read_json("launches/real-2.3.0/launches-normal-sputnik-1-2.json")["results"][0]
    with FakeLaunchLibrary(launches=[detailed]) as fake:
        address = {"url": f"{fake.url}launches/{detailed['id']}/"}
        assert get(http, fake)["results"] == [normal | address]
        assert get(http, fake, f"{detailed['id']}/") == detailed | address


def test_every_real_launch_is_given_as_it_is(http: requests.Session) -> None:
    launches = {record["id"]: record for record in real_launches() if record["response_mode"] == "normal"}
    with FakeLaunchLibrary(launches=launches.values()) as fake:
        found = get(http, fake, "?limit=100&mode=normal")
        rest = get(http, fake, "?limit=100&mode=normal&offset=100")
        assert (found["count"], len(launches)) == (102, 102)
        given = {launch["id"]: launch for launch in found["results"] + rest["results"]}
        assert given == {id_: record | {"url": f"{fake.url}launches/{id_}/"} for id_, record in launches.items()}


def test_the_upcoming_come_in_the_order_of_the_service(http: requests.Session) -> None:
    page = read_json("launches/converted-2.3.0/upcoming-2026-08-22-list.json")["results"]
    with FakeLaunchLibrary(launches=page[::-1], clock=lambda: datetime(2026, 8, 22, 14, tzinfo=UTC)) as fake:
        found = get(http, fake, "upcoming/?mode=list&limit=100")["results"]
        assert [launch["net"] for launch in found] == [launch["net"] for launch in page]


SCOPED = [
    make_launch(1, net="2026-07-18T11:59:59Z"),
    make_launch(2, net="2026-07-18T12:00:00Z"),
    make_launch(3, net="2026-07-19T11:59:59Z"),
    make_launch(4, net="2026-07-19T12:00:00Z"),
    make_launch(5, net="2026-12-31T00:00:00Z"),
]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("upcoming/", [2, 3, 4, 5]),
        ("upcoming/?hide_recent_previous=true", [4, 5]),
        ("upcoming/?ordering=-net", [5, 4, 3, 2]),
        ("previous/", [4, 3, 2, 1]),
        ("previous/?ordering=net", [1, 2, 3, 4]),
    ],
)
def test_a_list_holds_its_part_of_time(http: requests.Session, path: str, expected: list[int]) -> None:
    with FakeLaunchLibrary(launches=SCOPED, clock=lambda: NOW) as fake:
        assert numbers(get(http, fake, path)) == expected


@pytest.mark.parametrize(
    ("path", "status", "answer"),
    [
        (f"{launch_id(5)}/", 200, launch_id(5)),
        (f"upcoming/{launch_id(5)}/", 200, launch_id(5)),
        (f"previous/{launch_id(1)}/", 200, launch_id(1)),
        (f"{launch_id(9)}/", 404, {"detail": "No Launch matches the given query."}),
        (f"previous/{launch_id(5)}/", 404, {"detail": "No Launch matches the given query."}),
        (f"upcoming/{launch_id(1)}/", 404, {"detail": "No Launch matches the given query."}),
        ("7/", 404, {"detail": "Not found."}),
        ("none/", 404, {"detail": "Not found."}),
        (f"soon/{launch_id(5)}/", 404, {"detail": "Not found."}),
        (launch_id(5), 404, {"detail": "Not found."}),
    ],
)
def test_an_address_answers_or_says_why_not(http: requests.Session, path: str, status: int, answer: Any) -> None:
    with FakeLaunchLibrary([make_record(7)], launches=SCOPED, clock=lambda: NOW) as fake:
        response = http.get(f"{fake.url}launches/{path}")
        found = response.json()
        assert (response.status_code, found.get("id", found)) == (status, answer)


FILTERED = [
    make_launch(
        1,
        name="Falcon 9 Block 5 | Starlink 1",
        status=launch_status(1),
        net="2026-08-02T07:12:53Z",
        last_updated="2026-07-19T04:57:31Z",
        launch_service_provider=provider_object(121),
        program=[program(17)],
        pad=pad_object(80),
        launch_designator=None,
        slug="starlink-1",
    ),
    make_launch(
        2,
        name="Soyuz 2.1a/Fregat-M | Meridian-M",
        status=launch_status(2),
        net="2026-09-30T00:00:00Z",
        last_updated="2026-07-11T01:04:27Z",
        launch_service_provider=provider_object(63),
        program=[program(5), program(17)],
        pad=pad_object(32),
        launch_designator="2026-123",
    ),
    make_launch(3, status=None, program=None, pad=None, launch_service_provider=None, mission=None, rocket=None,
                name="Vulcan | Secret", net="2027-01-01T00:00:00Z", last_updated="2024-07-11T00:00:00Z",
                vid_urls=[], launch_designator=None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"id={launch_id(1)},{launch_id(3)}", [1, 3]),
        (f"id={launch_id(9)}", []),
        ("status=2", [2]),
        ("status__ids=1,3", [1]),
        ("lsp__id=121", [1]),
        ("lsp__id=63,121", [1, 2]),
        ("lsp__ids=63", [1, 2, 3]),
        ("location__ids=12", [1]),
        ("location__ids=15,12", [1, 2]),
        ("program=5", [2]),
        ("program=5&program=17", [1, 2]),
        ("slug=starlink-1", [1]),
        ("video_url=https://www.youtube.com/watch?v%3Dofficial1", [1]),
        ("net__gte=2026-09-30T00:00:00Z", [2, 3]),
        ("net__gt=2026-09-30T00:00:00Z", [3]),
        ("net__lte=2026-08-02T07:12:53Z", [1]),
        ("net__lt=2026-08-02T07:12:53Z", []),
        ("last_updated__gte=2026-07-11T01:04:27Z", [1, 2]),
        ("last_updated__lte=2026-07-11T01:04:27Z", [2, 3]),
        ("day=30&month=8,9&year=2026", [2]),
        ("search=starlink", [1]),
        ("search=cape canaveral spacex", [1]),
        ("search=baikonur", [2]),
        ("search=2026-123", [2]),
        ("search=fregat,meridian", [2]),
        ("search=%22block 5%22", [1]),
        ("search=details", []),
        ("unheard_of=1", [1, 2, 3]),
    ],
)
def test_a_filter_finds_its_launches(http: requests.Session, query: str, expected: list[int]) -> None:
    with FakeLaunchLibrary(launches=FILTERED) as fake:
        page = get(http, fake, f"?{query}")
        assert (page["count"], numbers(page)) == (len(expected), expected)


def test_each_bad_parameter_is_named(http: requests.Session) -> None:
    with FakeLaunchLibrary(launches=FILTERED) as fake:
        answer = http.get(f"{fake.url}launches/?id=7&net__gte=soon&status__ids=go")
        assert (answer.status_code, answer.json()) == (
            400,
            {
                "id": ["Enter a valid UUID."],
                "status__ids": ["Enter a number."],
                "net__gte": ["Enter a valid date/time."],
            },
        )


ORDERED = [
    make_launch(3, name="B", net="2026-12-31T00:00:00Z", last_updated="2026-01-01T00:00:00Z"),
    make_launch(1, name="C", net="2026-12-31T00:00:00Z", last_updated="2026-01-03T00:00:00Z"),
    make_launch(2, name="A", net="2026-03-01T00:00:00Z", last_updated="2026-01-02T00:00:00Z"),
]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", [2, 1, 3]),
        ("?ordering=-net", [1, 3, 2]),
        ("?ordering=id", [1, 2, 3]),
        ("?ordering=-id", [3, 2, 1]),
        ("?ordering=name", [2, 3, 1]),
        ("?ordering=last_updated", [3, 2, 1]),
        ("?ordering=date", [2, 1, 3]),
    ],
)
def test_launches_come_in_any_of_four_orders(http: requests.Session, ordering: str, expected: list[int]) -> None:
    with FakeLaunchLibrary(launches=ORDERED) as fake:
        assert numbers(get(http, fake, ordering)) == expected


def test_a_sweep_by_id_meets_every_launch_once(http: requests.Session) -> None:
    same = [make_launch(number, net="2026-12-31T00:00:00Z", net_precision=precision(14)) for number in range(1, 251)]
    with FakeLaunchLibrary(launches=same[::-1], clock=lambda: NOW) as fake:
        found: list[int] = []
        address = f"{fake.url}launches/upcoming/?limit=150&mode=list&ordering=id"
        while address:
            page = http.get(address).json()
            found += numbers(page)
            address = page["next"]
        assert found == list(range(1, 251))
        assert len(fake.requests) == 3


def test_events_and_launches_share_one_allowance(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1)], 2, lambda: NOW, launches=[make_launch(1)]) as fake:
        paths = ("events/", "launches/upcoming/", "launches/", "events/")
        assert [http.get(fake.url + path).status_code for path in paths] == [200, 200, 429, 429]
        report = http.get(f"{fake.url}api-throttle/").json()
        assert (report["your_request_limit"], report["current_use"]) == (2, 2)


def test_launches_can_change_under_way_and_events_stay(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1)], launches=[make_launch(1), make_launch(2)]) as fake:
        with fake.restored():
            fake.put_launch(make_launch(1, name="Renamed"))
            fake.put_launch(make_launch(3))
            fake.remove_launch(launch_id(2))
            assert [launch["name"] for launch in get(http, fake)["results"]] == [
                "Renamed",
                "Falcon 9 Block 5 | Meridian 3",
            ]
            assert http.get(f"{fake.url}launches/{launch_id(2)}/").status_code == 404
            with pytest.raises(KeyError):
                fake.remove_launch(launch_id(2))
            assert http.get(f"{fake.url}events/").json()["count"] == 1
        assert numbers(get(http, fake)) == [1, 2]


def test_an_unlisted_launch_answers_by_its_id_and_stands_in_no_list(http: requests.Session) -> None:
    with FakeLaunchLibrary(launches=[make_launch(1)]) as fake:
        fake.unlisted.append(make_launch(2))
        assert numbers(get(http, fake)) == [1]
        assert get(http, fake, f"{launch_id(2)}/")["id"] == launch_id(2)


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault in OF_LISTS])
def test_a_fault_of_pages_passes_by_a_single_launch_and_by_events(http: requests.Session, fault: Fault) -> None:
    launches = [make_launch(number) for number in range(1, 31)]
    with FakeLaunchLibrary([make_record(1)], launches=launches) as fake:
        fake.fail(fault, on="/launches/")
        assert http.get(f"{fake.url}events/").json()["count"] == 1
        assert get(http, fake, f"{launch_id(5)}/")["id"] == launch_id(5)
        spoilt, whole = (get(http, fake, "?limit=10&offset=10") for _ in range(2))
        assert (spoilt != whole, fake.pending) == (True, [])


@pytest.mark.parametrize(
    ("rot", "field", "value"),
    [
        ("id text", "id", f"event-{launch_id(1)}"),
        ("name number", "name", 42),
        ("net rubbish", "net", "next Tuesday"),
        ("net precision text", "net_precision", "Day"),
        ("status text", "status", "Go"),
        ("window reversed", "window_end", "2026-01-02T12:00:00Z"),
    ],
)
def test_a_launch_can_be_rotten(http: requests.Session, rot: str, field: str, value: object) -> None:
    with FakeLaunchLibrary(launches=[make_launch(1)]) as fake:
        fake.fail(Fault.ROTTEN_RECORD, on="/launches/", record=rot)
        (spoilt,) = get(http, fake)["results"]
        assert spoilt[field] == value


def test_an_invented_launch_has_every_status_pad_and_rocket() -> None:
    launches = [make_launch(number) for number in range(1, 37)]
    assert {launch["status"]["id"] for launch in launches} == set(range(1, 10))
    assert {launch["pad"]["location"]["timezone_name"] for launch in launches} > {"", "Asia/Qyzylorda"}
    assert len({launch["rocket"]["configuration"]["full_name"] for launch in launches}) == 3
    assert len({launch["id"] for launch in launches}) == 36
    coarse = [launch for launch in launches if launch["net_precision"]["id"] > 2]
    assert {launch["status"]["abbrev"] for launch in coarse} == {"TBD"}


def test_overrides_are_taken_as_they_are_and_keep_their_place() -> None:
    launch = make_launch(4, net="2026-07-19T12:00:00Z", pad=None)
    assert list(launch) == list(make_launch(4))
    assert launch["window_start"] == launch["net"]
    assert launch["window_end"] == "2026-07-19T14:00:00Z"
    assert make_launch(3)["window_end"] == make_launch(3)["net"]
    instant = datetime.fromisoformat(make_launch(4)["window_end"]) - datetime.fromisoformat(make_launch(4)["net"])
    assert instant == timedelta(hours=2)
