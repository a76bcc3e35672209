"""Shares with what chance leaves open about them: the Wilson interval, and from how many cases on one is said."""

from dataclasses import dataclass
from math import sqrt

SMALLEST_SAMPLE = 20
"""Of fewer cases no share is given: its interval would reach from hardly ever to nearly always."""

_Z_95, _Z_80 = 1.959963984540054, 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Share:
    """How many of all cases were so."""

    count: int
    total: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough cases to say a share."""
        return self.total >= SMALLEST_SAMPLE

    @property
    def value(self) -> float:
        """The share, from 0 to 1; 0 of no case at all."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval."""
        return wilson_interval(self.count, self.total, _Z_95)

    @property
    def likely_interval(self) -> tuple[float, float]:
        """The 80 % Wilson interval."""
        return wilson_interval(self.count, self.total, _Z_80)


def wilson_interval(count: int, total: int, z: float) -> tuple[float, float]:
    """Give the Wilson score interval of a share, for a normal deviate. Of no case at all it is everything."""
    if total == 0:
        return 0.0, 1.0
    share, weight = count / total, z * z / total
    middle = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / total + weight / (4 * total)) / (1 + weight)
    return max(middle - half, 0.0), min(middle + half, 1.0)
