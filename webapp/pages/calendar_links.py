"""Where one event can be put into a calendar: plain links, which ask nobody for anything until they are followed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from webapp.domain.clock import later
from webapp.domain.durations import usual_duration
from webapp.domain.event import Event
from webapp.domain.precision import ClockWindow, Window
from webapp.domain.text import isolated, one_line, shortened
from webapp.edge.links import event_ical_path

_LONGEST_TEXT = 1000
_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """A file of this event alone, and the forms of two calendars on the web, already filled in."""

    ical_path: str
    google_url: str
    outlook_url: str


def present_calendar_links(event: Event, *, page_url: str) -> CalendarLinks | None:
    """Give the links; `None` for an event without a date, which no calendar can place. `page_url` is absolute."""
    if event.window is None:
        return None
    name = isolated(event.name)
    if event.precision.rank > 0:
        name = f"{name} ({event.date_words})"
    description = isolated(shortened(one_line(event.description), _LONGEST_TEXT))
    about = f"{event.date_words}. {event.date_reason} {description}".strip()
    text, place = f"{about}\n{page_url}", one_line(event.location)
    google = {"action": "TEMPLATE", "text": name, "dates": _google_dates(event, event.window), "details": text}
    outlook = {"rru": "addevent", "subject": name, **_outlook_dates(event, event.window), "body": text}
    return CalendarLinks(
        ical_path=event_ical_path(event),
        google_url=f"{_GOOGLE}?{urlencode(google | {'location': place})}",
        outlook_url=f"{_OUTLOOK}?{urlencode(outlook | {'location': place})}",
    )


def _google_dates(event: Event, window: Window) -> str:
    if isinstance(window, ClockWindow):
        start, end = _clock_span(event, window)
        return f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}"
    return f"{_compact(window.first_date)}/{_compact(window.end_date)}"


def _outlook_dates(event: Event, window: Window) -> dict[str, str]:
    if isinstance(window, ClockWindow):
        start, end = _clock_span(event, window)
        return {"startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
    return {"startdt": window.first_date.isoformat(), "enddt": window.end_date.isoformat(), "allday": "true"}


def _clock_span(event: Event, window: ClockWindow) -> tuple[datetime, datetime]:
    start = window.start.astimezone(UTC)
    return start, later(start, usual_duration(event.type.id))


def _compact(day: date) -> str:
    return day.isoformat().replace("-", "")
