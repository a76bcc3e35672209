"""The pages: parse, ask, present."""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.query import EventQuery
from webapp.domain.scopes import upcoming_scope
from webapp.edge.errors import NoSuchEventError, event_number
from webapp.edge.frame import feed_links, render_page
from webapp.edge.links import event_path, event_slug, timeline_path
from webapp.edge.shell import FeedLinks
from webapp.edge.site import current_edition, site
from webapp.pages.detail import present_event
from webapp.pages.timeline import PAGE_SIZE, present_timeline

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
        state = snapshot.state
    page = present_timeline(found[ahead:], before=found[0] if ahead and found else None, total=total, query=query)
    return render_page("timeline.html", page, edition, state, canonical=timeline_path(query), feeds=feed_links(query))


@blueprint.get("/events/<event_id>")
@blueprint.get("/events/<event_id>/<slug>")
def event(event_id: str, slug: str = "") -> AnyResponse:
    """Show one event; every address but its own leads to its own."""
    edition = current_edition()
    number = event_number(event_id)
    with edition.store.read() as snapshot:
        stored = snapshot.get_event(number)
        state = snapshot.state
    if stored is None:
        raise NoSuchEventError(event_id)
    path = event_path(stored.event)
    if (event_id, slug) != (str(number), event_slug(stored.event)):
        return redirect(path)
    page = present_event(stored, player_host=site().host())
    return render_page("event.html", page, edition, state, canonical=path, feeds=_all_feeds())


def _all_feeds() -> FeedLinks:
    return feed_links(EventQuery(), title="Subscribe to all upcoming events")
