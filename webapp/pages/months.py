"""Months that have a calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.domain.words import MONTHS

FIRST_YEAR, LAST_YEAR = 1957, 2100
"""The years that have a calendar: from the first satellite on."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year that has a calendar."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.moved(1).first - timedelta(days=1)

    @property
    def words(self) -> str:
        """Its name and year: `March 2026`."""
        return f"{MONTHS[self.number - 1]} {self.year}"

    @property
    def is_known(self) -> bool:
        """Whether there is such a month, in a year that has a calendar."""
        return FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= len(MONTHS)

    def moved(self, by: int) -> "Month":
        """Give the month that comes so many months later."""
        years, month = divmod(self.number - 1 + by, len(MONTHS))
        return Month(self.year + years, month + 1)
