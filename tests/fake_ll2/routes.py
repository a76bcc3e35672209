"""From a request to the payload of its answer: the three lists and their details. Knows no socket and no fault."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.fake_ll2.filters import BadParametersError, select
from tests.fake_ll2.modes import MODES, in_mode
from tests.fake_ll2.moments import moment_of
from tests.fake_ll2.paging import envelope, ordered
from tests.fake_ll2.shapes import Record, Request

# Each list, and its order unless the request names one.
LISTS = {"/events/": "date", "/events/upcoming/": "date", "/events/previous/": "-date"}
RECENT = timedelta(hours=24)
NO_SUCH_EVENT = {"detail": "No Event matches the given query."}
NOT_FOUND = {"detail": "Not found."}


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and the JSON to go with it."""

    status: int
    payload: object


def reply_to(request: Request, records: Iterable[Record], now: datetime, base: str) -> Reply:
    """The service's answer at `now` (UTC); `base` is the address of its root, ending in `/2.3.0/`."""
    if request.endpoint in LISTS:
        return _list(request, records, now, base)
    if match := re.fullmatch(r"(/events/(?:upcoming/|previous/)?)([^/]+)/", request.endpoint):
        return _detail(request, _in_scope(records, match[1], now, request), match[2], base)
    return Reply(404, NOT_FOUND)


def _list(request: Request, records: Iterable[Record], now: datetime, base: str) -> Reply:
    try:
        found = select(_in_scope(records, request.endpoint, now, request), request)
    except BadParametersError as error:
        return Reply(400, error.errors)
    found = ordered(found, request.last("ordering"), LISTS[request.endpoint])
    page = envelope(found, request, base + request.endpoint.removeprefix("/"))
    mode = request.last("mode") or "normal"
    mode = mode if mode in MODES else "normal"
    page["results"] = [in_mode(record, mode, base, request.last("format")) for record in page["results"]]
    return Reply(200, page)


def _detail(request: Request, records: Iterable[Record], id_: str, base: str) -> Reply:
    if not id_.isdecimal():
        return Reply(404, NOT_FOUND)
    for record in records:
        if record.get("id") == int(id_):
            return Reply(200, in_mode(record, "detailed", base, request.last("format")))
    return Reply(404, NO_SUCH_EVENT)


def _in_scope(records: Iterable[Record], endpoint: str, now: datetime, request: Request) -> Iterable[Record]:
    if endpoint == "/events/upcoming/":
        hides_recent = (request.last("hide_recent_previous") or "").lower() == "true"
        earliest = now if hides_recent else now - RECENT
        return [record for record in records if (date := moment_of(record, "date")) is not None and date >= earliest]
    if endpoint == "/events/previous/":
        return [record for record in records if (date := moment_of(record, "date")) is not None and date <= now]
    return records
