"""The page that shows the API to people."""

import html
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fake_ll2 import make_record
from tests.html import read
from tests.site import Site
from webapp.api.text import highlight, serialize
from webapp.domain.modes import Mode
from webapp.domain.parameters import PARAMETERS, Ordering, Surface

MakeSite = Callable[..., Site]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
LIST = "/2.3.0/events/"


@pytest.fixture(scope="module")
def one(shared: MakeSite) -> Site:
    return shared(*(make_record(number) for number in range(1, 13)))


def as_page(site: Site, address: str) -> str:
    status, text = site.get(address, Accept=BROWSER)
    assert status == 200
    return text


def shown_json(page: str) -> Any:
    return json.loads(read(page).only("pre.json").source)


@pytest.mark.parametrize(
    ("accept", "query", "is_page"),
    [
        (None, "", False),
        ("*/*", "", False),
        ("application/json", "", False),
        ("application/json, text/html", "", False),
        ("text/html", "", True),
        (BROWSER, "", True),
        (BROWSER, "?format=json", False),
        (BROWSER, "?format=xml", True),
        ("application/json", "?format=api", True),
        ("application/json;q=0.1, text/html;q=0.9", "", True),
        ("text/html;q=0", "", False),
        ("image/png", "", False),
        (";;q=,", "", False),
    ],
)
def test_who_gets_the_page_and_who_the_json(one: Site, accept: str | None, query: str, is_page: bool) -> None:  # noqa: FBT001
    headers = {"Accept": accept} if accept else {}
    answer = one.client.get(LIST + query, headers=headers)
    assert (answer.status_code, answer.content_type == "text/html; charset=utf-8") == (200, is_page)


@pytest.mark.parametrize("query", ["?limit=2&offset=4&mode=detailed", "?mode=list", "?id=5", "?id=999"])
def test_the_page_shows_the_very_json(one: Site, query: str) -> None:
    assert shown_json(as_page(one, LIST + query)) == one.client.get(LIST + query).json


def test_it_shows_the_exchange(one: Site) -> None:
    page = as_page(one, f"{LIST}?limit=2&limt=1")
    assert "<code>GET /2.3.0/events/?limit=2&amp;limt=1</code>" in page
    assert "<code>HTTP 200 OK</code>" in page
    for name in ("Content-Type", "Cache-Control", "Last-Modified", "Perigee-Attribution", "Perigee-Ignored-Parameters"):
        assert f"<dt>{name}:</dt>" in page, name


def test_paging_modes_and_forms_are_links_that_keep_the_query(one: Site) -> None:
    page = html.unescape(as_page(one, f"{LIST}?limit=2&offset=4&mode=list"))
    for path in (
        "http://localhost/2.3.0/events/?limit=2&offset=2&mode=list",
        "http://localhost/2.3.0/events/?limit=2&offset=6&mode=list",
        "/2.3.0/events/?limit=2&offset=4&mode=detailed",
        "/2.3.0/events/?limit=2&offset=4",
        "/2.3.0/events/?limit=2&offset=4&mode=list&format=json",
    ):
        assert f'href="{path}"' in page, path
        assert one.get(path)[0] == 200
    assert "5 to 6 of 12" in page


def test_the_help_is_the_table_of_parameters(one: Site) -> None:
    page = html.unescape(as_page(one, LIST))
    for parameter in PARAMETERS:
        is_documented = f"<code>{parameter.name}</code>" in page
        assert is_documented == (parameter.surfaces != {Surface.PAGES}), parameter.name
        if is_documented:
            assert parameter.meaning in page
            assert any(parameter.type_on(one).expected in page for one in parameter.surfaces)
    for word in (*Mode, *Ordering):
        assert f"<code>{word.value}</code>" in page
    examples = read(page).values(".guide-example", "href")
    assert [path for path in examples if one.get(path)[0] != 200] == []


def test_an_event_leads_up_to_its_list(one: Site) -> None:
    page = as_page(one, "/2.3.0/events/upcoming/" if one.get("/2.3.0/events/upcoming/1/")[0] == 200 else f"{LIST}1/")
    assert 'href="/2.3.0/"' in page
    assert read(page).values('link[rel="canonical"]', "href") == ["http://localhost/2.3.0/events/1/"]


def test_errors_are_pages_too(one: Site) -> None:
    for path, status, words in (
        (f"{LIST}?id=x", "400 Bad Request", {"id": ["Enter a number."]}),
        (f"{LIST}999/", "404 Not Found", {"detail": "No Event matches the given query."}),
        ("/2.3.0/nowhere/", "404 Not Found", {"detail": "Not found."}),
    ):
        answer = one.client.get(path, headers={"Accept": BROWSER})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (int(status[:3]), "no-store")
        assert f"<code>HTTP {status}</code>" in answer.text
        assert shown_json(answer.text) == words
    answer = one.client.get(f"{LIST}?id=x&format=api")
    assert answer.content_type == "text/html; charset=utf-8"


def test_hostile_texts_are_shown_and_never_run(site: MakeSite) -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>\\"\u2028\ud800&lt;'
    urls = ["javascript:alert(1)", "https://x.example/\"'><script>", "data:text/html,x", "https://ok.example/?a=1&b=2"]
    record = make_record(7, name=bad, description=bad, vid_urls=[{"url": url, "title": bad} for url in urls])
    hostile = site(record)
    page = as_page(hostile, f"{LIST}?search=%22%3E%3Cscript%3E")
    assert "<script>alert" not in page
    page = as_page(hostile, LIST)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert [link for link in read(page).values(".json-link", "href") if not link.startswith("http")] == []
    assert 'href="https://ok.example/?a=1&amp;b=2"' in page
    (event,) = shown_json(page)["results"]
    written = [url.replace('"', "%22").replace(">", "%3E").replace("<", "%3C") for url in urls]
    assert (event["name"], [one["url"] for one in event["vid_urls"]]) == (bad, written)
    assert json.loads(hostile.get(LIST)[1])["results"] == [event]


def test_json_is_coloured_without_being_changed() -> None:
    value = {"a": [1, -2.5e3, True, None, "x: 1, true"], 'b"\\': {"c": "https://x.example/"}, "d": [], "e": {}}
    marked = str(highlight(value))
    assert json.loads(read(marked).source) == value
    assert marked.count('class="json-key"') == 5
    assert marked.count('class="json-word"') == 2
    assert marked.count('class="json-number"') == 2
    assert marked.count("<a ") == 1


def test_what_utf8_cannot_carry_is_escaped() -> None:
    assert serialize({"a": "é\U0001f680"}) == '{"a":"é\U0001f680"}'
    assert serialize({"a": "é\ud800"}) == '{"a":"\\u00e9\\ud800"}'
