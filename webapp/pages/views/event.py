"""An event's address."""

from flask import redirect
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.query import EventQuery
from webapp.edge.errors import NoSuchEventError, event_number
from webapp.edge.frame import feed_links, render_page
from webapp.edge.links import event_path, event_slug
from webapp.edge.site import current_edition, site
from webapp.pages.detail import present_event
from webapp.pages.views.blueprint import blueprint


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
    feeds = feed_links(EventQuery(), title="Subscribe to all upcoming events")
    page = present_event(stored, changes, player_host=site().host())
    return render_page("event.html", page, edition, state, canonical=path, feeds=feeds)
