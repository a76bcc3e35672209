"""The page of a launch, and what leads there."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fake_ll2 import make_launch, make_record
from tests.fake_ll2.launches import launch_id, launch_status
from tests.fake_ll2.records import precision
from tests.html import read
from tests.site import Site

MakeSite = Callable[..., Site]
PATH = f"/launches/{launch_id(1)}/carrier-meridian-1"


def launch(number: int = 1, **record: Any) -> dict[str, Any]:
    values = {"net": "2026-03-02T20:12:00Z", "net_precision": precision(1), "status": launch_status(1)}
    return make_launch(number, **{**values, **record})


def reference(record: dict[str, Any]) -> dict[str, Any]:
    return {"id": record["id"], "name": record["name"], "status": record["status"], "net": record["net"]}


def test_a_launch_has_one_address_and_the_others_lead_there(site: MakeSite) -> None:
    one = site(launch())
    for address in (f"/launches/{launch_id(1)}", f"/launches/{launch_id(1)}/another-slug"):
        answer = one.client.get(f"{address}?tz=Asia/Tokyo")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{PATH}?tz=Asia/Tokyo")
    assert one.get(PATH)[0] == 200


def test_a_uuid_in_capitals_leads_to_the_page(site: MakeSite) -> None:
    given = "abcdefab-0000-4000-8000-00000000000f"
    one = site(launch(id=given))
    answer = one.client.get(f"/launches/{given.upper()}/carrier-meridian-1")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/launches/{given}/carrier-meridian-1")
    assert one.get(f"/history/{given.upper()}")[0] == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (launch_id(2), f"There is no launch {launch_id(2)}."),
        ("1211", "Launch links contain the launch’s UUID."),
        (launch_id(1).replace("-", ""), "Launch links contain the launch’s UUID."),
    ],
)
def test_a_launch_that_is_not_there(site: MakeSite, asked: str, words: str) -> None:
    status, html = site(launch()).get(f"/launches/{asked}")
    assert status == 404
    assert words in read(html).text


def test_an_event_and_a_launch_are_never_taken_for_each_other(site: MakeSite) -> None:
    one = site(launch(), make_record(7))
    assert one.get(f"/events/{launch_id(1)}")[0] == 404
    assert one.get("/launches/7")[0] == 404
    assert one.get("/events/2147483648")[0] == 404
    assert one.get("/history/2147483648")[0] == 404
    assert one.get(f"/history/{launch_id(2)}")[0] == 404


def test_the_page_says_what_is_known(site: MakeSite) -> None:
    html = site(launch(probability=70, weather_concerns="Anvil Cloud Rules")).get(PATH)[1]
    page = read(html)
    assert page.texts("h1") == ["Meridian 1"]
    assert page.texts(".event-type .status") == ["Go"]
    assert page.texts(".window") == ["Window 20:12 to 22:12"]
    assert page.texts(".hero-weather") == ["Weather 70 % favourable · concerns: Anvil Cloud Rules"]
    assert [one["data-before"] for one in page.select("[data-countdown]")] == ["Lifts off in {}"]
    assert page.texts(".flight dt") == ["T−38:00", "T+0:00", "T+2:25"]
    titles = page.texts(".facts-list dt")
    assert titles[:5] == ["Rocket", "Mission", "Orbit", "Launch provider", "Mission patch"]
    assert page.texts(".webcast-line a") == ["Meridian 1 live", "Meridian 1"]  # The official one first.


@pytest.mark.parametrize(("status_id", "badges"), [(1, ["Due"]), (3, []), (4, []), (5, []), (6, [])])
def test_a_status_that_says_the_state_stands_alone(site: MakeSite, status_id: int, badges: list[str]) -> None:
    record = launch(net="2026-03-01T09:00:00Z", status=launch_status(status_id), vid_urls=[])
    page = read(site(record).get(PATH)[1])
    assert page.texts(".event-head .badge") == badges
    assert [one["class"].split()[-1] for one in page.select(".event-type .status.is-now")] == ["is-now"] * (
        status_id == 6
    )


def test_on_hold_the_clock_is_stopped(site: MakeSite) -> None:
    page = read(site(launch(status=launch_status(5))).get(PATH)[1])
    assert page.select("[data-countdown]") == []
    assert page.texts(".countdown") == ["The countdown is stopped"]


def test_after_a_failure_the_outcome_comes_first_with_its_reason(site: MakeSite) -> None:
    record = launch(net="2026-02-28T20:12:00Z", status=launch_status(4), failreason="It turned.\r\n\r\nIt fell.")
    page = read(site(record).get(PATH)[1])
    assert page.texts(".event-type .status.is-outcome") == ["Failure"]
    assert page.texts(".outcome p") == ["It turned.", "It fell."]


def test_the_chain_of_a_mission_stands_on_each_of_its_pages(site: MakeSite) -> None:
    crew = launch(name="Starship V3 | Meridian 1 (MX-1)", program=[])
    docking = make_record(
        1,
        name="Meridian 1 Docking",
        slug="docking",
        date="2026-03-03T12:00:00Z",
        launches=[reference(crew)],
        program=[],
    )
    hatch = make_record(
        2, name="Meridian 1 Hatch Opening", slug="hatch", date="2026-03-03T14:00:00Z", launches=[reference(crew)],
        program=[],
    )  # fmt: skip
    other = make_record(3, name="Meridian 1 Fair", slug="fair", date="2026-03-03T15:00:00Z", launches=[], program=[])
    one = site(crew, docking, hatch, other)
    chain = [PATH, "/events/1/docking", "/events/2/hatch"]
    for own, path in enumerate(chain):
        page = read(one.get(path)[1])
        assert page.values(".mission a", "href") == [step for step in chain if step != path]
        assert len(page.texts(".mission li")) == 3
        assert [place for place, step in enumerate(page.select(".mission li")) if "class" in step] == [own]


def test_an_event_leads_to_the_launches_that_it_names_where_they_are_held(site: MakeSite) -> None:
    held, unheld = launch(), launch(2)
    event = make_record(1, slug="docking", launches=[reference(held), reference(unheld)])
    page = read(site(held, event).get("/events/1/docking")[1])
    lines = page.texts(".facts-list dd")
    assert any(unheld["name"] in line for line in lines)
    assert page.values(".facts-list a[href^='/launches/']", "href") == [PATH]


def test_search_engines_are_told_of_it(site: MakeSite) -> None:
    one = site(launch())
    page = read(one.get(PATH)[1])
    document = json.loads(page.select('script[type="application/ld+json"]')[0].text)
    assert (document["name"], document["startDate"]) == (launch()["name"], "2026-03-02T20:12:00Z")
    assert document["url"].endswith(PATH)
    assert page.values('meta[property="og:image"]', "content")[0].endswith("/cards/type-24.png")
    assert f"{PATH}</loc>" in one.get("/sitemap.xml")[1]
