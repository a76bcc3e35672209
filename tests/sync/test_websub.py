import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import chain, repeat
from threading import Thread
from urllib.parse import parse_qsl

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record
from tests.fake_ll2.shapes import Answer, Delivery
from tests.fake_ll2.wire import LoopbackServer
from tests.site import Site
from webapp.domain.entry import ReceivedEntry
from webapp.ll2.parse import parse_event, serialize_record
from webapp.ll2.transport import BoundedAdapter
from webapp.store import Store
from webapp.sync.websub import WebSubPublisher

TOPICS = ["https://a.example/feeds/events.rss", "https://a.example/feeds/events.atom"]
PING = [("hub.mode", "publish"), *(("hub.url", topic) for topic in TOPICS)]


class Hub(HTTPServer):
    """A hub on loopback that remembers the pings that it was sent, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pings: list[list[tuple[str, str]]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.pings.append(parse_qsl(body))
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
        writer.upsert_entries([ReceivedEntry(parse_event(record), serialize_record(record))], now=NOW)


def make_publisher(hub: Hub, store: Store, clock: ManualClock) -> WebSubPublisher:
    return WebSubPublisher(hub.url, TOPICS, store, clock, user_agent="Perigee test")


def test_the_hub_is_told_once_of_new_data_and_never_of_old(hub: Hub, store: Store, clock: ManualClock) -> None:
    put(store, 1)
    publisher = make_publisher(hub, store, clock)
    assert (publisher.publish_if_new(), hub.pings) == (False, [])
    put(store, 2)
    assert (publisher.publish_if_new(), publisher.publish_if_new(), hub.pings) == (True, False, [PING])
    put(store, 2)
    assert (publisher.publish_if_new(), len(hub.pings)) == (False, 1), "what arrives twice is no news"


def test_a_hub_that_fails_is_told_again_after_a_minute(
    hub: Hub, store: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    publisher = make_publisher(hub, store, clock)
    put(store, 1)
    hub.status = 503
    assert (publisher.publish_if_new(), publisher.publish_if_new(), len(hub.pings)) == (False, False, 1)
    assert re.search(r"could not notify the WebSub hub http://\S+: 503 Server Error", caplog.text)
    hub.status = 202
    clock.advance(timedelta(seconds=59))
    assert publisher.publish_if_new() is False
    clock.advance(timedelta(seconds=1))
    assert (publisher.publish_if_new(), len(hub.pings)) == (True, 2)


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (chain([b"HTTP/1.1 204 No Content\r\nX-Slow: "], repeat(b"s")), "no whole answer came within 0.5 s"),
        (repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "the answer is larger than 16,777,216 bytes"),
        ([b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n"], "the answer redirects elsewhere (302)"),
    ],
)
def test_a_hub_that_drips_floods_or_leads_elsewhere_is_cut_off(
    store: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture, pieces: Iterable[bytes], words: str
) -> None:
    pause = 0.05 if "within" in words else 0.0
    server = LoopbackServer(0, lambda _: Answer(200, b"", delivery=Delivery.PIECES, pieces=pieces, pause=pause))
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        deadline = 0.5 if pause else 10
        publisher = WebSubPublisher(url, TOPICS, store, clock, user_agent="Perigee test", deadline=deadline)
        put(store, 1)
        begun = time.monotonic()
        assert publisher.publish_if_new() is False
        assert time.monotonic() - begun < deadline + 2
    finally:
        server.stop()
    assert words in caplog.text


def test_an_unexpected_failure_of_the_hub_is_put_off_too_and_told_in_full(
    hub: Hub, store: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OverflowError("an unexpected one")

    publisher = make_publisher(hub, store, clock)
    put(store, 1)
    with monkeypatch.context() as patch:
        patch.setattr(BoundedAdapter, "send", fail)
        assert (publisher.publish_if_new(), publisher.publish_if_new()) == (False, False)
    assert caplog.text.count("Traceback") == 1
    clock.advance(timedelta(minutes=1))
    assert (publisher.publish_if_new(), hub.pings) == (True, [PING])


def test_a_clock_that_was_ahead_when_the_hub_failed_delays_nothing(hub: Hub, store: Store, clock: ManualClock) -> None:
    publisher = make_publisher(hub, store, clock)
    put(store, 1)
    hub.status = 503
    clock.advance(timedelta(days=400))
    assert publisher.publish_if_new() is False
    hub.status = 202
    clock.advance(-timedelta(days=400))
    assert publisher.publish_if_new() is True


def test_only_the_feeds_that_the_hub_is_told_of_name_it(site: Callable[..., Site]) -> None:
    hub = {"PERIGEE_WEBSUB_HUB": "https://hub.example/", "PERIGEE_PUBLIC_URL": "https://a.example"}
    one, without = site(make_record(7), **hub), site(make_record(7))
    for path in ("/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json", "/feeds/changes.rss"):
        assert one.get(path)[1].count("https://hub.example/") == 1, path
        link = f'<https://hub.example/>; rel="hub", <https://a.example{path}>; rel="self"'
        assert one.client.get(path, base_url="https://a.example").headers["Link"] == link
        assert "Link" not in one.client.get(path + "?q=x", base_url="https://a.example").headers
        assert one.get(path + "?q=x")[1].count("https://hub.example/") == 0, path
        assert without.get(path)[1].count("hub") == 0, path
