"""One filter, every output: page, API, calendar and RSS agree wherever their scopes overlap."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import reference
from tests.clock import NOW, ManualClock
from tests.fake_ll2 import Record, make_launch, make_records
from tests.html import read
from tests.query_strategies import Pairs, filters, pool_of
from tests.site import Site, make_site
from tests.soak import length
from tests.tricky_launches import tricky_launches
from tests.tricky_records import tricky_records
from webapp.domain.entry import EntryKind
from webapp.domain.query import Query
from webapp.domain.scopes import (
    EVERYTHING,
    Scope,
    api_previous_scope,
    api_upcoming_scope,
    calendar_scope,
    feed_scope,
    past_scope,
    upcoming_scope,
)
from webapp.settings import Settings

LAUNCHES = [*map(make_launch, range(1, 61)), *tricky_launches()]
RECORDS = make_records(70, now=NOW) + tricky_records() + LAUNCHES
KNOWN = {str(record["id"]): reference.known(record, place) for place, record in enumerate(RECORDS)}
POOL = pool_of(RECORDS)
IN_FLIGHT, ON_HOLD = 6, 5
MOST_LAUNCHES_A_DAY = 5


def is_under_way(record: Record) -> bool:
    status_id = (record.get("status") or {}).get("id") if isinstance(record["id"], str) else None
    return status_id == IN_FLIGHT or (bool(record["webcast_live"]) and status_id != ON_HOLD)


UNDER_WAY = {str(record["id"]) for record in RECORDS if is_under_way(record)}


def read_page(text: str) -> tuple[list[str], str | None]:
    page = read(text)
    more = page.values("#more-link", "href")
    # What comes first is told at length, ahead of the list, and not again in it.
    found = page.values(".next-up-name a, .entry-name a", "href")
    return [path.split("/")[2] for path in found], more[0] if more else None


def read_api(text: str) -> tuple[list[str], str | None]:
    answer = json.loads(text)
    parts = urlsplit(answer["next"] or "")
    assert "offset" in dict(parse_qsl(parts.query)) or not answer["next"]
    ids = [str(one["id"]) for one in answer["results"]]
    return ids, f"{parts.path}?{parts.query}" if answer["next"] else None


def read_calendar(text: str) -> tuple[list[str], None]:
    unfolded = text.replace("\r\n ", "")
    return re.findall(r"^UID:ll2-(?:event|launch)-([\da-f-]+)@", unfolded, re.MULTILINE), None


def read_rss(text: str) -> tuple[list[str], None]:
    return re.findall(r"<guid[^>]*>perigee-rss:ll2-(?:event|launch)-([\da-f-]+)</guid>", text), None


def read_json_feed(text: str) -> tuple[list[str], None]:
    return [re.sub(r"^.*ll2-(event|launch)-", "", one["id"]) for one in json.loads(text)["items"]], None


@dataclass(frozen=True)
class Surface:
    """What an address shows before any filter, how to read ids and the next page off it, and what to ask besides.

    `paths` are the addresses of which each shows one kind, where there are two.
    """

    scope: Callable[[Query], Scope]
    read: Callable[[str], tuple[list[str], str | None]]
    extras: tuple[tuple[str, str], ...] = ()
    paths: Mapping[EntryKind, str] = field(default_factory=dict)


def of_api(scope: Callable[[Query], Scope], which: str) -> Surface:
    paths = {kind: f"/2.3.0/{kind.plural}/{which}" for kind in EntryKind}
    return Surface(scope, read_api, (("limit", "100"), ("mode", "list")), paths)


SURFACES = {
    "/": Surface(lambda _: upcoming_scope(NOW), read_page, (("limit", "100"),)),
    "/past": Surface(lambda _: past_scope(NOW), read_page, (("limit", "100"),)),
    "API": of_api(lambda _: EVERYTHING, ""),
    "API, upcoming": of_api(lambda query: api_upcoming_scope(query.view, NOW), "upcoming/"),
    "API, previous": of_api(lambda _: api_previous_scope(NOW), "previous/"),
    "/feeds/events.ics": Surface(lambda query: calendar_scope(query.options, NOW), read_calendar),
    "/feeds/events.rss": Surface(lambda query: feed_scope(query.options, NOW), read_rss),
    "/feeds/events.json": Surface(lambda query: feed_scope(query.options, NOW), read_json_feed),
}


@pytest.fixture(scope="module")
def full_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("parity")
    site = make_site(Settings.load({"PERIGEE_DATA_DIR": str(folder / "data")}), ManualClock(), RECORDS)
    yield site
    site.close()


@pytest.mark.campaign
@given(
    pairs=filters(POOL, least=0, most=3),
    past=st.sampled_from(("0", "7", "30", "3650")),
    omitted=st.sampled_from(("API, upcoming", "API, previous")),
)
@settings(max_examples=length(12, long=3_000), deadline=None, suppress_health_check=list(HealthCheck))
def test_the_same_filter_gives_the_same_ids_inside_the_intersection_of_two_scopes(
    full_site: Site, pairs: Pairs, past: str, omitted: str
) -> None:
    asked = [*pairs, ("past", past), ("vague", "span")]
    query = Query.parse(asked)
    shown = {path: ids_on(full_site, path, asked) for path in SURFACES if path != omitted}
    scopes = {path: SURFACES[path].scope(query) for path in shown}
    within = {
        path: {number for number, event in KNOWN.items() if reference.in_scope(event, scope)}
        for path, scope in scopes.items()
    }
    for one, other in combinations(shown, 2):
        both = within[one] & within[other]
        assert set(shown[one]) & both == set(shown[other]) & both, (one, other)
    passed = reference.filtered(KNOWN.values(), query.filter)
    for path, ids in shown.items():
        assert sorted(ids) == sorted(shown_ids(passed, scopes[path], query)), path
    for path in ("/past", "/feeds/events.rss", "/feeds/events.json"):
        # These stand in the timeline's order, or in its mirror.
        assert shown[path] == shown_ids(passed, scopes[path], query), path
    # What the timeline does not fold stands in its order, but for launches of a day that has many.
    expected = with_what_is_under_way_ahead(shown_ids(passed, scopes["/"], query))
    in_order = set(expected) - folded(expected)
    assert [one for one in shown["/"] if one in in_order] == [one for one in expected if one in in_order]


def folded(ids: list[str]) -> set[str]:
    """Give those that the timeline may fold: launches without a day, and those of a day that has many."""
    launches = [KNOWN[source_id] for source_id in ids if KNOWN[source_id].launch is not None]
    days = Counter(launch.moment.date() for launch in launches if launch.moment and not launch.is_placeholder)
    return {
        str(launch.id) for launch in launches
        if launch.is_placeholder or (launch.moment and days[launch.moment.date()] > MOST_LAUNCHES_A_DAY)
    }  # fmt: skip


def shown_ids(passed: list[reference.Known], scope: Scope, query: Query) -> list[str]:
    return [str(source_id) for source_id in reference.ids_of(passed, scope, query.view)]


def with_what_is_under_way_ahead(ids: list[str]) -> list[str]:
    """Put the first that is live or in flight ahead, if there is one: there it is told at length."""
    live = next((source_id for source_id in ids[:100] if source_id in UNDER_WAY), None)
    return ids if live is None else [live, *(source_id for source_id in ids if source_id != live)]


def ids_on(site: Site, name: str, asked: Pairs) -> list[str]:
    """Give the ids that a surface shows, in its order, from all of its pages."""
    found: list[str] = []
    surface = SURFACES[name]
    for path, pairs in _addresses(surface, name, asked):
        following: str | None = f"{path}?{urlencode([*pairs, *surface.extras])}"
        while following:
            status, text = site.get(following)
            assert status == 200, (following, text)
            ids, following = surface.read(text)
            found += ids
            for folded in read(text).values(".planned-link", "href") if name == "/" else ():
                found += read_page(site.get(folded)[1])[0]
    assert len(found) == len(set(found))
    return found


def _addresses(surface: Surface, name: str, asked: Pairs) -> Iterator[tuple[str, Pairs]]:
    """Give the addresses to ask. Those of the API are each for a kind, and take its ids alone."""
    if not surface.paths:
        yield name, asked
        return
    filter_ = Query.parse(asked).filter
    for kind, path in surface.paths.items():
        own = [key.source_id for key in filter_.ids if key.kind is kind]
        if kind in (filter_.kinds or EntryKind) and bool(own) == bool(filter_.ids):
            yield path, [*(pair for pair in asked if pair[0] != "id"), *([("id", ",".join(own))] if own else [])]
