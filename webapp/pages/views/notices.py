"""The address of the page that turns notices on."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.entry import StoredEntry
from webapp.domain.query import Query
from webapp.domain.scopes import upcoming_scope
from webapp.domain.words import MOST_LISTED
from webapp.instance.site import current_edition, site
from webapp.pages.notices import Delivery, NoticesPage, present_notices
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import NOTICES_PATH, entry_path, notices_path, subscribe_path, timeline_path


@blueprint.get(NOTICES_PATH)
def notices() -> Response:
    """Show what a query's notices would tell of, and turn them on."""
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query, _delivery())
    return render_list("notices.html", query, read, path_of=notices_path, feeds=feed_links)


def _delivery() -> Delivery:
    stand_in = current_edition().stand_in
    if stand_in is not None and stand_in.is_invented:
        return Delivery.DEMO
    if site().public_url is None or stand_in is not None:
        return Delivery.NO_ADDRESS
    return Delivery.PUSH if site().sends_push else Delivery.NO_HTTPS


def _read(query: Query, delivery: Delivery, snapshot: Snapshot, now: datetime) -> NoticesPage:
    found = [snapshot.get_entry(key) for key in query.filter.ids[:MOST_LISTED]]
    entries: list[StoredEntry] = [one for one in found if one is not None]
    is_one = len(query.filter.ids) == len(entries) == 1
    return present_notices(
        query,
        snapshot.list_facets(query.filter, upcoming_scope(now)),
        {str(one.entry.key): one.entry.name for one in entries},
        delivery=delivery,
        back_path=entry_path(entries[0].entry) if is_one else timeline_path(Query(query.filter)),
        subscribe_path=subscribe_path(query),
    )
