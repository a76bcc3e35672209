"""The horizon's address."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Query, View
from webapp.domain.scopes import upcoming_scope
from webapp.pages.horizon import HorizonCounts, HorizonPage, axis_of, filter_inside, present_horizon
from webapp.pages.narrower_filters import known_to_the_day
from webapp.pages.timeline import SLIPS_ARE_MARKED_FOR
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import HORIZON_PATH, horizon_path

_MOST_ENTRIES = 300


@blueprint.get(HORIZON_PATH)
def horizon() -> Response:
    """Show what is upcoming as one drawing."""
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("horizon.html", query, read, path_of=horizon_path, feeds=feed_links)


def _read(query: Query, snapshot: Snapshot, now: datetime) -> HorizonPage:
    upcoming, inside = upcoming_scope(now), filter_inside(axis_of(query, now), query.filter)
    # Launches of which no day is known are counted, and not drawn.
    scope = replace(upcoming, largest_launch_rank=0)
    stored = snapshot.list_entries(inside, scope, View(limit=_MOST_ENTRIES))
    return present_horizon(
        [known.entry for known in stored],
        now=now,
        query=query,
        facets=snapshot.list_facets(inside, upcoming),
        slips=snapshot.list_slips(stored, since=now - 4 * SLIPS_ARE_MARKED_FOR),
        counts=HorizonCounts(
            total=snapshot.count_entries(query.filter, scope),
            with_date=snapshot.count_entries(query.filter, replace(scope, dated=True)),
            inside=snapshot.count_entries(inside, scope),
            inside_with_day=snapshot.count_entries(known_to_the_day(inside), scope),
        ),
        periods=snapshot.count_periods(inside, replace(upcoming, placeholders=True)),
    )
