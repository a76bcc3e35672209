"""The address of the launches of which no more than a period is known."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial

from flask import Response, abort, request

from webapp.domain.query import Query, View
from webapp.domain.scopes import upcoming_scope
from webapp.pages.narrower_filters import within_days
from webapp.pages.planned import PlannedPage, present_planned_page
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import PLANNED_PATH, planned_path

_MOST_LAUNCHES = 1000


@blueprint.get(f"{PLANNED_PATH}<first>/<last>")
def planned(first: str, last: str) -> Response:
    """Show the launches of a period, which the timeline folds into one line."""
    try:
        period = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        abort(404)
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query, *period)
    return render_list("planned.html", query, read, path_of=partial(planned_path, *period), feeds=feed_links)


def _read(query: Query, first: date, last: date, snapshot: Snapshot, now: datetime) -> PlannedPage:
    scope = replace(upcoming_scope(now), placeholders=True)
    within = within_days(query.filter, first=first, last=last)
    periods = [one for one in snapshot.count_periods(within, scope) if (one.first_date, one.last_date) == (first, last)]
    if not periods:
        abort(404)
    listed = [stored.entry for stored in snapshot.list_entries(within, scope, View(limit=_MOST_LAUNCHES))]
    of_period = [
        one for one in listed if (known := one.date_range) and (known.first_date, known.last_date) == (first, last)
    ]
    return present_planned_page(of_period, periods[0], query=query, now=now)
