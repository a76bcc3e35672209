"""The address of the page that helps to subscribe."""

from dataclasses import replace

from flask import Response, request

from webapp.domain.query import EventQuery
from webapp.domain.scopes import calendar_scope, upcoming_scope
from webapp.edge.frame import feed_links, render_page
from webapp.edge.links import SUBSCRIBE_PATH, subscribe_path
from webapp.edge.site import current_edition, site
from webapp.pages.subscribe import PREVIEWED, present_subscribe
from webapp.pages.views.blueprint import blueprint


@blueprint.get(SUBSCRIBE_PATH)
def subscribe() -> Response:
    """Show how a query can be subscribed to, and what a calendar will have of it next."""
    query = EventQuery.parse(request.args.items(multi=True))
    edition = current_edition()
    now = edition.clock()
    upcoming = upcoming_scope(now)
    # What the calendar will have, as far as it is still to come: withdrawn events are told of, but lie behind us.
    fits = replace(calendar_scope(query, now), over_after=now, withdrawn=False, withdrawn_after=None)
    with edition.store.read() as snapshot:
        found = snapshot.list_events(query.replaced({"limit": PREVIEWED, "offset": 0, "ordering": None}), fits)
        total, of_all = (
            snapshot.count_events(query, fits),
            snapshot.count_events(query, replace(upcoming, live_after=None)),
        )
        facets, every = snapshot.list_facets(query, upcoming), snapshot.list_facets(EventQuery(), upcoming)
        state = snapshot.state
    path, feeds = subscribe_path(query), feed_links(query, title="This choice")
    page = present_subscribe(
        found,
        total=total,
        left_out=of_all - total,
        query=query,
        facets=facets,
        every=every,
        feeds=feeds,
        page_url=site().address() + path,
    )
    return render_page("subscribe.html", page, edition, state, canonical=path, feeds=feeds)
