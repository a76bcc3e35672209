"""What is sent to a browser: a declarative push message, in JSON, which our service worker reads too (W3C Push API)."""

import hashlib
import json
from typing import Final

from webapp.domain.push_endpoints import encoded

MOST_BYTES: Final = 4096
"""How large an encrypted message may be (RFC 8291, 4)."""

_OVERHEAD_BYTES: Final = 86 + 17  # The head of the one record, the mark of its end, and the seal (RFC 8188, 2).
_MOST_PLAIN_BYTES: Final = MOST_BYTES - _OVERHEAD_BYTES
_TOPIC_BYTES: Final = 24
_LONGEST_TITLE: Final = 200


def write_payload(*, title: str, body: str, url: str, tag: str) -> str:
    """Write the message; a body for which there is no room ends in an ellipsis."""
    payload = _json(title[:_LONGEST_TITLE], body, url, tag)
    while (excess := len(payload.encode()) - _MOST_PLAIN_BYTES) > 0 and body:
        body = body[: -max(1, excess // 4 + 1)].rstrip("…")
        payload = _json(title[:_LONGEST_TITLE], f"{body}…", url, tag)
    return payload


def topic_of(tag: str) -> str:
    """Give the `Topic` of messages with a tag: an undelivered one is replaced by the next (RFC 8030, 5.4).

    It has the 32 characters of base64url that it may have at most.
    """
    return encoded(hashlib.sha256(tag.encode()).digest()[:_TOPIC_BYTES])


def _json(title: str, body: str, url: str, tag: str) -> str:
    notification = {"title": title, "body": body, "navigate": url, "tag": tag, "lang": "en", "renotify": True}
    return json.dumps({"web_push": 8030, "notification": notification}, ensure_ascii=False, separators=(",", ":"))
