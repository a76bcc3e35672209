"""The addresses that calendar apps and feed readers subscribe to."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, Response, request

from webapp import RELEASED_AT
from webapp.domain.clock import utc_midnight
from webapp.domain.event import StoredEvent
from webapp.domain.parameters import PARAMETERS, Part, Vague
from webapp.domain.query import Filter, Query, tidied_name
from webapp.domain.scopes import calendar_scope, feed_scope, upcoming_scope
from webapp.domain.text import one_line
from webapp.edge.bundles import list_bundles
from webapp.edge.caching import FEED_CACHE, conditional, last_modified
from webapp.edge.edition import Edition, StandIn
from webapp.edge.errors import NoSuchEventError, event_number
from webapp.edge.ignored import ignored_here, with_ignored
from webapp.edge.links import (
    ATOM_PATH,
    CHANGES_ATOM_PATH,
    CHANGES_JSON_FEED_PATH,
    CHANGES_RSS_PATH,
    HUB_PATHS,
    ICAL_PATH,
    JSON_FEED_PATH,
    OPML_PATH,
    RSS_PATH,
    card_path,
    changes_path,
    event_ical_path,
    event_path,
    timeline_path,
)
from webapp.edge.site import current_edition, site
from webapp.feeds.about import FeedEntry, FeedInfo
from webapp.feeds.atom import atom_piece, join_atom, render_atom
from webapp.feeds.icalendar import calendar_piece, join_calendar, render_calendar
from webapp.feeds.items import Item, change_item, event_item
from webapp.feeds.json_feed import join_json_feed, json_piece, render_json_feed
from webapp.feeds.opml import Outline, render_opml
from webapp.feeds.options import CalendarOptions, calendar_options
from webapp.feeds.rss import join_rss, render_rss, rss_piece
from webapp.store import Mark, Snapshot, StoreState
from webapp.subscriptions.pieces import Pieces

blueprint = Blueprint("subscriptions", __name__)

Renderer = Callable[[Sequence[Item], FeedInfo], bytes]
Joiner = Callable[[Sequence[bytes], FeedInfo], bytes]

RSS, ATOM, JSON_FEED = "application/rss+xml", "application/atom+xml", "application/feed+json"
PIECES = Pieces()
_MOST_CHANGES = 100
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_VIEW = {name for one in PARAMETERS if one.part is Part.VIEW for name in (one.name, *one.aliases)}
_EVENTS = "Upcoming space events: dockings, spacewalks, landings, flybys, briefings and tests."
_CHANGES = "What changed about space events: slips, new webcasts, cancellations."
_SOURCE = " The data come from Launch Library 2 by The Space Devs."


@blueprint.get(ICAL_PATH)
def events_ical() -> Response:
    """Give the events as a calendar."""
    query, edition = _asked(), current_edition()
    options = calendar_options(query.options)
    with edition.store.read() as snapshot:
        marks = snapshot.list_marks(query.filter, calendar_scope(query.options, edition.clock()))
        marks.sort(key=lambda mark: mark.event_id)
        written = options.of_pieces()
        pieces = _collect(edition, snapshot, marks, written, lambda entry: calendar_piece(entry, written))
        state = snapshot.state
    body = join_calendar(pieces, _info(query, edition, state, ICAL_PATH), options.alarm)
    return _answer(body, "text/calendar", edition, state)


@blueprint.get(RSS_PATH)
def events_rss() -> Response:
    """Give the events as RSS, one item each, upcoming and by date."""
    return _events(RSS_PATH, RSS, rss_piece, join_rss)


@blueprint.get(ATOM_PATH)
def events_atom() -> Response:
    """Give the events as Atom."""
    return _events(ATOM_PATH, ATOM, atom_piece, join_atom)


@blueprint.get(JSON_FEED_PATH)
def events_json() -> Response:
    """Give the events as JSON Feed."""
    return _events(JSON_FEED_PATH, JSON_FEED, json_piece, join_json_feed)


@blueprint.get(CHANGES_RSS_PATH)
def changes_rss() -> Response:
    """Give the latest changes as RSS, one item each."""
    return _changes(CHANGES_RSS_PATH, RSS, render_rss)


@blueprint.get(CHANGES_ATOM_PATH)
def changes_atom() -> Response:
    """Give the latest changes as Atom."""
    return _changes(CHANGES_ATOM_PATH, ATOM, render_atom)


@blueprint.get(CHANGES_JSON_FEED_PATH)
def changes_json() -> Response:
    """Give the latest changes as JSON Feed."""
    return _changes(CHANGES_JSON_FEED_PATH, JSON_FEED, render_json_feed)


@blueprint.get("/events/<event_id>.ics")
def event_ical(event_id: str) -> Response:
    """Give one event as a calendar; one whose day is not known fills its window, since it was asked for by itself."""
    edition, number = current_edition(), event_number(event_id)
    with edition.store.read() as snapshot:
        stored, state = snapshot.get_event(number), snapshot.state
        entries = [] if stored is None else _with_slips(snapshot, [stored])
    if stored is None:
        raise NoSuchEventError(event_id)
    info = _info(Query(), edition, state, event_ical_path(stored.event))
    info = replace(info, title=one_line(stored.event.name), page_url=site().address() + event_path(stored.event))
    return _answer(render_calendar(entries, info, CalendarOptions(Vague.SPAN)), "text/calendar", edition, state)


@blueprint.get(OPML_PATH)
def feeds_opml() -> Response:
    """List feeds that are ready to be followed, for readers that take a list of them."""
    edition, address = current_edition(), site().address()
    with edition.store.read() as snapshot:
        # As of the day, as all feeds: nothing of them changes within it unless an event does.
        today = utc_midnight(edition.clock().date())
        facets = snapshot.list_facets(Filter(), upcoming_scope(today))
        state = snapshot.state
    outlines = [Outline("Changes", address + CHANGES_RSS_PATH, address + changes_path(Query()))]
    for bundle in list_bundles(facets):
        query = Query(bundle.filter)
        feed_url = address + RSS_PATH + query.to_query_string()
        outlines.append(Outline(bundle.title, feed_url, address + timeline_path(query)))
    return _answer(render_opml(_title("Space events", edition), outlines), "text/x-opml", edition, state)


def _events(path: str, mimetype: str, write: Callable[[Item], bytes], join: Joiner) -> Response:
    query, edition = _asked(), current_edition()
    with edition.store.read() as snapshot:
        marks = snapshot.list_marks(query.filter, feed_scope(query.options, edition.clock()))
        pieces = _collect(edition, snapshot, marks, mimetype, lambda entry: write(event_item(entry)))
        state = snapshot.state
    return _answer(join(pieces, _info(query, edition, state, path)), mimetype, edition, state)


def _changes(path: str, mimetype: str, render: Renderer) -> Response:
    query, edition = _asked(), current_edition()
    with edition.store.read() as snapshot:
        found = snapshot.list_changes(query.filter, query.options.change_kinds, limit=_MOST_CHANGES)
        events = snapshot.get_events(sorted({one.event_id for one in found}))
        entries = {entry.stored.event.id: entry for entry in _with_slips(snapshot, events)}
        state = snapshot.state
    address = site().address()
    info = replace(
        _info(query, edition, state, path),
        title=_title("Changes of space events", edition),
        description=_described(_CHANGES, edition.stand_in, ignored=ignored_here()),
        page_url=address + changes_path(query),
    )
    items = [change_item(one, entries[one.event_id]) for one in found]
    return _answer(render(items, info), mimetype, edition, state)


def _asked() -> Query:
    pairs = request.args.items(multi=True)
    return Query.parse((name, value) for name, value in pairs if tidied_name(name) not in _VIEW)


def _collect(
    edition: Edition, snapshot: Snapshot, marks: Sequence[Mark], how: Hashable, write: Callable[[FeedEntry], bytes]
) -> list[bytes]:
    def make(event_ids: list[int]) -> dict[int, bytes]:
        entries = _with_slips(snapshot, snapshot.get_events(event_ids))
        return {entry.stored.event.id: write(entry) for entry in entries}

    # Two stores may know the same event in the same generation, and the site may be reached by several addresses.
    return PIECES.collect((edition.store, site().address(), how), marks, make)


def _with_slips(snapshot: Snapshot, stored: Sequence[StoredEvent]) -> list[FeedEntry]:
    address, drawn = site().address(), site().card_types
    slips = snapshot.list_slips([one.event.id for one in stored], since=_BEGINNING)
    return [
        FeedEntry(
            one,
            address + event_path(one.event),
            address + card_path(one.event.type.id, drawn),
            slips[one.event.id].change if one.event.id in slips else None,
        )
        for one in stored
    ]


def _info(query: Query, edition: Edition, state: StoreState, path: str) -> FeedInfo:
    address, asked = site().address(), query.to_query_string()
    return FeedInfo(
        title=_title("Space events", edition),
        description=_described(_EVENTS, edition.stand_in, ignored=ignored_here()),
        self_url=address + path + asked,
        page_url=address + timeline_path(query),
        updated=state.committed_at or RELEASED_AT,
        name=path.removeprefix("/").rpartition(".")[0] + asked,
        hub_url=site().hub_url if path in HUB_PATHS and not asked else "",
    )


def _answer(body: bytes, mimetype: str, edition: Edition, state: StoreState) -> Response:
    modified = last_modified(state, edition.clock())
    response = conditional(body, mimetype, edition=edition, cache=FEED_CACHE, modified=modified)
    response.headers["Content-Disposition"] = "inline"
    return with_ignored(response, ignored_here())


def _title(name: str, edition: Edition) -> str:
    return f"{name} ({edition.stand_in.title})" if edition.stand_in else name


def _described(what: str, stand_in: StandIn | None, *, ignored: tuple[str, ...]) -> str:
    warning = f"{stand_in.warning} " if stand_in else ""
    remark = f" Not understood in this feed's address, and ignored: {', '.join(ignored)}." if ignored else ""
    source = "" if stand_in and stand_in.is_invented else _SOURCE
    return warning + what + source + remark
