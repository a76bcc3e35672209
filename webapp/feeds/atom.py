"""Items as Atom (RFC 4287), each known by the same id for ever."""

from collections.abc import Sequence

from feedgenerator import Atom1Feed

from webapp.feeds.about import FeedInfo
from webapp.feeds.items import Item
from webapp.feeds.syndication import (
    MEDIA_NAMESPACE,
    NO_FEED,
    OurFeed,
    feed_fields,
    picture_fields,
    write_feed,
    write_items,
)

# RFC 4151 wants a name and a year in which it was ours: nobody can own this one. Another id than the one in RSS, since
# newsboat's cache spans all feeds.
_ID_PREFIX = "tag:perigee.invalid,2025:atom/"


class _Feed(OurFeed, Atom1Feed):  # type: ignore[misc] # feedgenerator ships no types
    link_element = "link"

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), **MEDIA_NAMESPACE}


def write_atom_entry(item: Item) -> bytes:
    """Write one item as its part of a feed's bytes."""
    feed = _feed(NO_FEED)
    feed.add_item(
        title=item.title,
        link=item.url,
        description=None,
        content=str(item.html),
        pubdate=item.published,
        updateddate=item.updated,
        unique_id=_ID_PREFIX + item.id,
        categories=item.categories,
        **picture_fields(item),
    )
    return write_items(feed)


def join_atom(entries: Sequence[bytes], info: FeedInfo) -> bytes:
    """Put entries, written each by itself, into a feed, in the order given."""
    return write_feed(_feed(info, entries))


def _feed(info: FeedInfo, written_items: Sequence[bytes] = ()) -> _Feed:
    return _Feed(
        **feed_fields(info, written_items),
        description="",
        subtitle=info.description,
        author_name="Perigee",
        # What a feed is, is the question it answers: its path and its query, on whichever host.
        feed_guid=_ID_PREFIX + info.name,
    )
