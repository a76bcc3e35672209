"""The address of an entry's whole history."""

from flask import Response, request

from webapp.domain.query import Query
from webapp.instance.site import current_edition
from webapp.pages.history import present_history_page
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.pages import render_page
from webapp.web.addresses import history_path
from webapp.web.errors import entry_key, no_such_entry


@blueprint.get("/history/<source_id>")
def history(source_id: str) -> Response:
    """Show a page of what changed about an entry and of what was written of it, the latest first."""
    query, edition = Query.parse(request.args.items(multi=True)), current_edition()
    key = entry_key(source_id)
    with edition.store.read() as snapshot:
        stored, changes, state = snapshot.get_entry(key), snapshot.list_history(key), snapshot.state
    if stored is None:
        raise no_such_entry(key)
    page = present_history_page(stored.entry, changes, query=query, now=edition.clock())
    canonical = history_path(stored.entry, query.view.offset)
    return render_page("history.html", page, edition, state, canonical=canonical, zone=query.view.zone)
