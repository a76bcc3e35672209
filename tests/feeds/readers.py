"""What feed readers make of our bytes."""

from typing import Any

import feedparser
import jsonschema

_ITEM = {
    "type": "object",
    "required": ["id", "url", "title", "content_html", "date_published", "date_modified", "tags", "_perigee"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "url": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "content_html": {"type": "string"},
        "image": {"type": "string", "format": "uri"},
        "date_published": {"type": "string", "format": "date-time"},
        "date_modified": {"type": "string", "format": "date-time"},
        "tags": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
        "_perigee": {
            "type": "object",
            "required": ["about", "date", "precision", "window", "webcasts"],
            "oneOf": [{"required": ["event_id"]}, {"required": ["launch_id", "launch"]}],
        },
    },
    "additionalProperties": False,
}
_FEED = {
    "type": "object",
    "required": ["version", "title", "home_page_url", "feed_url", "description", "language", "authors", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "format": "uri"},
        "feed_url": {"type": "string", "format": "uri"},
        "description": {"type": "string"},
        "language": {"const": "en"},
        "authors": {"type": "array", "items": {"type": "object", "required": ["name"]}},
        "hubs": {"type": "array", "items": {"type": "object", "required": ["type", "url"]}},
        "items": {"type": "array", "items": _ITEM},
    },
    "additionalProperties": False,
}
"""JSON Feed 1.1 as we write it: what its specification demands, and nothing that it does not know."""


def read_xml(written: bytes) -> Any:
    """Give what feedparser makes of RSS or Atom, without its own cleaning."""
    found = feedparser.parse(written, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo
    return found


def as_feedparser_says(text: str) -> str:
    """Give what feedparser says for a text: one that could be UTF-8 taken for Latin-1, it takes for just that."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def check_json_feed(document: object) -> None:
    """Hold a document to JSON Feed 1.1."""
    jsonschema.validate(document, _FEED, format_checker=jsonschema.FormatChecker())
