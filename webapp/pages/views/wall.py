"""The wall display's address."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Query, View
from webapp.domain.scopes import upcoming_scope
from webapp.instance.site import site
from webapp.pages.views.blueprint import blueprint
from webapp.pages.wall import WallPage, first_on_wall, present_wall
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import WALL_PATH, wall_path

_MOST_READ = 25  # What is under way is found among as many as on the first page of the timeline.


@blueprint.get(WALL_PATH)
def wall() -> Response:
    """Show what is upcoming on a screen across a room."""
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("wall.html", query, read, path_of=wall_path, feeds=feed_links)


def _read(query: Query, snapshot: Snapshot, now: datetime) -> WallPage:
    scope, view = upcoming_scope(now), View(limit=_MOST_READ)
    # Launches without a day would crowd out all else: they stand here only where there is nothing else.
    stored = snapshot.list_entries(query.filter, replace(scope, placeholders=False), view)
    stored = stored or snapshot.list_entries(query.filter, scope, view)
    entries = {known.entry.key: known for known in stored}
    first = first_on_wall([known.entry for known in stored], query, now)
    pictures = {} if first is None else snapshot.pictures.list_shown([entries[first.key]], site().pictures)
    picture = None if first is None else pictures.get(first.key)
    return present_wall([known.entry for known in stored], query=query, now=now, picture=picture)
