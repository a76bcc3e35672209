"""Faults that spoil an answer the service did give: in its JSON, or in its bytes."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fake_ll2.faults import Fault, QueuedFault
from tests.fake_ll2.paging import limit_of, link, offset_of
from tests.fake_ll2.shapes import Record, Request

Page = dict[str, Any]

# The named ways for a record to be rotten. Any JSON that is not text can be given instead, to stand in for the record.
ROT: dict[str, Callable[[Record], object]] = {
    "id missing": lambda record: {key: value for key, value in record.items() if key != "id"},
    "id null": lambda record: record | {"id": None},
    "id text": lambda record: record | {"id": f"event-{record.get('id')}"},
    "name number": lambda record: record | {"name": 42},
    "name missing": lambda record: {key: value for key, value in record.items() if key != "name"},
    "type text": lambda record: record | {"type": "Docking"},
    "date rubbish": lambda record: record | {"date": "next Tuesday"},
    "precision text": lambda record: record | {"date_precision": "Day"},
    "webcasts null": lambda record: record | {"vid_urls": None},
    "net rubbish": lambda record: record | {"net": "next Tuesday"},
    "net precision text": lambda record: record | {"net_precision": "Day"},
    "status text": lambda record: record | {"status": "Go"},
    "window reversed": lambda record: (
        record | {"window_start": record["window_end"], "window_end": record["window_start"]}
    ),
    "null": lambda _: None,
    "text": lambda _: "not an event",
}


def spoil_payload(queued: QueuedFault, payload: object, request: Request, here: str) -> object:
    """The JSON of a 200 answer after the fault; `here` is the request's address without its query."""
    if queued.fault is Fault.WRONG_SHAPE:
        return ["unexpected"] if queued.details["shape"] == "list" else {"unexpected": True}
    if not isinstance(payload, dict):
        return payload
    if queued.fault is Fault.ROTTEN_RECORD:
        return _rotten(queued, payload)
    spoil = _SPOIL_PAGE.get(queued.fault)
    return payload | spoil(queued, payload, request, here) if spoil else payload


def spoil_body(queued: QueuedFault | None, body: bytes) -> bytes:
    """The bytes of an answer after the fault."""
    match queued.fault if queued else None:
        case Fault.EMPTY_200:
            return b""
        case Fault.TRUNCATED_JSON:
            return body[: len(body) // 2]
        case Fault.INVALID_JSON:
            return body.replace(b'"', b"'")
    return body


def _rotten(queued: QueuedFault, payload: Page) -> object:
    how, at = queued.details["record"], queued.details["at"]
    rot = ROT[how] if isinstance(how, str) else (lambda _: how)
    if "results" not in payload:
        return rot(payload)
    results = list(payload["results"])
    if results:
        results[at] = rot(results[at])
    return payload | {"results": results}


def _empty(_queued: QueuedFault, _page: Page, _request: Request, _here: str) -> Page:
    return {"count": 0, "next": None, "previous": None, "results": []}


def _wrong_count(queued: QueuedFault, page: Page, _request: Request, _here: str) -> Page:
    return {"count": page["count"] + queued.details["by"]}


def _looping(_queued: QueuedFault, _page: Page, request: Request, here: str) -> Page:
    return {"next": f"{here}?{urlencode(request.query)}" if request.query else here}


def _foreign(queued: QueuedFault, _page: Page, request: Request, here: str) -> Page:
    # The last page has no `next` of its own, so it is made anew.
    limit = limit_of(request)
    address = link(here, request, limit=limit, offset=offset_of(request) + limit)
    return {"next": urlsplit(address)._replace(netloc=queued.details["host"]).geturl()}


def _duplicated(_queued: QueuedFault, page: Page, _request: Request, _here: str) -> Page:
    return {"results": page["results"] + page["results"][:1]}


def _shrunk(_queued: QueuedFault, page: Page, _request: Request, _here: str) -> Page:
    return {"results": page["results"][:-1]}


def _crowded(queued: QueuedFault, *_: object) -> Page:
    return {"results": [{}] * queued.details["records"]}


def _wrong_allowance(queued: QueuedFault, *_: object) -> Page:
    return {"your_request_limit": queued.details["limit"], "next_use_secs": queued.details["wait"]}


_SPOIL_PAGE: dict[Fault, Callable[[QueuedFault, Page, Request, str], Page]] = {
    Fault.EMPTY_PAGE: _empty,
    Fault.WRONG_COUNT: _wrong_count,
    Fault.LOOPING_NEXT: _looping,
    Fault.FOREIGN_NEXT: _foreign,
    Fault.DUPLICATE_IDS: _duplicated,
    Fault.SHRUNK: _shrunk,
    Fault.TOO_MANY_RECORDS: _crowded,
    Fault.WRONG_ALLOWANCE: _wrong_allowance,
}
