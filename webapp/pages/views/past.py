"""The archive's address."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Query
from webapp.domain.scopes import past_scope
from webapp.pages.past import PastPage, present_past
from webapp.pages.timeline import PAGE_SIZE
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import PAST_PATH, past_path

_EVER = datetime.min.replace(tzinfo=UTC)


@blueprint.get(PAST_PATH)
def past() -> Response:
    """Show what is over, the latest first."""
    query = Query.parse(request.args.items(multi=True))
    return render_list("past.html", query, partial(_read, query), canonical=past_path(query))


def _read(query: Query, snapshot: Snapshot, now: datetime) -> PastPage:
    scope = past_scope(now)
    # As on the timeline: one more event ahead tells whether its first heading began on the page before.
    asked, view = query.filter, query.view
    ahead = 1 if view.offset else 0
    wanted = replace(view, limit=(view.limit or PAGE_SIZE) + ahead, offset=view.offset - ahead)
    stored = snapshot.list_entries(asked, scope, wanted)
    entries = [known.entry for known in stored]
    total = snapshot.count_entries(asked, scope)
    slips = snapshot.list_slips(stored, since=_EVER)
    facets, years = snapshot.list_facets(asked, scope), snapshot.count_years(asked, scope)
    before = entries[0] if ahead and entries else None
    return present_past(
        entries[ahead:], before=before, total=total, query=query, facets=facets, years=years, slips=slips
    )
