"""The calendar's addresses."""

from datetime import datetime
from functools import partial

from flask import abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.event import Event
from webapp.domain.query import EventQuery
from webapp.domain.scopes import EVERYTHING
from webapp.domain.values import LARGEST_LIMIT
from webapp.domain.zones import in_zone
from webapp.edge.caching import NO_CACHE
from webapp.edge.frame import feed_links, render_list
from webapp.edge.links import CALENDAR_PATH, calendar_path
from webapp.edge.site import current_edition
from webapp.pages.calendar import Month, MonthPage, present_month
from webapp.pages.views.blueprint import blueprint
from webapp.store import Snapshot

_MOST_EVENTS = 2000


@blueprint.get(CALENDAR_PATH)
@blueprint.get(CALENDAR_PATH.rstrip("/"))
def calendar() -> AnyResponse:
    """Lead to the present month, as it is in the zone that is asked for."""
    query = EventQuery.parse(request.args.items(multi=True))
    today = in_zone(current_edition().clock(), query.zone)
    answer = redirect(calendar_path(today.year, today.month, query))
    answer.headers["Cache-Control"] = NO_CACHE
    return answer


@blueprint.get(f"{CALENDAR_PATH}<int:year>/<int:number>")
def month(year: int, number: int) -> AnyResponse:
    """Show a month; every spelling of its address but one leads to that one."""
    if not Month(year, number).is_known:
        abort(404)
    query, shown = EventQuery.parse(request.args.items(multi=True)), Month(year, number)
    path = calendar_path(year, number, query)
    if request.path != path.partition("?")[0]:
        return redirect(path)
    return render_list("calendar.html", query, partial(_read, shown, query), canonical=path, feeds=feed_links)


def _read(shown: Month, query: EventQuery, snapshot: Snapshot, now: datetime) -> MonthPage:
    # A clock time may lie in the next day's zone: a day more at each end, and the page cuts exactly.
    first, last = shown.moved(-1).last, shown.moved(1).first
    wanted = query.replaced(
        {
            "from_date": max(filter(None, (query.from_date, first))),
            "to_date": min(filter(None, (query.to_date, last))),
            "ordering": None,
        }
    )
    found, facets = _all(snapshot, wanted), snapshot.list_facets(wanted, EVERYTHING)
    today = in_zone(now, query.zone).date()
    return present_month(shown, found, today=today, query=query, facets=facets)


def _all(snapshot: Snapshot, query: EventQuery) -> list[Event]:
    found: list[Event] = []
    while len(found) < _MOST_EVENTS:
        part = snapshot.list_events(query.replaced({"limit": LARGEST_LIMIT, "offset": len(found)}), EVERYTHING)
        found += [stored.event for stored in part]
        if len(part) < LARGEST_LIMIT:
            break
    return found
