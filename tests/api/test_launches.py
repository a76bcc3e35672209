"""Launches in Launch Library's dialect: its keys, its lists, its filters and its errors."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft4Validator

from tests.api.test_modes import plain
from tests.clock import NOW
from tests.fake_ll2 import Record, make_launch, make_record
from tests.fake_ll2.conformity import deviations
from tests.fake_ll2.data import launches_schema
from tests.fake_ll2.launches import launch_id, launch_status, real_launches
from tests.fake_ll2.modes import LAUNCH_MODES
from tests.site import Site
from webapp.domain.modes import Mode
from webapp.domain.parameters import PARAMETERS, Part, Surface

MakeSite = Callable[..., Site]
LIST = "/2.3.0/launches/"
LISTS = (LIST, f"{LIST}upcoming/", f"{LIST}previous/")
PAGE = "PaginatedPolymorphicLaunchEndpointList"
NO_LAUNCH = {"detail": "No Launch matches the given query."}


def stamp(hours: float) -> str:
    return (NOW + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


@pytest.fixture(scope="module")
def around(shared: MakeSite) -> Site:
    """Launches 1 to 6: two days and twelve hours ago, an hour ago, now, in one hour and two days; and two events."""
    launches = [make_launch(number) | {"net": stamp(hours)} for number, hours in enumerate((-48, -12, -1, 0, 1, 48), 1)]
    return shared(*launches, make_record(1), make_record(2))


@pytest.fixture(scope="module")
def dozen(shared: MakeSite) -> Site:
    return shared(*map(make_launch, range(1, 13)))


def page(site: Site, address: str) -> Any:
    answer = site.client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json


def pages(site: Site, address: str) -> Iterator[Record]:
    following: str | None = address
    while following:
        found = page(site, following)
        yield found
        following = found["next"]


def numbers(site: Site, address: str) -> list[int]:
    return [int(launch["id"][-12:]) for launch in page(site, address)["results"]]


def real(mode: str) -> dict[str, Record]:
    """Give the real launches of a mode by id, as the service gave them or as converted from an older form."""
    return {record["id"]: record for record in real_launches() if record["response_mode"] == mode}


def own(record: Record) -> Record:
    """Give a record as it is under our address."""
    return record | {"url": f"http://localhost{LIST}{record['id']}/"}


@pytest.mark.parametrize("mode", ["list", "normal", "detailed"])
def test_every_real_launch_comes_back_equal_in_every_key_but_its_address(site: MakeSite, mode: str) -> None:
    records = real(mode)
    served = [
        one for found in pages(site(*records.values()), f"{LIST}?limit=100&mode={mode}") for one in found["results"]
    ]
    assert len(served) == len(records) >= 100
    for launch in served:
        assert launch == own(records[launch["id"]])
        assert list(launch) == list(records[launch["id"]]), "in key order too"


def test_a_launch_in_detail_is_cut_to_what_the_service_gives_in_normal_and_list_mode(site: MakeSite) -> None:
    full = site(*real("detailed").values())
    for mode in ("normal", "list"):
        expected = real(mode)
        served = {one["id"]: one for one in page(full, f"{LIST}?limit=100&mode={mode}")["results"]}
        both = served.keys() & expected.keys()
        assert len(both) >= 99
        for source_id in both:
            assert list(served[source_id]) == list(LAUNCH_MODES[mode])
            # What was converted from an older form lacks parts of its parts.
            assert shape(served[source_id]) == shape(own(expected[source_id])), source_id


def shape(launch: Record) -> Record:
    """Give a launch with what is short in these modes by its keys alone."""
    rocket, provider = launch.get("rocket") or {}, launch.get("launch_service_provider") or {}
    short = {
        "rocket": (list(rocket), list(rocket.get("configuration") or {})),
        "launch_service_provider": {key: value for key, value in provider.items() if key != "type"},
    }
    return launch | {key: value for key, value in short.items() if key in launch}


@pytest.mark.parametrize("mode", ["list", "normal"])
def test_real_launches_conform_to_the_services_schema(site: MakeSite, mode: str) -> None:
    records = real(mode).values()
    document = launches_schema()
    for found in pages(site(*records), f"{LIST}?limit=100&mode={mode}"):
        assert deviations({**found, "results": []}, PAGE, document) == []
        for launch in found["results"]:
            assert faults(launch, {"list": "LaunchBasic"}.get(mode, f"Launch{mode.title()}"), document) == []


def faults(value: Record, name: str, document: Record) -> list[str]:
    root = {"$ref": f"#/components/schemas/{name}", "components": plain(document["components"])}
    validator = Draft4Validator(root)  # Formats are not looked at: a real pad has an empty address.
    return deviations(value, name, document) + [error.message[:200] for error in validator.iter_errors(value)]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("received", ["list", "normal", "detailed"])
def test_a_launch_says_honestly_in_which_mode_it_is(site: MakeSite, mode: Mode, received: str) -> None:
    record = next(iter(real(received).values()))
    one = site(record)
    expected = min(mode.value, received, key=list(LAUNCH_MODES).index)
    (launch,) = page(one, f"{LIST}?mode={mode.value}")["results"]
    assert (launch["response_mode"], list(launch)) == (expected, list(LAUNCH_MODES[expected]))
    alone = page(one, f"{LIST}{record['id']}/?mode=list")
    assert (alone["response_mode"], list(alone)) == (received, list(LAUNCH_MODES[received]))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (LIST, [1, 2, 3, 4, 5, 6]),
        (f"{LIST}upcoming/", [2, 3, 4, 5, 6]),
        (f"{LIST}upcoming/?hide_recent_previous=true", [4, 5, 6]),
        (f"{LIST}previous/", [4, 3, 2, 1]),
        (f"{LIST}previous/?ordering=net", [1, 2, 3, 4]),
        (f"{LIST}?ordering=-net&limit=2&offset=1", [5, 4]),
        (f"{LIST}?ordering=-id&limit=3", [6, 5, 4]),
        (f"{LIST}?ordering=last_updated&limit=1", [1]),
        (f"{LIST}?kind=event", [1, 2, 3, 4, 5, 6]),
        (f"{LIST}?id={launch_id(3)},{launch_id(1).upper()}", [1, 3]),
        (f"{LIST}?id={launch_id(99)}", []),
        (f"{LIST}?net__gte={stamp(0)}&net__lt={stamp(48)}", [4, 5]),
        (f"{LIST}?limit=150&ordering=nonsense", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_what_each_list_holds_and_in_what_order(around: Site, address: str, expected: list[int]) -> None:
    assert numbers(around, address) == expected


def test_names_order_launches_and_not_events(around: Site) -> None:
    names = [one["name"] for one in page(around, f"{LIST}?ordering=name")["results"]]
    assert names == sorted(names)
    assert [one["name"] for one in page(around, f"{LIST}?ordering=-name")["results"]] == names[::-1]
    unordered, asked = (page(around, f"/2.3.0/events/{query}")["results"] for query in ("", "?ordering=-name"))
    assert asked == unordered


@pytest.mark.parametrize("path", LISTS)
def test_one_launch_is_had_by_its_uuid_where_the_list_holds_it(around: Site, path: str) -> None:
    held = numbers(around, path)
    for number in range(1, 7):
        status, text = around.get(f"{path}{launch_id(number)}/")
        assert (status == 200) == (number in held)
        assert status == 200 or json.loads(text) == NO_LAUNCH


@pytest.mark.parametrize("source_id", [launch_id(99), "1", "2147483648", "2147483649", "x", f"{launch_id(1)}0"])
def test_what_is_no_launch_is_not_found(around: Site, source_id: str) -> None:
    answer = around.client.get(f"{LIST}{source_id}/")
    assert (answer.status_code, answer.json) == (404, NO_LAUNCH)


@pytest.mark.parametrize("source_id", ["2147483648", "2147483649", launch_id(1)])
def test_a_launch_is_no_event_under_any_number(around: Site, source_id: str) -> None:
    answer = around.client.get(f"/2.3.0/events/{source_id}/")
    assert (answer.status_code, answer.json) == (404, {"detail": "No Event matches the given query."})
    assert around.client.get(f"/2.3.0/events/?id={source_id}").json == {"id": ["Enter a number."]}


def test_bad_values_are_refused_all_at_once(around: Site) -> None:
    answer = around.client.get(f"{LIST}?id=7&status__ids=x&window_start__gt=soon&is_crewed=perhaps&limit=x")
    assert answer.status_code == 400
    assert answer.json == {
        "id": ["Enter a valid UUID."],
        "status__ids": ["Enter a number."],
        "is_crewed": ["Enter a valid value."],
        "window_start__gt": ["Enter a valid date/time."],
    }


@pytest.mark.parametrize("path", LISTS)
def test_every_documented_parameter_is_understood(around: Site, path: str) -> None:
    documented = launches_schema()["paths"][path]["get"]["parameters"]
    examples = {one.name: one.example_on(Surface.LAUNCHES_API) for one in PARAMETERS}
    for name in [one["name"] for one in documented]:
        value = examples.get(name) or "2026-01-01T00:00:00Z"
        answer = around.client.get(path, query_string={name: value})
        assert (answer.status_code, answer.headers.get("Perigee-Ignored-Parameters")) == (200, None), name


def test_what_only_lists_of_launches_understand_is_ignored_and_named_elsewhere(around: Site) -> None:
    of_launches = [one.name for one in PARAMETERS if one.surfaces == {Surface.LAUNCHES_API}]
    for name in of_launches:
        answer = around.client.get("/2.3.0/events/", query_string={name: "x"})
        assert (answer.status_code, answer.headers["Perigee-Ignored-Parameters"]) == (200, name)


def test_a_filter_on_what_events_lack_leaves_no_event(around: Site) -> None:
    common = [one for one in PARAMETERS if one.part is Part.FILTER and Surface.EVENTS_API in one.surfaces]
    assert {"status__ids", "lsp__id", "is_crewed"} <= {one.name for one in common}
    assert page(around, "/2.3.0/events/?status__ids=1,2,3,4,5,6,7,8,9")["count"] == 0
    assert page(around, "/2.3.0/events/?include_suborbital=false")["count"] == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=soyuz", [2, 5, 8, 11]),
        ("search=baikonur", [2, 6, 10]),
        ("search=roscosmos", [1, 3, 5, 7, 9, 11]),
        ("search=meridian+11", [11]),
        ("search=details", []),
        ("q=details+cape", [4, 8, 12]),
        ("status=3", [2, 11]),
        ("status__ids=3,4", [2, 3, 11, 12]),
        ("lsp__id=121&pad=80", [4, 8, 12]),
        ("location__ids=15&launcher_config__id=36", [2]),
        ("related_lsp__id=44&pad=80", []),
        ("related_lsp__id=44&pad=16", [1, 5, 9]),
        ("include_suborbital=false", [1, 3, 4, 6, 7, 9, 10, 12]),
        ("mission__orbit__name=Low%20Earth%20Orbit", [3, 6, 9, 12]),
        ("mission__orbit__name__icontains=SUN", [1, 4, 7, 10]),
        ("is_crewed=true", []),
        ("is_crewed=false&limit=2", [1, 2]),
        ("pad_launch_attempt_count__gt=10", [11, 12]),
        ("launch_designator=2026-002,2026-011", [2, 11]),
        ("not_program__ids=17", [2, 4, 6, 8, 10, 12]),
    ],
)
def test_filters_mean_what_they_say(dozen: Site, query: str, expected: list[int]) -> None:
    assert numbers(dozen, f"{LIST}?{query}{'' if 'limit' in query else '&limit=100'}") == expected


def test_a_field_that_cannot_be_read_counts_as_missing(site: MakeSite) -> None:
    bad: Record = {
        "slug": [],
        "status": "Go",
        "window_start": "soon",
        "probability": "70",
        "timeline": {},
        "mission": 5,
    }
    (launch,) = page(site(make_launch(3) | bad), f"{LIST}?mode=detailed")["results"]
    assert {key: launch.get(key, "left out") for key in bad} == {
        "slug": "falcon-9-block-5-meridian-3",
        "status": None,
        "window_start": "left out",
        "probability": None,
        "timeline": [],
        "mission": None,
    }


def test_the_terms_that_were_seen_are_listed(dozen: Site) -> None:
    statuses = page(dozen, "/2.3.0/config/launch_statuses/")
    assert statuses["results"] == [launch_status(number) for number in range(1, 10)]
    assert (statuses["count"], statuses["next"], statuses["previous"]) == (9, None, None)
    assert page(dozen, "/2.3.0/config/mission_types/")["results"] == [{"id": 1, "name": "Communications"}]
    orbits = page(dozen, "/2.3.0/config/orbits/?ordering=-name&search=orbit&limit=1")
    sun = make_launch(1)["mission"]["orbit"]
    assert (orbits["count"], orbits["results"]) == (3, [sun])
    following = [one["name"] for found in pages(dozen, orbits["next"]) for one in found["results"]]
    assert following == ["Suborbital", "Low Earth Orbit"]
    steps = page(dozen, "/2.3.0/config/timeline_event_types/?ordering=name")["results"]
    assert steps == [
        {"id": number, "abbrev": abbrev, "description": f"{abbrev}."}
        for number, abbrev in ((1, "GO for Prop Load"), (10, "Liftoff"), (15, "MECO"))
    ]


def test_the_terms_conform_to_the_services_schema(dozen: Site) -> None:
    document = launches_schema()
    for name, listed in (
        ("launch_statuses", "LaunchStatus"),
        ("mission_types", "MissionType"),
        ("orbits", "Orbit"),
        ("timeline_event_types", "TimelineEventType"),
    ):
        assert deviations(page(dozen, f"/2.3.0/config/{name}/"), f"Paginated{listed}List", document) == []


def test_terms_take_no_filter_and_have_a_page(dozen: Site) -> None:
    answer = dozen.client.get("/2.3.0/config/orbits/?status=1&mode=list")
    assert (answer.status_code, answer.headers["Perigee-Ignored-Parameters"]) == (200, "status, mode")
    status, html = dozen.get("/2.3.0/config/orbits/?format=api")
    assert status == 200
    assert "Low Earth Orbit" in html
    assert "Mode</span>" not in html


def test_people_get_a_page_of_launches(dozen: Site) -> None:
    for path in (*LISTS, f"{LIST}{launch_id(7)}/"):
        status, html = dozen.get(path, Accept="text/html")
        assert (status, "Launch" in html) == (200, True)
