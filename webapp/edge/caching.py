"""Conditional answers: strong ETags from the body as sent, Last-Modified from the data, 304 where nothing is new."""

import hashlib
from datetime import datetime

from flask import Response, request

from webapp import RELEASED_AT
from webapp.domain.clock import utc_midnight
from webapp.edge.edition import Edition
from webapp.store import StoreState

FEED_CACHE = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=604800"
PAGE_CACHE = "public, max-age=60, stale-while-revalidate=600, stale-if-error=604800"
_SAMPLE_CACHE = "no-cache"  # Real data may take the sample's place at any moment.


def conditional(body: bytes, mimetype: str, *, edition: Edition, cache: str, modified: datetime | None) -> Response:
    """Answer with the body, or with 304 if the client has it already; `If-None-Match` wins (RFC 9110, 13.2.2)."""
    response = Response(body, content_type=f"{mimetype}; charset=utf-8")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    if modified is not None:
        response.last_modified = modified
    response.headers["Cache-Control"] = _SAMPLE_CACHE if edition.sample_reason else cache
    response.make_conditional(request)
    return response


def last_modified(state: StoreState, now: datetime) -> datetime:
    """Say when an answer may last have changed: with the data, with the UTC day, or with this version."""
    return max(state.committed_at or RELEASED_AT, utc_midnight(now.date()), RELEASED_AT)
