"""Launches at the addresses that programs subscribe to."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import feedparser
import icalendar
import pytest

from tests.fake_ll2 import Record, make_launch, make_record
from tests.fake_ll2.catalogue import precision
from tests.fake_ll2.launches import launch_id, launch_status
from tests.keys import launch_key
from tests.site import Site

MakeSite = Callable[..., Site]
SOON = "2026-03-10T12:00:00Z"
FEEDS = ["/feeds/events.ics", "/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json"]


def launch(number: int = 1, status_id: int = 1, net: str = SOON, precision_id: int = 1, **overrides: Any) -> Record:
    given = {"status": launch_status(status_id), "net": net, "net_precision": precision(precision_id)}
    return make_launch(number, **given | overrides)


def calendar(text: str) -> dict[str, Any]:
    """Give what each entry of a calendar says by its UID, as text."""
    components: list[Any] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {str(one["UID"]): {name: one[name].to_ical().decode() for name in one} for one in components}


def uid(number: int) -> str:
    return f"ll2-launch-{launch_id(number)}@perigee.invalid"


def test_a_calendar_holds_both_kinds(site: MakeSite) -> None:
    one = site(launch(1), make_record(2, date=SOON))
    assert list(calendar(one.get("/feeds/events.ics")[1])) == ["ll2-event-2@perigee.invalid", uid(1)]
    assert list(calendar(one.get("/feeds/events.ics?kind=launch")[1])) == [uid(1)]
    assert list(calendar(one.get("/feeds/events.ics?kind=event")[1])) == ["ll2-event-2@perigee.invalid"]


@pytest.mark.parametrize("path", FEEDS)
def test_whatever_becomes_known_of_a_launch_is_in_the_next_answer(site: MakeSite, path: str) -> None:
    """Though what was written of an entry is kept."""
    one = site(launch(1))
    steps: tuple[tuple[dict[str, Any], str], ...] = (
        ({"status": launch_status(5)}, "On hold"),
        ({"window_end": "2026-03-10T13:37:00Z"}, "12:00 to 13:37 UTC"),
        ({"probability": 35}, "35 % favourable"),
        ({"pad": make_launch(2)["pad"]}, make_launch(2)["pad"]["location"]["name"].split(",")[0]),
        ({"rocket": make_launch(3)["rocket"]}, make_launch(3)["rocket"]["configuration"]["full_name"]),
        ({"status": launch_status(4), "failreason": "It leaned."}, "Failure. It leaned."),
    )
    assert all(words not in text(one, path) for _, words in steps)
    record = launch(1)
    for number, (change, words) in enumerate(steps, start=1):
        one.clock.advance(timedelta(minutes=10))
        record |= change | {"last_updated": f"2026-03-01T09:{30 + number}:00Z"}
        one.put(record)
        assert words in text(one, path)


def text(one: Site, path: str) -> str:
    return one.get(path)[1].replace("\r\n ", "").replace("\\", "")


def test_its_identity_outlives_its_name_and_its_rocket(site: MakeSite) -> None:
    one = site(launch(1, name="Carrier | Unknown Payload"))
    one.clock.advance(timedelta(hours=1))
    one.put(launch(1, name="Heron | Lantern 2", last_updated="2026-03-01T09:45:00Z"))
    found = calendar(one.get("/feeds/events.ics")[1])
    assert [(each["SUMMARY"], each["SEQUENCE"]) for each in found.values()] == [("Heron | Lantern 2", "1")]
    assert list(found) == [uid(1)]
    assert f"perigee-rss:ll2-launch-{launch_id(1)}<" in one.get("/feeds/events.rss")[1]
    assert f"tag:perigee.invalid,2025:atom/ll2-launch-{launch_id(1)}<" in one.get("/feeds/events.atom")[1]
    (item,) = json.loads(one.get("/feeds/events.json")[1])["items"]
    assert item["id"] == f"perigee-json:ll2-launch-{launch_id(1)}"


def test_a_past_launch_stays_with_its_outcome(site: MakeSite) -> None:
    one = site(
        launch(1, status_id=3, net="2026-02-10T12:00:00Z"),
        launch(2, status_id=7, net="2026-02-20T12:00:00Z", failreason="It went too low."),
        launch(3, status_id=3, net="2026-01-10T12:00:00Z"),
    )
    found = calendar(one.get("/feeds/events.ics")[1])
    assert {key: one["STATUS"] for key, one in found.items()} == dict.fromkeys([uid(1), uid(2)], "CONFIRMED")
    assert found[uid(2)]["DESCRIPTION"].startswith("Outcome: Partial failure. It went too low.")
    assert found[uid(2)]["SUMMARY"].startswith("Partial failure: ")
    assert list(calendar(one.get("/feeds/events.ics?past=60")[1])) == [uid(1), uid(2), uid(3)]


def test_a_withdrawn_launch_is_cancelled_and_absent_from_readers(site: MakeSite) -> None:
    one = site(launch(1), launch(2))
    one.withdraw(launch_key(1))
    found = calendar(one.get("/feeds/events.ics")[1])
    assert [found[uid(number)]["STATUS"] for number in (1, 2)] == ["CANCELLED", "CONFIRMED"]
    assert list(calendar(one.get("/feeds/events.ics?cancelled=drop")[1])) == [uid(2)]
    assert len(feedparser.parse(one.get("/feeds/events.rss")[1]).entries) == 1


def test_one_launch_is_a_calendar_of_its_own_however_vague(site: MakeSite) -> None:
    one = site(launch(1), launch(2, status_id=2, precision_id=7, net="2026-03-31T00:00:00Z"))
    answer = one.client.get(f"/launches/{launch_id(1)}.ics?alarm=30")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert list(calendar(answer.get_data(as_text=True))) == [uid(1)]
    assert "TRIGGER:-PT30M\r\n" in answer.get_data(as_text=True)
    month = calendar(one.get(f"/launches/{launch_id(2)}.ics")[1])[uid(2)]
    assert (month["DTSTART"], month["DTEND"], month["STATUS"]) == ("20260301", "20260401", "TENTATIVE")


def test_a_launch_is_found_by_its_uuid_in_letters_of_either_case(site: MakeSite) -> None:
    lettered = "ABCDEF00-0000-4000-8000-00000000000A"
    one = site(make_launch(1, id=lettered, net=SOON))
    for spelled in (lettered, lettered.lower()):
        found = calendar(one.get(f"/launches/{spelled}.ics")[1])
        assert list(found) == [f"ll2-launch-{lettered.lower()}@perigee.invalid"]


@pytest.mark.parametrize("asked", [launch_id(2), "7", "2147483648", "x", launch_id(1).replace("-", "")])
def test_a_launch_that_is_not_there_is_not_found(site: MakeSite, asked: str) -> None:
    answer = site(launch(1), make_record(7)).client.get(f"/launches/{asked}.ics")
    assert (answer.status_code, answer.content_type) == (404, "text/plain; charset=utf-8")
    assert answer.get_data(as_text=True).startswith("Launch not found.\n")


def test_the_stores_own_number_of_a_launch_is_no_address(site: MakeSite) -> None:
    assert site(launch(1)).get("/events/2147483648.ics")[0] == 404


@pytest.mark.parametrize("path", FEEDS)
def test_launches_without_a_day_are_there_only_if_asked(site: MakeSite, path: str) -> None:
    """Coarse events stand in feeds, and weeks in calendars, as they always did."""
    one = site(
        *(launch(number, precision_id=number, net="2026-04-30T00:00:00Z") for number in (1, 2, 3, 5, 6, 7, 11, 14)),
        launch(20, net_precision=None),
        make_record(6, date="2026-04-30T00:00:00Z", date_precision=precision(6)),
    )

    def shown(query: str) -> set[int]:
        answer = one.get(path + query)[1].replace("\r\n ", "")
        return {number for number in range(1, 21) if f"ll2-launch-{launch_id(number)}" in answer}

    for query in ("", "?vague=omit", "?kind=launch"):
        assert shown(query) == {1, 2, 3, 5, 20}
    for query in ("?vague=span", "?vague=marker"):
        assert shown(query) == {1, 2, 3, 5, 6, 7, 11, 14, 20}
    assert "ll2-event-6" in one.get(path)[1]


CHANGES = ["/feeds/changes.rss", "/feeds/changes.atom", "/feeds/changes.json"]


@pytest.mark.parametrize("path", CHANGES)
def test_a_new_status_is_news_and_an_adjusted_time_only_if_asked(site: MakeSite, path: str) -> None:
    one = site(launch(1, net="2026-03-01T09:45:00Z"))
    one.clock.advance(timedelta(minutes=20))
    flying = launch(1, status_id=6, net="2026-03-01T09:47:12Z", precision_id=0, last_updated="2026-03-01T09:49:00Z")
    one.put(flying)
    one.clock.advance(timedelta(hours=1))
    one.put(flying | {"status": launch_status(4), "failreason": "It leaned.", "last_updated": "2026-03-01T10:49:00Z"})

    def titles(query: str) -> list[str]:
        answer = one.get(path + query)[1]
        if path.endswith("json"):
            return [item["title"] for item in json.loads(answer)["items"]]
        return [item.title for item in feedparser.parse(answer).entries]

    name = launch(1)["name"]
    failed, flies = f"{name}: status: Failure (was In flight)", f"{name}: status: In flight (was Go)"
    adjusted = f"{name}: time adjusted: 1 March 2026, 09:47:12 UTC (was 1 March 2026, 09:45 UTC)"
    assert titles("") == [failed, flies]
    assert titles("?change=status,adjusted") == [failed, adjusted, flies]
    assert titles("?change=adjusted") == [adjusted]
    assert titles("?kind=event") == []


@pytest.mark.parametrize(
    ("path", "query", "held", "described"),
    [
        ("/feeds/events.rss", "", "both", "Upcoming launches and space events: dockings"),
        ("/feeds/events.rss", "", "events", "Upcoming space events: dockings"),
        ("/feeds/events.rss", "?kind=launch", "both", "Upcoming launches of rockets into space."),
        ("/feeds/events.ics", "?kind=event", "both", "Upcoming space events: dockings"),
        ("/feeds/changes.atom", "", "both", "Changes to launches and space events: new dates"),
        ("/feeds/changes.rss", "?kind=launch", "both", "Changes to launches: new dates"),
        ("/feeds/changes.json", "", "events", "Changes to space events: new dates"),
    ],
)
def test_a_feed_says_which_kinds_it_holds(site: MakeSite, path: str, query: str, held: str, described: str) -> None:
    one = site(make_record(1, date=SOON), *([launch(1)] if held == "both" else []))
    assert described in text(one, path + query)
