"""The addresses of the statistics: the page, and the cases of the ledger as CSV and JSON."""

from collections import Counter
from collections.abc import Callable, Iterator

from flask import Response, request

from webapp.domain.query import Filter, Query
from webapp.instance.site import current_edition
from webapp.pages.case_files import write_csv, write_json
from webapp.pages.date_tables import MEMBER_LEADS
from webapp.pages.statistics import StatisticsRead, facets_of, present_statistics
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.pages import render_page
from webapp.response_cache.freshness import Freshness
from webapp.store import Dimension, KnownCase, Snapshot
from webapp.web.addresses import STATISTICS_PATH, statistics_path

_MOST_LONGEST = 10


@blueprint.get(STATISTICS_PATH)
def statistics() -> Response:
    """Show whether dates held, of what a query finds."""
    query, edition = Query.parse(request.args.items(multi=True)), current_edition()
    with edition.store.read() as snapshot:
        read, state = _read(snapshot, query.filter), snapshot.state
    page = present_statistics(read, query=query)
    return render_page("statistics.html", page, edition, state, canonical=statistics_path(query))


@blueprint.get(f"{STATISTICS_PATH}.csv")
def statistics_csv() -> Response:
    """Give the cases of the ledger as a table, one after another as they are read."""
    return _stream(write_csv, "text/csv; charset=utf-8; header=present")


@blueprint.get(f"{STATISTICS_PATH}.json")
def statistics_json() -> Response:
    """Give the cases of the ledger as a JSON array, one after another as they are read."""
    return _stream(write_json, "application/json")


def _read(snapshot: Snapshot, asked: Filter) -> StatisticsRead:
    found = snapshot.statistics
    cases, launches = found.count_cases(asked, MEMBER_LEADS), found.count_launches(asked)
    # To count each choice beside the filter would cost more than the page: what there is of each stands for it.
    choices, flown = found.count_choices(), launches if asked == Filter() else found.count_launches(Filter())
    members = {(Dimension(key.dimension), key.member_id) for keys in (cases, launches) for key in keys} | choices.keys()
    names = {
        one: found.list_names(one, [member_id for dimension, member_id in members if dimension is one])
        for one in (Dimension.TYPE, Dimension.PROVIDER, Dimension.SITE)
    }
    statuses = Counter[int]()
    for key, count in flown.items():
        if key.dimension == Dimension.YEAR.value:
            statuses[key.status_id] += count
    return StatisticsRead(
        cases=cases,
        slips=found.count_slips(asked),
        launches=launches,
        drifts=found.list_longest(asked, limit=_MOST_LONGEST),
        names=names,
        facets=facets_of(choices, statuses, names, snapshot.list_chosen(asked)),
    )


def _stream(write: Callable[[Iterator[KnownCase]], Iterator[str]], content_type: str) -> Response:
    query, edition = Query.parse(request.args.items(multi=True)), current_edition()

    def parts() -> Iterator[str]:
        with edition.store.read() as snapshot:
            yield from write(snapshot.statistics.iterate_cases(query.filter))

    response = Response(parts(), content_type=content_type)
    response.headers["Cache-Control"] = Freshness.NEVER.cache_control
    return response
