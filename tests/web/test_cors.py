import re
from collections.abc import Callable

import pytest

from tests.fake_ll2 import make_launch, make_record
from tests.fake_ll2.launches import launch_id
from tests.site import Site
from webapp.store import Store, StoreUnavailableError

MakeSite = Callable[..., Site]
OTHER = {"Origin": "https://club.example"}
READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, ETag, Perigee-Attribution, Perigee-Ignored-Parameters, Perigee-Sample, Retry-After, X-Request-ID"
    ),
}
ANSWERED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def feeds(one: Site) -> list[str]:
    rules = one.app.url_map.iter_rules()
    ours = [rule.rule for rule in rules if rule.endpoint.startswith("subscriptions.")]
    found = {rule.replace("<event_id>", "7").replace("<launch_id>", launch_id(7)) for rule in ours}
    assert len(found) >= 10
    return sorted(found)


def cors(one: Site, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = one.client.open(path, method=method, headers=OTHER | named)
    return answer.status_code, {name: value for name, value in answer.headers if name.startswith("Access-Control")}


def test_any_script_may_read_any_feed_and_whatever_else_its_address_answers(site: MakeSite) -> None:
    """Answers that are kept and 304s too; and a script that was refused learns why."""
    one = site(make_record(7), make_launch(7), PERIGEE_PUBLIC_URL="https://perigee.example")
    for path in feeds(one):
        assert [cors(one, path) for _ in range(2)] == [(200, READABLE)] * 2
        assert cors(one, path, "HEAD") == (200, READABLE)
        etag = one.client.get(path).headers["ETag"]
        assert cors(one, path, If_None_Match=etag) == (304, READABLE)
        assert cors(one, f"{path}/") == (301, READABLE)
        assert cors(one, path, "POST") == (405, READABLE)
    assert cors(one, "/feeds/events.ics?type__ids=x") == (400, READABLE)
    assert cors(one, "/feeds/none.ics") == (404, READABLE)
    assert cors(one, "/events/999.ics") == (404, READABLE)
    assert cors(one, "/feeds/events.rss?q=" + "x" * 9000) == (414, READABLE)


def test_a_preflight_is_answered_at_every_feed(site: MakeSite) -> None:
    one = site(make_record(7), make_launch(7))
    asked = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "if-none-match"}
    for path in feeds(one):
        assert cors(one, path, "OPTIONS", **asked) == (200, ANSWERED)


def test_who_asks_too_often_learns_when_to_come_back(site: MakeSite) -> None:
    one = site(make_record(7), make_launch(7), PERIGEE_RATE_LIMIT="1", PERIGEE_API_CORS="*")
    for path in ("/feeds/events.ics", "/2.3.0/events/", "/openapi.json"):
        for words in ("one", "two"):
            answer = one.client.get(f"{path}?q={words}", headers=OTHER, environ_base={"REMOTE_ADDR": "192.0.2.1"})
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 60, "one a minute, and what it took beyond the usual"
        assert {name: value for name, value in answer.headers if name in READABLE} == READABLE


def test_trouble_of_ours_can_be_read_as_well(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    one = site(make_record(7), make_launch(7), PERIGEE_API_CORS="*")

    def fail(_store: Store) -> None:
        raise StoreUnavailableError("disk I/O error")

    monkeypatch.setattr(Store, "read", fail)
    for path in (*feeds(one), "/2.3.0/events/"):
        assert cors(one, path) == (503, READABLE)


def test_before_the_first_import_feeds_say_so_to_scripts(site: MakeSite) -> None:
    one = site(PERIGEE_PUBLIC_URL="https://perigee.example")
    assert cors(one, "/feeds/events.ics") == (503, READABLE)


@pytest.mark.parametrize("path", ["/2.3.0/nowhere/", "/2.3.0/events", "/2.3.0/events/x/", "/openapi.json", "/docs"])
def test_what_the_api_answers_outside_its_addresses_can_be_read_too(site: MakeSite, path: str) -> None:
    one = site(make_record(7), make_launch(7), PERIGEE_API_CORS="https://club.example")
    expected = READABLE | {"Access-Control-Allow-Origin": "https://club.example"}
    assert cors(one, path)[1] == cors(one, path, "POST")[1] == expected
    assert cors(site(make_record(7), make_launch(7)), path)[1] == {}
    assert cors(site(make_record(7), make_launch(7), PERIGEE_API="off", PERIGEE_API_CORS="*"), path)[1] == {}


def test_pages_can_be_read_by_nobody_elses_scripts(site: MakeSite) -> None:
    one = site(make_record(7), make_launch(7), PERIGEE_API_CORS="*")
    rules = [rule for rule in one.app.url_map.iter_rules() if rule.endpoint.startswith(("pages.", "ops.", "assets."))]
    for rule in rules:
        path = re.sub("<.*?>", "7", rule.rule)
        assert [cors(one, path)[1], cors(one, path, "OPTIONS")[1]] == [{}, {}], path
