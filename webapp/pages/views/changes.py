"""The address of recent changes."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Query
from webapp.pages.changes import PAGE_SIZE, ChangesPage, present_changes
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import change_feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import CHANGES_PATH, changes_path


@blueprint.get(CHANGES_PATH)
def changes() -> Response:
    """Show what changed, the latest first."""
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("changes.html", query, read, canonical=changes_path(query), feeds=change_feed_links)


def _read(query: Query, snapshot: Snapshot, _now: datetime) -> ChangesPage:
    # As on the timeline: one more change ahead tells whether its first day began on the page before.
    view, kinds = query.view, query.options.change_kinds
    ahead = 1 if view.offset else 0
    limit, offset = (view.limit or PAGE_SIZE) + ahead, view.offset - ahead
    changes = snapshot.list_changes(query.filter, kinds, limit=limit, offset=offset)
    total = snapshot.count_changes(query.filter, kinds)
    entries = {one.id: one for one in snapshot.get_entries(sorted({one.entry_id for one in changes}))}
    before = changes[0] if ahead and changes else None
    return present_changes(changes[ahead:], entries, before=before, total=total, query=query)
