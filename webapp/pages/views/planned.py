"""The address of the launches of which no more than a period is known."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial

from flask import Response, request
from werkzeug.exceptions import NotFound

from webapp.domain.entry import Entry
from webapp.domain.query import Query, View
from webapp.domain.scopes import EVERYTHING, upcoming_scope
from webapp.pages.narrower_filters import within_days
from webapp.pages.planned import PlannedPage, present_planned_page
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.store import Period, Snapshot
from webapp.web.addresses import PLANNED_PATH, planned_path

_MOST_LAUNCHES = 1000


@blueprint.get(f"{PLANNED_PATH}<first>/<last>")
def planned(first: str, last: str) -> Response:
    """Show the launches of a period, which the timeline folds into one line."""
    try:
        period = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise NotFound from None
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query, *period)
    return render_list("planned.html", query, read, path_of=partial(planned_path, *period), feeds=feed_links)


def _read(query: Query, first: date, last: date, snapshot: Snapshot, now: datetime) -> PlannedPage:
    # What has no date lies within no days.
    within = query.filter if first == date.max else within_days(query.filter, first=first, last=last)
    # What is over is no longer in the timeline; the calendar leads to it all the same.
    for scope in (upcoming_scope(now), EVERYTHING):
        folded = replace(scope, placeholders=True)
        for period in snapshot.count_periods(within, folded):
            if (period.first_date, period.last_date) == (first, last):
                listed = snapshot.list_entries(within, folded, View(limit=_MOST_LAUNCHES))
                entries = [stored.entry for stored in listed if _is_of(stored.entry, period)]
                return present_planned_page(entries, period, query=query, now=now)
    raise NotFound


def _is_of(entry: Entry, period: Period) -> bool:
    known = entry.date_range
    if known is None:
        return period.date is None
    return (known.first_date, known.last_date) == (period.first_date, period.last_date)
