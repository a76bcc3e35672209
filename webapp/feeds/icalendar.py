"""Entries as an iCalendar (RFC 5545, RFC 7986): stable bytes, honest dates, nothing that a client chokes on."""

from collections.abc import Sequence
from datetime import date, datetime

import ics
from ics.grammar.parse import ContentLine

from webapp import __version__
from webapp.domain.clock import later
from webapp.domain.durations import usual_duration
from webapp.domain.entry import Entry, StoredEntry
from webapp.domain.launch import LaunchDetail, is_confirmed
from webapp.domain.parameters import Vague
from webapp.domain.precision import ClockRange, DateRange, Range
from webapp.domain.text import isolated
from webapp.domain.webcasts import ranked
from webapp.feeds.about import REFRESH_EVERY, FeedInfo, PublishedEntry, PublishedPicture, feed_id
from webapp.feeds.colors import color_of
from webapp.feeds.content_lines import escape_text, ordered, write_lines
from webapp.feeds.facts import categories_of, description_of, facts_of, links_of, provenance_of, webcasts_of
from webapp.feeds.launch_facts import title_of
from webapp.feeds.options import CalendarOptions

_UID_DOMAIN = "perigee.invalid"  # A name that nobody can ever own (RFC 2606): ours for ever, on every host.
_CONFIRMED_IDS = {0, 1}
_DAY_RANK = 0
_BEFORE_ALARM = b"\0"  # No text that we write holds one.
_END_OF_EVENT = b"END:VEVENT\r\n"


def write_calendar_entry(published: PublishedEntry, options: CalendarOptions) -> bytes:
    """Write one event as its part of a calendar's bytes, whatever alarm is wanted: none at all for one without a date.

    One that can ring is followed by how its alarm begins.
    """
    date_range = published.stored.entry.date_range
    if date_range is None:
        return b""
    written = write_lines(render_entry(published, options))
    can_ring = isinstance(date_range, ClockRange) and published.stored.withdrawn_at is None
    return written + _BEFORE_ALARM + write_lines(_alarm(published.stored)) if can_ring else written


def join_calendar(entries: Sequence[bytes], info: FeedInfo, options: CalendarOptions) -> bytes:
    """Put events, written each by itself and in the order of their ids, into a calendar.

    Those that can ring do so as long before they begin as the options say.
    """
    head = write_lines(["BEGIN:VCALENDAR", *_calendar_properties(info)])
    # A calendar must hold a component (RFC 5545, 3.6).
    body = b"".join(_with_alarm(entry, options.alarm) for entry in entries) or write_lines(_UTC_ZONE)
    return head + body + write_lines(["END:VCALENDAR"])


def _with_alarm(written: bytes, minutes: int | None) -> bytes:
    entry, _, begun = written.partition(_BEFORE_ALARM)
    if minutes is None or not begun:
        return entry
    return (
        entry.removesuffix(_END_OF_EVENT) + begun + write_lines([f"TRIGGER:-PT{minutes}M", "END:VALARM", "END:VEVENT"])
    )


def render_entry(published: PublishedEntry, options: CalendarOptions) -> list[str]:
    """Write one dated event as the unfolded lines of a VEVENT, without an alarm."""
    stored, entry = published.stored, published.stored.entry
    date_range = entry.date_range
    if date_range is None:
        raise ValueError(f"{entry.key} has no date")
    component = ics.Event(
        name=summary_of(stored),
        uid=f"{feed_id(entry)}@{_UID_DOMAIN}",
        description=_description(published),
        created=stored.changed_at,  # The library writes it as DTSTAMP.
        last_modified=stored.changed_at,
        location=entry.location or None,
        transparent=not (options.is_busy and entry.precision.rank <= _DAY_RANK),
        status=_status(stored),
    )
    component.extra.extend(_dates(entry, date_range, options.vague) + _more_properties(published))
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


def summary_of(stored: StoredEntry) -> str:
    """Name an entry; one that no single day can hold says in its name when it is."""
    entry = stored.entry
    name = isolated(entry.name) if stored.withdrawn_at else title_of(entry)
    name = f"{name} ({entry.date_words})" if entry.precision.rank > _DAY_RANK else name
    return f"Cancelled: {name}" if stored.withdrawn_at else name


def _alarm(stored: StoredEntry) -> list[str]:
    """Write how an alarm that shows the event's name begins (RFC 5545, 3.6.6)."""
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escape_text(summary_of(stored))}"]


def _status(stored: StoredEntry) -> str:
    if stored.withdrawn_at is not None:
        return "CANCELLED"
    entry = stored.entry
    if isinstance(entry.detail, LaunchDetail):
        is_firm = is_confirmed(entry.detail.status, entry.precision)
    else:
        is_firm = entry.precision_id in _CONFIRMED_IDS
    return "CONFIRMED" if is_firm else "TENTATIVE"


def _description(published: PublishedEntry) -> str:
    lines = [f"{label}: {value}" for label, value in facts_of(published)]
    lines += [f"Watch: {title}\n{url}" for title, url in webcasts_of(published.stored)]
    likely = published.likelihood
    blocks = ["\n".join(lines), likely.words if likely else "", description_of(published.stored)]
    blocks.append("\n".join(f"Read more: {title}\n{url}" for title, url in links_of(published.stored)))
    blocks.append(_picture_words(published.picture) if published.picture else "")
    blocks.append(f"{published.page_url}\n{provenance_of(published.stored)}")
    return "\n\n".join(block for block in blocks if block)


def _picture_words(picture: PublishedPicture) -> str:
    return "\n".join(filter(None, (str(picture.caption), picture.caption.license_url)))


def range_of(entry: Entry, date_range: Range, vague: Vague) -> Range:
    """Give what an event fills in a calendar: two instants, or whole days."""
    if isinstance(date_range, ClockRange):
        return ClockRange(date_range.start, later(date_range.start, usual_duration(entry.type.id)))
    if vague is Vague.MARKER and entry.precision.rank > 1:
        return DateRange(date_range.first_date, date_range.first_date)
    return date_range


def _dates(entry: Entry, date_range: Range, vague: Vague) -> list[ContentLine]:
    filled = range_of(entry, date_range, vague)
    if isinstance(filled, ClockRange):
        start, end = (
            ContentLine(name, value=_utc(at)) for name, at in (("DTSTART", filled.start), ("DTEND", filled.end))
        )
        return _span(start, end)
    # DTEND is the first day after (RFC 5545, 3.6.1). The library would leave it out for a single day.
    return _span(_date_line("DTSTART", filled.first_date), _date_line("DTEND", filled.end_date))


def _span(start: ContentLine, end: ContentLine) -> list[ContentLine]:
    # An end must be later (RFC 5545, 3.8.2.2). Nothing is later than the last day of 9999: it goes without.
    return [start, end] if end.value > start.value else [start]


def _more_properties(published: PublishedEntry) -> list[ContentLine]:
    entry = published.stored.entry
    lines = [
        ContentLine("SEQUENCE", value=str(published.stored.revision)),
        ContentLine("CATEGORIES", value=",".join(map(escape_text, categories_of(entry)))),
        ContentLine("COLOR", value=color_of(entry.type.id)),
        # The library would escape commas in an address, and break it.
        ContentLine("URL", value=published.page_url),
    ]
    if published.picture:
        picture = published.picture
        params = {"VALUE": ["URI"], "DISPLAY": ["FULLSIZE"], "FMTTYPE": [picture.file.media_type]}
        lines.append(ContentLine("IMAGE", params, picture.url))
    elif published.card_url:
        params = {"VALUE": ["URI"], "DISPLAY": ["BADGE"], "FMTTYPE": ["image/png"]}
        lines.append(ContentLine("IMAGE", params, published.card_url))
    if entry.webcasts:
        params = {"VALUE": ["URI"], "FEATURE": ["VIDEO"], "LABEL": ["Webcast"]}
        lines.append(ContentLine("CONFERENCE", params, ranked(entry.webcasts)[0].url))
    return lines


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
