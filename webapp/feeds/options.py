"""How a subscriber wants a calendar written."""

from dataclasses import dataclass

from webapp.domain.parameters import Vague
from webapp.domain.query import EventQuery


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """`alarm` is how many minutes before a clock time to ring, if at all; `is_busy` blocks the subscriber's time."""

    vague: Vague = Vague.OMIT
    alarm: int | None = None
    is_busy: bool = False


def calendar_options(query: EventQuery) -> CalendarOptions:
    """Give those that a query asks for."""
    return CalendarOptions(query.vague, query.alarm, query.busy)
