"""The table of feed formats: addresses, views, links and media types all follow from its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webapp.domain.changes import StoredChange
from webapp.feeds.about import FeedInfo, PublishedEntry
from webapp.feeds.atom import join_atom, write_atom_entry
from webapp.feeds.icalendar import join_calendar, write_calendar_entry
from webapp.feeds.items import Item, change_item, entry_item
from webapp.feeds.json_feed import join_json_feed, write_json_item
from webapp.feeds.options import CalendarOptions
from webapp.feeds.rss import join_rss, write_rss_item


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """A format: `suffix` ends its addresses, `media_type` names it to programs, `name` to people, `noun` in a sentence.

    `write_entry` writes an entry by itself, to be kept until the entry is written anew; `write_change` a change, where
    the format has a place for those. `join` puts what was written into a feed. A calendar heeds the options that a
    subscriber asks for, has its events in the order of their ids, and leaves out what it cannot place.
    """

    suffix: str
    media_type: str
    name: str
    noun: str
    write_entry: Callable[[PublishedEntry, CalendarOptions], bytes]
    join: Callable[[Sequence[bytes], FeedInfo, CalendarOptions], bytes]
    write_change: Callable[[StoredChange, PublishedEntry], bytes] | None = None
    is_calendar: bool = False


def _of_items(
    suffix: str, media_type: str, name: str, write: Callable[[Item], bytes],
    join: Callable[[Sequence[bytes], FeedInfo], bytes],
) -> FeedFormat:  # fmt: skip
    """Make the row of a format that feed readers take, which knows of items alone."""
    return FeedFormat(
        suffix,
        media_type,
        name,
        name,
        write_entry=lambda published, _options: write(entry_item(published)),
        join=lambda written, info, _options: join(written, info),
        write_change=lambda change, published: write(change_item(change, published)),
    )


ICALENDAR = FeedFormat(
    "ics", "text/calendar", "iCalendar", "a calendar", write_calendar_entry, join_calendar, is_calendar=True
)
RSS = _of_items("rss", "application/rss+xml", "RSS", write_rss_item, join_rss)
ATOM = _of_items("atom", "application/atom+xml", "Atom", write_atom_entry, join_atom)
JSON_FEED = _of_items("json", "application/feed+json", "JSON Feed", write_json_item, join_json_feed)

EVENT_FORMATS = (ICALENDAR, RSS, ATOM, JSON_FEED)
"""The formats of events, in the order in which pages offer them."""

CHANGE_FORMATS = tuple(form for form in EVENT_FORMATS if form.write_change is not None)
"""The formats of changes."""
