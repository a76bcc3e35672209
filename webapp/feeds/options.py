"""Options of a calendar, as its subscriber asks for them."""

from dataclasses import dataclass, replace

from webapp.domain.parameters import Vague
from webapp.domain.query import Options


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """`alarm` is how many minutes before a clock time to ring, if at all; `is_busy` blocks the subscriber's time.

    `is_likely` says how dates like an entry's have held.
    """

    vague: Vague = Vague.OMIT
    alarm: int | None = None
    is_busy: bool = False
    is_likely: bool = False

    def of_one_entry(self) -> "CalendarOptions":
        """Give what of them decides how one event is written; others with the same share what was written."""
        # What is left out is not written at all, and an alarm is added as the calendar is put together.
        return replace(self, vague=Vague.MARKER if self.vague is Vague.MARKER else Vague.SPAN, alarm=None)


def calendar_options(options: Options) -> CalendarOptions:
    """Give those that the options of a query ask for."""
    return CalendarOptions(options.vague, options.alarm, options.busy, options.likely)
