from collections.abc import Callable
from typing import Any

import pytest

from tests.fake_ll2 import make_launch, make_record
from tests.fake_ll2.catalogue import precision, program
from tests.fake_ll2.launches import launch_id, launch_status
from tests.site import Site
from webapp.domain.entry import EntryKind
from webapp.domain.query import Filter, Query
from webapp.instance.presets import STARLINK_ID, list_presets
from webapp.store import Choice, Facets

MakeSite = Callable[..., Site]
STARLINK = Choice(STARLINK_ID, "Starlink", 9)
EVENTS = Facets(types=(), agencies=(Choice(44, "NASA", 3),), programs=(Choice(17, "ISS", 2),))
BOTH = Facets(
    types=(),
    agencies=(Choice(121, "SpaceX", 9),),
    programs=(STARLINK,),
    statuses=(Choice(1, "Go", 9),),
    providers=(Choice(121, "SpaceX", 9),),
    sites=(Choice(12, "Cape Canaveral", 9),),
)


def presets(facets: Facets) -> dict[str, Filter]:
    return {preset.title: preset.filter for preset in list_presets(facets)}


def test_where_only_events_are_known_no_preset_is_of_launches() -> None:
    assert list(presets(EVENTS)) == [
        "All space events", "Spacewalks", "Dockings", "Landings", "Flybys", "Briefings", "Tests", "With webcast",
        "Program: ISS", "Agency: NASA",
    ]  # fmt: skip


def test_launches_have_presets_of_their_own() -> None:
    found = presets(BOTH)
    assert list(found)[:6] == [
        "All launches and space events", "Space events without launches", "Launches", "Without Starlink",
        "Crewed launches", "Launches to the Moon and beyond",
    ]  # fmt: skip
    assert found["Space events without launches"] == Filter(kinds=(EntryKind.EVENT,))
    assert found["Launches"] == Filter(kinds=(EntryKind.LAUNCH,))
    assert found["Without Starlink"] == Filter(not_program_ids=(25,))
    assert found["Launches by SpaceX"] == Filter(provider_ids=(121,))
    assert found["Launches from Cape Canaveral"] == Filter(site_ids=(12,))


def test_no_two_presets_ask_for_the_same() -> None:
    queries = [Query(one).to_query_string() for one in presets(BOTH).values()]
    assert len(queries) == len(set(queries))


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("Launches", {1, 2, 3}),
        ("Without Starlink", {2, 3}),
        ("Crewed launches", {2}),
        ("Launches to the Moon and beyond", {3}),
    ],
)
def test_a_preset_of_the_list_leads_to_its_launches(site: MakeSite, title: str, numbers: set[int]) -> None:
    one = site(
        make_record(7, date="2026-04-01T12:00:00Z"),
        launch(1, program=[program(17) | {"id": STARLINK_ID, "name": "Starlink"}]),
        launch(2, mission=make_launch(2)["mission"] | {"type": "Human Exploration"}),
        launch(3, mission=make_launch(3)["mission"] | {"orbit": lunar_orbit()}),
    )
    outlines = one.get("/feeds.opml")[1].split("<outline ")
    (address,) = [part.split('xmlUrl="http://localhost')[1].split('"')[0] for part in outlines if f'"{title}"' in part]
    text = one.get(address.replace("&amp;", "&"))[1]
    assert {number for number in (1, 2, 3) if launch_id(number) in text} == numbers
    assert ("ll2-event-7<" in text) is (title == "Without Starlink")


def launch(number: int, **overrides: Any) -> Any:
    given = {"net": "2026-04-01T12:00:00Z", "net_precision": precision(1), "status": launch_status(1), "program": []}
    return make_launch(number, **given | overrides)


def lunar_orbit() -> dict[str, Any]:
    orbit: dict[str, Any] = make_launch(3)["mission"]["orbit"]
    return orbit | {"id": 11, "name": "Lunar Orbit", "abbrev": "LO"}
