"""Conditional answers: strong ETags from the body as sent, Last-Modified from the data, 304 where nothing is new."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request

from webapp import RELEASED_AT
from webapp.domain.clock import utc_midnight
from webapp.edge.compression import code
from webapp.edge.edition import Edition
from webapp.store import StoreState

JSON = "application/json"
FEED_CACHE = "public, max-age=300, s-maxage=300, stale-while-revalidate=3600, stale-if-error=604800"
PAGE_CACHE = "public, max-age=60, s-maxage=60, stale-while-revalidate=600, stale-if-error=604800"
API_CACHE = PAGE_CACHE
NO_CACHE = "no-cache"
SAMPLE_CACHE = NO_CACHE  # Real data may take the sample's place at any moment.

KEEPING = "perigee.keeping"
"""Where in the WSGI environment stands the `Keeping` that whoever answers may fill, if the answer can be kept."""


@dataclass(slots=True)
class Keeping:
    """How long an answer may be kept: as long as feeds stand as they do, or as pages do; by default not at all."""

    as_feed: bool = False
    as_page: bool = False
    modified: datetime | None = None


def conditional(
    body: bytes, mimetype: str, *, edition: Edition | None, cache: str, modified: datetime | None,
    vary: Sequence[str] = (),
) -> Response:  # fmt: skip
    """Answer with the body, or with 304 if the client has it already; `If-None-Match` wins (RFC 9110, 13.2.2).

    The body is coded as the client accepts. If it may be kept, whoever keeps it answers the condition. `vary` names the
    request headers that chose the body; `edition` is `None` where no event is in it.
    """
    coded = code(body, request.accept_encodings)
    # JSON is UTF-8 by definition, and its type takes no charset (RFC 8259, 11).
    response = Response(coded.body, content_type=mimetype if mimetype == JSON else f"{mimetype}; charset=utf-8")
    response.set_etag(hashlib.sha256(coded.body).hexdigest()[:32])
    if coded.coding:
        response.headers["Content-Encoding"] = coded.coding
    response.vary.update([*vary, "Accept-Encoding"] if coded.varies else vary)
    response.last_modified = modified
    response.headers["Cache-Control"] = SAMPLE_CACHE if edition and edition.stand_in else cache
    keeping = request.environ.get(KEEPING)
    if keeping is None or cache == NO_CACHE:
        response.make_conditional(request)
        return response
    keeping.as_feed, keeping.as_page = cache == FEED_CACHE, cache == PAGE_CACHE
    keeping.modified = modified if edition else None
    return response


def last_modified(state: StoreState, now: datetime) -> datetime:
    """Say when an answer may last have changed: with the data, with the UTC day, or with this version.

    The data never changed later than now (RFC 9110, 8.8.2.1).
    """
    return max(state.believed(now).committed_at or RELEASED_AT, utc_midnight(now.date()), RELEASED_AT)
