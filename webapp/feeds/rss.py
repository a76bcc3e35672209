"""Items as RSS 2.0, each known by the same guid for ever."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from feedgenerator import Rss201rev2Feed

from webapp.feeds.about import REFRESH_EVERY, FeedInfo
from webapp.feeds.items import Item

_GUID_PREFIX = "perigee-rss:"  # newsboat's cache spans all feeds: the same event needs another guid in Atom.
_BEGIN, _END, _FOOT = b"<item>", b"</item>", b"</channel></rss>"
_NOBODY = FeedInfo("", "", "", "", datetime(1970, 1, 1, tzinfo=UTC))
_MEDIA = "http://search.yahoo.com/mrss/"


class _Feed(Rss201rev2Feed):  # type: ignore[misc] # feedgenerator ships no types
    """RSS whose date comes from its data: the library would write the present time into an empty feed."""

    def latest_post_date(self) -> datetime:
        """Give the date for `lastBuildDate`."""
        updated: datetime = self.feed["updated"]
        return updated

    def rss_attributes(self) -> dict[str, str]:
        """Name the extensions: Media RSS among them."""
        return {**super().rss_attributes(), "xmlns:media": _MEDIA}

    def add_root_elements(self, handler: Any) -> None:
        """Write what the channel says of itself, with the hub that tells of changes, if there is one."""
        super().add_root_elements(handler)
        if self.feed["hub_url"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub_url"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an item, with its picture and whose that is."""
        super().add_item_elements(handler, item)
        if item["image_url"]:
            handler.startElement("media:content", {"url": item["image_url"], "type": "image/png", "medium": "image"})
            handler.addQuickElement("media:credit", "Perigee", {"role": "illustrator"})
            handler.endElement("media:content")


def render_rss(items: Sequence[Item], info: FeedInfo) -> bytes:
    """Write a feed of items, in the order given."""
    return join_rss([rss_piece(item) for item in items], info)


def rss_piece(item: Item) -> bytes:
    """Write one item as its part of a feed's bytes."""
    alone = _write([item], _NOBODY)
    # Nothing else of a feed is spelled like this: all that is text is escaped.
    return alone[alone.index(_BEGIN) : alone.rindex(_END) + len(_END)]


def join_rss(pieces: Sequence[bytes], info: FeedInfo) -> bytes:
    """Put items, written each by itself, into a feed."""
    return _write([], info).removesuffix(_FOOT) + b"".join(pieces) + _FOOT


def _write(items: Sequence[Item], info: FeedInfo) -> bytes:
    feed = _Feed(
        title=info.title,
        link=info.page_url,
        description=info.description,
        language="en",
        feed_url=info.self_url,
        ttl=int(REFRESH_EVERY.total_seconds() // 60),
        updated=info.updated,
        hub_url=info.hub_url,
    )
    for item in items:
        feed.add_item(
            title=item.title,
            link=item.url,
            description=str(item.html),
            pubdate=item.updated,
            unique_id=_GUID_PREFIX + item.id,
            unique_id_is_permalink=False,
            categories=item.categories,
            image_url=item.image_url,
        )
    written = StringIO()
    feed.write(written, "utf-8")
    return written.getvalue().encode()
