"""Items as RSS 2.0, each known by the same guid for ever."""

from collections.abc import Sequence

from feedgenerator import Rss201rev2Feed

from webapp.feeds.about import REFRESH_EVERY, FeedInfo
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

_GUID_PREFIX = "perigee-rss:"  # newsboat's cache spans all feeds: the same event needs another guid in Atom.


class _Feed(OurFeed, Rss201rev2Feed):  # type: ignore[misc] # feedgenerator ships no types
    link_element = "atom:link"

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), **MEDIA_NAMESPACE}


def write_rss_item(item: Item) -> bytes:
    """Write one item as its part of a feed's bytes."""
    feed = _feed(NO_FEED)
    feed.add_item(
        title=item.title,
        link=item.url,
        description=str(item.html),
        pubdate=item.updated,
        unique_id=_GUID_PREFIX + item.id,
        unique_id_is_permalink=False,
        categories=item.categories,
        **picture_fields(item),
    )
    return write_items(feed)


def join_rss(items: Sequence[bytes], info: FeedInfo) -> bytes:
    """Put items, written each by itself, into a feed, in the order given."""
    return write_feed(_feed(info, items))


def _feed(info: FeedInfo, written_items: Sequence[bytes] = ()) -> _Feed:
    ttl = int(REFRESH_EVERY.total_seconds() // 60)
    return _Feed(**feed_fields(info, written_items), description=info.description, ttl=ttl)
