"""Items as JSON Feed 1.1, each known by the same id for ever."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from webapp.feeds.about import FeedInfo
from webapp.feeds.items import Item

_VERSION = "https://jsonfeed.org/version/1.1"
_ID_PREFIX = "perigee-json:"
_ABOUT = "https://thespacedevs.com/llapi"


def write_json_item(item: Item) -> bytes:
    """Write one item as its part of a feed's bytes. `_perigee` holds what an event's date means, for programs."""
    return json.dumps(_item(item), ensure_ascii=False).encode()


def join_json_feed(items: Sequence[bytes], info: FeedInfo) -> bytes:
    """Put items, written each by itself, into a feed, in the order given."""
    document: dict[str, Any] = {
        "version": _VERSION,
        "title": info.title,
        "home_page_url": info.page_url,
        "feed_url": info.self_url,
        "description": info.description,
        "language": "en",
        "authors": [{"name": "Perigee"}],
    }
    if info.hub_url:
        document["hubs"] = [{"type": "WebSub", "url": info.hub_url}]
    head = json.dumps(document, ensure_ascii=False).encode().removesuffix(b"}")
    return head + b', "items": [' + b",\n".join(items) + b"]}"


def _item(item: Item) -> dict[str, Any]:
    members: dict[str, Any] = {
        "id": _ID_PREFIX + item.id,
        "url": item.url,
        "title": item.title,
        "content_html": str(item.html),
        "date_published": _stamp(item.published),
        "date_modified": _stamp(item.updated),
        "tags": list(item.categories),
    }
    if item.image_url:
        members["image"] = item.image_url
    return members | {"_perigee": {"about": _ABOUT, **item.facts}}


def _stamp(moment: datetime) -> str:
    """Write an instant as RFC 3339 does."""
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
