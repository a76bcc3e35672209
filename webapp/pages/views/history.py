"""The address of an event's whole history."""

from flask import Response, request

from webapp.domain.query import Query
from webapp.instance.site import current_edition
from webapp.pages.history import present_history_page
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.pages import render_page
from webapp.web.addresses import history_path
from webapp.web.errors import NoSuchEventError, event_key


@blueprint.get("/history/<event_id>")
def history(event_id: str) -> Response:
    """Show a page of what changed about an event and of what was written of it, the latest first."""
    query, edition = Query.parse(request.args.items(multi=True)), current_edition()
    key = event_key(event_id)
    with edition.store.read() as snapshot:
        stored, changes, state = snapshot.get_entry(key), snapshot.list_history(key), snapshot.state
    if stored is None:
        raise NoSuchEventError(event_id)
    page = present_history_page(stored.entry, changes, query=query, now=edition.clock())
    canonical = history_path(stored.entry, query.view.offset)
    return render_page("history.html", page, edition, state, canonical=canonical, zone=query.view.zone)
