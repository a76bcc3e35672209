"""The timeline's address."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import EventQuery
from webapp.domain.scopes import upcoming_scope
from webapp.edge.frame import feed_links, render_list
from webapp.edge.links import timeline_path
from webapp.pages.filters import looser_queries
from webapp.pages.timeline import PAGE_SIZE, SLIPS_ARE_MARKED_FOR, TimelinePage, present_timeline
from webapp.pages.views.blueprint import blueprint
from webapp.store import Snapshot

_MOST_LOOSER = 8


@blueprint.get("/")
def timeline() -> Response:
    """Show upcoming events."""
    query = EventQuery.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("timeline.html", query, read, canonical=timeline_path(query), feeds=feed_links)


def _read(query: EventQuery, snapshot: Snapshot, now: datetime) -> TimelinePage:
    scope = upcoming_scope(now)
    # One more event ahead of the page tells whether its first heading began on the page before.
    ahead = 1 if query.offset else 0
    wanted = query.replaced({"limit": (query.limit or PAGE_SIZE) + ahead, "offset": query.offset - ahead})
    found = [stored.event for stored in snapshot.list_events(wanted, scope)]
    total = snapshot.count_events(query, scope)
    slips = snapshot.list_slips([one.id for one in found], since=now - SLIPS_ARE_MARKED_FOR)
    facets = snapshot.list_facets(query, scope)
    looser = {} if total else {one: snapshot.count_events(one, scope) for one in looser_queries(query)[:_MOST_LOOSER]}
    before = found[0] if ahead and found else None
    return present_timeline(
        found[ahead:], before=before, total=total, query=query, facets=facets, slips=slips, looser=looser
    )
