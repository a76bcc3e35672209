"""A whole feed of entries, as the address of its format would put it together."""

from collections.abc import Sequence

from webapp.feeds.about import FeedEntry, FeedInfo
from webapp.feeds.formats import FeedFormat
from webapp.feeds.options import CalendarOptions

NO_OPTIONS = CalendarOptions()


def write_feed(
    form: FeedFormat, entries: Sequence[FeedEntry], info: FeedInfo, options: CalendarOptions = NO_OPTIONS
) -> bytes:
    """Write a feed: a calendar by the ids of its events, any other in the order given."""
    in_order = sorted(entries, key=lambda one: one.stored.event.id) if form.is_calendar else entries
    return form.join([form.write_event(entry, options.of_one_event()) for entry in in_order], info, options)
