"""The horizon's address."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.event import Event
from webapp.domain.query import EventQuery
from webapp.domain.scopes import Scope, upcoming_scope
from webapp.domain.values import LARGEST_LIMIT
from webapp.domain.zones import in_zone
from webapp.edge.frame import feed_links, render_list
from webapp.edge.links import HORIZON_PATH, horizon_path
from webapp.pages.horizon import HorizonPage, present_horizon
from webapp.pages.timeline import SLIPS_ARE_MARKED_FOR
from webapp.pages.views.blueprint import blueprint
from webapp.store import Snapshot

_MOST_EVENTS = 300


@blueprint.get(HORIZON_PATH)
def horizon() -> Response:
    """Show upcoming events as one drawing."""
    query = EventQuery.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("horizon.html", query, read, canonical=horizon_path(query), feeds=feed_links)


def _read(query: EventQuery, snapshot: Snapshot, now: datetime) -> HorizonPage:
    scope = upcoming_scope(now)
    found = _all(snapshot, query.replaced({"ordering": None}), scope)
    slips = snapshot.list_slips([one.id for one in found], since=now - 4 * SLIPS_ARE_MARKED_FOR)
    total, facets = snapshot.count_events(query, scope), snapshot.list_facets(query, scope)
    today = in_zone(now, query.zone).date()
    return present_horizon(found, today=today, query=query, facets=facets, slips=slips, total=total)


def _all(snapshot: Snapshot, query: EventQuery, scope: Scope) -> list[Event]:
    found: list[Event] = []
    while len(found) < _MOST_EVENTS:
        part = snapshot.list_events(query.replaced({"limit": LARGEST_LIMIT, "offset": len(found)}), scope)
        found += [stored.event for stored in part]
        if len(part) < LARGEST_LIMIT:
            break
    return found
