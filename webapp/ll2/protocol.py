"""What to ask Launch Library, and what its answers mean. No I/O: an answer goes in, a page or an error comes out."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import urlencode, urljoin

from webapp.ll2.errors import MalformedError, ThrottledError, UnavailableError
from webapp.ll2.parse import Page, parse_page

PAGE_SIZE = 100
"""Records in one page of `/events/`: the most that Launch Library gives."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of the complete list, oldest date first, every record in full (`mode=detailed`)."""

    offset: int = 0

    def url(self, base_url: str) -> str:
        """Give the address below the service's base, which ends with a slash.

        `format` is never sent: it would leak into every address that the answer holds.
        """
        pairs = {"limit": PAGE_SIZE, "mode": "detailed", "offset": self.offset, "ordering": "date"}
        return urljoin(base_url, "events/") + "?" + urlencode(pairs)


def next_request(asked: PageRequest, page: Page) -> PageRequest | None:
    """Decide what to ask after this page; `None` when the list is at its end.

    Our own offset leads on, never the answer's `next`, so an address that loops or leads elsewhere leads nowhere.
    """
    # A record that stands twice in a page moved no further down the list.
    records = len({received.event.id for received in page.received}) + len(page.rejected)
    end = asked.offset + records
    return PageRequest(end) if records and page.has_next and end < page.count else None


def interpret_page(status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Page:
    """Read the answer to a `PageRequest`; `now` is aware, for a `Retry-After` that names a date.

    Raises `ThrottledError`, `UnavailableError` or `MalformedError`.
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ThrottledError(_wait(headers.get("Retry-After", ""), body, now))
    if status != HTTPStatus.OK:
        raise UnavailableError(_trouble(status))
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"Launch Library's answer is not JSON: {error}") from error
    return parse_page(document)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _trouble(status: int) -> str:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"Launch Library refused us ({status}): is PERIGEE_LL2_TOKEN right?"
    return f"Launch Library answered with status {status}"


def _wait(retry_after: str, body: bytes, now: datetime) -> timedelta | None:
    """Read how long to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), else the body's own words."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return _bounded(int(text[:9]))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        words = re.search(rb"available in (\d{1,9}) second", body)
        return _bounded(int(words[1])) if words else None
    return _bounded((at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


def _bounded(seconds: float) -> timedelta:
    # Whatever a broken server says, look again within a day.
    return timedelta(seconds=min(max(seconds, 1), 86_400))
