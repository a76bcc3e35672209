"""An event in each mode: Launch Library's keys, its order, its schema."""

import json
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker

from tests.clock import ManualClock
from tests.fake_ll2 import Record, make_record, make_records
from tests.fake_ll2.conformity import deviations
from tests.fake_ll2.data import real_records_2_1, schema, seed_page, seed_records
from tests.fake_ll2.modes import EVENT_MODES
from tests.fake_ll2.raising import raise_2_1
from tests.site import Site
from webapp.api.modes import in_mode
from webapp.api.record_shapes import SHAPES
from webapp.domain.entry import EntryKind
from webapp.domain.modes import Mode

PAGE = "PaginatedPolymorphicEventsEndpointList"


def faults(value: Any, name: str) -> list[str]:
    """What the service's schema finds wrong with a value, by our own reading of it and by a whole validator's."""
    document = schema()
    if name == PAGE:
        found = deviations({**value, "results": []}, PAGE, document)
        for event in value["results"]:
            found += faults(event, f"EventEndpoint{event['response_mode'].title()}")
        return found
    root = {"$ref": f"#/components/schemas/{name}", "components": plain(document["components"])}
    validator = Draft4Validator(root, format_checker=FormatChecker())
    return deviations(value, name, document) + [error.message[:200] for error in validator.iter_errors(value)]


def plain(part: Any) -> Any:
    """OpenAPI 3.0's `nullable` in plain JSON Schema."""
    if isinstance(part, list):
        return [plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    always = {key: plain(value) for key, value in part.items() if key != "nullable"}
    return {"anyOf": [always, {"type": "null"}]} if part.get("nullable") is True else always


def pages(site: Site, query: str) -> list[Record]:
    found, url = [], f"/2.3.0/events/?{query}"
    while url:
        found.append(json.loads(site.get(url)[1]))
        url = found[-1]["next"]
    return found


def test_the_seed_in_normal_mode_is_what_the_service_answered_key_by_key(seeded: Site) -> None:
    status, text = seeded.get("/2.3.0/events/?limit=10&ordering=-date")
    ours, theirs = json.loads(text), seed_page()
    assert status == 200
    assert list(ours) == list(theirs)
    assert {key: ours[key] for key in ("count", "next", "previous")} == {"count": 10, "next": None, "previous": None}
    expected = [one | {"url": f"http://localhost/2.3.0/events/{one['id']}/"} for one in theirs["results"]]
    assert json.dumps(ours["results"]) == json.dumps(expected), "in key order too, at every depth"


@pytest.mark.parametrize("mode", Mode)
def test_the_seed_conforms_in_every_mode(seeded: Site, mode: Mode) -> None:
    (page,) = pages(seeded, f"mode={mode.value}")
    assert faults(page, PAGE) == []
    assert [list(event) for event in page["results"]] == [list(EVENT_MODES[mode.value])] * 10
    assert {event["response_mode"] for event in page["results"]} == {mode.value}


@pytest.mark.parametrize("mode", Mode)
def test_the_real_events_of_january_2021_conform_in_every_mode(site: Any, mode: Mode) -> None:
    records = [raise_2_1(record) for record in real_records_2_1()]
    found = pages(site(*records), f"mode={mode.value}&limit=100")
    assert [len(page["results"]) for page in found] == [100, 93]
    assert [fault for page in found for fault in faults(page, PAGE)] == []


@pytest.mark.slow
@pytest.mark.parametrize("mode", Mode)
def test_invented_events_of_every_kind_conform_too(site: Any, clock: ManualClock, mode: Mode) -> None:
    found = pages(site(*make_records(250, now=clock.now)), f"mode={mode.value}&limit=100")
    assert [fault for page in found for fault in faults(page, PAGE)] == []


@pytest.mark.parametrize("list_name", ["events", "events/upcoming", "events/previous"])
def test_one_event_is_always_detailed(seeded: Site, list_name: str) -> None:
    number = 1215 if list_name == "events/previous" else 1211
    event = json.loads(seeded.get(f"/2.3.0/{list_name}/{number}/?mode=list")[1])
    assert faults(event, "EventEndpointDetailed") == []
    (seed,) = [record for record in seed_records() if record["id"] == number]
    assert json.dumps(event) == json.dumps(
        {key: seed[key] for key in EVENT_MODES["detailed"]} | {"url": f"http://localhost/2.3.0/events/{number}/"}
    )


def test_what_arrived_in_detail_is_served_in_detail_and_cut_where_less_is_asked(site: Any) -> None:
    record = make_record(7)
    one = site(record)
    detailed = one.client.get("/2.3.0/events/7/").json
    assert detailed == record | {"url": "http://localhost/2.3.0/events/7/"}
    (normal,) = one.client.get("/2.3.0/events/").json["results"]
    assert normal == {key: detailed[key] for key in EVENT_MODES["normal"]} | {"response_mode": "normal"}


def test_keys_are_exactly_the_services_whatever_was_received() -> None:
    bare = in_mode({"id": 7, "name": "Docking", "brand_new": 1}, Mode.DETAILED, "https://x.example/")
    assert list(bare) == [key for key in SHAPES[EntryKind.EVENT].keys[Mode.DETAILED] if key != "last_updated"]
    assert faults({**bare, "slug": "docking", "image": None}, "EventEndpointDetailed") == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("agencies", "NASA"),
        ("astronauts", {}),
        ("date", "next Tuesday"),
        ("date", 1_773_472_373),
        ("date_precision", 5),
        ("description", ["x"]),
        ("duration", 3600),
        ("image", "https://example.org/i.png"),
        ("last_updated", "soon"),
        ("location", {"name": "ISS"}),
        ("program", 25),
        ("slug", []),
        ("type", "Docking"),
        ("updates", {"comment": "GO"}),
        ("vid_urls", "https://example.org/"),
        ("webcast_live", "yes"),
    ],
)
def test_a_field_that_cannot_be_read_counts_as_missing(key: str, value: object) -> None:
    record = make_record(7)
    without = {name: one for name, one in record.items() if name != key}
    served, expected = (in_mode(one, Mode.DETAILED, record["url"]) for one in (record | {key: value}, without))
    assert served == expected


@pytest.mark.parametrize("date", ["2016-12-31t23:59:60z", "2026-03-14 07:12:53.1234567Z", "2026-03-14", "", None])
def test_a_date_that_can_be_read_is_served_as_it_came(date: str | None) -> None:
    assert in_mode(make_record(7, date=date), Mode.LIST, "https://x.example/")["date"] == date


def test_the_throttle_is_one_object_as_the_service_answers(site: Any) -> None:
    answer = site().client.get("/2.3.0/api-throttle/").json
    assert faults(answer, "APIThrottle") == []
    assert answer["current_use"] < answer["your_request_limit"]


@pytest.mark.parametrize(("name", "slug"), [("Über-Test 1", "uber-test-1"), ("着陸", "event-7")])
def test_a_slug_that_the_source_left_empty_is_made(name: str, slug: str) -> None:
    assert in_mode(make_record(7, name=name, slug=""), Mode.LIST, "https://events.example.org/7/")["slug"] == slug
