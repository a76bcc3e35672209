"""Rate limits: how much one visitor may have made anew, by the CPU that it takes. What is cached is not counted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from time import thread_time

from flask import request

from webapp.admission.token_buckets import LONGEST_SECONDS, TokenBuckets
from webapp.admission.visitors import networks_of
from webapp.web.hosts import is_this_machine

ANSWER_SECONDS = 0.04
"""The CPU of one ordinary answer. What takes longer counts as several: 300 a minute are at most a fifth of a core."""

_MAX_BURST = 60  # So many at once are never too many where a minute allows them; else a fifth of a minute's.
_SHARES = (1, 4)  # Of a visitor, and of an IPv6 customer who may have 65,536 networks.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many ordinary answers a visitor may have made in so many seconds, and how many of them are spent."""

    limit: int
    seconds: int
    used: int


class RateLimits:
    """Charges visitors for what is made for them from a token bucket that fills evenly.

    Where there is said to be no proxy, this machine is not counted: it is its owner's, or that of a proxy that was not
    told of, behind which all the world would share one allowance.
    """

    def __init__(self, per_minute: int, buckets: TokenBuckets, *, proxies: int) -> None:
        self._buckets = buckets
        self._counts_nobody = per_minute == 0
        self._counts_this_machine = proxies > 0
        self._limit = max(min(per_minute, _MAX_BURST), per_minute // 5)
        self._per_answer = 60 / max(per_minute, 1)  # In seconds of refilling, as all that buckets hold.
        self._capacity = self._limit * self._per_answer

    def visitor(self, address: str | None) -> tuple[str, ...]:
        """Give the names by which an address is counted, the narrowest first: none if there is no limit for it."""
        if self._counts_nobody or (not self._counts_this_machine and is_this_machine(address)):
            return ()
        return networks_of(address or "")

    def take(self, visitor: Sequence[str]) -> float:
        """Charge for one ordinary answer, in advance; say after how many seconds there is one, if there is none."""
        for name, share in zip(visitor, _SHARES, strict=False):
            cost = self._per_answer / share
            left = self._capacity - cost
            wait = self._buckets.take(name, cost, unless_over=left + _ROUNDING) - left
            if wait > _ROUNDING:
                return wait
        return 0.0

    def debt(self, visitor: Sequence[str]) -> float:
        """Say for how many seconds a visitor has had more than there was."""
        return max((self._spent(name) - self._capacity for name in visitor), default=0.0)

    @contextmanager
    def charging(self, visitor: Sequence[str], *, paid: float) -> Iterator[None]:
        """Charge for the CPU that this thread takes in the block, beyond so many seconds that are paid for."""
        begun = thread_time()
        try:
            yield
        finally:
            taken = thread_time() - begun - paid
            if taken > 0:
                cost = taken / ANSWER_SECONDS * self._per_answer
                for name, share in zip(visitor, _SHARES, strict=False):
                    self._buckets.take(name, cost / share, unless_over=LONGEST_SECONDS)

    def is_hopeless(self, wait: float) -> bool:
        """Whether so long a wait shows that a visitor goes on asking, or asked for very much."""
        return wait > self._capacity

    def allowance(self) -> Allowance | None:
        """Give the allowance of the present request's visitor; `None` for whom there is no limit."""
        visitor = self.visitor(request.remote_addr)
        if not visitor:
            return None
        used = ceil(self._spent(visitor[0]) / self._per_answer)
        return Allowance(self._limit, round(self._capacity), min(self._limit, used))

    def _spent(self, name: str) -> float:
        return self._buckets.take(name, 0, unless_over=-1)
