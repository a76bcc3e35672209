"""The calendar's addresses."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.query import Query, View
from webapp.domain.scopes import EVERYTHING
from webapp.domain.zones import in_zone
from webapp.instance.site import current_edition
from webapp.pages.calendar import MonthPage, present_month
from webapp.pages.months import Month
from webapp.pages.narrower_filters import within_days
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.response_cache.freshness import Freshness
from webapp.store import Snapshot
from webapp.web.addresses import CALENDAR_PATH, calendar_path

_MOST_ENTRIES = 2000
_WITH_DAYS = replace(EVERYTHING, largest_launch_rank=0, without_repeats=True)
"""All but launches of which no day is known: those are counted."""

_WITHOUT_DAYS = replace(EVERYTHING, placeholders=True)


@blueprint.get(CALENDAR_PATH)
@blueprint.get(CALENDAR_PATH.rstrip("/"))
def calendar() -> AnyResponse:
    """Lead to the present month, as it is in the zone that is asked for."""
    query = Query.parse(request.args.items(multi=True))
    today = in_zone(current_edition().clock(), query.view.zone)
    answer = redirect(calendar_path(today.year, today.month, query))
    answer.headers["Cache-Control"] = Freshness.NEVER.cache_control
    return answer


@blueprint.get(f"{CALENDAR_PATH}<int:year>/<int:number>")
def month(year: int, number: int) -> AnyResponse:
    """Show a month; every spelling of its address but one leads to that one."""
    if not Month(year, number).is_known:
        abort(404)
    query, shown = Query.parse(request.args.items(multi=True)), Month(year, number)
    path = calendar_path(year, number, query)
    if request.path != path.partition("?")[0]:
        return redirect(path)
    path_of = partial(calendar_path, year, number)
    return render_list("calendar.html", query, partial(_read, shown, query), path_of=path_of, feeds=feed_links)


def _read(shown: Month, query: Query, snapshot: Snapshot, now: datetime) -> MonthPage:
    # A clock time may lie in the next day's zone: a day more at each end, and the page cuts exactly.
    wanted = within_days(query.filter, first=shown.moved(-1).last, last=shown.moved(1).first)
    listed = snapshot.list_entries(wanted, _WITH_DAYS, View(limit=_MOST_ENTRIES))
    return present_month(
        shown,
        [stored.entry for stored in listed],
        now=now,
        query=query,
        facets=snapshot.list_facets(wanted, EVERYTHING),
        periods=snapshot.count_periods(wanted, _WITHOUT_DAYS),
    )
