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
from webapp.notify.websub import WebSubPublisher
from webapp.store import HubState, Store
from webapp.sync.lease import LeaseHolder, LeaseLostError

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


def make_publisher(url: str, store: Store, clock: ManualClock, *, deadline: float = 10) -> WebSubPublisher:
    """Make the publisher of a process that has the lease, and let it look once."""
    lease = LeaseHolder(store, clock, "the test")
    assert lease.hold()
    publisher = WebSubPublisher(
        url, TOPICS, store, write=lease.write, is_held=lambda: lease.is_held, clock=clock, user_agent="Perigee test",
        deadline=deadline,
    )  # fmt: skip
    publisher.step()
    return publisher


def hub_of(store: Store) -> HubState | None:
    with store.read() as snapshot:
        return snapshot.hub


def test_the_hub_is_told_once_of_new_data_and_never_of_old(hub: Hub, store: Store, clock: ManualClock) -> None:
    put(store, 1)
    publisher = make_publisher(hub.url, store, clock)
    assert (publisher.step(), hub.pings) == (False, [])
    put(store, 2)
    assert (publisher.step(), publisher.step(), hub.pings) == (True, False, [PING])
    put(store, 2)
    assert (publisher.step(), len(hub.pings)) == (False, 1), "what arrives twice is no news"


def test_a_hub_that_fails_is_told_again_after_a_minute(
    hub: Hub, store: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    publisher = make_publisher(hub.url, store, clock)
    put(store, 1)
    hub.status = 503
    assert (publisher.step(), publisher.step(), len(hub.pings)) == (False, False, 1)
    fault = "it answered with status 503"
    assert f"the WebSub hub {hub.url} was not told of what is new: {fault}" in caplog.text
    assert hub_of(store) == HubState(hub.url, 0, 1, clock.now, clock.now + timedelta(minutes=1), fault)
    hub.status = 202
    clock.advance(timedelta(seconds=59))
    assert publisher.step() is False
    clock.advance(timedelta(seconds=1))
    assert (publisher.step(), len(hub.pings)) == (True, 2)
    assert hub_of(store) == HubState(hub.url, 1)


def test_a_hub_that_goes_on_failing_is_asked_ever_less_often_and_told_once_at_last(
    hub: Hub, store: Store, clock: ManualClock
) -> None:
    publisher = make_publisher(hub.url, store, clock)
    put(store, 1)
    hub.status = 503
    tried: list[int] = []
    for minute in range(16):
        put(store, minute + 1)
        publisher.step()
        tried += [minute] * (len(hub.pings) - len(tried))
        clock.advance(timedelta(minutes=1))
    assert tried == [0, 1, 3, 7, 15]
    hub.status = 204
    clock.advance(timedelta(minutes=16))
    assert (publisher.step(), publisher.step(), len(hub.pings)) == (True, False, 6)


def test_what_was_committed_before_a_restart_is_announced_after_it(hub: Hub, store: Store, clock: ManualClock) -> None:
    make_publisher(hub.url, store, clock)
    put(store, 1)
    assert hub.pings == [], "the process was killed before it came to that"
    clock.advance(timedelta(minutes=1))
    make_publisher(hub.url, store, clock)
    assert hub.pings == [PING]
    clock.advance(timedelta(minutes=1))
    make_publisher(hub.url, store, clock)
    assert hub.pings == [PING]


def test_only_who_holds_the_lease_announces(hub: Hub, store: Store, clock: ManualClock) -> None:
    publisher = make_publisher(hub.url, store, clock)
    other = LeaseHolder(store, clock, "another")
    put(store, 1)
    clock.advance(timedelta(minutes=5))
    assert other.hold()
    # It has not noticed yet that the lease is another's: what it announces is not noted, and announced again.
    with pytest.raises(LeaseLostError):
        publisher.step()
    assert (publisher.step(), len(hub.pings), hub_of(store)) == (False, 1, HubState(hub.url, 0))


def test_another_hub_is_told_of_what_comes_from_then_on(hub: Hub, store: Store, clock: ManualClock) -> None:
    make_publisher("http://127.0.0.1:9/", store, clock)
    put(store, 1)
    clock.advance(timedelta(minutes=5))
    publisher = make_publisher(hub.url, store, clock)
    assert (publisher.step(), hub.pings) == (False, [])
    put(store, 2)
    assert (publisher.step(), hub.pings) == (True, [PING])


def test_a_copy_announces_nothing_until_it_is_told_to(hub: Hub, store: Store, clock: ManualClock) -> None:
    publisher = make_publisher(hub.url, store, clock)
    with store.write() as writer:
        writer.notices.pause()
    put(store, 1)
    assert (publisher.step(), hub.pings) == (False, [])
    with store.write() as writer:
        writer.notices.resume(now=clock.now)
    assert (publisher.step(), hub.pings) == (False, []), "the original has announced that"
    put(store, 2)
    assert (publisher.step(), hub.pings) == (True, [PING])


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (chain([b"HTTP/1.1 204 No Content\r\nX-Slow: "], repeat(b"s")), "no answer came within 0.5 s"),
        (repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "its answer is larger than 16,777,216 bytes"),
        ([b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n"], "its answer redirects elsewhere (302)"),
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
        publisher = make_publisher(url, store, clock, deadline=deadline)
        put(store, 1)
        begun = time.monotonic()
        assert publisher.step() is False
        assert time.monotonic() - begun < deadline + 2
    finally:
        server.stop()
    assert words in caplog.text


def test_an_unexpected_failure_of_the_hub_is_put_off_too_and_told_in_full(
    hub: Hub, store: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OverflowError("an unexpected one")

    publisher = make_publisher(hub.url, store, clock)
    put(store, 1)
    with monkeypatch.context() as patch:
        patch.setattr(BoundedAdapter, "send", fail)
        assert (publisher.step(), publisher.step()) == (False, False)
    assert caplog.text.count("Traceback") == 1
    clock.advance(timedelta(minutes=1))
    assert (publisher.step(), hub.pings) == (True, [PING])


def test_a_clock_that_was_ahead_when_the_hub_failed_delays_nothing(hub: Hub, store: Store, clock: ManualClock) -> None:
    publisher = make_publisher(hub.url, store, clock)
    put(store, 1)
    hub.status = 503
    clock.advance(timedelta(days=400))
    assert publisher.step() is False
    hub.status = 202
    clock.advance(-timedelta(days=400))
    make_publisher(hub.url, store, clock)
    assert hub_of(store) == HubState(hub.url, 1)


def test_since_when_a_hub_fails_is_put_right_with_the_clock(store: Store) -> None:
    with store.write() as writer:
        writer.put_hub(HubState("https://hub.example/", 1, 2, NOW + timedelta(days=400), None, "no answer"))
        writer.notices.repair_instants(NOW)
    assert hub_of(store) == HubState("https://hub.example/", 1, 2, NOW, None, "no answer")


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
