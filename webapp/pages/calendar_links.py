"""Where one event can be put into a calendar: plain links, which ask nobody for anything until they are followed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from webapp.domain.clock import later
from webapp.domain.durations import usual_duration
from webapp.domain.entry import Entry
from webapp.domain.precision import ClockRange, Range
from webapp.domain.query import Options, Query
from webapp.domain.text import isolated, one_line, shortened
from webapp.web.addresses import entry_ical_path

REMINDED_BEFORE = 30
"""Minutes."""

_LONGEST_TEXT = 1000
_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """A file of this entry alone, the same with a reminder, and the forms of two calendars on the web, filled in.

    `reminder_path` is `None` where no clock time is known to be reminded of.
    """

    ical_path: str
    reminder_path: str | None
    google_url: str
    outlook_url: str


def present_calendar_links(entry: Entry, *, page_url: str) -> CalendarLinks | None:
    """Give the links; `None` for an event without a date, which no calendar can place. `page_url` is absolute."""
    if entry.date_range is None:
        return None
    name = isolated(entry.name)
    if entry.precision.rank > 0:
        name = f"{name} ({entry.date_words})"
    description = isolated(shortened(one_line(entry.description), _LONGEST_TEXT))
    about = f"{entry.date_words}. {entry.date_reason} {description}".strip()
    text, place = f"{about}\n{page_url}", entry.location
    google = {"action": "TEMPLATE", "text": name, "dates": _google_dates(entry, entry.date_range), "details": text}
    outlook = {"rru": "addevent", "subject": name, **_outlook_dates(entry, entry.date_range), "body": text}
    return CalendarLinks(
        ical_path=entry_ical_path(entry),
        reminder_path=_reminder_path(entry),
        google_url=f"{_GOOGLE}?{urlencode(google | {'location': place})}",
        outlook_url=f"{_OUTLOOK}?{urlencode(outlook | {'location': place})}",
    )


def _reminder_path(entry: Entry) -> str | None:
    if not isinstance(entry.date_range, ClockRange):
        return None
    return entry_ical_path(entry) + Query(options=Options(alarm=REMINDED_BEFORE)).to_query_string()


def _google_dates(entry: Entry, date_range: Range) -> str:
    if isinstance(date_range, ClockRange):
        start, end = _clock_span(entry, date_range)
        return f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}"
    return f"{_compact(date_range.first_date)}/{_compact(date_range.end_date)}"


def _outlook_dates(entry: Entry, date_range: Range) -> dict[str, str]:
    if isinstance(date_range, ClockRange):
        start, end = _clock_span(entry, date_range)
        return {"startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
    return {"startdt": date_range.first_date.isoformat(), "enddt": date_range.end_date.isoformat(), "allday": "true"}


def _clock_span(entry: Entry, date_range: ClockRange) -> tuple[datetime, datetime]:
    start = date_range.start.astimezone(UTC)
    return start, later(start, usual_duration(entry.type.id))


def _compact(day: date) -> str:
    return day.isoformat().replace("-", "")
