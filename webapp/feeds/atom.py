"""Items as Atom (RFC 4287), each known by the same id for ever."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from feedgenerator import Atom1Feed

from webapp.feeds.about import FeedInfo
from webapp.feeds.items import Item

# RFC 4151 wants a name and a year in which it was ours: nobody can own this one. Another id than the one in RSS, since
# newsboat's cache spans all feeds.
_ID_PREFIX = "tag:perigee.invalid,2025:atom/"
_BEGIN, _END, _FOOT = b"<entry>", b"</entry>", b"</feed>"
_NOBODY = FeedInfo("", "", "", "", datetime(1970, 1, 1, tzinfo=UTC))
_MEDIA = "http://search.yahoo.com/mrss/"


class _Feed(Atom1Feed):  # type: ignore[misc] # feedgenerator ships no types
    """Atom whose date comes from its data, and whose entries hold HTML and a picture."""

    def latest_post_date(self) -> datetime:
        """Give the date for the feed's `updated`."""
        updated: datetime = self.feed["updated"]
        return updated

    def root_attributes(self) -> dict[str, str]:
        """Name the extensions: Media RSS among them."""
        return {**super().root_attributes(), "xmlns:media": _MEDIA}

    def add_root_elements(self, handler: Any) -> None:
        """Write what the feed says of itself, with the hub that tells of changes, if there is one."""
        super().add_root_elements(handler)
        if self.feed["hub_url"]:
            handler.addQuickElement("link", None, {"rel": "hub", "href": self.feed["hub_url"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an entry, with its picture and whose that is."""
        super().add_item_elements(handler, item)
        if item["image_url"]:
            handler.startElement("media:content", {"url": item["image_url"], "type": "image/png", "medium": "image"})
            handler.addQuickElement("media:credit", "Perigee", {"role": "illustrator"})
            handler.endElement("media:content")


def render_atom(items: Sequence[Item], info: FeedInfo) -> bytes:
    """Write a feed of items, in the order given."""
    return join_atom([atom_piece(item) for item in items], info)


def atom_piece(item: Item) -> bytes:
    """Write one item as its part of a feed's bytes."""
    alone = _write([item], _NOBODY)
    # Nothing else of a feed is spelled like this: all that is text is escaped.
    return alone[alone.index(_BEGIN) : alone.rindex(_END) + len(_END)]


def join_atom(pieces: Sequence[bytes], info: FeedInfo) -> bytes:
    """Put items, written each by itself, into a feed."""
    return _write([], info).removesuffix(_FOOT) + b"".join(pieces) + _FOOT


def _write(items: Sequence[Item], info: FeedInfo) -> bytes:
    feed = _Feed(
        title=info.title,
        link=info.page_url,
        description="",
        subtitle=info.description,
        language="en",
        author_name="Perigee",
        feed_url=info.self_url,
        # What a feed is, is the question it answers: its path and its query, on whichever host.
        feed_guid=_ID_PREFIX + info.name,
        updated=info.updated,
        hub_url=info.hub_url,
    )
    for item in items:
        feed.add_item(
            title=item.title,
            link=item.url,
            description=None,
            content=str(item.html),
            pubdate=item.published,
            updateddate=item.updated,
            unique_id=_ID_PREFIX + item.id,
            categories=item.categories,
            image_url=item.image_url,
        )
    written = StringIO()
    feed.write(written, "utf-8")
    return written.getvalue().encode()
