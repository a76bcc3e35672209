"""The page that helps to subscribe: which events, how a calendar should write them, and the ways to add it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import segno
from markupsafe import Markup

from webapp.domain.entry import Entry, StoredEntry
from webapp.domain.parameters import PARAMETERS, Cancelled, Part, Vague
from webapp.domain.precision import ClockRange
from webapp.domain.query import Options, Query, View
from webapp.domain.words import day_words
from webapp.domain.zones import in_zone, zone_label
from webapp.feeds.icalendar import range_of, summary_of
from webapp.pages.clients import Client, list_clients, unreachable_reason
from webapp.pages.filters import FilterForm, Option, present_filter
from webapp.pages.kind_switch import ONLY_EVENTS, KindCounts, kind_switch, noun_of
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.rendering.choices import Choice
from webapp.rendering.feed_links import FeedLinks
from webapp.store import Facets
from webapp.web.addresses import SUBSCRIBE_PATH, entry_path, subscribe_path, wall_path
from webapp.web.hosts import is_this_machine

PREVIEWED = 3
_OPTIONS = frozenset(
    parameter.name for parameter in PARAMETERS if parameter.part is Part.OPTION and parameter.field != "change_kinds"
)
_ALARMS = {5: "5 minutes", 15: "15 minutes", 30: "30 minutes", 60: "1 hour", 1440: "1 day"}
_VAGUE = {
    Vague.OMIT: "Leave out",
    Vague.MARKER: "Show on the first possible day",
    Vague.SPAN: "Show across the whole period",
}


@dataclass(frozen=True, slots=True)
class EventsToCome:
    """The upcoming events of a filter: the `next` few that a calendar will have, and the choices beside the filter.

    `total` is how many a calendar will have, `left_out` how many have no date that is firm enough for it; `upcoming` is
    how many there are, what is live and past its time among them, and `webcast_count` how many of those have a webcast.
    """

    next: Sequence[StoredEntry]
    total: int
    left_out: int
    upcoming: int
    webcast_count: int
    facets: Facets
    kinds: KindCounts = ONLY_EVENTS


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """An entry as a calendar will have it: its title, the time that it fills, and the path of its event."""

    title: str
    when: str
    path: str
    type_id: int


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """The options of a calendar, as their fields show them; `are_chosen` says whether any was asked for."""

    vague: tuple[Option, ...]
    alarms: tuple[Option, ...]
    past: str
    is_busy: bool
    is_likely: bool
    drops_cancelled: bool
    are_chosen: bool


@dataclass(frozen=True, slots=True)
class SubscribePage:
    """What the page shows. `noun` says what is chosen, `event`, `launch` or `entry`; `switch` are the kinds.

    `left_out` is how many upcoming entries have no date that is firm enough for the calendar. `device` is the link for
    the reader's own device, `clients` are the others; `unreachable` says why programs on the web cannot reach us, if
    they cannot. `wall_path` leads to the wall display of the same filter. `qr` is a drawing of the page's own address,
    to be opened on a phone; `None` where no phone could reach it.
    """

    noun: str
    switch: tuple[Choice, ...]
    zone: ZoneMenu
    filter: FilterForm
    options: CalendarOptions
    preview: tuple[PreviewEntry, ...]
    total: int
    left_out: int
    feeds: FeedLinks
    device: Client
    clients: tuple[Client, ...]
    unreachable: str | None
    wall_path: str
    qr: Markup | None


def present_subscribe(
    found: EventsToCome, *, query: Query, feeds: FeedLinks, page_url: str, now: datetime
) -> SubscribePage:
    """Say what the page shows for this query; `page_url` is its absolute address."""
    options, zone = query.options, query.view.zone
    asked = Query(query.filter, View(zone=zone), options)
    ical_url = feeds.calendar_url or ""
    device, *clients = list_clients(ical_url, feeds.webcal_url or "", title="Space events")
    return SubscribePage(
        noun=noun_of(query.filter, found.kinds),
        switch=kind_switch(asked, found.kinds, subscribe_path, has_starlink=False),
        zone=present_zone(asked, subscribe_path, now),
        filter=present_filter(
            asked,
            found.facets,
            path=SUBSCRIBE_PATH,
            total=found.upcoming,
            webcast_count=found.webcast_count,
            asked_beside=_OPTIONS,
            has_switch=True,
        ),
        options=_present_options(options),
        preview=tuple(_preview(entry, options.vague, zone) for entry in found.next),
        total=found.total,
        left_out=found.left_out,
        feeds=feeds,
        device=device,
        clients=tuple(clients),
        unreachable=unreachable_reason(ical_url),
        wall_path=wall_path(asked),
        qr=None if is_this_machine(urlsplit(page_url).hostname) else _qr(page_url),
    )


def _present_options(options: Options) -> CalendarOptions:
    usual = Options(change_kinds=options.change_kinds)
    return CalendarOptions(
        vague=tuple(
            Option("" if vague is usual.vague else vague.value, words, 0, vague is options.vague)
            for vague, words in _VAGUE.items()
        ),
        alarms=tuple(_alarms(options.alarm)),
        past="" if options.past == usual.past else str(options.past),
        is_busy=options.busy,
        is_likely=options.likely,
        drops_cancelled=options.cancelled is Cancelled.DROP,
        are_chosen=options != usual,
    )


def _alarms(chosen: int | None) -> list[Option]:
    asked = {} if chosen is None else {chosen: _ALARMS.get(chosen, f"{chosen} minutes")}
    rings = sorted((_ALARMS | asked).items())
    return [
        Option("", "None", 0, chosen is None),
        *(Option(str(minutes), f"{words} before", 0, minutes == chosen) for minutes, words in rings),
    ]


def _preview(stored: StoredEntry, vague: Vague, zone: ZoneInfo) -> PreviewEntry:
    entry = stored.entry
    return PreviewEntry(summary_of(stored), _when(entry, vague, zone), entry_path(entry, zone), entry.type.id)


def _when(entry: Entry, vague: Vague, zone: ZoneInfo) -> str:
    """Say the time that an entry fills in a calendar which is set to this zone."""
    if entry.date_range is None:
        return entry.date_words
    filled = range_of(entry, entry.date_range, vague)
    if not isinstance(filled, ClockRange):
        return f"{_days(filled.first_date, filled.last_date)}, all day"
    start, end = in_zone(filled.start, zone), in_zone(filled.end, zone)
    began = f"{day_words(start.date())}, {start:%H:%M}"
    if zone_label(start) != zone_label(end):
        began = f"{began} {zone_label(start)}"
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{day_words(end.date())}, {end:%H:%M}"
    return f"{began} to {until} {zone_label(end)}"


def _days(first: date, last: date) -> str:
    if first == last:
        return day_words(first)
    joint = " and " if last - first == timedelta(days=1) else " to "
    return f"{day_words(first)}{joint}{day_words(last)}"


def _qr(url: str) -> Markup:
    """Draw a QR code as SVG that takes its colours from the page's style sheet."""
    drawn = BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, svgclass="qr", lineclass="qr-line", omitsize=True, border=2
    )
    return Markup(drawn.getvalue().decode().strip())  # noqa: S704 - a drawing of modules, with no text in it
