"""The hourly budget, as Django REST Framework's SimpleRateThrottle keeps it: a rolling window for each client."""

import math
from collections import defaultdict
from datetime import datetime, timedelta

from tests.fake_ll2.shapes import Answer, Request, json_answer

WINDOW = timedelta(hours=1)
ANONYMOUS = "127.0.0.1"
# What /api-throttle/ reports where no limit is set.
UNLIMITED = 1_000_000


class Throttle:
    """Counts requests in the last 3600 seconds of the clock it is told, for each token and for the address."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self._uses: defaultdict[str, list[datetime]] = defaultdict(list)

    def wait(self, request: Request, now: datetime) -> int | None:
        """Whole seconds until the next request is allowed; None when it is allowed now."""
        uses = self._recent(identity(request), now)
        if self.limit is None or len(uses) < self.limit:
            return None
        freed = uses[len(uses) - self.limit] if self.limit else now
        return max(math.ceil((freed + WINDOW - now).total_seconds()), 1)

    def charge(self, request: Request, now: datetime) -> None:
        """Count one request."""
        self._recent(identity(request), now).append(now)

    def report(self, request: Request, now: datetime) -> dict[str, int | str]:
        """What `/api-throttle/` answers. The key itself is its `ident`, as in the real service."""
        return {
            "your_request_limit": UNLIMITED if self.limit is None else self.limit,
            "limit_frequency_secs": int(WINDOW.total_seconds()),
            "current_use": len(self._recent(identity(request), now)),
            "next_use_secs": self.wait(request, now) or 0,
            "ident": identity(request),
        }

    def _recent(self, ident: str, now: datetime) -> list[datetime]:
        self._uses[ident] = [use for use in self._uses[ident] if use > now - WINDOW]
        return self._uses[ident]


def identity(request: Request) -> str:
    """The token of `Authorization: Token KEY`, or else the client's address."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "token" and key.strip() else ANONYMOUS


def throttled(wait: int) -> Answer:
    """The 429 that Django REST Framework sends, `wait` in seconds."""
    unit = "second" if wait == 1 else "seconds"
    detail = {"detail": f"Request was throttled. Expected available in {wait} {unit}."}
    return json_answer(429, detail, ("Retry-After", str(wait)))
