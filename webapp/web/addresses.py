"""The addresses of everything that is served, as paths for every surface to link to."""

import re
import unicodedata
from collections.abc import Container
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo

from webapp.domain.entry import EntryKey
from webapp.domain.query import Filter, Options, Query, View
from webapp.domain.zones import UTC_ZONE
from webapp.feeds.formats import CHANGE_FORMATS

EVENTS_FEED, CHANGES_FEED = "/feeds/events", "/feeds/changes"
"""The feeds' addresses, up to the dot that the suffix of a format follows."""

OPML_PATH = "/feeds.opml"
HUB_PATHS = tuple(f"{feed}.{form.suffix}" for feed in (EVENTS_FEED, CHANGES_FEED) for form in CHANGE_FORMATS)
"""The feeds that a hub is told of: each without any filter, since a hub knows a feed by its whole address."""

SUBSCRIBE_PATH = "/subscribe"
NOTICES_PATH = "/notices"
PUSH_PATH = "/push/"
API_PATH = "/2.3.0/"
DOCS_PATH = "/docs"
OPENAPI_PATH = "/openapi.json"
CHANGES_PATH = "/changes"
STATISTICS_PATH = "/statistics"
STATUS_PATH = "/status"
PAST_PATH = "/past"
ABOUT_PATH = "/about"
CALENDAR_PATH = "/calendar/"
HORIZON_PATH = "/horizon"
WALL_PATH = "/wall"
PICTURES_PATH = "/pictures/"
PLANNED_PATH = "/planned/"


class Named(Protocol):
    """An entry, or what little of one its address is made of: its key, its name, and the source's slug."""

    @property
    def key(self) -> EntryKey:
        """Its key."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def slug(self) -> str:
        """The source's slug, which may be empty."""


def timeline_path(query: Query) -> str:
    """Give the address of the timeline that shows this query."""
    return "/" + Query(query.filter, query.view).to_query_string()


def past_path(query: Query) -> str:
    """Give the address of the archive that shows this query."""
    return PAST_PATH + Query(query.filter, query.view).to_query_string()


def planned_path(first: date, last: date, query: Query) -> str:
    """Give the address of the launches that a query finds and of which no more than this period is known."""
    return f"{PLANNED_PATH}{first}/{last}" + Query(query.filter, _whole(query.view)).to_query_string()


def horizon_path(query: Query) -> str:
    """Give the address of the horizon that shows this query."""
    return HORIZON_PATH + Query(query.filter, _whole(query.view)).to_query_string()


def wall_path(query: Query) -> str:
    """Give the address of the wall display that shows this query."""
    return WALL_PATH + Query(query.filter, View(zone=query.view.zone)).to_query_string()


def calendar_path(year: int, month: int, query: Query) -> str:
    """Give the address of the calendar of a month that shows this query."""
    return f"{CALENDAR_PATH}{year}/{month:02}" + Query(query.filter, _whole(query.view)).to_query_string()


def changes_path(query: Query) -> str:
    """Give the address of the page of recent changes that shows this query."""
    options = Options(change_kinds=query.options.change_kinds)
    return CHANGES_PATH + Query(query.filter, query.view, options).to_query_string()


def statistics_path(query: Query, suffix: str = "") -> str:
    """Give the address of the statistics of what this query finds; with a suffix such as `.csv`, of their cases."""
    return STATISTICS_PATH + suffix + Query(query.filter).to_query_string()


def subscribe_path(query: Query) -> str:
    """Give the address of the page that helps to subscribe to this query."""
    asked = replace(events_feed_query(query), view=View(zone=query.view.zone))
    return SUBSCRIBE_PATH + asked.to_query_string()


def notices_path(query: Query) -> str:
    """Give the address of the page that turns on notices of what this query finds."""
    return NOTICES_PATH + Query(query.filter).to_query_string()


def entry_notices_path(entry: Named) -> str:
    """Give the address of the page that turns on notices of one entry."""
    return notices_path(Query(Filter(ids=(entry.key,))))


def events_feed_query(query: Query) -> Query:
    """Give what of a query a feed of events understands: no view, and no kinds of change."""
    return Query(query.filter, options=replace(query.options, change_kinds=Options().change_kinds))


def card_path(type_id: int, drawn: Container[int]) -> str:
    """Give the address of the drawing of a type of event as a picture; `drawn` are the types that have one."""
    return f"/cards/type-{type_id}.png" if type_id in drawn else "/cards/events.png"


def picture_address(path: str) -> str:
    """Give the address of a file of a picture, or of a card, by its place in the store."""
    return PICTURES_PATH + path


def entry_path(entry: Named, zone: ZoneInfo = UTC_ZONE) -> str:
    """Give the address of an entry's page, as `/events/<id>/<slug>`; without a usable slug, `/events/<id>`."""
    slug = entry_slug(entry)
    return (f"{_bare_path(entry)}/{slug}" if slug else _bare_path(entry)) + zone_query(zone)


def history_path(entry: Named, offset: int = 0, zone: ZoneInfo = UTC_ZONE) -> str:
    """Give the address of an entry's whole history, from so many entries on."""
    return f"/history/{entry.key.source_id}" + Query(view=View(offset=offset, zone=zone)).to_query_string()


@cache
def zone_query(zone: ZoneInfo) -> str:
    """Give the query string that asks for nothing but a zone: empty for UTC."""
    return Query(view=View(zone=zone)).to_query_string()


def record_path(entry: Named) -> str:
    """Give the address at which the API shows all of an entry's record to people."""
    return f"{API_PATH}{entry.key.kind.plural}/{entry.key.source_id}/?format=api"


def entry_ical_path(entry: Named) -> str:
    """Give the address of an entry as a calendar of its own."""
    return f"{_bare_path(entry)}.ics"


def entry_slug(entry: Named) -> str:
    """Give the source's slug, in small letters and cut to 100, or one made of the name; it may be empty."""
    return slugified(entry.slug) or slugified(entry.name)


def slugified(text: str) -> str:
    """Reduce a text to what a slug may hold: small letters, digits, hyphens and underscores; nothing may be left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")[:100].strip("-")


def _bare_path(entry: Named) -> str:
    return f"/{entry.key.kind.plural}/{entry.key.source_id}"


def _whole(view: View) -> View:
    return replace(view, limit=None, offset=0)
