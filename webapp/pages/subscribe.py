"""The page that helps to subscribe: what to take, how to have it written, and where to put it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import urlsplit

import segno
from markupsafe import Markup

from webapp.domain.entry import Entry, StoredEntry
from webapp.domain.parameters import PARAMETERS, Cancelled, Part, Vague
from webapp.domain.precision import ClockRange
from webapp.domain.query import Options, Query
from webapp.domain.words import day_words
from webapp.feeds.icalendar import range_of, summary_of
from webapp.instance.presets import list_presets
from webapp.pages.choices import Choice
from webapp.pages.clients import Client, list_clients, unreachable_reason
from webapp.pages.filters import FilterForm, Option, present_filter
from webapp.rendering.feed_links import FeedLinks
from webapp.store import Facets
from webapp.web.addresses import entry_path, subscribe_path
from webapp.web.hosts import is_this_machine

PREVIEWED = 8
_OPTIONS = frozenset(
    parameter.name for parameter in PARAMETERS if parameter.part is Part.OPTION and parameter.field != "change_kinds"
)
_ALARMS = {5: "5 minutes", 15: "15 minutes", 30: "30 minutes", 60: "an hour", 1440: "a day"}
_VAGUE = {
    Vague.OMIT: "are left out",
    Vague.SPAN: "fill all of the time they may mean",
    Vague.MARKER: "stand on the first day of it",
}


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """An entry as a calendar will have it: its title, the time that it fills, and the path of its event."""

    title: str
    when: str
    path: str
    type_id: int


@dataclass(frozen=True, slots=True)
class SubscribePage:
    """What the page shows. `left_out` is how many upcoming events are too vague for the calendar.

    `qr` is a drawing of the page's own address, to be opened on a phone; `None` where no phone could reach it.
    `unreachable` says why programs on the web cannot, if they cannot.
    """

    filter: FilterForm
    vague: tuple[Option, ...]
    alarms: tuple[Option, ...]
    past: str
    is_busy: bool
    drops_cancelled: bool
    preview: tuple[PreviewEntry, ...]
    total: int
    left_out: int
    feeds: FeedLinks
    clients: tuple[Client, ...]
    unreachable: str | None
    qr: Markup | None
    presets: tuple[Choice, ...]


def present_subscribe(
    stored: Sequence[StoredEntry], *, total: int, left_out: int, query: Query, facets: Facets, every: Facets,
    feeds: FeedLinks, page_url: str,
) -> SubscribePage:  # fmt: skip
    """Say what the page shows for this query. `stored` are the next events that the calendar will have, in its order.

    `facets` are those of the filter, `every` those of all upcoming events; `page_url` is absolute.
    """
    asked, options = Query(query.filter, options=query.options), query.options
    ical_url, webcal_url = feeds.calendar_url or "", feeds.webcal_url or ""
    return SubscribePage(
        filter=present_filter(asked, facets, path="/subscribe", asked_beside=_OPTIONS),
        vague=tuple(
            Option("" if vague is Vague.OMIT else vague.value, words, 0, vague is options.vague)
            for vague, words in _VAGUE.items()
        ),
        alarms=tuple(_alarms(options.alarm)),
        past="" if options.past == Options().past else str(options.past),
        is_busy=options.busy,
        drops_cancelled=options.cancelled is Cancelled.DROP,
        preview=tuple(_preview(entry, options.vague) for entry in stored),
        total=total,
        left_out=left_out,
        feeds=feeds,
        clients=tuple(list_clients(ical_url, webcal_url, title="Space events")),
        unreachable=unreachable_reason(ical_url),
        qr=None if is_this_machine(urlsplit(page_url).hostname) else _qr(page_url),
        presets=tuple(
            Choice(preset.title, subscribe_path(Query(preset.filter)), Query(preset.filter) == asked)
            for preset in list_presets(every)
        ),
    )


def _alarms(chosen: int | None) -> list[Option]:
    known = dict(
        sorted((_ALARMS | ({} if chosen is None else {chosen: _ALARMS.get(chosen, f"{chosen} minutes")})).items())
    )
    rings = [Option(str(minutes), f"{words} before", 0, minutes == chosen) for minutes, words in known.items()]
    return [Option("", "never", 0, chosen is None), *rings]


def _preview(stored: StoredEntry, vague: Vague) -> PreviewEntry:
    entry = stored.entry
    return PreviewEntry(summary_of(stored), _when(entry, vague), entry_path(entry), entry.type.id)


def _when(entry: Entry, vague: Vague) -> str:
    if entry.date_range is None:
        return entry.date_words
    filled = range_of(entry, entry.date_range, vague)
    if isinstance(filled, ClockRange):
        start, end = filled.start, filled.end
        until = f"{end:%H:%M}" if start.date() == end.date() else f"{day_words(end.date())}, {end:%H:%M}"
        return f"{day_words(start.date())}, {start:%H:%M} to {until} UTC"
    return f"{_days(filled.first_date, filled.last_date)}, all day"


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
