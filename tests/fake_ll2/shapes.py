"""The values that pass between the parts of the fake."""

import enum
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import responses
from typing import Any

ROOT = "/2.3.0"
# The words of a status line; 524 is Cloudflare's own.
REASONS = responses | {524: "A Timeout Occurred"}

# One event as JSON gives it. Tests may put any rubbish in it, hence the open type.
Record = dict[str, Any]
# Returns the present as an aware datetime in UTC.
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent: the path without its query, the decoded query in order, header names in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]

    @property
    def endpoint(self) -> str:
        """The path below /2.3.0, as in `/events/`; empty for any path outside."""
        return self.path.removeprefix(ROOT) if self.path.startswith(f"{ROOT}/") else ""

    def last(self, name: str) -> str | None:
        """The last value of a parameter, as Django reads one that is repeated."""
        return next((value for key, value in reversed(self.query) if key == name), None)


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as the fake saw it, header names in lower case. `status` is None when no status line was sent."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    status: int | None


class Delivery(enum.Enum):
    """How the bytes of an answer leave."""

    WHOLE = "whole"
    HALF = "half the body, then a reset"
    RESET = "a reset before anything"
    HELD = "not before the fake releases it"
    PIECES = "the pieces and nothing else, until they end or the client hangs up"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response to send. `Content-Length` is left to the wire.

    `pieces` are the very bytes of a `Delivery.PIECES`, its head included, with so many seconds of `pause` after each.
    """

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"
    delivery: Delivery = Delivery.WHOLE
    pieces: Iterable[bytes] = ()
    pause: float = 0.0


def json_answer(status: int, payload: object, *headers: tuple[str, str]) -> Answer:
    """An answer in Django REST Framework's compact UTF-8 JSON."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Answer(status, body, headers)
