from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.clock import NOW
from tests.factories import make_stored
from tests.fake_ll2 import make_launch
from tests.fake_ll2.launches import launch_status
from tests.fake_ll2.records import precision
from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail, TimelineStep
from webapp.domain.zones import UTC_ZONE
from webapp.ll2.parse_launch import parse_launch
from webapp.pages.countdown import present_countdown
from webapp.pages.detail import EntryPage, present_detail
from webapp.pages.launch_facts import (
    FlightStep,
    LaunchFacts,
    StatusMark,
    WindowBar,
    launch_title,
    present_launch,
    present_launch_line,
)

NET = "2026-03-02T20:12:00Z"
START, END = "2026-03-02T19:12:00Z", "2026-03-02T21:12:00Z"
NEW_YORK, TOKYO = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")


def launch(**record: Any) -> Entry:
    """Give launch 9, which is Go, from Cape Canaveral, known to the minute, and with a window."""
    values = {"net": NET, "window_start": START, "window_end": END, "status": launch_status(1)}
    return parse_launch(make_launch(8, **{**values, "net_precision": precision(1), **record}))


def facts(zone: ZoneInfo = UTC_ZONE, **record: Any) -> LaunchFacts:
    found = present_launch(launch(**record), zone)
    assert found is not None
    return found


def page_of(entry: Entry) -> EntryPage:
    return present_detail(make_stored(entry), [], now=NOW, page_url="https://space.example/launches/1")


@pytest.mark.parametrize(
    ("status_id", "words", "shape"),
    [
        (1, "Go", "disc"),
        (2, "To be determined", "ring"),
        (3, "Success", "check"),
        (4, "Failure", "cross"),
        (5, "On hold", "bars"),
        (6, "In flight", "arrow"),
        (7, "Partial failure", "half_square"),
        (8, "To be confirmed", "half_disc"),
        (9, "Payload deployed", "check"),
    ],
)
def test_a_status_is_a_word_and_a_shape(status_id: int, words: str, shape: str) -> None:
    mark = facts(status=launch_status(status_id)).line.status
    assert mark == StatusMark(words, shape, is_now=status_id == 6, is_outcome=status_id in {3, 4, 7, 9})


def test_without_a_status_there_is_no_mark() -> None:
    assert facts(status=None).line.status is None


@pytest.mark.parametrize(
    ("record", "bar"),
    [
        ({}, WindowBar("Window 19:12 to 21:12", 50)),
        ({"window_start": NET}, WindowBar("Window 20:12 to 21:12", 0)),
        ({"window_start": NET, "window_end": NET}, WindowBar("Instantaneous window", None)),
        (
            {"window_end": "2026-03-04T19:12:00Z"},
            WindowBar("Window 2 March 2026, 19:12 UTC to 4 March 2026, 19:12 UTC", 2),
        ),
        ({"net_precision": precision(2)}, WindowBar("Window 19:12 to 21:12", 40)),
        ({"net_precision": precision(5)}, None),
        ({"net_precision": precision(7)}, None),
        ({"window_start": None}, None),
    ],
)
def test_the_window_is_a_bar_with_a_tick_where_a_clock_time_is_known(
    record: dict[str, Any], bar: WindowBar | None
) -> None:
    assert facts(**record).window == bar


def test_the_window_is_told_in_the_zone() -> None:
    assert facts(NEW_YORK).line.window == "Window 14:12 to 16:12"


@pytest.mark.parametrize("status_id", [3, 4, 7, 9])
def test_the_line_of_a_launch_that_has_flown_goes_without_its_window(status_id: int) -> None:
    line = present_launch_line(launch(status=launch_status(status_id)), UTC_ZONE)
    assert line is not None
    assert line.window == ""


def test_the_probability_is_the_weathers() -> None:
    found = facts(probability=70, weather_concerns="Anvil Cloud Rules")
    assert (found.line.weather, found.concerns) == ("Weather 70\u00a0% favourable", "Anvil Cloud Rules")
    assert facts(probability=None).line.weather == ""
    over = facts(probability=70, weather_concerns="Anvil Cloud Rules", status=launch_status(3))
    assert (over.line.weather, over.concerns) == ("", "")


def test_the_time_at_the_pad_is_told_where_it_differs_from_what_is_told_besides() -> None:
    place = launch().detail.pad.place  # type: ignore[union-attr]
    assert place is not None
    at_pad = ZoneInfo(place.zone_name)
    there = facts(TOKYO).at_pad
    assert there is not None
    assert there.clock == f"{datetime(2026, 3, 2, 20, 12, tzinfo=UTC).astimezone(at_pad):%H:%M}"
    assert facts(at_pad).at_pad is None
    assert facts(TOKYO, net_precision=precision(5)).at_pad is None


def test_the_timeline_counts_from_lift_off() -> None:
    entry = launch()
    steps = (
        TimelineStep("Landing", "The booster lands", timedelta(hours=1, minutes=2, seconds=3)),
        TimelineStep("Liftoff", "Liftoff", timedelta(0)),
        TimelineStep("Prop Load", "", timedelta(minutes=-38)),
    )
    assert isinstance(entry.detail, LaunchDetail)
    found = present_launch(replace(entry, detail=replace(entry.detail, timeline=steps)), UTC_ZONE)
    assert found is not None
    assert found.steps == (
        FlightStep("T\u221238:00", "Prop Load", ""),
        FlightStep("T+0:00", "Liftoff", ""),
        FlightStep("T+1:02:03", "Landing", "The booster lands"),
    )


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("{rocket} | Crew-12", "Crew-12"),
        ("{rocket} | One | Two", "One | Two"),
        ("{rocket} | Unknown Payload", "{rocket} | Unknown Payload"),
        ("Another | Crew-12", "Another | Crew-12"),
        ("Crew-12", "Crew-12"),
    ],
)
def test_a_launch_is_titled_by_its_mission_where_its_rocket_stands_beside(name: str, title: str) -> None:
    rocket = launch().detail.rocket.full_name  # type: ignore[union-attr]
    entry = launch(name=name.format(rocket=rocket))
    assert launch_title(entry) == title.format(rocket=rocket)
    page = page_of(entry)
    assert page.launch is not None
    assert (page.heading, page.name) == (title.format(rocket=rocket), entry.name)
    assert page.launch.summary[:-1] == (() if "rocket" in title else (rocket,))


@pytest.mark.parametrize(
    ("status_id", "runs"), [(1, True), (8, True), (6, True), (5, False), (3, False), (4, False), (7, False), (9, False)]
)
def test_a_countdown_stops_on_hold_and_with_the_outcome(status_id: int, *, runs: bool) -> None:
    clock = present_countdown(launch(status=launch_status(status_id)))
    assert (clock is not None) == runs
    assert clock is None or clock.is_launch


def test_the_summary_begins_with_the_status() -> None:
    assert page_of(launch()).summary.startswith("Go. 2 March 2026, 20:12 UTC. ")
