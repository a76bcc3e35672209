"""Instants as templates show them: in UTC and labelled, so that they are right before any script runs."""

from dataclasses import dataclass
from datetime import datetime

from webapp.domain.event import Event
from webapp.domain.precision import Certainty, ClockWindow
from webapp.domain.words import day_words


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC: `iso` for a machine (`2025-08-02T07:12:00Z`), its day in words, and its `clock` (`07:12`).

    `is_about` where the hour is known and the minute is not.
    """

    iso: str
    day: str
    clock: str
    is_about: bool = False

    @property
    def words(self) -> str:
        """All of it, labelled: `2 August 2025, 07:12 UTC`."""
        return f"{self.day}, {self.clock} UTC"


def present_instant(moment: datetime) -> Moment:
    """Present an instant that is known to the minute or better; it must be in UTC."""
    return Moment(iso_utc(moment), day_words(moment.date()), f"{moment:%H:%M}")


def present_event_time(event: Event) -> Moment | None:
    """Present an event's date if it carries a clock time, cut to what its precision knows; else `None`."""
    window = event.window
    if not isinstance(window, ClockWindow):
        return None
    day, _, clock = event.date_words.removesuffix(" UTC").rpartition(", ")
    return Moment(iso_utc(window.start), day, clock, is_about=event.precision.certainty is Certainty.HOUR)


def iso_utc(moment: datetime) -> str:
    """Spell an instant for `<time datetime>`, to the second."""
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
