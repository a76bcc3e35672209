"""The addresses that calendar apps and feed readers subscribe to."""

from dataclasses import replace

from flask import Blueprint, Response, request

from webapp import RELEASED_AT
from webapp.domain.event import StoredEvent
from webapp.domain.parameters import PARAMETERS, Part, Vague
from webapp.domain.query import EventQuery, tidied_name
from webapp.domain.scopes import Scope, calendar_scope, feed_scope
from webapp.domain.text import one_line
from webapp.edge.caching import FEED_CACHE, conditional, last_modified
from webapp.edge.edition import Edition, StandIn
from webapp.edge.errors import NoSuchEventError, event_number
from webapp.edge.ignored import ignored_here, with_ignored
from webapp.edge.links import ICAL_PATH, RSS_PATH, event_ical_path, event_path, timeline_path
from webapp.edge.site import current_edition, site
from webapp.feeds.about import FeedEntry, FeedInfo
from webapp.feeds.icalendar import render_calendar
from webapp.feeds.rss import render_rss
from webapp.store import StoreState

blueprint = Blueprint("subscriptions", __name__)

_VIEW = {name for one in PARAMETERS if one.part is Part.VIEW for name in (one.name, *one.aliases)}
_DESCRIPTION = "Upcoming space events: dockings, spacewalks, landings, flybys, briefings and tests."
_SOURCE = " The data come from Launch Library 2 by The Space Devs."


@blueprint.get(ICAL_PATH)
def events_ical() -> Response:
    """Give the events as a calendar."""
    query, edition = _asked(), current_edition()
    stored, state = _load(query, edition, calendar_scope(query, edition.clock()))
    body = render_calendar(_entries(stored), _info(query, edition, state, ICAL_PATH), vague=query.vague)
    return _answer(body, "text/calendar", edition, state)


@blueprint.get(RSS_PATH)
def events_rss() -> Response:
    """Give the events as RSS, one item each, upcoming and by date."""
    query, edition = _asked(), current_edition()
    stored, state = _load(query, edition, feed_scope(query, edition.clock()))
    body = render_rss(_entries(stored), _info(query, edition, state, RSS_PATH))
    return _answer(body, "application/rss+xml", edition, state)


@blueprint.get("/events/<event_id>.ics")
def event_ical(event_id: str) -> Response:
    """Give one event as a calendar; one whose day is not known fills its window, since it was asked for by itself."""
    edition, number = current_edition(), event_number(event_id)
    with edition.store.read() as snapshot:
        stored, state = snapshot.get_event(number), snapshot.state
    if stored is None:
        raise NoSuchEventError(event_id)
    info = _info(EventQuery(), edition, state, event_ical_path(stored.event))
    info = replace(info, title=one_line(stored.event.name), page_url=site().address() + event_path(stored.event))
    return _answer(render_calendar(_entries([stored]), info, vague=Vague.SPAN), "text/calendar", edition, state)


def _asked() -> EventQuery:
    pairs = request.args.items(multi=True)
    return EventQuery.parse((name, value) for name, value in pairs if tidied_name(name) not in _VIEW)


def _load(query: EventQuery, edition: Edition, scope: Scope) -> tuple[list[StoredEvent], StoreState]:
    with edition.store.read() as snapshot:
        return snapshot.list_events(query, scope), snapshot.state


def _entries(stored: list[StoredEvent]) -> list[FeedEntry]:
    address = site().address()
    return [FeedEntry(one, address + event_path(one.event)) for one in stored]


def _info(query: EventQuery, edition: Edition, state: StoreState, path: str) -> FeedInfo:
    address = site().address()
    stand_in = edition.stand_in
    return FeedInfo(
        title=f"Space events ({stand_in.title})" if stand_in else "Space events",
        description=_described(stand_in, ignored=ignored_here()),
        self_url=address + path + query.to_query_string(),
        page_url=address + timeline_path(query),
        updated=state.committed_at or RELEASED_AT,
    )


def _answer(body: bytes, mimetype: str, edition: Edition, state: StoreState) -> Response:
    modified = last_modified(state, edition.clock())
    response = conditional(body, mimetype, edition=edition, cache=FEED_CACHE, modified=modified)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Disposition"] = "inline"
    return with_ignored(response, ignored_here())


def _described(stand_in: StandIn | None, *, ignored: tuple[str, ...]) -> str:
    warning = f"{stand_in.warning} " if stand_in else ""
    remark = f" Not understood in this feed's address, and ignored: {', '.join(ignored)}." if ignored else ""
    source = "" if stand_in and stand_in.is_invented else _SOURCE
    return warning + _DESCRIPTION + source + remark
