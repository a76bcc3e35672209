"""Responses that can be cached: encoded, with a strong ETag of the body as sent, right as long as `Freshness` says."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request

from webapp import RELEASED_AT
from webapp.domain.clock import utc_midnight
from webapp.instance.editions import Edition
from webapp.response_cache.freshness import Freshness
from webapp.store import StoreState
from webapp.web.content_encoding import encode

JSON = "application/json"

METADATA = "perigee.cache_metadata"
"""Where in the WSGI environment stands the `CacheMetadata` to fill, if the response cache asks for the response."""


@dataclass(slots=True)
class CacheMetadata:
    """What the response cache must know of a response besides its headers and its body."""

    freshness: Freshness = Freshness.NEVER
    modified: datetime | None = None


def cacheable_response(
    body: bytes, mimetype: str, *, edition: Edition | None, freshness: Freshness, modified: datetime | None,
    vary: Sequence[str] = (),
) -> Response:  # fmt: skip
    """Make the response of a body, encoded as the client accepts; without a response cache, a 304 if the client has it.

    `edition` is whose events are in it, if any are: a stand-in's response must be kept nowhere but here, since real
    data may take its place at any moment. `modified` is when they last changed, and `vary` names the request headers
    that chose the body.
    """
    encoded = encode(body, request.accept_encodings)
    # JSON is UTF-8 by definition, and its type takes no charset (RFC 8259, 11).
    response = Response(encoded.body, content_type=mimetype if mimetype == JSON else f"{mimetype}; charset=utf-8")
    response.set_etag(hashlib.sha256(encoded.body).hexdigest()[:32])
    if encoded.encoding:
        response.headers["Content-Encoding"] = encoded.encoding
    response.vary.update([*vary, "Accept-Encoding"] if encoded.varies else vary)
    if modified is not None:  # Without it Werkzeug would say now, by a clock of its own.
        response.last_modified = modified
    elsewhere = Freshness.NEVER if edition and edition.stand_in else freshness
    response.headers["Cache-Control"] = elsewhere.cache_control
    metadata = request.environ.get(METADATA)
    if metadata is None or freshness is Freshness.NEVER:
        response.make_conditional(request)
    else:
        metadata.freshness = freshness
        metadata.modified = modified if edition else None
    return response


def last_modified(state: StoreState, now: datetime) -> datetime:
    """Say when an answer may last have changed: with the data, with the UTC day, or with this version.

    The data never changed later than now (RFC 9110, 8.8.2.1).
    """
    return max(state.believed(now).committed_at or RELEASED_AT, utc_midnight(now.date()), RELEASED_AT)
