"""From a request to the payload of its answer: each collection's three lists, and their details. Knows no fault."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.fake_ll2.collections import LISTS, Collection, collection_at
from tests.fake_ll2.filters import BadParametersError, select
from tests.fake_ll2.modes import in_mode
from tests.fake_ll2.moments import moment_of
from tests.fake_ll2.paging import envelope, ordered
from tests.fake_ll2.shapes import Record, Request

RECENT = timedelta(hours=24)
NOT_FOUND = {"detail": "Not found."}


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and the JSON to go with it."""

    status: int
    payload: object


def reply_to(request: Request, records: Iterable[Record], now: datetime, base: str) -> Reply:
    """The service's answer at `now` (UTC) from the records of the collection that the request is for.

    `base` is the address of the service's root, ending in `/2.3.0/`.
    """
    collection = collection_at(request.endpoint)
    if collection is None:
        return Reply(404, NOT_FOUND)
    if request.endpoint in LISTS:
        return _list(request, collection, records, now, base)
    path, _, last = request.endpoint.removesuffix("/").rpartition("/")
    if f"{path}/" not in LISTS or not request.endpoint.endswith("/"):
        return Reply(404, NOT_FOUND)
    return _detail(request, collection, _in_scope(records, collection, f"{path}/", now, request), last, base)


def _list(request: Request, collection: Collection, records: Iterable[Record], now: datetime, base: str) -> Reply:
    try:
        found = select(_in_scope(records, collection, request.endpoint, now, request), request, collection.filters)
    except BadParametersError as error:
        return Reply(400, error.errors)
    found = ordered(found, request.last("ordering"), LISTS[request.endpoint], collection.orderable)
    page = envelope(found, request, base + request.endpoint.removeprefix("/"))
    mode = request.last("mode") or "normal"
    mode = mode if mode in collection.modes else "normal"
    page["results"] = [_shown(record, mode, collection, base, request) for record in page["results"]]
    return Reply(200, page)


def _detail(request: Request, collection: Collection, records: Iterable[Record], text: str, base: str) -> Reply:
    id_ = collection.id_of(text)
    if id_ is None:
        return Reply(404, NOT_FOUND)
    for record in records:
        if record.get("id") == id_:
            return Reply(200, _shown(record, "detailed", collection, base, request))
    return Reply(404, {"detail": f"No {collection.noun} matches the given query."})


def _shown(record: Record, mode: str, collection: Collection, base: str, request: Request) -> Record:
    address = None
    if "id" in record:
        # The service repeats `format` in every address it writes.
        format_ = request.last("format")
        address = f"{base}{collection.path[1:]}{record['id']}/" + (f"?format={format_}" if format_ else "")
    return in_mode(collection.abridged(record, mode), mode, collection.modes, address)


def _in_scope(
    records: Iterable[Record], collection: Collection, endpoint: str, now: datetime, request: Request
) -> Iterable[Record]:
    if endpoint == collection.path:
        return records
    dated = [(moment, record) for record in records if (moment := moment_of(record, collection.date)) is not None]
    if endpoint.endswith("/previous/"):
        return [record for moment, record in dated if moment <= now]
    hides_recent = (request.last("hide_recent_previous") or "").lower() == "true"
    earliest = now if hides_recent else now - RECENT
    return [record for moment, record in dated if moment >= earliest]
