from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qsl

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record
from tests.site import Site
from webapp.domain.event import ReceivedEvent
from webapp.ll2.parse import parse_event, spell_record
from webapp.store import Store
from webapp.sync.hub import Announcer

TOPICS = ["https://a.example/feeds/events.rss", "https://a.example/feeds/events.atom"]
TOLD = [("hub.mode", "publish"), *(("hub.url", topic) for topic in TOPICS)]


class Hub(HTTPServer):
    """A hub on loopback that remembers what it was told, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[list[tuple[str, str]]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(parse_qsl(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's word
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as server:
        yield server


@contextmanager
def running_hub() -> Iterator[Hub]:
    server = Hub()
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def put(store: Store, number: int) -> None:
    record = make_record(number)
    with store.write() as writer:
        writer.upsert_events([ReceivedEvent(parse_event(record), spell_record(record))], now=NOW)


def announcer(hub: Hub, store: Store, clock: ManualClock) -> Announcer:
    return Announcer(hub.url, TOPICS, store, clock, user_agent="Perigee test")


def test_the_hub_is_told_once_of_new_data_and_never_of_old(hub: Hub, store: Store, clock: ManualClock) -> None:
    put(store, 1)
    one = announcer(hub, store, clock)
    assert (one.look(), hub.told) == (False, [])
    put(store, 2)
    assert (one.look(), one.look(), hub.told) == (True, False, [TOLD])
    put(store, 2)
    assert (one.look(), len(hub.told)) == (False, 1), "what arrives twice is no news"


def test_a_hub_that_fails_is_told_again_after_a_minute(
    hub: Hub, store: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    one = announcer(hub, store, clock)
    put(store, 1)
    hub.status = 503
    assert (one.look(), one.look(), len(hub.told)) == (False, False, 1)
    assert "could not be told of new data: 503 Server Error" in caplog.text
    hub.status = 202
    clock.advance(timedelta(seconds=59))
    assert one.look() is False
    clock.advance(timedelta(seconds=1))
    assert (one.look(), len(hub.told)) == (True, 2)


def test_only_the_feeds_that_the_hub_is_told_of_name_it(site: Callable[..., Site]) -> None:
    hub = {"PERIGEE_WEBSUB_HUB": "https://hub.example/", "PERIGEE_PUBLIC_URL": "https://a.example"}
    one, without = site(make_record(7), **hub), site(make_record(7))
    for path in ("/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json", "/feeds/changes.rss"):
        assert one.get(path)[1].count("https://hub.example/") == 1, path
        assert one.get(path + "?q=x")[1].count("https://hub.example/") == 0, path
        assert without.get(path)[1].count("hub") == 0, path
