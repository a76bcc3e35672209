"""One filter, every output: page, API, calendar and RSS agree wherever their scopes overlap."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import reference
from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_records
from tests.html import read
from tests.query_strategies import Pairs, filters, pool_of
from tests.site import Site, make_site
from tests.soak import length
from tests.tricky_records import tricky_records
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

RECORDS = make_records(70, now=NOW) + tricky_records()
KNOWN = {record["id"]: reference.known(record) for record in RECORDS}


def read_page(text: str) -> tuple[list[int], str | None]:
    page = read(text)
    more = page.values("#more-link", "href")
    # What comes first is told at length, ahead of the list, and not again in it.
    found = page.values(".next-up-name a, .entry-name a", "href")
    return [int(path.split("/")[2]) for path in found], more[0] if more else None


def read_api(text: str) -> tuple[list[int], str | None]:
    answer = json.loads(text)
    parts = urlsplit(answer["next"] or "")
    assert "offset" in dict(parse_qsl(parts.query)) or not answer["next"]
    return [one["id"] for one in answer["results"]], f"{parts.path}?{parts.query}" if answer["next"] else None


def read_calendar(text: str) -> tuple[list[int], None]:
    return _ids(r"^UID:ll2-event-(\d+)@", text), None


def read_rss(text: str) -> tuple[list[int], None]:
    return _ids(r"<guid[^>]*>perigee-rss:ll2-event-(\d+)</guid>", text), None


def _ids(pattern: str, text: str) -> list[int]:
    return [int(found) for found in re.findall(pattern, text, re.MULTILINE)]


@dataclass(frozen=True)
class Surface:
    """What an address shows before any filter, how to read ids and the next page off it, and what to ask besides."""

    scope: Callable[[Query], Scope]
    read: Callable[[str], tuple[list[int], str | None]]
    extras: tuple[tuple[str, str], ...] = ()


LISTED = (("limit", "100"), ("mode", "list"))
SURFACES = {
    "/": Surface(lambda _: upcoming_scope(NOW), read_page, (("limit", "100"),)),
    "/past": Surface(lambda _: past_scope(NOW), read_page, (("limit", "100"),)),
    "/2.3.0/events/": Surface(lambda _: EVERYTHING, read_api, LISTED),
    "/2.3.0/events/upcoming/": Surface(lambda query: api_upcoming_scope(query.view, NOW), read_api, LISTED),
    "/2.3.0/events/previous/": Surface(lambda _: api_previous_scope(NOW), read_api, LISTED),
    "/feeds/events.ics": Surface(lambda query: calendar_scope(query.options, NOW), read_calendar),
    "/feeds/events.rss": Surface(lambda query: feed_scope(query.options, NOW), read_rss),
}


@pytest.fixture(scope="module")
def full_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("parity")
    site = make_site(Settings.load({"PERIGEE_DATA_DIR": str(folder / "data")}), ManualClock(), RECORDS)
    yield site
    site.close()


@pytest.mark.campaign
@given(
    pairs=filters(pool_of(RECORDS), least=0, most=3),
    past=st.sampled_from(("0", "7", "30", "3650")),
    omitted=st.sampled_from(("/2.3.0/events/upcoming/", "/2.3.0/events/previous/")),
)
@settings(max_examples=length(90, long=3_000), deadline=None, suppress_health_check=list(HealthCheck))
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
        assert sorted(ids) == sorted(reference.ids_of(passed, scopes[path], query.view)), path
    for path in ("/", "/past", "/feeds/events.rss"):
        # These stand in the timeline's order, or in its mirror.
        expected = reference.ids_of(passed, scopes[path], query.view)
        assert shown[path] == (with_live_ahead(expected) if path == "/" else expected), path


def with_live_ahead(ids: list[int]) -> list[int]:
    """Put the first that is live ahead, if there is one on the first page: there it is told at length."""
    live = next((number for number in ids[:100] if KNOWN[number].live), None)
    return ids if live is None else [live, *(number for number in ids if number != live)]


def ids_on(site: Site, path: str, asked: Pairs) -> list[int]:
    """Give the ids that a surface shows, in its order, from all of its pages."""
    found: list[int] = []
    surface = SURFACES[path]
    following: str | None = f"{path}?{urlencode([*asked, *surface.extras])}"
    while following:
        status, text = site.get(following)
        assert status == 200, (following, text)
        ids, following = surface.read(text)
        found += ids
    assert len(found) == len(set(found))
    return found
