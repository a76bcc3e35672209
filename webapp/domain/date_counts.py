"""Counts of what came of dates, and the shares that are said of them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.domain.date_ledger import WITHIN, Outcome, is_held
from webapp.domain.intervals import Share
from webapp.domain.precision import Step

Judged = tuple[Step, Outcome]
"""How finely a date was announced, and what came of it."""


@dataclass(frozen=True, slots=True)
class DateCounts:
    """How many dates came to what. What was withdrawn did not hold, and counts; of what nobody knows, nothing is said.

    `total` is without the unknown.
    """

    counted: Counter[Judged] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Of how many dates is known what came of them."""
        return self.counted.total() - self.unknown

    @property
    def unknown(self) -> int:
        """Of how many dates that is not known."""
        return self._count({Outcome.UNKNOWN})

    @property
    def withdrawn(self) -> Share:
        """How many were withdrawn."""
        return Share(self._count({Outcome.WITHDRAWN}), self.total)

    @property
    def held(self) -> Share:
        """How many held as finely as they were announced."""
        return Share(sum(count for judged, count in self.counted.items() if is_held(*judged)), self.total)

    def within(self, most: Outcome) -> Share:
        """How many began within such a time of what was announced."""
        return Share(self._count(set(WITHIN[: WITHIN.index(most) + 1])), self.total)

    def _count(self, outcomes: set[Outcome]) -> int:
        return sum(count for (_, outcome), count in self.counted.items() if outcome in outcomes)


def count_dates(judged: Iterable[Judged]) -> DateCounts:
    """Count dates one by one."""
    return DateCounts(Counter(judged))
