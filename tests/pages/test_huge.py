"""An event with five thousand of everything: what is told of it stays short, and a way leads to the rest."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.pages.test_views import plain
from tests.site import Site, make_site
from webapp.domain.changes import Change, ChangeKind
from webapp.settings import Settings
from webapp.store.changes import add_changes
from webapp.store.engine import make_engine

MakeSite = Callable[..., Site]
MANY = 5_000
LISTS = (
    "info_urls",
    "vid_urls",
    "updates",
    "agencies",
    "launches",
    "expeditions",
    "spacestations",
    "program",
    "astronauts",
)


def huge_record(many: int = MANY, **more: Any) -> dict[str, Any]:
    """Give a record with so many parts of every sort, and a description of as many paragraphs."""
    numbers = range(1, many + 1)
    named = [{"id": one, "name": f"Name {one}", "abbrev": f"N{one}", "orbit": "Low"} for one in numbers]
    return make_record(
        7,
        date=stamp(NOW + timedelta(days=3)),
        date_precision=precision(1),
        last_updated=stamp(NOW - timedelta(days=1)),
        description="\n\n".join(f"Paragraph {one} of the description." for one in numbers),
        vid_urls=[
            {"url": f"https://host{one}.example/watch", "title": f"Video {one}", "priority": one} for one in numbers
        ],
        info_urls=[
            {"url": f"https://host{one}.example/", "title": f"Link {one}", "description": "Of it.", "priority": one}
            for one in numbers
        ],
        updates=[
            {"id": one, "comment": f"Update {one}.", "created_by": "A", "created_on": stamp(NOW - timedelta(hours=one))}
            for one in numbers
        ],
        agencies=named,
        program=named,
        launches=[{"id": f"launch-{one}", "name": f"Launch {one}", "net": stamp(NOW)} for one in numbers],
        spacestations=named,
        expeditions=named,
        astronauts=named,
        **more,
    )


def put_changes(site: Site, url: str, many: int = MANY) -> None:
    """Remember so many changes of the event, one a minute."""
    engine = make_engine(url)
    with engine.begin() as connection:
        for one in range(many):
            renamed = Change(ChangeKind.RENAMED, old_name=f"Old {one}", new_name=f"New {one}")
            add_changes(connection, 7, one, [renamed], NOW - timedelta(days=900) + timedelta(minutes=one))
    engine.dispose()
    site.put(make_record(8))


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("huge")
    settings = Settings.load({"PERIGEE_DATA_DIR": str(folder / "data")})
    site = make_site(settings, ManualClock(), [huge_record()])
    put_changes(site, settings.database_url)
    yield site
    site.close()


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/events/7/meridian-7-spacecraft-undocking", 150_000),
        ("/history/7", 60_000),
        ("/history/7?offset=9950", 60_000),
        ("/", 150_000),
        ("/past", 150_000),
        ("/horizon", 150_000),
        ("/wall", 60_000),
        ("/calendar/2026/03", 150_000),
        ("/subscribe", 250_000),
        ("/feeds.opml", 100_000),
        ("/changes?kind=edited,renamed", 100_000),
        ("/feeds/events.rss", 40_000),
        ("/feeds/events.atom", 40_000),
        ("/feeds/events.json", 40_000),
        ("/feeds/events.ics", 40_000),
        ("/events/7.ics", 40_000),
    ],
)
def test_what_is_told_of_it_stays_short(huge: Site, path: str, most: int) -> None:
    status, text = huge.get(path)
    assert (status, path, len(text) < most) == (200, path, True), len(text)


def test_its_page_tells_the_first_of_each_and_how_many_more_there_are(huge: Site) -> None:
    html = huge.get("/events/7/meridian-7-spacecraft-undocking")[1]
    found = plain(html)
    for words in ("Video", "Link", "Launch"):
        assert f"{words} 20" in found
        assert f"{words} 21" not in found
    # Webcasts, six kinds of particulars, and links.
    assert len(re.findall(r'<a href="/2\.3\.0/events/7/\?format=api">4,980 more in the full record</a>', html)) == 8
    assert '<a href="/2.3.0/events/7/?format=api">Read on in the full record</a>' in html
    assert '<a href="/history/7">All 10,000 entries</a>' in html
    assert [f"Update {one}." in found for one in (1, 20, 21)] == [True, True, False]


def test_the_api_gives_all_of_it(huge: Site) -> None:
    record = json.loads(huge.get("/2.3.0/events/7/")[1])
    assert {name: len(record[name]) for name in LISTS} == dict.fromkeys(LISTS, MANY)


def test_every_page_of_a_history_goes_on_where_the_one_before_ended(site: MakeSite, make_settings: Any) -> None:
    one = site(huge_record(120))
    put_changes(one, make_settings().database_url, 30)
    texts: list[str] = []
    path: str | None = "/history/7"
    pages = 0
    while path:
        status, html = one.get(path)
        assert status == 200
        texts += re.findall(r'<p class="history-text">(.*?)</p>', html)
        more = re.search(r'<a class="more-link" href="([^"]*)"', html)
        path, pages = more[1] if more else None, pages + 1
    updates = [f"Update {number}." for number in range(1, 121)]
    changes = [f"Renamed from “Old {number}” to “New {number}”." for number in reversed(range(30))]
    assert (texts, pages) == ([*updates, *changes], 3)


def test_a_history_is_no_matter_of_search_engines_and_an_event_that_is_not_there_has_none(site: MakeSite) -> None:
    one = site(huge_record(3))
    status, html = one.get("/history/7")
    assert status == 200
    assert '<meta name="robots" content="noindex">' in html
    assert re.search(r'<link rel="canonical" href="[^"]*/history/7">', html)
    assert "No entries on this page" in plain(one.get("/history/7?offset=50")[1])
    assert [one.get(f"/history/{asked}")[0] for asked in ("8", "x", "7?offset=x")] == [404, 404, 400]
    assert "The whole history" not in one.get("/events/7/meridian-7-spacecraft-undocking")[1]
