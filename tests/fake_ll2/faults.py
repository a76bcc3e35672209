"""The faults a test can queue, and the queue."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fake_ll2.collections import LISTS


class Fault(enum.Enum):
    """What can go wrong with one answer. What is named after "by default" is a detail that `fail` takes."""

    TIMEOUT = "nothing is answered until the fake is released or stopped"
    RESET = "the connection is reset before an answer"
    RESET_MID_BODY = "the whole Content-Length, half the body, then a reset"
    HTML_500 = "500, an HTML page"
    BAD_GATEWAY_502 = "502, an HTML page"
    UNAVAILABLE_503 = "503, an HTML page"
    GATEWAY_TIMEOUT_504 = "504, an HTML page"
    CLOUDFLARE_524 = "524, Cloudflare's HTML page"
    THROTTLED = "429, Retry-After in seconds (by default `retry_after=60`)"
    THROTTLED_HTTP_DATE = "429, Retry-After as an HTTP date (by default `retry_after=60` seconds from now)"
    THROTTLED_BARE = "429 without Retry-After"
    UNAUTHORIZED_401 = "401, Django REST Framework's JSON for a bad token"
    TRUNCATED_JSON = "the first half of the body, with a Content-Length to match"
    INVALID_JSON = "the body with its quotes spoilt"
    WRONG_SHAPE = "valid JSON of another shape (by default `shape='list'`, or 'object')"
    EMPTY_200 = "200 with a body of zero bytes"
    EMPTY_PAGE = "a page that claims there is nothing: count 0, no links, no results"
    WRONG_COUNT = "a count that is wrong (by default `by=1` too many)"
    LOOPING_NEXT = "`next` is the address of the page itself"
    FOREIGN_NEXT = "`next` is on another host (by default `host='elsewhere.invalid'`)"
    DUPLICATE_IDS = "the first result comes again at the end of the page"
    ROTTEN_RECORD = "one record is unusable (by default `record='id missing'`, `at=0`); see spoil.ROT for others"
    TOO_MANY_RECORDS = "a page of empty records (by default `records=10_000`)"
    SHRUNK = "the last result of the page is left out, the count is not"
    WRONG_ALLOWANCE = "/api-throttle/ tells absurd numbers (by default `limit=10**30`, `wait=-5`)"
    SKEWED_DATE = "a Date header that is off (by default `by=259200` seconds: three days ahead)"
    HEADER = "a header that says something else (by default `name='ETag'`, `value='*'`)"
    DRIPPING_HEAD = "a head of which one byte comes every 50 ms (by default `every=0.05`), without end"
    DRIPPING_BODY = "a body of which one byte comes every 50 ms (by default `every=0.05`), without end"
    ENDLESS_HEAD = "header lines without end"
    ENDLESS_HEADER_LINE = "one header line without end"
    ENDLESS_INTERIM = "100 Continue without end"
    ENDLESS_BODY = "chunks without end"
    ENDLESS_CHUNK_SIZE = "a line with the size of a chunk that does not end"
    ENDLESS_TRAILERS = "an empty chunked body, and trailers without end"
    GZIP_BOMB = "a small body in gzip that decodes to 256 MiB (by default `mebibytes=256`)"
    UNASKED_CODING = "a body whose coding nobody asked for (by default `coding='br'`)"
    REDIRECT = "a redirect (by default `status=302`, `location='http://elsewhere.invalid/'`)"


DETAILS: dict[Fault, dict[str, Any]] = {
    Fault.THROTTLED: {"retry_after": 60},
    Fault.THROTTLED_HTTP_DATE: {"retry_after": 60},
    Fault.WRONG_SHAPE: {"shape": "list"},
    Fault.WRONG_COUNT: {"by": 1},
    Fault.FOREIGN_NEXT: {"host": "elsewhere.invalid"},
    Fault.ROTTEN_RECORD: {"record": "id missing", "at": 0},
    Fault.TOO_MANY_RECORDS: {"records": 10_000},
    Fault.WRONG_ALLOWANCE: {"limit": 10**30, "wait": -5},
    Fault.SKEWED_DATE: {"by": 259_200},
    Fault.HEADER: {"name": "ETag", "value": "*"},
    Fault.DRIPPING_HEAD: {"every": 0.05},
    Fault.DRIPPING_BODY: {"every": 0.05},
    Fault.GZIP_BOMB: {"mebibytes": 256},
    Fault.UNASKED_CODING: {"coding": "br"},
    Fault.REDIRECT: {"status": 302, "location": "http://elsewhere.invalid/"},
}

# These have no meaning for a single event, so they wait for the next list.
OF_LISTS: frozenset[Fault] = frozenset(
    {
        Fault.EMPTY_PAGE,
        Fault.WRONG_COUNT,
        Fault.LOOPING_NEXT,
        Fault.FOREIGN_NEXT,
        Fault.DUPLICATE_IDS,
        Fault.TOO_MANY_RECORDS,
        Fault.SHRUNK,
    }
)


@dataclass(slots=True)
class QueuedFault:
    """A fault that waits for a request whose path below /2.3.0 starts with `on`, and lets `after` of them pass."""

    fault: Fault
    on: str
    after: int
    details: Mapping[str, Any]

    def matches(self, endpoint: str) -> bool:
        return endpoint.startswith(self.on) and (self.fault not in OF_LISTS or endpoint in LISTS)


class FaultQueue:
    """Faults in the order they were queued; a request takes the first that matches it."""

    def __init__(self) -> None:
        self._queue: list[QueuedFault] = []

    @property
    def pending(self) -> list[Fault]:
        return [queued.fault for queued in self._queue]

    def add(self, fault: Fault, *, times: int, on: str, after: int, details: Mapping[str, Any]) -> None:
        """Queue a fault `times` times in a row; TypeError for a detail it does not have."""
        defaults = DETAILS.get(fault, {})
        if unknown := details.keys() - defaults.keys():
            raise TypeError(f"{fault.name} has no {', '.join(sorted(unknown))}")
        for number in range(times):
            self._queue.append(QueuedFault(fault, on, 0 if number else after, {**defaults, **details}))

    def clear(self) -> None:
        """Forget all that no request has met."""
        self._queue.clear()

    def take(self, endpoint: str) -> QueuedFault | None:
        """Remove and return the fault for this request, if there is one."""
        for index, queued in enumerate(self._queue):
            if queued.matches(endpoint):
                if queued.after == 0:
                    return self._queue.pop(index)
                queued.after -= 1
                break
        return None
