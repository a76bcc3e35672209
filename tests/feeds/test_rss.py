from calendar import timegm
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
from hypothesis import given, settings

from tests.factories import (
    CHANGED_AT,
    make_entry,
    make_info,
    make_published,
    make_stored,
    make_webcast,
    published_lists,
)
from tests.feeds.expected import feed_id, title
from tests.feeds.writing import write_feed
from tests.keys import event_key, event_keys
from webapp.domain.entry import EventType, Program
from webapp.domain.text import paragraphs
from webapp.feeds.about import PublishedEntry
from webapp.feeds.facts import facts_of, provenance_of, webcasts_of
from webapp.feeds.formats import RSS

ITEM = (
    "<item><title>Meridian &lt;b&gt;1&lt;/b&gt; &amp;amp; – 14 March 2026, 07:12 UTC</title>"
    "<link>https://space.example/events/7?a=1&amp;b=2,3;4</link>"
    "<description>"
    "&lt;p&gt;&lt;b&gt;When:&lt;/b&gt; 14 March 2026, 07:12 UTC. Known to the minute.&lt;br&gt;"
    "&lt;b&gt;Type:&lt;/b&gt; Q&amp;amp;A&lt;br&gt;&lt;b&gt;Programs:&lt;/b&gt; A, B&lt;/p&gt;\n"
    "&lt;p&gt;One &amp;lt;script&amp;gt;&lt;br&gt;two&lt;/p&gt;\n&lt;p&gt;three&lt;/p&gt;\n"
    '&lt;p&gt;Watch: &lt;a href="https://x.com/?a=1&amp;amp;b=2"&gt;x.com&lt;/a&gt;&lt;/p&gt;\n'
    "&lt;p&gt;&lt;small&gt;Source: Launch Library 2 by The Space Devs, event 7. "
    "Last changed 20 February 2026, 18:45 UTC.&lt;/small&gt;&lt;/p&gt;"
    "</description><pubDate>Fri, 20 Feb 2026 18:45:00 +0000</pubDate>"
    '<guid isPermaLink="false">perigee-rss:ll2-event-7</guid>'
    "<category>Q&amp;A</category><category>A, B</category></item>"
)
CHANNEL = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
    "<title>Space events, &amp; more; all</title><link>https://space.example/?type__ids=2,8</link>"
    '<description>All &lt;b&gt;events&lt;/b&gt;\nand "more"</description>'
    '<atom:link href="https://space.example/feeds/events?type__ids=2,8&amp;past=7" rel="self"/>'
    "<language>en</language><lastBuildDate>Fri, 20 Feb 2026 18:45:00 +0000</lastBuildDate><ttl>60</ttl>"
    "{items}</channel></rss>"
)
FULL = make_entry(
    key=event_key(7),
    name="Meridian <b>1</b> &amp;",
    type=EventType(99, "Q&A"),
    description="One <script>\r\ntwo\r\n\r\nthree",
    webcasts=(make_webcast(url="https://x.com/?a=1&b=2", title="x", publisher=""),),
    programs=(Program(1, "A, B"), Program(2, "")),
)


def render(entries: Sequence[PublishedEntry]) -> bytes:
    return write_feed(RSS, entries, make_info())


def read(written: bytes) -> Any:
    """What feedparser makes of it, without its own cleaning."""
    found = feedparser.parse(written, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo
    return found


class Reader(HTMLParser):
    """What a reader's eyes and mouse meet in a piece of HTML: tags, text, addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.links: list[str | None] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if (tag, name) == ("a", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def plain_body(published: PublishedEntry) -> str:
    blocks = ["".join(f"{label}: {value}" for label, value in facts_of(published))]
    blocks += ["".join(lines) for lines in paragraphs(published.stored.entry.description)]
    blocks += [f"Watch: {title}" for title, _ in webcasts_of(published.stored)]
    return "\n".join([*blocks, provenance_of(published.stored)])


def test_a_feed_is_written_to_the_letter() -> None:
    assert render([make_published(make_stored(FULL))]).decode() == CHANNEL.format(items=ITEM)


def test_an_empty_feed_is_a_feed_and_tells_no_time_but_that_of_its_data() -> None:
    assert render([]).decode() == CHANNEL.format(items="")


def test_items_stay_in_the_order_given() -> None:
    entries = [make_published(make_stored(make_entry(key=key))) for key in event_keys((3, 1, 2))]
    guids = [one.id for one in read(render(entries)).entries]
    assert guids == ["perigee-rss:ll2-event-3", "perigee-rss:ll2-event-1", "perigee-rss:ll2-event-2"]


def test_an_event_without_a_date_is_in_the_feed() -> None:
    published = make_published(make_stored(make_entry(date=None)))
    assert [one.title for one in read(render([published])).entries] == ["Meridian 1 Docking – Date to be announced"]


def test_an_item_is_dated_by_its_last_change_and_never_by_the_event() -> None:
    event = make_entry(date=datetime(2099, 1, 1, tzinfo=UTC))
    found = read(render([make_published(make_stored(event, first_seen=datetime(2020, 1, 1, tzinfo=UTC)))])).entries[0]
    assert found.published == format_datetime(CHANGED_AT)


@settings(max_examples=25, deadline=None)
@given(published_lists())
def test_any_entries_are_read_back_by_feedparser(entries: list[PublishedEntry]) -> None:
    found = read(render(entries)).entries
    assert len(found) == len(entries)
    for one, published in zip(found, entries, strict=True):
        stored, event = published.stored, published.stored.entry
        assert (one.id, one.guidislink) == (f"perigee-rss:{feed_id(event)}", False)
        assert (one.title, one.link) == (f"{title(event)} – {event.date_words}", published.page_url)
        assert timegm(one.published_parsed) == stored.changed_at.timestamp()


@settings(max_examples=25, deadline=None)
@given(published_lists())
def test_hostile_html_is_escaped_exactly_once(entries: list[PublishedEntry]) -> None:
    items = ET.fromstring(render(entries)).findall("channel/item")  # noqa: S314 - our own bytes
    for item, published in zip(items, entries, strict=True):
        event = published.stored.entry
        body = Reader(item.findtext("description", ""))
        assert body.tags <= {"p", "b", "br", "a", "small"}
        assert body.links == [url for _, url in webcasts_of(published.stored)]
        assert body.text == plain_body(published)
        assert item.findtext("title") == f"{title(event)} – {event.date_words}"
        programs = [program.name for program in event.programs if program.name]
        once = list(dict.fromkeys([event.type.name, *programs]))
        assert [found.text for found in item.findall("category")] == once


@settings(max_examples=10, deadline=None)
@given(published_lists())
def test_the_same_events_give_the_same_bytes(entries: list[PublishedEntry]) -> None:
    assert render(entries) == render(list(entries))
