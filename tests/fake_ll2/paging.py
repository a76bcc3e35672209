"""Order, limit, offset and links, as Django REST Framework's LimitOffsetPagination makes them."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from tests.fake_ll2.moments import moment_of
from tests.fake_ll2.shapes import Record, Request

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
TEXTS = ("id", "name")


def ordered(records: Iterable[Record], ordering: str | None, default: str, orderable: tuple[str, ...]) -> list[Record]:
    """Sorted by the comma-separated terms, `-` for descending; ties in ascending id, nulls last, both ways."""
    terms = [term for term in (ordering or "").split(",") if term.removeprefix("-") in orderable]
    result = sorted(records, key=_id)
    for term in reversed(terms or [default]):
        result = _ordered_by(result, term.removeprefix("-"), descending=term.startswith("-"))
    return result


def envelope(records: Sequence[Record], request: Request, here: str) -> dict[str, Any]:
    """One page: `{count, next, previous, results}`; `here` is the request's address without its query."""
    limit, offset, count = limit_of(request), offset_of(request), len(records)
    return {
        "count": count,
        "next": None if offset + limit >= count else link(here, request, limit=limit, offset=offset + limit),
        "previous": None if offset <= 0 else link(here, request, limit=limit, offset=max(offset - limit, 0)),
        "results": list(records[offset : offset + limit]),
    }


def link(here: str, request: Request, *, limit: int, offset: int) -> str:
    """The request's address with another limit and offset: sorted by name, offset 0 left out, as the service does."""
    pairs = [(name, value) for name, value in request.query if name not in {"limit", "offset"}]
    pairs.append(("limit", str(limit)))
    if offset:
        pairs.append(("offset", str(offset)))
    return f"{here}?{urlencode(sorted(pairs, key=lambda pair: pair[0]))}"


def limit_of(request: Request) -> int:
    """The page's size: rubbish and zero fall back to the default, too much is clamped."""
    limit = _positive(request.last("limit"))
    return min(limit, MAX_LIMIT) if limit else DEFAULT_LIMIT


def offset_of(request: Request) -> int:
    """How many records to pass over; rubbish is none."""
    return _positive(request.last("offset"))


def _positive(text: str | None) -> int:
    try:
        return max(int(text or "0"), 0)
    except ValueError:
        return 0


def _id(record: Record) -> tuple[int, str]:
    id_ = record.get("id")
    return id_ if isinstance(id_, int) else 0, id_ if isinstance(id_, str) else ""


def _ordered_by(records: list[Record], field: str, *, descending: bool) -> list[Record]:
    if field in TEXTS:
        return sorted(records, key=lambda record: str(record.get(field)), reverse=descending)
    dated = [(moment, record) for record in records if (moment := moment_of(record, field)) is not None]
    # The sort is stable in reverse too, so ties keep the order they came in.
    dated.sort(key=lambda pair: pair[0], reverse=descending)
    return [record for _, record in dated] + [record for record in records if moment_of(record, field) is None]
