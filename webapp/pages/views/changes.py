"""The address of recent changes."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.changes import StoredChange
from webapp.domain.query import Query
from webapp.pages.changes import PAGE_SIZE, ChangesPage, present_changes
from webapp.pages.paging import read_page
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
    return render_list("changes.html", query, read, path_of=changes_path, feeds=change_feed_links)


def _read(query: Query, snapshot: Snapshot, now: datetime) -> ChangesPage:
    kinds = query.options.change_kinds

    def list_rows(limit: int, offset: int) -> list[StoredChange]:
        return snapshot.list_changes(query.filter, kinds, limit=limit, offset=offset)

    before, changes = read_page(query.view, PAGE_SIZE, list_rows)
    total = snapshot.count_changes(query.filter, kinds)
    entries = {one.id: one for one in snapshot.get_entries(sorted({one.entry_id for one in changes}))}
    return present_changes(changes, entries, before=before, total=total, query=query, now=now)
