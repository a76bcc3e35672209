"""The API as HTTP: methods, conditions, codings, hosts, other origins, and the switch."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta

import brotli
import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record
from tests.site import Site
from tests.web.test_cors import READABLE
from webapp.store import Store, StoreUnavailableError

MakeSite = Callable[..., Site]
LISTS = ("/2.3.0/events/", "/2.3.0/events/upcoming/", "/2.3.0/events/previous/")
ADDRESSES = (*LISTS, "/2.3.0/events/1/", "/2.3.0/", "/2.3.0/api-throttle/")


RECORDS = (make_record(1, date="2027-03-01T08:00:00Z"), make_record(2, date="2027-03-02T12:00:00Z"))


@pytest.fixture(scope="module")
def one(shared: MakeSite) -> Site:
    made = shared(*RECORDS, now=NOW.replace(year=2027))
    made.clock.advance(timedelta(seconds=1))  # Until then no answer says when it was last modified.
    return made


@pytest.mark.parametrize("path", [*ADDRESSES, "/openapi.json", "/docs"])
def test_head_is_get_without_its_body(one: Site, path: str) -> None:
    got, head = one.client.get(path), one.client.head(path)
    for answer in (got, head):
        answer.headers.pop("Date", None)  # A second may have passed.
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(got.headers))


@pytest.mark.parametrize("path", ADDRESSES)
def test_options_and_the_wrong_method_say_what_is_allowed(one: Site, path: str) -> None:
    options = one.client.options(path)
    assert (options.status_code, options.data, options.headers["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = one.client.open(path, method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.json == {"detail": f'Method "{method}" not allowed.'}


@pytest.mark.parametrize("path", ADDRESSES)
def test_without_its_slash_an_address_leads_to_itself(one: Site, path: str) -> None:
    answer = one.client.get(path.rstrip("/") + "?limit=1&x=%0d%0a", headers={"Host": "localhost"})
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{path}?limit=1&x=%0d%0a")


@pytest.mark.parametrize("path", ["/2.3.0/nowhere/", "/2.3.0/events/1/2/", "/2.3.0/pads/"])
def test_what_is_not_there(one: Site, path: str) -> None:
    answer = one.client.get(path)
    assert (answer.status_code, answer.json) == (404, {"detail": "Not found."})


@pytest.mark.parametrize("path", [*LISTS, "/2.3.0/events/1/"])
def test_a_poll_that_finds_nothing_new_costs_a_304(one: Site, path: str) -> None:
    first = one.client.get(path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert not etag.startswith("W/")
    again = one.client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["Vary"]) == (304, b"", first.headers["Vary"])
    assert one.client.get(path, headers={"If-Modified-Since": modified}).status_code == 304
    both = {"If-None-Match": '"another"', "If-Modified-Since": modified}
    assert one.client.get(path, headers=both).status_code == 200, "If-None-Match wins"


def test_last_modified_moves_when_time_alone_moves_an_event(site: MakeSite, clock: ManualClock) -> None:
    clock.now = NOW.replace(year=2027)
    own = site(*RECORDS)
    clock.advance(timedelta(seconds=1))

    def modified(path: str) -> str:
        return own.client.get(path).headers["Last-Modified"]

    assert [modified(path) for path in LISTS] == ["Mon, 01 Mar 2027 09:30:00 GMT"] * 3
    clock.now = NOW.replace(year=2027, day=2, hour=13)
    assert [modified(path) for path in LISTS] == [
        "Tue, 02 Mar 2027 00:00:00 GMT",
        "Tue, 02 Mar 2027 08:00:00 GMT",
        "Tue, 02 Mar 2027 12:00:00 GMT",
    ]
    hidden = "/2.3.0/events/upcoming/?hide_recent_previous=true"
    assert modified(hidden) == "Tue, 02 Mar 2027 12:00:00 GMT"
    clock.advance(timedelta(minutes=30))
    assert modified(hidden) == "Tue, 02 Mar 2027 12:00:00 GMT"


@pytest.mark.parametrize(
    ("accepted", "coding", "decode"), [("gzip", "gzip", gzip.decompress), ("br, gzip", "br", brotli.decompress)]
)
def test_bodies_are_coded_as_the_client_accepts(
    one: Site, accepted: str, coding: str, decode: Callable[[bytes], bytes]
) -> None:
    plain = one.client.get(LISTS[0])
    coded = one.client.get(LISTS[0], headers={"Accept-Encoding": accepted})
    assert (coded.headers["Content-Encoding"], decode(coded.data)) == (coding, plain.data)
    assert coded.headers["ETag"] != plain.headers["ETag"]
    assert coded.headers["Vary"] == plain.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    ("path", "vary"),
    [
        ("/2.3.0/events/?format=json", "Accept-Encoding"),
        ("/2.3.0/events/?format=api", "Accept-Encoding"),
        ("/2.3.0/events/", "Accept, Accept-Encoding"),
        ("/2.3.0/api-throttle/", "Accept"),
        ("/2.3.0/api-throttle/?format=json", None),
    ],
)
def test_vary_names_what_chose_the_answer_and_nothing_else(one: Site, path: str, vary: str | None) -> None:
    assert one.client.get(path).headers.get("Vary") == vary


def test_a_forged_host_reaches_no_link(site: MakeSite, one: Site) -> None:
    for path in ADDRESSES:
        answer = one.client.get(path, headers={"Host": "evil.example"})
        assert (answer.status_code, "evil.example" in answer.text) == (400, False)
        assert list(answer.json or {}) == ["detail"]
    public = site(make_record(1), make_record(2), PERIGEE_PUBLIC_URL="https://events.example.org")
    for path in (*ADDRESSES, "/2.3.0/events/?limit=1", "/2.3.0/events", "/openapi.json", "/docs"):
        answer = public.client.get(path, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers), path
    (event, _) = json.loads(public.get("/2.3.0/events/", Host="evil.example")[1])["results"]
    assert event["url"] == "https://events.example.org/2.3.0/events/1/"


def test_before_the_first_import_it_is_unavailable_and_never_empty(site: MakeSite) -> None:
    empty = site(PERIGEE_PUBLIC_URL="https://events.example.org")
    for path in (*LISTS, "/2.3.0/events/1/"):
        answer = empty.client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert list(json.loads(answer.data)) == ["detail"]
        page = empty.client.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page.content_type) == (503, "text/html; charset=utf-8")
    for path in ("/2.3.0/", "/2.3.0/api-throttle/", "/openapi.json", "/docs"):
        assert empty.get(path)[0] == 200


def test_errors_of_ours_are_told_without_detail(one: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_store: Store) -> None:
        raise StoreUnavailableError("database is locked")

    def broken(_store: Store) -> None:
        raise ZeroDivisionError("secret detail")

    path = f"{LISTS[0]}?limit=3"  # Not asked for before, or else it would be given as it was.
    monkeypatch.setattr(Store, "read", locked)
    answer = one.client.get(path)
    assert (answer.status_code, "locked" in answer.text, list(json.loads(answer.data))) == (503, False, ["detail"])
    monkeypatch.setattr(Store, "read", broken)
    answer = one.client.get(path)
    assert (answer.status_code, answer.json) == (500, {"detail": "A server error occurred."})


@pytest.mark.parametrize("path", [*ADDRESSES, "/openapi.json", "/docs"])
def test_switched_off_there_is_nothing(site: MakeSite, path: str) -> None:
    off = site(make_record(1), PERIGEE_API="off")
    answer = off.client.get(path)
    assert (answer.status_code, answer.content_type) == (404, "text/html; charset=utf-8")
    assert off.client.get(path.rstrip("/")).status_code == 404
    assert 'href="/docs"' not in off.get("/")[1]


def test_pages_lead_to_the_documentation(one: Site) -> None:
    assert 'href="/docs"' in one.get("/")[1]


def cors(site: Site, path: str, method: str = "GET", **headers: str) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = site.client.open(path, method=method, headers=named)
    return {name: value for name, value in answer.headers if name.startswith("Access-Control")}


def test_no_other_origin_is_let_in_unless_it_is_named(site: MakeSite, one: Site) -> None:
    assert cors(one, LISTS[0], Origin="https://club.example") == {}
    assert cors(one, LISTS[0], "OPTIONS", Origin="https://club.example", Access_Control_Request_Method="GET") == {}
    named = site(make_record(1), PERIGEE_API_CORS="https://club.example,http://localhost:3000")
    assert cors(named, LISTS[0], Origin="https://evil.example") == {}
    assert cors(named, LISTS[0], Origin="https://club.example.evil.example") == {}
    for path in (*ADDRESSES, "/2.3.0/events/999/", "/2.3.0/events/?id=x"):
        assert cors(named, path, Origin="https://club.example") == {
            "Access-Control-Allow-Origin": "https://club.example",
            "Access-Control-Expose-Headers": READABLE["Access-Control-Expose-Headers"],
        }
        assert "Origin" in named.client.get(path).headers["Vary"]
    assert cors(named, "/", Origin="https://club.example") == {}


def test_a_preflight_is_answered(site: MakeSite) -> None:
    named = site(make_record(1), PERIGEE_API_CORS="https://club.example")
    asked = {"Origin": "https://club.example", "Access_Control_Request_Method": "GET"}
    assert cors(named, LISTS[0], "OPTIONS", **asked) == {
        "Access-Control-Allow-Origin": "https://club.example",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-Modified-Since, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }


def test_all_origins_are_let_in_where_the_owner_says_so(site: MakeSite) -> None:
    everyone = site(make_record(1), PERIGEE_API_CORS="*")
    assert cors(everyone, LISTS[0], Origin="https://a.example")["Access-Control-Allow-Origin"] == "*"
    assert "Origin" not in everyone.client.get(LISTS[0]).headers["Vary"]
