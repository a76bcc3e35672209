import json
from typing import Any

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, make_record
from tests.fake_ll2.conformity import deviations
from tests.fake_ll2.data import schema, seed_page, seed_records

LIST_KEYS = (
    "id url name info_urls vid_urls image date slug type description webcast_live location date_precision "
    "response_mode duration"
)
NORMAL_KEYS = f"{LIST_KEYS} updates last_updated"
DETAILED_KEYS = f"{NORMAL_KEYS} agencies launches expeditions spacestations program astronauts"


def first(http: requests.Session, fake: FakeLaunchLibrary, path: str) -> Any:
    page = http.get(fake.url + path).json()
    return page["results"][0] if "results" in page else page


@pytest.mark.parametrize(
    ("path", "mode", "keys"),
    [
        ("events/?mode=list", "list", LIST_KEYS),
        ("events/", "normal", NORMAL_KEYS),
        ("events/?mode=normal", "normal", NORMAL_KEYS),
        ("events/?mode=tiny", "normal", NORMAL_KEYS),
        ("events/?mode=detailed", "detailed", DETAILED_KEYS),
        ("events/7/", "detailed", DETAILED_KEYS),
        ("events/7/?mode=list", "detailed", DETAILED_KEYS),
    ],
)
def test_a_mode_has_its_keys_in_order(http: requests.Session, path: str, mode: str, keys: str) -> None:
    record = make_record(7)
    with FakeLaunchLibrary([record]) as fake:
        event = first(http, fake, path)
        assert " ".join(event) == keys
        assert event == {key: record[key] for key in keys.split()} | {
            "response_mode": mode,
            "url": f"{fake.url}events/7/",
        }


def test_a_missing_key_stays_missing_and_an_unknown_one_comes_last(http: requests.Session) -> None:
    record = make_record(7, novelty={"a": 1})
    del record["location"], record["last_updated"]
    with FakeLaunchLibrary([record]) as fake:
        expected = NORMAL_KEYS.replace(" location", "").replace(" last_updated", " novelty")
        assert " ".join(first(http, fake, "events/")) == expected


def test_the_seed_page_comes_back_as_the_service_gave_it(http: requests.Session) -> None:
    with FakeLaunchLibrary(seed_records()) as fake:
        page = http.get(f"{fake.url}events/?format=api&ordering=-date").json()
        given = json.dumps(seed_page()["results"]).replace("https://lldev.thespacedevs.com/2.3.0/", fake.url)
        assert json.dumps(page["results"]) == given


@pytest.mark.parametrize(
    ("mode", "name"),
    [("list", "EventEndpointList"), ("normal", "EventEndpointNormal"), ("detailed", "EventEndpointDetailed")],
)
def test_the_schema_of_the_service_accepts_each_mode(http: requests.Session, mode: str, name: str) -> None:
    document = schema()
    with FakeLaunchLibrary([make_record(id_) for id_ in range(1, 101)]) as fake:
        events = http.get(f"{fake.url}events/?limit=100&mode={mode}").json()["results"]
        assert len(events) == 100
        assert [deviation for event in events for deviation in deviations(event, name, document)] == []
        assert list(document["components"]["schemas"][name]["properties"]) == list(events[0])
