"""The switch between events and launches, and what a list calls what it holds."""

import json
from collections.abc import Callable

import pytest

from tests.fake_ll2 import make_launch, make_record
from tests.fake_ll2.launches import launch_status
from tests.fake_ll2.records import precision
from tests.html import read
from tests.site import Site

MakeSite = Callable[..., Site]
LAUNCHES = [
    make_launch(number, net=f"2026-03-{number:02}T12:00:00Z", net_precision=precision(1), status=launch_status(1))
    for number in (10, 11)
]
FLOWN = [
    make_launch(number, net=f"2026-02-{number:02}T12:00:00Z", net_precision=precision(0), status=launch_status(4))
    for number in (12, 13)
]
EVENTS = [make_record(number, date=f"2026-03-{number:02}T12:00:00Z") for number in (20, 21, 22)]


def switch(html: str) -> list[tuple[str, str, bool]]:
    return [(one.text, one["href"], "aria-current" in one) for one in read(html).select(".kind-switch a")]


def test_where_there_are_both_one_chooses_above_the_list(site: MakeSite) -> None:
    _, html = site(*LAUNCHES, *EVENTS).get("/?tz=Asia/Tokyo&offset=2")
    assert switch(html) == [
        ("All", "/?tz=Asia/Tokyo", True),
        ("Events 3", "/?kind=event&tz=Asia/Tokyo", False),
        ("Launches 2", "/?kind=launch&tz=Asia/Tokyo", False),
    ]


@pytest.mark.parametrize(("kind", "names"), [("launch", 2), ("event", 3), ("event,launch", 5)])
def test_a_choice_shows_its_kind_alone_and_the_counts_stay(site: MakeSite, kind: str, names: int) -> None:
    _, html = site(*LAUNCHES, *EVENTS).get(f"/?kind={kind}")
    assert len(read(html).texts(".next-up-name, .entry-name")) == names
    assert [words for words, _, _ in switch(html)] == ["All", "Events 3", "Launches 2"]


@pytest.mark.parametrize(
    ("path", "title", "count", "other"),
    [
        ("/", "Upcoming launches and space events", "5 entries", "Past entries"),
        ("/?kind=launch", "Upcoming launches", "2 launches", "Past launches"),
        ("/?kind=event", "Upcoming space events", "3 events", "Past events"),
        ("/past", "Past launches and space events", "2 entries", "Upcoming entries"),
        ("/past?kind=launch", "Past launches", "2 launches", "Upcoming launches"),
    ],
)
def test_a_list_is_called_after_what_it_may_hold(site: MakeSite, path: str, title: str, count: str, other: str) -> None:
    page = read(site(*LAUNCHES, *FLOWN, *EVENTS).get(path)[1])
    assert (page.texts("h1"), page.texts(".tools-count")) == ([title], [count])
    assert other in page.texts(".tools-link")


@pytest.mark.parametrize("path", ["/", "/past"])
def test_where_there_are_events_alone_nothing_speaks_of_launches(site: MakeSite, path: str) -> None:
    html = site(*EVENTS, make_record(1, date="2026-01-01T12:00:00Z")).get(path)[1]
    assert switch(html) == []
    assert "entries" not in read(html).only("main").text
    assert "aunches" not in read(html).only("main").text


def test_the_archive_says_how_launches_ended(site: MakeSite) -> None:
    page = read(site(*FLOWN).get("/past")[1])
    assert page.texts(".entry .status") == ["Failure", "Failure"]
    assert page.texts(".entry .badge") == []


def test_what_is_in_flight_leads_the_timeline(site: MakeSite) -> None:
    flying = make_launch(30, net="2026-03-01T09:25:00Z", net_precision=precision(0), status=launch_status(6))
    sooner = make_record(1, date="2026-03-01T09:40:00Z", date_precision=precision(1))
    page = read(site(flying, sooner).get("/")[1])
    assert page.texts(".next-up-name") == ["Meridian 30"]
    assert page.texts(".next-up-lead .status.is-now") == ["In flight"]
    assert page.values(".next-up", "data-state") == ["live"]


def test_whoever_subscribes_chooses_first(site: MakeSite) -> None:
    one = site(*LAUNCHES, *EVENTS)
    page = read(one.get("/subscribe?tz=Asia/Tokyo&alarm=15")[1])
    assert [(choice.text, choice["href"]) for choice in page.select(".kind-switch a")] == [
        ("All", "/subscribe?tz=Asia/Tokyo&alarm=15"),
        ("Events 3", "/subscribe?kind=event&tz=Asia/Tokyo&alarm=15"),
        ("Launches 2", "/subscribe?kind=launch&tz=Asia/Tokyo&alarm=15"),
        ("Without Starlink", "/subscribe?not_program__ids=25&tz=Asia/Tokyo&alarm=15"),
    ]
    assert page.texts("#list-status") == ["5 upcoming entries"]
    page = read(one.get("/subscribe?kind=launch")[1])
    assert page.texts("#list-status, #choose-title") == ["Choose launches", "2 upcoming launches"]
    assert page.values("#address", "value")[0].endswith("/feeds/events.ics?kind=launch")


def test_the_status_counts_each_kind(site: MakeSite) -> None:
    one = site(*LAUNCHES, *EVENTS)
    page = read(one.get("/status")[1])
    figures = {row.texts("dt")[0]: row.texts("dd")[0] for row in page.select(".figures > div")}
    assert (figures["Events"], figures["Launches"], figures["Withdrawn entries"]) == ("3", "2", "0")
    counts = json.loads(one.get("/status.json")[1])["counts"]
    assert (counts["events"], counts["launches"]) == (3, 2)


def test_starlink_can_be_left_out_of_a_subscription_and_taken_back(site: MakeSite) -> None:
    page = read(site(*LAUNCHES, *EVENTS).get("/subscribe?not_program__ids=25,30")[1])
    choices = page.select(".kind-switch a")
    assert [choice.text for choice in choices if "aria-current" in choice] == ["Without Starlink"]
    assert choices[0]["href"] == "/subscribe?not_program__ids=30"
    assert "/feeds/events.ics?not_program__ids=25,30" in page.values("#address", "value")[0]


def test_launches_have_choices_of_their_own_where_there_are_any(site: MakeSite) -> None:
    form = read(site(*LAUNCHES, *EVENTS).get("/?kind=launch&is_crewed=false")[1])
    assert form.texts(".choices > summary")[-4:] == ["Launch status", "Launch provider", "Launch site", "Rocket"]
    assert form.texts(".chip.is-chosen") == ["Remove: Not crewed"]
    assert [name for name in form.texts(".quick-filter .chip") if name.startswith("Crewed")] == ["Crewed"]


def test_where_there_are_events_alone_launches_have_no_choices(site: MakeSite) -> None:
    form = read(site(*EVENTS).get("/")[1])
    assert [name for name in form.texts(".choices > summary") if name.startswith(("Launch", "Rocket"))] == []
    assert "Crewed" not in form.texts(".quick-filter .chip")


@pytest.mark.parametrize("path", ["/horizon", "/calendar/2026/03"])
def test_where_there_is_no_switch_a_chip_shows_launches_alone(site: MakeSite, path: str) -> None:
    one = site(*LAUNCHES, *EVENTS)
    chips = {chip.text: chip["href"] for chip in read(one.get(path)[1]).select(".quick-filter .chip")}
    assert chips["Launches"] == f"{path}?kind=launch"
    assert chips["Crewed"] == f"{path}?is_crewed=true"
    chosen = read(one.get(f"{path}?kind=launch")[1]).select('.quick-filter .chip[aria-current="true"]')
    assert [(chip.text, chip["href"]) for chip in chosen] == [("Launches", path)]
