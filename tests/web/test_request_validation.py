from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.fake_ll2 import make_record
from tests.site import Site
from webapp.web.security_headers import CONTENT_SECURITY_POLICY

PUBLIC = {"PERIGEE_PUBLIC_URL": "https://events.example.org"}
PATHS = ("/", "/past", "/feeds/events.ics", "/2.3.0/events/", "/healthz", "/metrics", "/static/x/css/main.css")


def ask(one: Site, **given: str) -> tuple[str, dict[str, str], bytes]:
    """Give the answer to a request whose WSGI environment is changed in these variables."""
    environ: dict[str, Any] = EnvironBuilder().get_environ() | {"HTTP_HOST": "localhost"} | given
    parts, status, headers = run_wsgi_app(one.app.wsgi_app, environ, buffered=True)
    return status[:3], dict(headers), b"".join(parts)


@pytest.fixture(params=[{}, PUBLIC], ids=["no public address", "a public address"])
def one(site: Callable[..., Site], request: pytest.FixtureRequest) -> Site:
    return site(make_record(1211), **request.param)


@pytest.mark.parametrize("target", ["", "*", "evil.example:80", "http://evil.example/", "metrics"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "CONNECT"])
def test_a_request_without_a_path_is_refused(one: Site, target: str, method: str) -> None:
    status, headers, body = ask(one, PATH_INFO=target, HTTP_HOST="evil.example", REQUEST_METHOD=method)
    assert (status, headers.get("Location")) == ("400", None)
    assert body == b"The request has no path on this server.\n"
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "host",
    [
        "", "localhost,localhost", "localhost,evil.example", "local host", "evil@localhost", "localhost/evil",
        "localhost:port", "localhost:123456", "localhost?", "[::1", "[example]", "::1", "localhost\\", "é",
    ],
)  # fmt: skip
def test_a_request_names_one_host(site: Callable[..., Site], host: str) -> None:
    """Also where the answer is kept already, or is a file."""
    one = site(make_record(1211), **PUBLIC)
    for path in PATHS:
        assert ask(one, PATH_INFO=path)[0] in {"200", "404"}
        status, headers, body = ask(one, PATH_INFO=path, HTTP_HOST=host)
        assert (status, headers["Cache-Control"]) == ("400", "no-store")
        assert body == b"The request must name one host, in a single Host field.\n"
    status, headers, body = ask(one, HTTP_HOST=host, REQUEST_METHOD="HEAD")
    assert (status, headers["Content-Length"], body) == ("400", "56", b"")


@pytest.mark.parametrize(
    "host", ["events.example.org", "perigee_web:8000", "10.0.0.7:80", "[2001:db8::1]:443", "LOCALHOST:", "a~b.example"]
)
def test_behind_a_public_address_a_proxy_may_name_any(site: Callable[..., Site], host: str) -> None:
    assert ask(site(make_record(1211), **PUBLIC), HTTP_HOST=host)[0] == "200"


@pytest.mark.parametrize("protocol", ["HTTP/1", "HTTP/1.0"])
def test_http_1_0_knows_no_host(site: Callable[..., Site], protocol: str) -> None:
    """A proxy's health check may be such a request. But a page without any address to link to cannot be made."""
    for environ, expected in ((PUBLIC, "200"), ({}, "400")):
        one = site(make_record(1211), **environ)
        assert ask(one, HTTP_HOST="", SERVER_PROTOCOL=protocol)[0] == expected
        assert ask(one, HTTP_HOST="a,b", SERVER_PROTOCOL=protocol)[0] == "400"
