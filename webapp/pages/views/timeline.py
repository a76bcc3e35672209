"""The timeline's address."""

from datetime import datetime
from functools import partial

from flask import Response, request

from webapp.domain.entry import Entry
from webapp.domain.pictures import ShownPicture
from webapp.domain.query import Query
from webapp.domain.scopes import past_scope, upcoming_scope
from webapp.instance.site import site
from webapp.pages.entry_list import read_entries
from webapp.pages.looser_filters import looser_filters
from webapp.pages.timeline import SLIPS_ARE_MARKED_FOR, TimelinePage, first_entry, present_timeline
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import feed_links
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import timeline_path

_MOST_LOOSER = 12


@blueprint.get("/")
def timeline() -> Response:
    """Show what is upcoming."""
    query = Query.parse(request.args.items(multi=True))
    read = partial(_read, query)
    return render_list("timeline.html", query, read, path_of=timeline_path, feeds=feed_links)


def _read(query: Query, snapshot: Snapshot, now: datetime) -> TimelinePage:
    asked, scope = query.filter, upcoming_scope(now)
    found = read_entries(snapshot, query, scope, moved_since=now - SLIPS_ARE_MARKED_FOR)
    first = first_entry(found, query, now)
    looser = [] if found.total else looser_filters(asked)[:_MOST_LOOSER]
    return present_timeline(
        found,
        query=query,
        now=now,
        looser={each: snapshot.count_entries(each, scope) for each in looser},
        past_count=0 if found.total else snapshot.count_entries(asked, past_scope(now)),
        picture=None if first is None else _picture_of(first, snapshot),
    )


def _picture_of(entry: Entry, snapshot: Snapshot) -> ShownPicture | None:
    stored = snapshot.get_entry(entry.key) if entry.picture else None
    return snapshot.pictures.list_shown([stored], site().pictures).get(entry.key) if stored else None
