"""Below a path: everything given out lies inside it, and a proxy may take it off or leave it on."""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Response

from tests.clock import ManualClock
from tests.crawl import Answer, crawl
from tests.fake_ll2 import make_launch, make_record
from tests.pages.test_pictures import pictured
from tests.response_cache.test_middleware import ask
from tests.site import Site
from webapp.settings import Settings
from webapp.web.base_path import BasePathMiddleware
from webapp.web.wsgi import Environ, StartResponse

MakeSite = Callable[..., Site]
PUBLIC = "https://example.org/space"
SEGMENT = st.text("abzAZ09-._~äß✓", min_size=1, max_size=8).filter(lambda text: text not in {".", ".."})
BASE_PATHS = st.lists(SEGMENT, min_size=1, max_size=3).map(lambda segments: "/" + quote("/".join(segments)))


def answer_of(response: Response) -> Answer:
    return Answer(response.status_code, response.mimetype or "", response.data, response.headers.get("Location", ""))


def asker(site: Site, *, strips: bool, base_path: str = "/space") -> Callable[[str], Answer]:
    """Ask as a proxy does that takes the base path off, or leaves it on."""

    def ask(address: str) -> Answer:
        path, _, query = address.split("://")[1].partition("/")[2].partition("?")
        path = f"/{path}".removeprefix(base_path) if strips else f"/{path}"
        with site.client.get(path or "/", query_string=query) as response:
            return answer_of(response)

    return ask


def starts(site: Site) -> list[str]:
    """Give every address that takes no argument, and some that do: what is served, and not only what is linked to."""
    rules = [
        rule.rule for rule in site.app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())
    ]
    return [PUBLIC + path for path in (*rules, "/events/1.ics", "/events/1", "/no-such-page", "/2.3.0/no-such-list/")]


@pytest.mark.parametrize("strips", [True, False])
def test_all_that_is_served_leads_to_what_is_inside(site: MakeSite, clock: ManualClock, *, strips: bool) -> None:
    one = pictured(site, clock, PERIGEE_PUBLIC_URL=f"{PUBLIC}/", PERIGEE_WEBSUB_HUB="https://hub.example/")
    one.put(make_record(3), make_record(4, date="2026-04-03T12:00:00Z"), make_launch(5))
    seen = crawl(starts(one), asker(one, strips=strips), most=5, inside=f"{PUBLIC}/")
    refused = {address.removeprefix(PUBLIC): answer.status for address, answer in seen.items() if answer.status >= 400}
    without_keys = {"/push/key": 501, "/push/subscriptions": 400}
    assert refused == {"/no-such-page": 404, "/2.3.0/no-such-list/": 404, "/metrics": 404, **without_keys}
    kinds = {answer.content_type for answer in seen.values()}
    assert {"text/html", "text/css", "text/javascript", "image/avif", "font/woff2", "text/calendar"} < kinds
    # What no reader of attributes knows: no quoted text begins at the root, and no address lies beside ours.
    for address, answer in seen.items():
        assert not re.search(
            r"(/|%2F){2}example\.org(?!(/|%2F)space\b)|/space/space", answer.text.replace("\r\n ", "")
        ), address
        if answer.content_type == "text/html":
            assert not re.search(r"""=["']/(?!space/)[a-z0-9]?""", answer.text), address


@given(base_path=BASE_PATHS, path=st.text("/abz.~%ä", max_size=12).map("/".__add__))
def test_both_spellings_of_an_address_are_one_request(base_path: str, path: str) -> None:
    seen = list[tuple[str, str]]()

    def note(environ: Environ, _start_response: StartResponse) -> list[bytes]:
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        return []

    wire = unquote_to_bytes(base_path).decode("latin-1")
    for sent in (path, wire + path):
        BasePathMiddleware(note, base_path)({"SCRIPT_NAME": "", "PATH_INFO": sent}, lambda *_: None)
    assert seen[1] == (wire, path)
    assert seen[0] == seen[1] or path.startswith(wire)


@given(base_path=BASE_PATHS)
def test_a_base_path_is_read_as_it_is_written_encoded_or_not(base_path: str) -> None:
    written = {base_path, f"{base_path}/", unquote(base_path)}
    read = {Settings.load({"PERIGEE_PUBLIC_URL": f"https://example.org{one}"}).public_url for one in written}
    assert read == {f"https://example.org{base_path}"}


def test_the_base_path_alone_leads_to_the_front_page_and_what_only_begins_so_is_not_below_it(site: MakeSite) -> None:
    client = site(make_record(1), PERIGEE_PUBLIC_URL=PUBLIC).client
    answer = client.get("/space?type__ids=2")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/space/?type__ids=2")
    assert "Content-Security-Policy" in answer.headers
    assert client.get("/spaceship").status_code == 404
    for path in ("/space//evil.example/", "//evil.example/", "//space/past", "/space//space/past", "/space/../past"):
        answer = client.get("/", environ_overrides={"PATH_INFO": path})
        assert (path, answer.status_code, answer.headers.get("Location")) == (path, 404, None)


@pytest.mark.parametrize("prefix", ["", "/space"])
def test_redirects_stay_inside(site: MakeSite, prefix: str) -> None:
    client = site(make_record(1, slug="alpha"), PERIGEE_PUBLIC_URL=PUBLIC).client
    led = {
        "/past/": "/space/past",
        "/2.3.0/events?limit=1": "/space/2.3.0/events/?limit=1",
        "/events/1/old-name": "/space/events/1/alpha",
        "/calendar/2026/3": "/space/calendar/2026/03",
    }
    assert {path: client.get(prefix + path).headers["Location"] for path in led} == led


def test_both_spellings_are_one_cached_response(site: MakeSite) -> None:
    one = site(make_record(1, slug="alpha"), PERIGEE_PUBLIC_URL=PUBLIC)
    for path in ("/", "/feeds/events.ics", "/2.3.0/events/", "/events/1/alpha"):
        given = [ask(one, spelled) for spelled in (path, f"/space{path}", path)]
        assert [outcome for outcome, _ in given] == ["miss", "hit", "hit"]
        assert len({answer.data for _, answer in given}) == 1


@pytest.mark.parametrize("base_path", ["/events", "/raumf%C3%A4hre/~a.b"])
def test_any_path_will_do_where_the_proxy_leaves_it_on(site: MakeSite, base_path: str) -> None:
    public = f"https://example.org{base_path}"
    one = site(make_record(1), PERIGEE_PUBLIC_URL=public)
    seen = crawl([f"{public}/"], asker(one, strips=False, base_path=base_path), most=3, inside=f"{public}/")
    assert len(seen) > 30
    assert {address: answer.status for address, answer in seen.items() if answer.status >= 400} == {}


def test_what_identifies_an_entry_does_not_change_with_the_path(site: MakeSite) -> None:
    sites = [
        site(make_record(1, date="2026-04-01T12:00:00Z"), PERIGEE_PUBLIC_URL=public)
        for public in ("https://example.org", PUBLIC)
    ]
    for path, identifier in (
        ("/feeds/events.ics", r"UID:.*"),
        ("/feeds/events.atom", r"<id>.*?</id>"),
        ("/feeds/events.rss", r"<guid.*?</guid>"),
        ("/feeds/events.json", r'"id": ?".*?"'),
    ):
        found = [re.findall(identifier, one.get(path)[1]) for one in sites]
        assert found[0] == found[1] != []


def test_operators_reach_health_both_ways(site: MakeSite) -> None:
    token = {"Authorization": "Bearer sixteen-characters"}
    client = site(make_record(1), PERIGEE_PUBLIC_URL=PUBLIC, PERIGEE_OPS_TOKEN="sixteen-characters").client
    for path in ("/healthz", "/readyz", "/metrics"):
        assert [client.get(prefix + path, headers=token).status_code for prefix in ("", "/space")] == [200, 200]
