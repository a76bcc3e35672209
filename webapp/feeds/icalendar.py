"""Events as an iCalendar (RFC 5545, RFC 7986): stable bytes, honest dates, nothing that a client chokes on."""

from collections.abc import Sequence
from datetime import date, datetime

import ics
from ics.grammar.parse import ContentLine

from webapp import __version__
from webapp.domain.clock import later
from webapp.domain.durations import usual_duration
from webapp.domain.event import Event, StoredEvent
from webapp.domain.parameters import Vague
from webapp.domain.precision import ClockWindow, DateWindow, Window
from webapp.domain.webcasts import ranked
from webapp.feeds.about import REFRESH_EVERY, FeedEntry, FeedInfo, feed_id
from webapp.feeds.colors import color_of
from webapp.feeds.content_lines import escape_text, ordered, write_lines
from webapp.feeds.facts import facts_of, provenance_of, webcasts_of

_UID_DOMAIN = "perigee.invalid"  # A name that nobody can ever own (RFC 2606): ours for ever, on every host.
_CONFIRMED_IDS = {0, 1}
_DAY_RANK = 0


def render_calendar(entries: Sequence[FeedEntry], info: FeedInfo, *, vague: Vague) -> bytes:
    """Write a calendar of dated events. The same events give the same bytes, in whatever order they come.

    Coarse dates are written as `vague` says; an event without a date has no place in a calendar and is left out.
    """
    dated = [entry for entry in entries if entry.stored.event.window is not None]
    lines = ["BEGIN:VCALENDAR", *_calendar_properties(info)]
    for entry in sorted(dated, key=lambda entry: entry.stored.event.id):
        lines += render_event(entry, vague=vague)
    if not dated:
        lines += _UTC_ZONE  # A calendar must hold a component (RFC 5545, 3.6).
    return write_lines([*lines, "END:VCALENDAR"])


def render_event(entry: FeedEntry, *, vague: Vague) -> list[str]:
    """Write one dated event as the unfolded lines of a VEVENT."""
    stored, event = entry.stored, entry.stored.event
    window = event.window
    if window is None:
        raise ValueError(f"event {event.id} has no date")
    component = ics.Event(
        name=_summary(event),
        uid=f"{feed_id(event)}@{_UID_DOMAIN}",
        description=_description(entry),
        created=stored.changed_at,  # The library writes it as DTSTAMP.
        last_modified=stored.changed_at,
        location=event.location or None,
        transparent=True,
        status=_status(stored),
    )
    component.extra.extend(_dates(event, window, vague) + _more_properties(entry))
    return ordered(component.serialize().split("\r\n"))


def _calendar_properties(info: FeedInfo) -> list[str]:
    name, description = escape_text(info.title), escape_text(info.description)
    refresh = f"PT{REFRESH_EVERY.total_seconds() / 3600:.0f}H"
    return [
        "VERSION:2.0",
        f"PRODID:-//Perigee//Space events {__version__}//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        f"DESCRIPTION:{description}",
        f"X-WR-CALDESC:{description}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}",
        f"X-PUBLISHED-TTL:{refresh}",
        "COLOR:midnightblue",
        f"SOURCE;VALUE=URI:{info.self_url}",
        f"URL:{info.page_url}",
        f"LAST-MODIFIED:{_utc(info.updated)}",
    ]


def _summary(event: Event) -> str:
    """Name the event; one that no single day can hold says in its name when it is."""
    coarse = event.precision.rank > _DAY_RANK
    return f"{event.name} ({event.date_words})" if coarse else event.name


def _status(stored: StoredEvent) -> str:
    if stored.withdrawn_at is not None:
        return "CANCELLED"
    return "CONFIRMED" if stored.event.precision_id in _CONFIRMED_IDS else "TENTATIVE"


def _description(entry: FeedEntry) -> str:
    lines = [f"{label}: {value}" for label, value in facts_of(entry.stored)]
    lines += [f"Watch: {title}\n{url}" for title, url in webcasts_of(entry.stored)]
    blocks = ["\n".join(lines), entry.stored.event.description.strip()]
    blocks.append(f"{entry.page_url}\n{provenance_of(entry.stored)}")
    return "\n\n".join(block for block in blocks if block)


def _dates(event: Event, window: Window, vague: Vague) -> list[ContentLine]:
    if isinstance(window, ClockWindow):
        end = later(window.start, usual_duration(event.type.id))
        return _span(ContentLine("DTSTART", value=_utc(window.start)), ContentLine("DTEND", value=_utc(end)))
    if vague is Vague.MARKER and event.precision.rank > 1:
        window = DateWindow(window.first_date, window.first_date)
    # DTEND is the first day after (RFC 5545, 3.6.1). The library would leave it out for a single day.
    return _span(_date_line("DTSTART", window.first_date), _date_line("DTEND", window.end_date))


def _span(start: ContentLine, end: ContentLine) -> list[ContentLine]:
    # An end must be later (RFC 5545, 3.8.2.2). Nothing is later than the last day of 9999: it goes without.
    return [start, end] if end.value > start.value else [start]


def _more_properties(entry: FeedEntry) -> list[ContentLine]:
    event = entry.stored.event
    categories = dict.fromkeys([event.type.name, *(program.name for program in event.programs)])
    found = [
        ContentLine("SEQUENCE", value=str(entry.stored.revision)),
        ContentLine("CATEGORIES", value=",".join(escape_text(name) for name in categories if name)),
        ContentLine("COLOR", value=color_of(event.type.id)),
        # The library would escape commas in an address, and break it.
        ContentLine("URL", value=entry.page_url),
    ]
    if event.webcasts:
        params = {"VALUE": ["URI"], "FEATURE": ["VIDEO"], "LABEL": ["Webcast"]}
        found.append(ContentLine("CONFERENCE", params, ranked(event.webcasts)[0].url))
    return found


def _date_line(name: str, day: date) -> ContentLine:
    return ContentLine(name, {"VALUE": ["DATE"]}, day.isoformat().replace("-", ""))


def _utc(moment: datetime) -> str:
    return moment.replace(microsecond=0, tzinfo=None).isoformat().replace("-", "").replace(":", "") + "Z"


_UTC_ZONE = [
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
]
