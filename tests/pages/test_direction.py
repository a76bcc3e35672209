"""Names that turn words round turn none of ours round: not on a page, in its head, in a feed or in a calendar."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.bidi import open_after
from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.site import Site

MakeSite = Callable[..., Site]
CLOSED = (0, 0, 0)
TURNERS = ("\u202eturned", "\u2067open", "closed\u2069\u202e", "\u202c\u2069\u2069\u202bx", "a \u202a\u2066\u202d b")
PAGES = (
    "/", "/past", "/horizon", "/wall", "/calendar/2026/03", "/changes?kind=renamed,edited,added", "/subscribe",
    "/history/1", "/events/1", "/events/2",
)  # fmt: skip
OWN_BLOCKS = {"event-text", "history-text"}
"""Paragraphs that hold nothing but the source's words, whose direction ends with them."""


class Texts(HTMLParser):
    """Gathers the texts of a page, and of attributes that are read, but for the source's own paragraphs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._own = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._own = (self._own and tag == "br") or given.get("class") in OWN_BLOCKS or tag == "script"
        names = ("content", "title", "aria-label", "data-title", "alt")
        self.found += [value for name in names if (value := given.get(name))]

    def handle_data(self, data: str) -> None:
        if not self._own:
            self.found.append(data)


def record(number: int, text: str, **more: Any) -> dict[str, Any]:
    """Give a record with the text in every field that is shown."""
    named = [{"id": number, "name": text, "abbrev": text, "orbit": text, "agency": {"name": text}}]
    link = {"url": "https://a.example/", "title": text, "description": text, "publisher": text, "type": {"name": text},
            "language": {"name": text}}  # fmt: skip
    launch = {"id": "a", "name": text, "net": stamp(NOW), "status": {"name": text}}
    return make_record(
        number,
        name=f"{text} {number}",
        slug="",
        location=text,
        description=text,
        type={"id": 40, "name": text},
        info_urls=[link],
        vid_urls=[link],
        updates=[{"id": 1, "comment": text, "created_by": text, "created_on": stamp(NOW)}],
        agencies=named,
        program=named,
        launches=[launch],
        spacestations=named,
        expeditions=named,
        astronauts=named,
        **more,
    )


@pytest.fixture
def turned(site: MakeSite, request: pytest.FixtureRequest) -> Site:
    text: str = request.param
    soon, over = stamp(NOW + timedelta(days=3)), stamp(NOW - timedelta(days=3))
    one = site(
        record(1, "Before", date=soon, date_precision=precision(1)),
        record(2, text, date=soon, date_precision=precision(7)),
        record(3, text, date=over, date_precision=precision(5)),
    )
    one.put(record(1, text, date=soon, date_precision=precision(1), last_updated=stamp(NOW)))
    one.withdraw(2)
    return one


@pytest.mark.parametrize("turned", TURNERS, indirect=True)
def test_no_text_of_a_page_is_left_open(turned: Site) -> None:
    for path in PAGES:
        answer = turned.client.get(path, follow_redirects=True)
        assert answer.status_code == 200
        texts = Texts(answer.get_data(as_text=True)).found
        assert (path, [text for text in texts if open_after(text) != CLOSED]) == (path, [])


def titles(site: Site) -> Iterator[str]:
    for path in ("/feeds/events.rss", "/feeds/events.atom", "/feeds/changes.rss", "/feeds/changes.atom", "/feeds.opml"):
        tree = ET.fromstring(site.get(path)[1])  # noqa: S314 - our own
        yield from (one.text or "" for one in tree.iter() if one.tag.endswith("title"))
        yield from (one.get("text", "") for one in tree.iter("outline"))
    for path in ("/feeds/events.json", "/feeds/changes.json"):
        yield from (item["title"] for item in json.loads(site.get(path)[1])["items"])


def calendar_lines(site: Site) -> Iterator[str]:
    """Give the summaries and the lines of descriptions that our labels begin."""
    text = site.get("/feeds/events.ics?vague=span")[1].replace("\r\n ", "")
    for line in text.split("\r\n"):
        if line.startswith("SUMMARY"):
            yield line
        if line.startswith("DESCRIPTION"):
            yield from (part for part in line.split("\\n") if ": " in part)


@pytest.mark.parametrize("turned", TURNERS, indirect=True)
def test_no_title_of_a_feed_and_no_labelled_line_of_a_calendar_is_left_open(turned: Site) -> None:
    found = [*titles(turned), *calendar_lines(turned)]
    assert len(found) > 30
    assert [text for text in found if open_after(text) != CLOSED] == []
