import json
from typing import Any

from hypothesis import given, settings

from tests.factories import make_entry, make_info, make_published, make_stored, make_webcast, published_lists
from tests.feeds.expected import feed_id, title
from tests.feeds.readers import check_json_feed
from tests.feeds.writing import write_feed
from tests.keys import event_key
from webapp.feeds.about import PublishedEntry
from webapp.feeds.formats import JSON_FEED
from webapp.feeds.items import entry_item


def render(entries: list[PublishedEntry], **info: str) -> bytes:
    return write_feed(JSON_FEED, entries, make_info(**info))


def read(written: bytes) -> Any:
    document = json.loads(written)
    check_json_feed(document)
    return document


def facts(**overrides: Any) -> dict[str, Any]:
    (item,) = read(render([make_published(make_stored(make_entry(**overrides)))]))["items"]
    found: dict[str, Any] = item["_perigee"]
    return found


def test_a_feed_says_what_it_is() -> None:
    assert read(render([])) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Space events, & more; all",
        "home_page_url": "https://space.example/?type__ids=2,8",
        "feed_url": "https://space.example/feeds/events?type__ids=2,8&past=7",
        "description": 'All <b>events</b>\nand "more"',
        "language": "en",
        "authors": [{"name": "Perigee"}],
        "items": [],
    }
    assert read(render([], hub_url="https://hub.example/"))["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example/"}
    ]


def test_programs_are_told_what_the_date_means() -> None:
    assert facts(key=event_key(7), webcasts=(make_webcast(url="https://x.com/1"),)) == {
        "about": "https://thespacedevs.com/llapi",
        "event_id": 7,
        "type": "Docking",
        "date": "2026-03-14T07:12:00Z",
        "precision": 1,
        "certainty": "exact",
        "date_words": "14 March 2026, 07:12 UTC",
        "window": {"start": "2026-03-14T07:12:00Z", "end": "2026-03-14T07:13:00Z"},
        "is_live": False,
        "webcasts": ["https://x.com/1"],
    }
    assert (facts(precision_id=5)["date"], facts(precision_id=5)["window"]) == (
        "2026-03-14",
        {"first_day": "2026-03-14", "last_day": "2026-03-14"},
    )
    assert (facts(precision_id=7)["date"], facts(precision_id=7)["window"]) == (
        None,
        {"first_day": "2026-03-01", "last_day": "2026-03-31"},
    )
    assert [facts(date=None)[name] for name in ("date", "window", "certainty")] == [None, None, "unknown"]


@settings(max_examples=25, deadline=None)
@given(published_lists())
def test_any_entries_make_a_sound_feed(entries: list[PublishedEntry]) -> None:
    items = read(render(entries))["items"]
    assert [(one["id"], one["title"], one["url"]) for one in items] == [
        (
            f"perigee-json:{feed_id(published.stored.entry)}",
            f"{title(published.stored.entry)} – {published.stored.entry.date_words}",
            published.page_url,
        )
        for published in entries
    ]
    assert [one["content_html"] for one in items] == [str(entry_item(published).html) for published in entries]
    assert render(entries) == render(list(entries))
