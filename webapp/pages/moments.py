"""Instants as templates show them: in UTC and labelled, so that they are right before any script runs."""

from dataclasses import dataclass
from datetime import datetime

from webapp.domain.event import Event
from webapp.domain.precision import ClockWindow
from webapp.domain.words import moment_words


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant: `iso` for a machine (`2025-08-02T07:12:00Z`), in full words, and as the clock says it that day."""

    iso: str
    words: str
    clock: str


def present_instant(moment: datetime) -> Moment:
    """Present an instant that is known to the minute or better; it must be in UTC."""
    return Moment(iso_utc(moment), moment_words(moment), f"{moment:%H:%M} UTC")


def present_event_time(event: Event) -> Moment | None:
    """Present an event's date if it carries a clock time, cut to what its precision knows; else `None`."""
    window = event.window
    if not isinstance(window, ClockWindow):
        return None
    clock = event.date_words.rpartition(", ")[2]
    return Moment(iso_utc(window.start), event.date_words, f"about {clock}" if event.precision.id == _HOUR else clock)


def iso_utc(moment: datetime) -> str:
    """Spell an instant for `<time datetime>`, to the second."""
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


_HOUR = 2
