"""Requests as nobody sends them: whatever the path, the query, the headers and the method, never a 5xx.

Four thousand of them, by a chance that can be repeated, to the application and then to a server; `make soak` sends a
hundred thousand.
"""

import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests
from werkzeug.test import run_wsgi_app

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_launch, make_records
from tests.fake_ll2.launches import launch_id
from tests.processes import Server, running_server
from tests.response_cache.test_middleware import FORGERIES, KEPT
from tests.site import Site, make_site
from tests.soak import length
from webapp.domain.parameters import PARAMETERS
from webapp.settings import Settings

pytestmark = pytest.mark.campaign

COUNT = length(700, long=100_000)
PATHS = (
    "/", "/past", "/horizon", "/wall", "/calendar/", "/calendar/2026/03", "/calendar/{}/{}", "/changes", "/subscribe",
    "/notices", "/about",
    "/status", "/status.json", "/events/1", "/events/{}", "/events/{}/{}", "/events/{}.ics", "/feeds/events.ics",
    "/launches/{}", "/launches/{}/{}", "/launches/{}.ics",
    "/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json", "/feeds/changes.rss", "/feeds/{}", "/feeds.opml",
    "/2.3.0/", "/2.3.0/events/", "/2.3.0/events/upcoming/", "/2.3.0/events/previous", "/2.3.0/events/{}/",
    "/2.3.0/launches/", "/2.3.0/launches/upcoming/", "/2.3.0/launches/{}/", "/2.3.0/config/orbits/",
    "/2.3.0/{}",
    "/2.3.0/api-throttle/", "/openapi.json", "/docs", "/static/{}", "/static/{}/{}", "/cards/{}.png", "/healthz",
    "/readyz", "/robots.txt", "/sitemap.xml", "/{}",
)  # fmt: skip
ODD = (
    launch_id(1), launch_id(99),
    "", " ", "0", "-1", "1", "7", "999999999999999999999", "1e9", "NaN", "true", "null", "2026-03-01", "2026-02-30",
    "0001-01-01", "9999-12-31T23:59:59Z", "UTC", "Europe/Paris", "../../etc/passwd", "..%2f..%2f", "%00", "\0",
    "\n", "\r\n",
    "'", '"', "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%s%n", "é", "\u202e", "\ud7ff",
    "\U0001f680",
    "a" * 300, "1," * 400, ",", ";", "&", "=", "*", "(", "NEAR(", '"unclosed', "-date", "relevance",
    "javascript:alert(1)",
    "http://evil.example/", "//evil.example/", "\\\\", "%", "%zz", "+", "\x7f", "\x80", "\xff",
)  # fmt: skip
NAMES = (
    *(name for one in PARAMETERS for name in (one.name, *one.aliases)),
    "",
    "nothing",
    "hx",
    "__proto__",
    "id[]",
    "é",
)
METHODS = ("GET",) * 12 + ("HEAD", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "get")
HEADERS = (
    "HTTP_HOST", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_AUTHORIZATION",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST", "HTTP_HX_REQUEST", "HTTP_REFERER", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_X_REQUEST_ID",
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT",
)  # fmt: skip
VALUES = (
    *ODD, "localhost", "localhost:99999", "[::1", "text/html", "application/json;q=0.1, */*", "text/html;q=x",
    "br;q=0",
    "gzip, br, zstd", "identity;q=0, *;q=0", "*", '"x", W/"y"', "Mon, 01 Jan 2090 00:00:00 GMT", "Mon, 99 Foo",
    "bytes=0-1",
    "bytes=9-1,-5", "192.0.2.1, 10.0.0.1", "5", "chunked", "100-continue", "Bearer x",
    "application/x-www-form-urlencoded",
)  # fmt: skip


@pytest.fixture(scope="module", params=[{}, {"PERIGEE_PROXIES": "1", "PERIGEE_API_CORS": "https://club.example"}])
def one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = str(tmp_path_factory.mktemp("wild"))
    settings = Settings.load({"PERIGEE_DATA_DIR": folder, "PERIGEE_RATE_LIMIT": "0", **request.param})
    launches = [make_launch(number) for number in range(1, 31)]
    made = make_site(settings, ManualClock(), [*make_records(60, now=NOW), *launches])
    yield made
    made.close()


def test_none_is_a_fault_of_ours(one: Site) -> None:
    chance, met = Random(20261124), Counter[str]()  # noqa: S311 - not for secrets
    for _ in range(COUNT // 2):
        environ = make_environ(chance)
        sent: dict[str, Any] = dict(environ)
        parts, status, headers = run_wsgi_app(one.app.wsgi_app, environ, buffered=True)
        body = b"".join(parts)
        assert not status.startswith("5"), (status, sent, body)
        for name, value in headers:
            assert "\n" not in value, (name, sent)
            assert "\r" not in value, (name, sent)
            assert name.lower() != "set-cookie", sent
        assert headers.get("Location", "/").startswith("/"), sent
        assert not headers.get("Location", "/").startswith("//"), sent
        met[status[:3]] += 1
    assert {"200", "400", "404", "405"} <= met.keys()
    assert met["200"] > COUNT // 20


@pytest.mark.service
def test_none_is_a_fault_of_the_server(tmp_path: Path) -> None:
    """The same requests as bytes: what of them is no HTTP at all is refused, and every connection comes to an end."""
    chance, met = Random(20261125), Counter[bytes]()  # noqa: S311 - not for secrets
    with running_server(tmp_path, "--sample", PERIGEE_RATE_LIMIT="0", PERIGEE_WORKERS="2") as server:
        for _ in range(COUNT):
            sent = as_bytes(make_environ(chance))
            status = status_of(server, sent)
            assert not status.startswith(b"5"), (sent, status)
            met[status] += 1
        assert requests.get(server.url + "/", timeout=10).status_code == 200
    assert {b"200", b"400", b"404", b"405"} <= met.keys()
    assert met[b""] == 0, "every request has an answer"
    assert not [line for line in server.output if "Traceback" in line or "panicked" in line]


@pytest.mark.service
def test_no_forgery_reaches_another_visitor_of_a_server(tmp_path: Path) -> None:
    """Each forgery comes first at some addresses and later at all others; a server that meets none is the measure."""
    store = {"DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}", "PERIGEE_RATE_LIMIT": "0"}
    settings = Settings.load({**store, "PERIGEE_DATA_DIR": str(tmp_path)})
    make_site(settings, ManualClock(), make_records(10, now=NOW)).close()
    with (
        running_server(tmp_path / "one", "--no-sync", **store) as attacked,  # type: ignore[arg-type] # no `command`
        running_server(tmp_path / "other", "--no-sync", **store) as untouched,  # type: ignore[arg-type] # as above
    ):
        for turn in range(len(FORGERIES)):
            for number, path in enumerate(KEPT):
                forged = FORGERIES[(turn + number) % len(FORGERIES)]
                requests.get(attacked.url + path, headers=forged, timeout=10)
        for path in KEPT:
            second, expected = (requests.get(one.url + path, timeout=10) for one in (attacked, untouched))
            assert second.status_code == 200
            assert answer_without_port(second, attacked) == answer_without_port(expected, untouched)


def answer_without_port(answer: requests.Response, server: Server) -> tuple[str, dict[str, str]]:
    """Give what an answer says and how, whichever port was asked and whenever its server was started."""
    own_headers = {"date", "last-modified", "etag", "content-length"}
    headers = {name: value for name, value in answer.headers.items() if name not in own_headers}
    return answer.text.replace(f":{server.port}", ""), headers


def as_bytes(environ: dict[str, Any]) -> bytes:
    """Give the request as it goes over the wire, however malformed."""
    target = environ["PATH_INFO"] + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else "")
    fields = {name.removeprefix("HTTP_"): value for name, value in environ.items() if name in {*HEADERS, "HTTP_HOST"}}
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in fields.items()]
    head = "\r\n".join([f"{environ['REQUEST_METHOD']} {target} HTTP/1.1", *lines, "Connection: close", "", ""])
    return head.encode("latin-1")


def status_of(server: Server, sent: bytes) -> bytes:
    """Send bytes, read all that comes back, and give the status of it: nothing, if nothing came."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as one:
        one.sendall(sent)
        with one.makefile("rb") as answer:
            lines = answer.read().split(b"\r\n")
    statuses = [line.split(b" ")[1] for line in lines if line.startswith(b"HTTP/1.1 ")]
    return next((status for status in statuses if not status.startswith(b"1")), b"")


def make_environ(chance: Random) -> dict[str, Any]:
    """Make the environment of a request as a server would hand it over, without any client's manners."""
    path = chance.choice(PATHS)
    while "{}" in path:
        path = path.replace("{}", chance.choice(ODD), 1)
    pairs = [(chance.choice(NAMES), chance.choice(ODD)) for _ in range(chance.choice((0, 0, 1, 1, 2, 5)))]
    query = chance.choice(("&", "&", ";")).join(f"{name}={value}" for name, value in pairs)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": chance.choice(METHODS), "SCRIPT_NAME": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "PATH_INFO": as_wsgi(path), "QUERY_STRING": as_wsgi(query), "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": chance.choice(("127.0.0.1", "192.0.2.1", "2001:db8::1", "")), "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": Silent(), "wsgi.errors": None,
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        environ[chance.choice(HEADERS)] = as_wsgi(chance.choice(VALUES))
    return environ


class Silent:
    """The body of a request that has none."""

    def read(self, _size: int = -1) -> bytes:
        return b""


def as_wsgi(text: str) -> str:
    """Give a text as WSGI passes bytes on (PEP 3333)."""
    return text.encode(errors="surrogatepass").decode("latin-1")
