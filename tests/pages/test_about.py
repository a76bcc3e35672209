import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest

from tests.fake_ll2 import make_record
from tests.pages.test_views import plain
from tests.site import Site
from webapp import paths
from webapp.store import Store, StoreUnavailableError

MakeSite = Callable[..., Site]
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_the_about_page_says_what_is_collected_and_is_there_without_the_store(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_store: Store) -> None:
        raise StoreUnavailableError("disk I/O error")

    one = site(make_record(7))
    first = one.get("/about")
    monkeypatch.setattr(Store, "read", fail)
    second = one.get("/about")
    assert (first[0], second[0]) == (200, 200)
    for _, html in (first, second):
        assert "Your privacy We collect nothing:" in plain(html)


def test_without_the_api_the_about_page_does_not_promise_one(site: MakeSite) -> None:
    assert "an API" in plain(site(make_record(7)).get("/about")[1])
    assert "an API" not in plain(site(make_record(7), PERIGEE_API="off").get("/about")[1])


def test_the_map_holds_every_page_and_every_event_that_stands(site: MakeSite) -> None:
    numbers = range(1, 131)
    records = [make_record(number, slug=f"event-{number}", last_updated="2026-02-01T10:00:00Z") for number in numbers]
    one = site(*records, make_record(200, slug="a&b<c>", name="A&B"), PERIGEE_PUBLIC_URL="https://perigee.example")
    one.withdraw(7)
    answer = one.client.get("/sitemap.xml")
    assert answer.content_type == "application/xml; charset=utf-8"
    found = [url.text for url in ET.fromstring(answer.data).iter(f"{NAMESPACE}loc")]  # noqa: S314 - our own
    pages = ["/", "/horizon", "/past", "/changes", "/statistics", "/status", "/about"]
    assert found[:7] == [f"https://perigee.example{path}" for path in pages]
    events = [f"https://perigee.example/events/{number}/event-{number}" for number in numbers if number != 7]
    assert sorted(map(str, found[7:])) == sorted([*events, "https://perigee.example/events/200/a-b"])
    assert answer.get_data(as_text=True).count("<lastmod>2026-02-01T10:00:00Z</lastmod>") == 129
    assert [one.client.get(path).status_code for path in pages] == [200] * 7


def test_the_manifest_is_whole_and_names_files_that_are_there(site: MakeSite) -> None:
    one = site(make_record(7))
    html = one.get("/")[1]
    (address,) = [part.split('"')[1] for part in html.split('<link rel="manifest" href=')[1:]]
    with one.client.get(address) as answer:
        assert (answer.status_code, answer.content_type) == (200, "application/manifest+json")
        manifest = json.loads(answer.data)
    assert [urljoin(address, manifest[name]) for name in ("start_url", "scope")] == ["/", "/"]
    assert manifest["short_name"] == "Perigee"
    assert [Path(paths.static() / icon["src"]).exists() for icon in manifest["icons"]] == [True] * 3
