"""What a request says of a browser's subscription, in its head: the endpoint, the keys, and what was chosen."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from flask import request
from werkzeug.exceptions import BadRequest

from webapp.domain.notices import Choices, Lead, NoticeKind, QuietHours
from webapp.domain.push_endpoints import PushKeys, are_keys, is_endpoint
from webapp.domain.query import Fault, InvalidQueryError, Query, unknown_names
from webapp.domain.zones import zone_named
from webapp.instance.site import site

_MOST_CHOICES = 8
_MOST_DIGITS = 11
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Browser:
    """How a browser is reached: its endpoint, its keys, and when these end, if they do."""

    endpoint: str
    keys: PushKeys
    expires_at: datetime | None


def read_endpoint(header: str = "Perigee-Endpoint") -> str:
    """Read the endpoint that a header names. Raises Werkzeug's `BadRequest`."""
    endpoint = request.headers.get(header, "")
    if not is_endpoint(endpoint, site().push_services):
        raise BadRequest(f"{header} must be an address of a push service that this server knows.")
    return endpoint


def read_browser() -> Browser:
    """Read how the browser that asks is reached. Raises Werkzeug's `BadRequest`."""
    p256dh, _, auth = request.headers.get("Perigee-Keys", "").partition(" ")
    keys = PushKeys(p256dh, auth)
    if not are_keys(keys):
        raise BadRequest("Perigee-Keys must be a public key on P-256 and a secret of 16 bytes, in base64url.")
    return Browser(read_endpoint(), keys, _read_expiry())


def read_query() -> str:
    """Read what is asked for, in canonical spelling. Raises `InvalidQueryError`, for parameters unknown here too.

    Where a link would ignore one, a subscription to far more than was meant would be made.
    """
    pairs = list(request.args.items(multi=True))
    query = Query.parse(pairs)
    if unknown := unknown_names(pairs):
        raise InvalidQueryError([Fault(name, "", "a parameter of this site's pages") for name in unknown])
    return Query(query.filter).to_query_string()


def read_choices() -> Choices:
    """Read what was chosen. Raises Werkzeug's `BadRequest`."""
    try:
        given = dict(parse_qsl(request.headers.get("Perigee-Choices", ""), max_num_fields=_MOST_CHOICES))
        return Choices(
            kinds=frozenset(NoticeKind(kind) for kind in given.get("kinds", "").split(",") if kind),
            lead=Lead(given["lead"]) if "lead" in given else None,
            zone=zone_named(given["zone"]),
            quiet=QuietHours.parse(given["quiet"]) if "quiet" in given else None,
        )
    except (KeyError, ValueError) as error:
        raise BadRequest("Perigee-Choices must name kinds of notice, a lead, a time zone and quiet hours.") from error


def write_choices(choices: Choices) -> dict[str, Any]:
    """Give what was chosen as the page shows it."""
    return {
        "kinds": sorted(kind.value for kind in choices.kinds),
        "lead": choices.lead.value if choices.lead else "",
        "quiet": str(choices.quiet or ""),
    }


def write_keys(keys: PushKeys) -> str:
    """Write a browser's keys as the store keeps them."""
    return json.dumps({"p256dh": keys.p256dh, "auth": keys.auth})


def _read_expiry() -> datetime | None:
    text = request.headers.get("Perigee-Expires", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise BadRequest("Perigee-Expires must be in seconds since 1970.")
    return min(datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(text)), _LATEST)
