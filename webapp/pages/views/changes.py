"""The address of recent changes."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import EventQuery
from webapp.edge.frame import change_feed_links, render_list
from webapp.edge.links import CHANGES_PATH, changes_path
from webapp.pages.changes import PAGE_SIZE, ChangesPage, present_changes
from webapp.pages.views.blueprint import blueprint
from webapp.store import Snapshot


@blueprint.get(CHANGES_PATH)
def changes() -> Response:
    """Show what changed, the latest first."""
    query = EventQuery.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("changes.html", query, read, canonical=changes_path(query), feeds=change_feed_links)


def _read(query: EventQuery, snapshot: Snapshot, _now: datetime) -> ChangesPage:
    # As on the timeline: one more change ahead tells whether its first day began on the page before.
    ahead = 1 if query.offset else 0
    wanted = query.replaced({"limit": (query.limit or PAGE_SIZE) + ahead, "offset": query.offset - ahead})
    found, total = snapshot.list_changes(wanted), snapshot.count_changes(query)
    events = {one.event.id: one for one in snapshot.get_events(sorted({one.event_id for one in found}))}
    before = found[0] if ahead and found else None
    return present_changes(found[ahead:], events, before=before, total=total, query=query)
