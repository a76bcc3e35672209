from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.fake_ll2 import make_record
from tests.fake_ll2.launches import launch_id
from tests.site import Site
from webapp.web.addresses import CALENDAR_PATH

VALUES = {
    "event_id": "1211",
    "launch_id": launch_id(1),
    "source_id": "1211",
    "first": "2026-03-01",
    "last": "2026-03-31",
    "slug": "docking",
    "year": "2026",
    "number": "03",
    "asked": "x",
    "name": "events",
}
BOTH_WAYS = {CALENDAR_PATH, CALENDAR_PATH.rstrip("/")}
"""Each leads to the current month by itself."""


def paths(app: Flask) -> Iterator[str]:
    """Give an address for each route that answers GET, but for files: of those any path may follow."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and "path" not in rule.arguments:
            yield filled(rule)


def filled(rule: Rule) -> str:
    path = rule.rule.replace("<int:", "<")
    for name in rule.arguments:
        path = path.replace(f"<{name}>", VALUES[name])
    return path


@pytest.fixture
def one(site: Callable[..., Site]) -> Site:
    return site(make_record(1211))


def test_a_slash_too_many_or_too_few_leads_to_the_address_meant(one: Site) -> None:
    """Whatever the query and the host: the redirect names neither scheme nor host."""
    meant = [path for path in paths(one.app) if path not in {"/", *BOTH_WAYS}]
    assert len(meant) > 25
    for path in meant:
        other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
        for method in (one.client.get, one.client.head):
            answer = method(f"{other}?a=1&b=%0d%0a&c=é/?")
            assert (answer.status_code, answer.headers.get("Location")) == (
                301,
                f"{path}?a=1&b=%0d%0a&c=%C3%A9/?",
            ), other
        assert one.client.get(other).headers["Location"] == path


def test_no_path_of_ours_answers_with_more_slashes_before_it(one: Site) -> None:
    """However they are coded: the server decodes them."""
    for path in paths(one.app):
        for more in ("/", "//"):
            answer = one.client.get("/", environ_overrides={"PATH_INFO": more + path})
            assert (answer.status_code, "Location" in answer.headers) == (404, False), more + path


@pytest.mark.parametrize("path", ["/nowhere/", "/past//", "/feeds//events.ics/", "/evil.example//", "/nowhere"])
def test_what_is_near_no_address_of_ours_is_not_found(one: Site, path: str) -> None:
    answer = one.client.get(path)
    assert (answer.status_code, "Location" in answer.headers) == (404, False)


def test_only_what_can_be_asked_in_that_way_is_led_on(one: Site) -> None:
    assert one.client.post("/past/").status_code == 404
    assert one.client.options("/past/").headers["Location"] == "/past"
