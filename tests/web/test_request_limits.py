"""A header that nobody honest sends costs no more than not to be sent."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_ll2 import make_record
from tests.site import Site
from webapp.web.request_limits import LONGEST_HEADER, LongHeaderFilter

NAMES = (
    "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_MATCH", "IF_UNMODIFIED_SINCE", "IF_RANGE", "RANGE", "ACCEPT",
    "ACCEPT_ENCODING", "ACCEPT_LANGUAGE", "ACCEPT_CHARSET", "COOKIE", "CACHE_CONTROL", "ORIGIN", "X_REQUEST_ID",
)  # fmt: skip
COMMAS = "," * 30_000
MakeSite = Callable[..., Site]


def seen(environ: dict[str, Any]) -> dict[str, Any]:
    met = list[dict[str, Any]]()

    def application(given: dict[str, Any], _start: object) -> list[bytes]:
        met.append(dict(given))
        return []

    LongHeaderFilter(application)(dict(environ), lambda *_: None)
    return met[0]


@given(
    headers=st.dictionaries(
        st.sampled_from(NAMES),
        st.integers(0, 2 * LONGEST_HEADER).map(lambda size: "," * size) | st.text(max_size=20),
    )
)
def test_the_application_sees_what_is_short_and_nothing_that_is_long(headers: dict[str, str]) -> None:
    environ = {f"HTTP_{name}": value for name, value in headers.items()} | {"PATH_INFO": "/" * 5000, "wsgi.input": None}
    short = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or len(str(value)) <= 1024}
    assert seen(environ) == short


def test_a_host_and_a_token_are_seen_whole() -> None:
    environ = {"HTTP_HOST": "x" * 5000, "HTTP_AUTHORIZATION": "y" * 5000}
    assert seen(environ) == environ


def test_of_who_was_served_the_end_is_left() -> None:
    addresses = ", ".join(f"10.0.{number // 256}.{number % 256}" for number in range(3000))
    left = seen({"HTTP_X_FORWARDED_FOR": addresses})["HTTP_X_FORWARDED_FOR"]
    assert len(left) <= LONGEST_HEADER
    assert addresses.endswith(f",{left}")
    assert left.split(",")[-1].strip() == "10.0.11.183"


@pytest.mark.parametrize("path", ["/", "/feeds/events.ics", "/2.3.0/events/", "/status", "/robots.txt"])
def test_a_long_condition_is_none(site: MakeSite, path: str) -> None:
    one = site(make_record(1))
    etag = one.client.get(path).headers.get("ETag", '"none"')
    since = "Fri, 01 Jan 2100 00:00:00 GMT" + " " * 2000
    for _ in range(2):
        for condition in ({"If-None-Match": etag + COMMAS}, {"If-Modified-Since": since}):
            assert one.client.get(path, headers=condition).status_code == 200


def test_static_files_meet_no_long_condition_either(site: MakeSite) -> None:
    one = site(make_record(1))
    with one.app.test_request_context():
        address = render_template_string("{{ asset('css/base.css') }}")
    with one.client.get(address) as answer:
        etag = answer.headers["ETag"]
    for condition, status in ((etag, 304), (etag + COMMAS, 200)):
        with one.client.get(address, headers={"If-None-Match": condition}) as answer:
            assert answer.status_code == status


def test_a_long_preference_is_none(site: MakeSite) -> None:
    one = site(make_record(1))
    usual = one.client.get("/2.3.0/events/")
    long = {"Accept": "text/html" + COMMAS, "Accept-Encoding": "br" + COMMAS}
    answer = one.client.get("/2.3.0/events/", headers=long)
    assert (answer.status_code, answer.data, answer.content_type) == (200, usual.data, usual.content_type)
    assert "Content-Encoding" not in answer.headers
