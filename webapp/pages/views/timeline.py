"""The timeline's address."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Query
from webapp.domain.scopes import upcoming_scope
from webapp.pages.filters import looser_filters
from webapp.pages.timeline import PAGE_SIZE, SLIPS_ARE_MARKED_FOR, TimelinePage, present_timeline
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import timeline_path

_MOST_LOOSER = 8


@blueprint.get("/")
def timeline() -> Response:
    """Show upcoming events."""
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("timeline.html", query, read, canonical=timeline_path(query), feeds=feed_links)


def _read(query: Query, snapshot: Snapshot, now: datetime) -> TimelinePage:
    scope = upcoming_scope(now)
    # One more event ahead of the page tells whether its first heading began on the page before.
    asked, view = query.filter, query.view
    ahead = 1 if view.offset else 0
    wanted = replace(view, limit=(view.limit or PAGE_SIZE) + ahead, offset=view.offset - ahead)
    stored = snapshot.list_entries(asked, scope, wanted)
    entries = [known.entry for known in stored]
    total = snapshot.count_entries(asked, scope)
    slips = snapshot.list_slips(stored, since=now - SLIPS_ARE_MARKED_FOR)
    facets = snapshot.list_facets(asked, scope)
    fewer = [] if total else looser_filters(asked)[:_MOST_LOOSER]
    looser = {each: snapshot.count_entries(each, scope) for each in fewer}
    before = entries[0] if ahead and entries else None
    return present_timeline(
        entries[ahead:], before=before, total=total, query=query, facets=facets, slips=slips, looser=looser
    )
