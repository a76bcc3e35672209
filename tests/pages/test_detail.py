from typing import Any

from tests.clock import NOW
from tests.factories import make_stored
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision, seed_records
from webapp.ll2.parse import parse_event
from webapp.pages.countdown import CountdownClock
from webapp.pages.detail import EntryPage, LinkCard, WebcastCard, present_detail
from webapp.rendering.moments import Moment

PAGE_URL = "https://events.example.org/events/7/seven"


def page_of(record: dict[str, Any]) -> EntryPage:
    stored = make_stored(parse_event(record), first_seen=NOW, changed_at=NOW)
    return present_detail(stored, [], page_url=PAGE_URL)


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
            "player.twitch.tv",
            True,
        ),
        (
            "youtu.be",
            "https://www.youtube-nocookie.com/embed/sLjvAmK_siU?autoplay=1&rel=0",
            "youtube-nocookie.com",
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
        player="youtube-nocookie.com",
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
