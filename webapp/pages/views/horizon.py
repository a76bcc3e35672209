"""The horizon's address."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Query, View
from webapp.domain.scopes import upcoming_scope
from webapp.pages.horizon import HorizonPage, present_horizon
from webapp.pages.timeline import SLIPS_ARE_MARKED_FOR
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import HORIZON_PATH, horizon_path

_MOST_EVENTS = 300


@blueprint.get(HORIZON_PATH)
def horizon() -> Response:
    """Show upcoming events as one drawing."""
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("horizon.html", query, read, path_of=horizon_path, feeds=feed_links)


def _read(query: Query, snapshot: Snapshot, now: datetime) -> HorizonPage:
    scope = upcoming_scope(now)
    stored = snapshot.list_entries(query.filter, scope, View(limit=_MOST_EVENTS))
    entries = [known.entry for known in stored]
    slips = snapshot.list_slips(stored, since=now - 4 * SLIPS_ARE_MARKED_FOR)
    total, facets = snapshot.count_entries(query.filter, scope), snapshot.list_facets(query.filter, scope)
    return present_horizon(entries, now=now, query=query, facets=facets, slips=slips, total=total)
