from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.clock import NOW
from tests.factories import make_stored
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision, seed_records
from webapp.ll2.parse import parse_event
from webapp.pages.countdown import CountdownClock
from webapp.pages.detail import EntryPage, LinkCard, present_detail
from webapp.pages.webcast_cards import WebcastCard
from webapp.rendering.moments import Moment, present_instant

PAGE_URL = "https://events.example.org/events/7/seven"


def page_of(record: dict[str, Any]) -> EntryPage:
    stored = make_stored(parse_event(record), first_seen=NOW, changed_at=NOW)
    return present_detail(stored, [], now=NOW, page_url=PAGE_URL)


def webcast(**values: Any) -> dict[str, Any]:
    return {
        "url": "https://example.org/live",
        "title": "Title",
        "priority": 10,
        "type": {"id": 1, "name": "Official"},
    } | values


def test_updates_stand_newest_first_and_undated_ones_last() -> None:
    updates = [
        {"id": 1, "comment": "First", "created_by": "A", "created_on": "2026-01-01T00:00:00Z"},
        {"id": 4, "comment": "Undated", "created_by": "D", "created_on": None},
        {"id": 3, "comment": "Third", "created_by": "C", "created_on": "2026-01-03T00:00:00Z"},
        {"id": 2, "comment": "Second", "created_by": "B", "created_on": "2026-01-02T00:00:00Z"},
    ]
    found = page_of(make_record(1, updates=updates)).history.entries
    assert [update.author for update in found] == ["C", "B", "A", "D"]


def test_a_countdown_runs_only_where_it_is_honest() -> None:
    def countdown(precision_id: int) -> CountdownClock | None:
        return page_of(make_record(1, date="2026-11-15T10:20:30Z", date_precision=precision(precision_id))).countdown

    assert [countdown(number) for number in range(4)] == [
        CountdownClock("2026-11-15T10:20:30Z", is_about=False),
        CountdownClock("2026-11-15T10:20:00Z", is_about=False),
        CountdownClock("2026-11-15T10:00:00Z", is_about=True),
        None,
    ]
    assert {countdown(number) for number in range(4, 17)} == {None}


def test_webcasts_are_ranked_and_played_here_where_that_can_be() -> None:
    page = page_of(
        make_record(
            1,
            vid_urls=[
                webcast(url="https://x.com/i/broadcasts/1", title="JavaScript is not available.", publisher="SpaceX"),
                webcast(url="https://www.twitch.tv/nasa", title="NASA TV", live=True),
                webcast(url="https://youtu.be/sLjvAmK_siU", title="YouTube", publisher=None, priority=1),
            ],
        )
    )
    assert [(card.title, card.embed_url, card.player, card.is_live) for card in page.webcasts] == [
        (
            "NASA TV",
            "https://player.twitch.tv/?channel=nasa&parent=events.example.org&autoplay=true",
            "Twitch",
            True,
        ),
        (
            "youtu.be",
            "https://www.youtube-nocookie.com/embed/sLjvAmK_siU?autoplay=1&rel=0",
            "YouTube",
            False,
        ),
        ("SpaceX", None, "", False),
    ]


def test_the_real_splashdown_says_everything_the_record_holds() -> None:
    (record,) = [one for one in seed_records() if one["id"] == 1214]
    page = page_of(record)
    assert (page.name, page.place) == (
        "SpaceX AX-4 Crew Dragon Splashdown",
        "Pacific Ocean",
    )
    assert [card.host for card in page.webcasts] == ["youtube.com", "x.com", "youtube.com"]
    assert page.webcasts[0] == WebcastCard(
        title="Splashdown | Ax-4 mission with Sławosz Uznański-Wiśniewski",
        url="https://www.youtube.com/watch?v=tb7wkB0Vcg8",
        host="youtube.com",
        embed_url="https://www.youtube-nocookie.com/embed/tb7wkB0Vcg8?autoplay=1&rel=0",
        player="YouTube",
        publisher="European Space Agency, ESA",
        kind="Official Webcast",
        language="English",
        is_live=False,
        start=Moment("2025-07-15T08:29:51Z", "15 July 2025", "08:29"),
    )
    assert page.history.total == 3
    assert page.last_updated == Moment("2025-07-15T10:31:43Z", "15 July 2025", "10:31")


def test_a_link_without_a_title_is_named_by_its_host() -> None:
    links = [
        {"url": "https://www.esa.int/x", "title": "", "priority": 2},
        {"url": "https://b.example/", "title": "B", "description": "About B", "priority": 1},
    ]
    assert page_of(make_record(1, info_urls=links)).links == (
        LinkCard("B", "https://b.example/", "b.example", "About B"),
        LinkCard("esa.int", "https://www.esa.int/x", "esa.int", ""),
    )


def test_the_summary_begins_with_the_date_and_is_short() -> None:
    page = page_of(make_record(1, date="2026-08-31T00:00:00Z", date_precision=precision(7), description="word " * 200))
    assert page.summary.startswith("August 2026. word word")
    assert len(page.summary) <= 300


def test_times_are_told_in_the_zone_and_the_date_in_utc_beside_it() -> None:
    record = make_record(1, date="2026-11-15T20:20:30Z", date_precision=precision(1), vid_urls=[])
    stored = make_stored(parse_event(record), first_seen=NOW, changed_at=NOW)
    page = present_detail(stored, [], now=NOW, page_url=PAGE_URL, zone=ZoneInfo("Asia/Tokyo"))
    assert page.time == Moment("2026-11-15T20:20:00Z", "16 November 2026", "05:20", zone="JST")
    assert page.in_utc == Moment("2026-11-15T20:20:00Z", "15 November 2026", "20:20")
    assert page.first_seen == present_instant(NOW, ZoneInfo("Asia/Tokyo"))
    assert page.zone.utc_path == "/events/1/" + record["slug"]
    assert page_of(record).in_utc is None


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ({"date": "2026-03-01T09:30:01Z", "date_precision": precision(0)}, ""),
        ({"date": "2026-03-01T09:30:00Z", "date_precision": precision(0)}, "due"),
        ({"date": "2026-03-01T08:40:00Z", "date_precision": precision(1)}, "due"),
        ({"date": "2026-02-01T11:30:00Z", "date_precision": precision(1)}, "ended"),
        ({"date": "2026-03-01T08:40:00Z", "date_precision": precision(1), "webcast_live": True}, "live"),
        ({"date": "2026-03-01T13:30:00Z", "date_precision": precision(1), "webcast_live": True}, "on_air"),
        ({"date": "2026-03-01T00:00:00Z", "date_precision": precision(5), "webcast_live": True}, "live"),
        ({"date": "2026-03-01T00:00:00Z", "date_precision": precision(5)}, ""),
        ({"date": "2026-02-27T00:00:00Z", "date_precision": precision(5)}, "ended"),
        ({"date": None}, ""),
    ],
)
def test_the_page_tells_the_state_of_the_moment(record: dict[str, Any], state: str) -> None:
    assert page_of(make_record(1, type={"id": 2, "name": "Docking"}, **record)).state == state


def test_nothing_of_a_withdrawn_event_is_live() -> None:
    live = parse_event(make_record(1, date="2026-03-01T08:40:00Z", date_precision=precision(1), webcast_live=True))
    stored = make_stored(live, first_seen=NOW, changed_at=NOW, withdrawn_at=NOW)
    page = present_detail(stored, [], now=NOW, page_url=PAGE_URL)
    assert (page.state, page.countdown) == ("", None)
