"""A whole feed of entries, as the address of its format would put it together."""

from collections.abc import Sequence

from webapp.feeds.about import FeedInfo, PublishedEntry
from webapp.feeds.formats import FeedFormat
from webapp.feeds.options import CalendarOptions

NO_OPTIONS = CalendarOptions()


def write_feed(
    form: FeedFormat, entries: Sequence[PublishedEntry], info: FeedInfo, options: CalendarOptions = NO_OPTIONS
) -> bytes:
    """Write a feed: a calendar by the ids of its events, any other in the order given."""
    in_order = sorted(entries, key=lambda one: one.stored.id) if form.is_calendar else entries
    return form.join([form.write_entry(published, options.of_one_entry()) for published in in_order], info, options)
