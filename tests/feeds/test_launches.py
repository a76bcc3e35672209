"""Launches in feeds: how they stand, what flies, and how they ended."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.factories import make_info, make_launch_entry, make_published, make_stored
from tests.feeds.writing import write_feed
from webapp.domain.entry import Agency, Program
from webapp.domain.launch import LaunchDetail, LaunchStatus, LaunchWindow, Mission, Orbit, Pad, Place, Rocket
from webapp.domain.parameters import Vague
from webapp.feeds.facts import facts_of
from webapp.feeds.formats import ICALENDAR, JSON_FEED
from webapp.feeds.icalendar import render_entry
from webapp.feeds.items import entry_item
from webapp.feeds.options import CalendarOptions

DATE = datetime(2026, 3, 14, 7, 12, tzinfo=UTC)
STATUSES = {
    1: "Go", 2: "To be determined", 3: "Success", 4: "Failure", 5: "On hold", 6: "In flight", 7: "Partial failure",
    8: "To be confirmed", 9: "Payload deployed",
}  # fmt: skip
WHOLE = LaunchDetail(
    status=LaunchStatus(1, "Go for Launch", "Go"),
    window=LaunchWindow(DATE - timedelta(minutes=12), DATE + timedelta(hours=2)),
    rocket=Rocket(1, "Carrier", "Carrier 2", ("Carriers",)),
    mission=Mission("Meridian 1", "Communications", Orbit(8, "Low Earth Orbit", "LEO")),
    pad=Pad(80, "Pad 4", Place(12, "Cape Perrin", "America/New_York")),
    provider_id=7,
    probability=70,
    weather_concerns="Cumulus Cloud Rule",
)
WHERE_AND_WHO: dict[str, Any] = {
    "location": "Pad 4, Cape Perrin",
    "agencies": (Agency(7, "Corvid", "C"), Agency(8, "Lyra", "L")),
    "programs": (Program(5, "Tern"),),
}
CALENDAR_ENTRY = r"""BEGIN:VEVENT
UID:ll2-launch-00000000-0000-4000-8000-000000000001@perigee.invalid
DTSTAMP:20260220T184500Z
LAST-MODIFIED:20260220T184500Z
SEQUENCE:2
DTSTART:20260314T071200Z
DTEND:20260314T081200Z
SUMMARY:Carrier | Meridian 1
STATUS:CONFIRMED
TRANSP:TRANSPARENT
CATEGORIES:Launch,Tern
COLOR:crimson
DESCRIPTION:Status: Go\nWhen: 14 March 2026\, 07:12 UTC. Known to the minute.\nLaunch window: 07:00 to 09:12 UTC\nType: Launch\nRocket: Carrier 2\nMission: Meridian 1 (Communications)\nOrbit: Low Earth Orbit\nPad: Pad 4\, Cape Perrin\nProvider: Corvid\nWeather: 70 % favourable\; concerns: Cumulus Cloud Rule\nAgencies: Lyra\nPrograms: Tern\n\nhttps://space.example/launches/00000000-0000-4000-8000-000000000001?a=1&b=2\,3\;4\nSource: Launch Library 2 by The Space Devs\, launch 00000000-0000-4000-8000-000000000001. Last changed 20 February 2026\, 18:45 UTC.
LOCATION:Pad 4\, Cape Perrin
URL:https://space.example/launches/00000000-0000-4000-8000-000000000001?a=1&b=2,3;4
END:VEVENT
"""  # noqa: E501 - lines before they are folded


def status(status_id: int) -> LaunchDetail:
    return LaunchDetail(status=LaunchStatus(status_id, "As the source says", "A"))


def properties(detail: LaunchDetail | None = None, vague: Vague = Vague.SPAN, **overrides: Any) -> dict[str, str]:
    published = make_published(make_stored(make_launch_entry(detail, **overrides)))
    return dict(line.split(":", 1) for line in render_entry(published, CalendarOptions(vague))[1:-1])


def facts(detail: LaunchDetail, **overrides: Any) -> dict[str, str]:
    return dict(facts_of(make_published(make_stored(make_launch_entry(detail, **overrides)))))


def test_a_launch_in_a_calendar_is_written_to_the_letter() -> None:
    published = make_published(make_stored(make_launch_entry(WHOLE, **WHERE_AND_WHO), revision=2))
    assert render_entry(published, CalendarOptions()) == CALENDAR_ENTRY.splitlines()


@pytest.mark.parametrize("precision_id", [0, 1])
def test_a_calendar_confirms_what_takes_place_or_has(precision_id: int) -> None:
    found = {
        status_id: properties(status(status_id), precision_id=precision_id)["STATUS"] for status_id in range(1, 11)
    }
    confirmed = {1, 3, 4, 6, 7, 9}
    assert found == {number: "CONFIRMED" if number in confirmed else "TENTATIVE" for number in range(1, 11)}


@pytest.mark.parametrize("precision_id", [2, 5, 7, None])
def test_a_calendar_confirms_nothing_that_is_not_known_to_the_minute(precision_id: int | None) -> None:
    assert properties(status(1), precision_id=precision_id)["STATUS"] == "TENTATIVE"
    assert properties(LaunchDetail(), precision_id=1)["STATUS"] == "TENTATIVE"


def test_a_launch_is_cancelled_only_when_it_was_withdrawn() -> None:
    stored = make_stored(make_launch_entry(status(5)), withdrawn_at=DATE)
    found = dict(line.split(":", 1) for line in render_entry(make_published(stored), CalendarOptions())[1:-1])
    assert (found["STATUS"], found["SUMMARY"]) == ("CANCELLED", "Cancelled: Carrier | Meridian 1")
    assert entry_item(make_published(stored)).title == "Withdrawn: Carrier | Meridian 1 – 14 March 2026, 07:12 UTC"


@pytest.mark.parametrize(("status_id", "words"), STATUSES.items())
def test_a_title_begins_with_what_one_must_know_first(status_id: int, words: str) -> None:
    lead = f"{words}: " if status_id in {4, 5, 7, 8} else ""
    assert properties(status(status_id))["SUMMARY"] == f"{lead}Carrier | Meridian 1"
    published = make_published(make_stored(make_launch_entry(status(status_id))))
    assert entry_item(published).title == f"{lead}Carrier | Meridian 1 – 14 March 2026, 07:12 UTC"


def test_a_launch_begins_at_its_date_and_lasts_an_hour_whatever_its_window() -> None:
    for window in (WHOLE.window, LaunchWindow(DATE, DATE), LaunchWindow(DATE, DATE + timedelta(hours=9)), None):
        found = properties(LaunchDetail(window=window))
        assert (found["DTSTART"], found["DTEND"]) == ("20260314T071200Z", "20260314T081200Z")


def test_a_launch_without_a_time_is_an_entry_of_whole_days() -> None:
    day = properties(WHOLE, precision_id=5)
    assert (day["DTSTART;VALUE=DATE"], day["DTEND;VALUE=DATE"]) == ("20260314", "20260315")
    marker = properties(WHOLE, Vague.MARKER, precision_id=7)
    assert (marker["DTSTART;VALUE=DATE"], marker["DTEND;VALUE=DATE"]) == ("20260301", "20260302")
    assert properties(WHOLE, precision_id=7)["SUMMARY"] == "Carrier | Meridian 1 (March 2026)"


@pytest.mark.parametrize(("status_id", "words"), STATUSES.items())
def test_a_launch_says_how_it_stands_or_ended(status_id: int, words: str) -> None:
    label = "Outcome" if status_id in {3, 4, 7, 9} else "Status"
    assert facts(status(status_id))[label] == words


def test_an_unknown_status_is_said_in_the_sources_words() -> None:
    assert facts(status(77))["Status"] == "As the source says"


def test_an_outcome_says_why() -> None:
    failed = LaunchDetail(
        status=LaunchStatus(4, "Launch Failure", "Failure"), outcome_reason="Stage two\ndid not ignite."
    )
    assert facts(failed)["Outcome"] == "Failure. Stage two did not ignite."
    assert "DESCRIPTION:Outcome: Failure. Stage two did not ignite." in "\n".join(
        ":".join(one) for one in properties(failed).items()
    )


def test_a_reason_without_end_is_cut() -> None:
    failed = LaunchDetail(status=LaunchStatus(4, "Launch Failure", "Failure"), outcome_reason="It leaned. " * 1_000)
    assert len(facts(failed)["Outcome"]) < 2_100
    assert facts(failed)["Outcome"].endswith("…")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (DATE, DATE, "Instantaneous"),
        (DATE, DATE + timedelta(hours=3), "07:12 to 10:12 UTC"),
        (DATE, DATE + timedelta(seconds=30), "07:12:00 to 07:12:30 UTC"),
        (DATE, DATE + timedelta(hours=20), "14 March 2026, 07:12 to 15 March 2026, 03:12 UTC"),
    ],
)
def test_a_launch_window_is_said_in_words(start: datetime, end: datetime, words: str) -> None:
    assert facts(LaunchDetail(window=LaunchWindow(start, end)))["Launch window"] == words


def test_a_launch_window_says_nothing_beside_a_date_without_a_time() -> None:
    assert "Launch window" not in facts(WHOLE, precision_id=5)


@pytest.mark.parametrize(
    ("probability", "concerns", "words"),
    [
        (70, "", "70 % favourable"),
        (None, "Winds", "Concerns: Winds"),
        (70, "Winds", "70 % favourable; concerns: Winds"),
        (None, "", None),
    ],
)
def test_the_weather_is_said_until_lift_off(probability: int | None, concerns: str, words: str | None) -> None:
    for status_id in range(1, 10):
        launch = LaunchDetail(LaunchStatus(status_id, "", ""), probability=probability, weather_concerns=concerns)
        assert facts(launch).get("Weather") == (words if status_id in {1, 2, 5, 8} else None)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [("A", "Unknown", "A"), ("", "Navigation", "Navigation"), ("A", "", "A"), ("", "Unknown", None)],
)
def test_a_mission_is_said_as_far_as_it_is_known(name: str, kind: str, words: str | None) -> None:
    assert facts(LaunchDetail(mission=Mission(name, kind, None))).get("Mission") == words


def test_programs_are_told_all_of_a_launch() -> None:
    published = make_published(make_stored(make_launch_entry(WHOLE, **WHERE_AND_WHO)))
    (item,) = json.loads(write_feed(JSON_FEED, [published], make_info()))["items"]
    assert item["_perigee"] == {
        "about": "https://thespacedevs.com/llapi",
        "launch_id": "00000000-0000-4000-8000-000000000001",
        "type": "Launch",
        "date": "2026-03-14T07:12:00Z",
        "precision": 1,
        "certainty": "exact",
        "date_words": "14 March 2026, 07:12 UTC",
        "window": {"start": "2026-03-14T07:12:00Z", "end": "2026-03-14T09:12:00Z"},
        "is_live": False,
        "webcasts": [],
        "launch": {
            "status": {"id": 1, "name": "Go for Launch", "words": "Go"},
            "is_outcome": False,
            "outcome_reason": None,
            "launch_window": {"start": "2026-03-14T07:00:00Z", "end": "2026-03-14T09:12:00Z"},
            "rocket": {"id": 1, "name": "Carrier", "full_name": "Carrier 2"},
            "mission": "Meridian 1",
            "mission_type": "Communications",
            "orbit": "Low Earth Orbit",
            "provider": "Corvid",
            "pad": "Pad 4",
            "site": "Cape Perrin",
            "time_zone": "America/New_York",
            "weather_probability": 70,
            "weather_concerns": "Cumulus Cloud Rule",
        },
    }


def test_of_a_bare_launch_programs_are_told_that_nothing_is_known() -> None:
    published = make_published(make_stored(make_launch_entry(LaunchDetail())))
    (item,) = json.loads(write_feed(JSON_FEED, [published], make_info()))["items"]
    launch = item["_perigee"]["launch"]
    assert launch.pop("is_outcome") is False
    assert set(launch.values()) == {None}


def test_a_launch_with_a_time_can_ring() -> None:
    published = make_published(make_stored(make_launch_entry(WHOLE)))
    assert b"TRIGGER:-PT15M" in write_feed(ICALENDAR, [published], make_info(), CalendarOptions(alarm=15))
