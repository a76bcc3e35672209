"""What to ask Launch Library, and what its answers mean. No I/O: an answer goes in, a page or an error comes out."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import urlencode, urljoin

from webapp.domain.chain import CHAIN_HEADER, CHAIN_VERSION, NO_LIMIT
from webapp.domain.clock import as_utc, later
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.domain.modes import Mode
from webapp.ll2.errors import MalformedError, ThrottledError, TimedOutError, UnavailableError
from webapp.ll2.identity import RottenRecordError
from webapp.ll2.parse import PAGE_SIZE, Page, parse_page, parse_record

MOST_CALLS = 1_000_000
"""No more calls an hour than this are believed to be allowed, or to have been made."""


class Listing(Enum):
    """Which list to ask for."""

    EVERYTHING = "events/"
    UPCOMING = "events/upcoming/"
    LAUNCHES = "launches/"
    UPCOMING_LAUNCHES = "launches/upcoming/"
    PAST_LAUNCHES = "launches/previous/"

    @property
    def kind(self) -> EntryKind:
        """The kind of entry that it lists."""
        return EntryKind.EVENT if self in {Listing.EVERYTHING, Listing.UPCOMING} else EntryKind.LAUNCH


class Order(Enum):
    """By what to order a list, beside `last_updated` where it is asked for what changed since."""

    DATE = "date"
    NET = "net"
    NET_DESCENDING = "-net"
    ID = "id"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of a list, every record in this mode, `limit` at most (100), by rising date unless said otherwise.

    With `since`, which is aware: of what was last updated then or after, by rising `last_updated`. With `status_ids` or
    `ids`: only launches with any of these.
    """

    offset: int = 0
    listing: Listing = Listing.EVERYTHING
    since: datetime | None = None
    limit: int = PAGE_SIZE
    mode: Mode = Mode.DETAILED
    order: Order = Order.DATE
    status_ids: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()

    def url(self, base_url: str) -> str:
        """Give the address below the service's base, which ends with a slash.

        `format` is never sent: it would leak into every address that the answer holds.
        """
        pairs: dict[str, object] = {
            "limit": self.limit, "mode": self.mode.value, "offset": self.offset, "ordering": self.order.value,
        }  # fmt: skip
        if self.status_ids:
            pairs["status__ids"] = ",".join(map(str, self.status_ids))
        if self.ids:
            pairs["id"] = ",".join(self.ids)
        if self.since is not None:
            pairs |= {"last_updated__gte": self.since.isoformat().replace("+00:00", "Z"), "ordering": "last_updated"}
        return urljoin(base_url, self.listing.value) + "?" + urlencode(pairs, safe=",")


@dataclass(frozen=True, slots=True)
class ThrottleReport:
    """What `/api-throttle/` says: calls allowed in an hour, calls that count now, and how long until the next may go.

    `hourly_limit` is `None` where there is no limit. `is_perigee` says that a Perigee answered, which tells of its
    chain.

    It names the key that was sent as well, as `ident`: that is dropped here and goes nowhere.
    """

    hourly_limit: int | None
    current_use: int
    wait: timedelta
    is_perigee: bool = False


def next_request(asked: PageRequest, page: Page) -> PageRequest | None:
    """Decide what to ask after this page; `None` when the list is at its end.

    Our own offset leads on, never the answer's `next`, so an address that loops or leads elsewhere leads nowhere.
    """
    # A record that stands twice in a page moved no further down the list.
    records = len({received.entry.key for received in page.received}) + len(page.rejected)
    end = asked.offset + records
    return replace(asked, offset=end) if records and page.has_next and end < page.count else None


def entry_url(base_url: str, key: EntryKey) -> str:
    """Give the address of one entry below the service's base."""
    return urljoin(base_url, f"{key.kind.plural}/{key.source_id}/")


def interpret_page(
    status: int, headers: Mapping[str, str], body: bytes, *, now: datetime, kind: EntryKind = EntryKind.EVENT
) -> Page:
    """Read the answer to a `PageRequest`; `now` is aware, for a `Retry-After` that names a date.

    Raises `ThrottledError`, `UnavailableError` or `MalformedError`.
    """
    _refuse_failure(status, headers, body, now)
    return parse_page(_document(body), kind)


def interpret_entry(
    key: EntryKey, status: int, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> ReceivedEntry | None:
    """Read the answer to a request for one entry; `None` where Launch Library says in its own words that it has none.

    Raises `ThrottledError`, `UnavailableError` or `MalformedError`.
    """
    if status == HTTPStatus.NOT_FOUND:
        document = _document(body)
        # A gateway's or a wrong address's "not found" is no word about an entry.
        if not isinstance(document, dict) or not isinstance(document.get("detail"), str):
            raise UnavailableError(_trouble(status))
        return None
    _refuse_failure(status, headers, body, now)
    try:
        received = parse_record(_document(body), key.kind)
    except RottenRecordError as error:
        raise MalformedError(f"Launch Library's record of {key} was rejected: {error}") from error
    if received.entry.key != key:
        raise MalformedError(f"Launch Library answered with {received.entry.key} instead of {key.source_id}")
    return received


def interpret_throttle(status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> ThrottleReport:
    """Read the answer of `/api-throttle/`: an object, or, as its schema says, an array that holds one.

    Raises `ThrottledError`, `UnavailableError` or `MalformedError`.
    """
    _refuse_failure(status, headers, body, now)
    document = _document(body)
    first = document[0] if isinstance(document, list) and document else document
    report: Mapping[str, Any] = first if isinstance(first, dict) else {}
    names = ("your_request_limit", "limit_frequency_secs", "current_use")
    numbers = [number for name in names if (number := _count(report.get(name))) is not None]
    if len(numbers) != len(names) or numbers[1] == 0:
        raise MalformedError("Launch Library's answer has no call limit")
    limit, seconds, used = numbers
    hourly_limit = None if limit == NO_LIMIT else min(max(limit * _HOUR_SECONDS // seconds, 1), MOST_CALLS)
    # How long to wait is a help only: where it cannot be read the rest holds all the same.
    wait = min(_count(report.get("next_use_secs")) or 0, _DAY_SECONDS)
    is_perigee = headers.get(CHAIN_HEADER, "").strip() == CHAIN_VERSION
    return ThrottleReport(hourly_limit, min(used, MOST_CALLS), timedelta(seconds=wait), is_perigee)


def read_answer(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Any:
    """Give the document of an answer that went well. Raises as `interpret_page` does."""
    _refuse_failure(status, headers, body, now)
    return _document(body)


def interpret_date(headers: Mapping[str, str]) -> datetime | None:
    """Give when an answer came, by the clock of whoever sent it: its `Date` (RFC 9110, 6.6.1), in UTC.

    Where a cache had kept the answer, its `Age` (RFC 9111, 5.1) has passed since. `None` where it does not say.
    """
    made_at, age = _http_date(headers.get("Date", "")), _seconds(headers.get("Age", ""))
    return None if made_at is None else later(made_at, timedelta(seconds=age or 0))


def interpret_retry_after(text: str, *, now: datetime) -> timedelta | None:
    """Read how long to wait from `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3): at most a day."""
    seconds, at = _seconds(text), _http_date(text)
    if seconds is not None:
        return _bounded(seconds)
    return None if at is None else _bounded((at - now).total_seconds())


_HOUR_SECONDS, _DAY_SECONDS = 3600, 86_400
_MOST_DIGITS = 100
_TIME_OUTS = {HTTPStatus.GATEWAY_TIMEOUT, 524}  # The latter is Cloudflare's own.


def _refuse_failure(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ThrottledError(_wait(headers.get("Retry-After", ""), body, now))
    if status in _TIME_OUTS:
        raise TimedOutError(_trouble(status))
    if status != HTTPStatus.OK:
        raise UnavailableError(_trouble(status))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


_MOST_VALUES = 500_000  # A page of a hundred events in detail has fewer than 100,000.


def _document(body: bytes) -> Any:
    # A value of three bytes becomes an object of seventy: 16 MiB of them would be half a gigabyte.
    if sum(map(body.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise MalformedError("Launch Library's answer has too many values")
    try:
        return json.loads(body, parse_int=_read_integer, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"Launch Library's answer is not JSON: {error}") from error


def _read_integer(digits: str) -> int | float:
    # Python refuses the whole document for one number of thousands of digits: so it costs its own record alone.
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _trouble(status: int) -> str:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"Launch Library refused access ({status}); check PERIGEE_LL2_TOKEN"
    return f"Launch Library answered with status {status}"


def _wait(retry_after: str, body: bytes, now: datetime) -> timedelta | None:
    """Read how long to wait: `Retry-After`, else the body's own words."""
    wait = interpret_retry_after(retry_after, now=now)
    if wait is not None:
        return wait
    words = re.search(rb"available in (\d{1,9}) second", body)
    return _bounded(int(words[1])) if words else None


def _seconds(text: str) -> int | None:
    """Read a number of seconds as headers have it (RFC 9111, 1.2.2); beyond thirty years it is cut off."""
    digits = text.strip()
    return int(digits[:9]) if digits.isascii() and digits.isdigit() else None


def _http_date(text: str) -> datetime | None:
    """Read a date as headers have it (RFC 9110, 5.6.7); `None` where it is none."""
    try:
        return as_utc(parsedate_to_datetime(text.strip()))
    except (ValueError, OverflowError):
        return None


def _bounded(seconds: float) -> timedelta:
    # Whatever a broken server says, look again within a day.
    return timedelta(seconds=min(max(seconds, 1), _DAY_SECONDS))
