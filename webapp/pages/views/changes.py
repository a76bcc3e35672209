"""The address of recent changes."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.changes import StoredChange
from webapp.domain.query import Query
from webapp.pages.change_summary import begin_of, read_tally
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
    asked, kinds, days = query.filter, query.options.change_kinds, query.view.since
    since = None if days is None else begin_of(days, now)

    def list_rows(limit: int, offset: int) -> list[StoredChange]:
        return snapshot.list_changes(asked, kinds, since=since, limit=limit, offset=offset)

    before, changes = read_page(query.view, PAGE_SIZE, list_rows)
    entries = {one.id: one for one in snapshot.get_entries(sorted({one.entry_id for one in changes}))}
    tally = read_tally(snapshot, query, now)
    return present_changes(changes, entries, before=before, tally=tally, query=query, now=now)
