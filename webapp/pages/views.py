"""The pages: parse, ask, present."""

import json

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.query import EventQuery
from webapp.domain.scopes import upcoming_scope
from webapp.edge.caching import JSON, NO_CACHE, conditional
from webapp.edge.errors import NoSuchEventError, event_number
from webapp.edge.frame import feed_links, render_page
from webapp.edge.links import CHANGES_PATH, STATUS_PATH, changes_path, event_path, event_slug, timeline_path
from webapp.edge.shell import FeedLinks
from webapp.edge.site import current_edition, site
from webapp.pages.changes import PAGE_SIZE as PAGE_OF_CHANGES
from webapp.pages.changes import present_changes
from webapp.pages.detail import present_event
from webapp.pages.status import Status, gather, status_document
from webapp.pages.status_words import present_status
from webapp.pages.timeline import PAGE_SIZE, SLIPS_ARE_MARKED_FOR, present_timeline

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def timeline() -> Response:
    """Show upcoming events."""
    query = EventQuery.parse(request.args.items(multi=True))
    edition = current_edition()
    scope = upcoming_scope(edition.clock())
    # One more event ahead of the page tells whether its first heading began on the page before.
    ahead = 1 if query.offset else 0
    wanted = query.replaced({"limit": (query.limit or PAGE_SIZE) + ahead, "offset": query.offset - ahead})
    with edition.store.read() as snapshot:
        found = [stored.event for stored in snapshot.list_events(wanted, scope)]
        total = snapshot.count_events(query, scope)
        slips = snapshot.list_slips([one.id for one in found], since=edition.clock() - SLIPS_ARE_MARKED_FOR)
        state = snapshot.state
    before = found[0] if ahead and found else None
    page = present_timeline(found[ahead:], before=before, total=total, query=query, slips=slips)
    return render_page("timeline.html", page, edition, state, canonical=timeline_path(query), feeds=feed_links(query))


@blueprint.get("/events/<event_id>")
@blueprint.get("/events/<event_id>/<slug>")
def event(event_id: str, slug: str = "") -> AnyResponse:
    """Show one event; every address but its own leads to its own."""
    edition = current_edition()
    number = event_number(event_id)
    with edition.store.read() as snapshot:
        stored, changes = snapshot.get_event(number), snapshot.list_history(number)
        state = snapshot.state
    if stored is None:
        raise NoSuchEventError(event_id)
    path = event_path(stored.event)
    if (event_id, slug) != (str(number), event_slug(stored.event)):
        return redirect(path)
    page = present_event(stored, changes, player_host=site().host())
    return render_page("event.html", page, edition, state, canonical=path, feeds=_all_feeds())


@blueprint.get(CHANGES_PATH)
def changes() -> Response:
    """Show what changed, the latest first."""
    query = EventQuery.parse(request.args.items(multi=True))
    edition = current_edition()
    # As on the timeline: one more change ahead tells whether its first day began on the page before.
    ahead = 1 if query.offset else 0
    wanted = query.replaced({"limit": (query.limit or PAGE_OF_CHANGES) + ahead, "offset": query.offset - ahead})
    with edition.store.read() as snapshot:
        found, total = snapshot.list_changes(wanted), snapshot.count_changes(query)
        events = {one.event.id: one for one in snapshot.get_events(sorted({one.event_id for one in found}))}
        state = snapshot.state
    before = found[0] if ahead and found else None
    page = present_changes(found[ahead:], events, before=before, total=total, query=query)
    return render_page("changes.html", page, edition, state, canonical=changes_path(query))


@blueprint.get(STATUS_PATH)
def status() -> Response:
    """Say how syncing stands."""
    found = _status()
    page = present_status(found)
    # The frame is the real edition's too, so that it can be read before there is anything else to show.
    real = site().editions.real
    return render_page("status.html", page, real, found.state, canonical=STATUS_PATH, cache=NO_CACHE)


@blueprint.get(f"{STATUS_PATH}.json")
def status_json() -> Response:
    """Say the same to programs."""
    body = json.dumps(status_document(_status()), indent=2).encode()
    return conditional(body, JSON, edition=None, cache=NO_CACHE, modified=None)


def _status() -> Status:
    here, real = site(), site().editions.real
    with real.store.read() as snapshot:
        return gather(
            snapshot,
            now=real.clock(),
            hourly_budget=here.hourly_budget,
            is_sample=here.editions.is_sample_shown(),
            trouble=here.trouble(),
        )


def _all_feeds() -> FeedLinks:
    return feed_links(EventQuery(), title="Subscribe to all upcoming events")
