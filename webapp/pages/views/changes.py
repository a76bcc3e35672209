"""The address of recent changes."""

from flask import Response, request

from webapp.domain.query import EventQuery
from webapp.edge.frame import change_feed_links, render_page
from webapp.edge.links import CHANGES_PATH, changes_path
from webapp.edge.site import current_edition
from webapp.pages.changes import PAGE_SIZE, present_changes
from webapp.pages.views.blueprint import blueprint


@blueprint.get(CHANGES_PATH)
def changes() -> Response:
    """Show what changed, the latest first."""
    query = EventQuery.parse(request.args.items(multi=True))
    edition = current_edition()
    # As on the timeline: one more change ahead tells whether its first day began on the page before.
    ahead = 1 if query.offset else 0
    wanted = query.replaced({"limit": (query.limit or PAGE_SIZE) + ahead, "offset": query.offset - ahead})
    with edition.store.read() as snapshot:
        found, total = snapshot.list_changes(wanted), snapshot.count_changes(query)
        events = {one.event.id: one for one in snapshot.get_events(sorted({one.event_id for one in found}))}
        state = snapshot.state
    before = found[0] if ahead and found else None
    page = present_changes(found[ahead:], events, before=before, total=total, query=query)
    return render_page(
        "changes.html", page, edition, state, canonical=changes_path(query), feeds=change_feed_links(query)
    )
