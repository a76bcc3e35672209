"""What chooses a response is in its key, and nothing else is."""

from typing import Any

import pytest

from webapp.response_cache.cache_key import CacheKey, make_cache_key

PLAIN = {
    "wsgi.url_scheme": "http", "REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "", "HTTP_HOST": "localhost",
    "HTTP_ACCEPT_ENCODING": "gzip, br", "HTTP_ACCEPT": "text/html", "HTTP_ORIGIN": "https://club.example",
}  # fmt: skip


def key(**environ: Any) -> CacheKey | None:
    return make_cache_key({**PLAIN, **environ}, lambda named: None if named == "evil.example" else named)


def test_the_parts_of_a_key_have_names() -> None:
    assert key(QUERY_STRING="q=a") == CacheKey("http", "localhost", "", "/", "q=a", "br", accept=None, origin=None)
    assert key(PATH_INFO="/2.3.0/events/") == CacheKey(
        "http", "localhost", "", "/2.3.0/events/", "", "br", "text/html", "https://club.example"
    )


@pytest.mark.parametrize(
    "environ",
    [
        {"REQUEST_METHOD": "POST"},
        {"PATH_INFO": "/status.json"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_ACCEPT": "x" * 1000},
    ],
)
def test_some_requests_have_no_key(environ: dict[str, str]) -> None:
    assert key(**environ) is None


def test_a_page_must_not_vary_on_what_only_the_api_looks_at() -> None:
    page, listed = key(), key(PATH_INFO="/2.3.0/events/", HTTP_ACCEPT="", HTTP_ORIGIN="")
    assert page is not None
    assert listed is not None
    for vary, expected in (
        (set[str](), (True, True)),
        ({"accept-encoding"}, (True, True)),
        ({"accept-encoding", "accept", "origin"}, (False, True)),
        ({"cookie"}, (False, False)),
    ):
        assert (page.covers(vary), listed.covers(vary)) == expected
