"""How often notices may be asked for and changed: by one visitor, and by all together, from this machine too."""

from math import ceil

from flask import request
from werkzeug.exceptions import TooManyRequests

from webapp.admission.token_buckets import TokenBuckets
from webapp.admission.visitors import networks_of

_A_MINUTE = 60.0
_PER_VISITOR = 60
_OF_ALL = 600
_ROUNDING = 1e-6


class PushLimits:
    """Limits of their own, beside those of all other requests: what these ask for is written to the database.

    Nobody is exempt: behind a proxy that was not told of, all the world comes from this machine.
    """

    def __init__(self, buckets: TokenBuckets) -> None:
        self._buckets = buckets

    def charge(self) -> None:
        """Count the present request. Raises Werkzeug's `TooManyRequests`."""
        names = networks_of(request.remote_addr or "")
        limits = [*zip(names, (_PER_VISITOR, 4 * _PER_VISITOR), strict=False), ("all", _OF_ALL)]
        for name, per_minute in limits:
            cost = _A_MINUTE / per_minute
            left = _A_MINUTE - cost + _ROUNDING
            short = self._buckets.take(f"push:{name}", cost, unless_over=left)
            if short > left:
                raise TooManyRequests(retry_after=ceil(short - left))
