"""What RSS and Atom share: feedgenerator writes both, and each item by itself, so that what was written can be kept."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from feedgenerator import Enclosure
from feedgenerator.django.utils.xmlutils import SimplerXMLGenerator

from webapp.feeds.about import FeedInfo, PublishedPicture
from webapp.feeds.items import Item

MEDIA_NAMESPACE = {"xmlns:media": "http://search.yahoo.com/mrss/"}

NO_FEED = FeedInfo("", "", "", "", datetime(1970, 1, 1, tzinfo=UTC))
"""Stands for the feed around an item that is written by itself, which says nothing of it."""

_ENCODING = "utf-8"


class OurFeed:
    """Mixed into the library's feeds: the date comes from the data, and items may have been written before.

    Beside what the library knows, a feed is given `updated`, `hub_url` and `written_items`. `link_element` is how its
    format names a link.
    """

    feed: dict[str, Any]
    link_element: str

    def latest_post_date(self) -> datetime:
        """Give the feed's own date: the library would write the present time into an empty one."""
        updated: datetime = self.feed["updated"]
        return updated

    def add_root_elements(self, handler: Any) -> None:
        """Write what the feed says of itself, with the hub that announces its changes, if there is one (WebSub, 4)."""
        super().add_root_elements(handler)  # type: ignore[misc] # the library's own
        if self.feed["hub_url"]:
            handler.addQuickElement(self.link_element, None, {"rel": "hub", "href": self.feed["hub_url"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an item, with its picture and whose that is, as Media RSS has it."""
        super().add_item_elements(handler, item)  # type: ignore[misc] # the library's own
        if item["picture"]:
            _write_picture(handler, item["picture"])
        elif item["image_url"]:
            handler.startElement("media:content", {"url": item["image_url"], "type": "image/png", "medium": "image"})
            handler.addQuickElement("media:credit", "Perigee", {"role": "illustrator"})
            handler.endElement("media:content")

    def write_items(self, handler: Any) -> None:
        """Write the items, after those that were written before."""
        for item in self.feed["written_items"]:
            handler.ignorableWhitespace(item)  # All that a SAX generator writes without escaping it.
        super().write_items(handler)  # type: ignore[misc] # the library's own


def picture_fields(item: Item) -> dict[str, Any]:
    """Give what an item of the library's is made with for its picture, or its drawing: that alone is no enclosure."""
    picture = item.picture
    enclosures = [Enclosure(picture.url, str(picture.file.size), picture.file.media_type)] if picture else []
    return {"image_url": item.image_url, "picture": picture, "enclosures": enclosures}


def _write_picture(handler: Any, picture: PublishedPicture) -> None:
    """Write a picture, with what it shows, whose it is and under which licence (Media RSS 1.5.1)."""
    file, caption = picture.file, picture.caption
    about = {
        "url": picture.url,
        "type": file.media_type,
        "medium": "image",
        "width": str(file.width),
        "height": str(file.height),
        "fileSize": str(file.size),
    }
    handler.startElement("media:content", about)
    handler.addQuickElement("media:description", picture.alternative, {"type": "plain"})
    if caption.credit:
        handler.addQuickElement("media:credit", caption.credit)
    # The attribute belongs to the link: without one, there is no type of what it leads to.
    link = {"type": "text/html", "href": caption.license_url} if caption.license_url else {}
    handler.addQuickElement("media:license", caption.license_words, link)
    handler.endElement("media:content")


def feed_fields(info: FeedInfo, written_items: Sequence[bytes]) -> dict[str, Any]:
    """Give what every feed of the library's is made with."""
    return {
        "title": info.title,
        "link": info.page_url,
        "language": "en",
        "feed_url": info.self_url,
        "updated": info.updated,
        "hub_url": info.hub_url,
        "written_items": written_items,
    }


def write_feed(feed: Any) -> bytes:
    """Write a whole feed."""
    written = StringIO()
    feed.write(written, _ENCODING)
    return written.getvalue().encode()


def write_items(feed: Any) -> bytes:
    """Write the items of a feed without what stands around them."""
    written = StringIO()
    feed.write_items(SimplerXMLGenerator(written, _ENCODING, short_empty_elements=True))
    return written.getvalue().encode()
