"""The archive's address."""

from datetime import UTC, datetime
from functools import partial

from flask import Response, request

from webapp.domain.query import Query
from webapp.domain.scopes import past_scope
from webapp.pages.entry_list import read_entries
from webapp.pages.past import PastPage, present_past
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.pages import render_list
from webapp.store import Snapshot
from webapp.web.addresses import PAST_PATH, past_path

_EVER = datetime.min.replace(tzinfo=UTC)


@blueprint.get(PAST_PATH)
def past() -> Response:
    """Show what is over, the latest first."""
    query = Query.parse(request.args.items(multi=True))
    return render_list("past.html", query, partial(_read, query), path_of=past_path)


def _read(query: Query, snapshot: Snapshot, now: datetime) -> PastPage:
    asked, scope = query.filter, past_scope(now)
    return present_past(
        read_entries(snapshot, query, scope, moved_since=_EVER),
        query=query,
        now=now,
        years=snapshot.count_years(asked, scope),
        months=snapshot.count_months(asked, scope) if len(asked.years) == 1 else {},
    )
