from calendar import timegm
from datetime import UTC, datetime

from hypothesis import given, settings

from tests.factories import CHANGED_AT, make_entry, make_info, make_published, make_stored, published_lists
from tests.feeds.expected import feed_id, title
from tests.feeds.readers import as_feedparser_says, read_xml
from tests.feeds.writing import write_feed
from webapp.feeds.about import PublishedEntry
from webapp.feeds.formats import ATOM
from webapp.feeds.items import entry_item

SEEN = datetime(2026, 1, 1, tzinfo=UTC)


def render(entries: list[PublishedEntry], **info: str) -> bytes:
    return write_feed(ATOM, entries, make_info(**info))


def test_a_feed_names_itself_and_tells_no_time_but_that_of_its_data() -> None:
    assert render([], name="feeds/events?type__ids=2,8").decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xml:lang="en" xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">'
        "<title>Space events, &amp; more; all</title>"
        '<link href="https://space.example/?type__ids=2,8" rel="alternate"/>'
        '<link href="https://space.example/feeds/events?type__ids=2,8&amp;past=7" rel="self"/>'
        "<id>tag:perigee.invalid,2025:atom/feeds/events?type__ids=2,8</id>"
        "<updated>2026-02-20T18:45:00+00:00</updated><author><name>Perigee</name></author>"
        '<subtitle>All &lt;b&gt;events&lt;/b&gt;\nand "more"</subtitle></feed>'
    )


def test_the_hub_is_named_where_there_is_one() -> None:
    assert '<link href="https://hub.example/" rel="hub"/>' in render([], hub_url="https://hub.example/").decode()


def test_an_entry_says_when_it_was_first_seen_and_when_it_changed() -> None:
    stored = make_stored(make_entry(date=datetime(2099, 1, 1, tzinfo=UTC)), first_seen=SEEN)
    found = read_xml(render([make_published(stored)])).entries[0]
    assert (found.published, found.updated) == ("2026-01-01T00:00:00+00:00", "2026-02-20T18:45:00+00:00")
    assert CHANGED_AT.isoformat() == found.updated


@settings(max_examples=25, deadline=None)
@given(published_lists())
def test_any_entries_are_read_back_by_feedparser(entries: list[PublishedEntry]) -> None:
    found = read_xml(render(entries)).entries
    assert len(found) == len(entries)
    for one, published in zip(found, entries, strict=True):
        event, item = published.stored.entry, entry_item(published)
        assert one.id == f"tag:perigee.invalid,2025:atom/{feed_id(event)}"
        assert (one.title, one.link) == (f"{title(event)} – {event.date_words}", published.page_url)
        assert timegm(one.updated_parsed) == int(published.stored.changed_at.timestamp())
        assert [(part.type, part.value) for part in one.content] == [("text/html", as_feedparser_says(str(item.html)))]
        # It takes the text of elements for another encoding's now and then, and of attributes never.
        assert [tag.term for tag in one.get("tags", [])] == list(item.categories)
    assert render(entries) == render(list(entries))
