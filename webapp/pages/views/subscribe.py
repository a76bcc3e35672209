"""The address of the page that helps to subscribe."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Filter, Query, View
from webapp.domain.scopes import calendar_scope, upcoming_scope
from webapp.instance.site import site
from webapp.pages.subscribe import PREVIEWED, SubscribePage, present_subscribe
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import FeedLinks, feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import SUBSCRIBE_PATH, subscribe_path


@blueprint.get(SUBSCRIBE_PATH)
def subscribe() -> Response:
    """Show how a query can be subscribed to, and what a calendar will have of it next."""
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("subscribe.html", query, read, path_of=subscribe_path, feeds=_links)


def _links(query: Query) -> FeedLinks:
    return feed_links(query, title="This choice")


def _read(query: Query, snapshot: Snapshot, now: datetime) -> SubscribePage:
    upcoming = upcoming_scope(now)
    # What the calendar will have, as far as it is still to come: withdrawn events are told of, but lie behind us.
    fits = replace(calendar_scope(query.options, now), over_after=now, withdrawn=False, withdrawn_after=None)
    asked = query.filter
    stored = snapshot.list_entries(asked, fits, View(limit=PREVIEWED))
    total, of_all = (
        snapshot.count_entries(asked, fits),
        snapshot.count_entries(asked, replace(upcoming, live_after=None)),
    )
    facets, every = snapshot.list_facets(asked, upcoming), snapshot.list_facets(Filter(), upcoming)
    return present_subscribe(
        stored,
        total=total,
        left_out=of_all - total,
        query=query,
        facets=facets,
        every=every,
        feeds=_links(query),
        page_url=site().address() + subscribe_path(query),
    )
