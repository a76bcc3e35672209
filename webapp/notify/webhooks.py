"""Webhooks: a message as the item of a JSON Feed, signed, in one request to an address of the owner's."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from webapp.domain.clock import Clock
from webapp.notify.channels import Outcome
from webapp.notify.posting import DEADLINE_SECONDS, post

TIME_HEADER, SIGNATURE_HEADER = "Perigee-Time", "Perigee-Signature"
"""When a request was signed, in seconds since 1970, and its signature: `sha256=` and 64 hexadecimal digits."""


def sign(secret: str, time: str, body: bytes) -> str:
    """Give the signature of a body at a time: HMAC-SHA-256 over the time, a dot and the body."""
    return "sha256=" + hmac.new(secret.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest()


def post_item(
    target: str, item: Mapping[str, Any], secret: str | None, clock: Clock, *, user_agent: str,
    seconds: float = DEADLINE_SECONDS,
) -> Outcome:  # fmt: skip
    """Send an item to a webhook."""
    body, time = json.dumps(item, ensure_ascii=False).encode(), str(int(clock().timestamp()))
    headers = {"Content-Type": "application/json", "User-Agent": user_agent, TIME_HEADER: time}
    if secret is not None:
        headers[SIGNATURE_HEADER] = sign(secret, time, body)
    return post(target, body, headers, clock, seconds=seconds)
