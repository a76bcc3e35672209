"""The address of the page that helps to subscribe."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Query, View
from webapp.domain.scopes import calendar_scope, upcoming_scope
from webapp.instance.site import site
from webapp.pages.kind_switch import count_kinds
from webapp.pages.subscribe import PREVIEWED, EventsToCome, SubscribePage, present_subscribe
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
    asked, upcoming = query.filter, upcoming_scope(now)
    # What the calendar will have, as far as it is still to come: withdrawn events are told of, but lie behind us.
    fits = replace(calendar_scope(query.options, now), over_after=now, withdrawn=False, withdrawn_after=None)
    total = snapshot.count_entries(asked, fits)
    found = EventsToCome(
        next=snapshot.list_entries(asked, fits, View(limit=PREVIEWED)),
        total=total,
        left_out=snapshot.count_entries(asked, replace(upcoming, live_after=None)) - total,
        upcoming=snapshot.count_entries(asked, upcoming),
        webcast_count=snapshot.count_entries(replace(asked, webcast=True), upcoming),
        facets=snapshot.list_facets(asked, upcoming),
        kinds=count_kinds(snapshot, asked, upcoming),
    )
    # Whoever opens the page elsewhere has a zone of their own.
    page_url = site().address() + subscribe_path(Query(asked, options=query.options))
    return present_subscribe(found, query=query, feeds=_links(query), page_url=page_url, now=now)
