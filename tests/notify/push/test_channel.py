import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.clock import ManualClock
from tests.notify.push.service import HOST, Answer, PushService, push_service
from webapp.domain.notices import Choices
from webapp.domain.push_endpoints import encoded
from webapp.notify.channels import Gone, Message, Outcome, Retry, Sent
from webapp.notify.push.channel import PushChannel
from webapp.notify.push.encrypting_process import EncryptingProcess
from webapp.notify.push.encryption import public_bytes
from webapp.notify.push.sending import PushSender
from webapp.notify.push.server_keys import KeptServerKeys, replace_server_keys
from webapp.store import Channel, ServerKeys, Store, Subscriber, Subscription

AUTH = bytes(range(16))
BROWSER = ec.generate_private_key(ec.SECP256R1())
KEYS = json.dumps({"p256dh": encoded(public_bytes(BROWSER)), "auth": encoded(AUTH)})
SUBJECT = "https://events.example.org"
MESSAGE = Message(
    title="SpaceX Crew-11 Docking moved",
    body="2 Aug 07:12 → 3 Aug 06:45 UTC, a day later, third date change",
    url="https://events.example.org/events/1211",
    tag="event 1211",
    kind="moves",
    ttl=timedelta(hours=2),
    is_urgent=False,
    item={},
)

Send = Callable[..., Outcome]


def subscriber_at(address: str = f"https://{HOST}/fcm/send/abc", keys: str = KEYS) -> Subscriber:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    subscription = Subscription(Channel.PUSH, "name", "", Choices(), address, keys)
    return Subscriber(1, subscription, since_change=0, since=now, created_at=now)


@pytest.fixture(scope="module")
def process() -> Iterator[EncryptingProcess]:
    process = EncryptingProcess()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("push")


@pytest.fixture
def service(folder: Path) -> Iterator[PushService]:
    with push_service(folder) as service:
        yield service


@pytest.fixture(scope="module")
def server_keys(process: EncryptingProcess) -> ServerKeys:
    return process.make_keys()


@pytest.fixture
def send(
    process: EncryptingProcess, service: PushService, server_keys: ServerKeys, clock: ManualClock
) -> Iterator[Send]:
    sender = PushSender(service.network, "Perigee/test", seconds=2.0)
    channel = PushChannel(process, sender, server_keys=lambda: server_keys, subject=SUBJECT, clock=clock)

    def send(message: Message = MESSAGE, **where: str) -> Outcome:
        return channel.send(subscriber_at(**where), message)

    yield send
    sender.close()


def test_a_message_comes_encrypted_and_signed_with_what_the_push_service_must_know(
    send: Send, service: PushService, server_keys: ServerKeys
) -> None:
    assert send() == Sent()
    (came,) = service.messages
    assert came.path == "/fcm/send/abc"
    assert {name: came.headers[name] for name in ("ttl", "urgency", "content-encoding", "host")} == {
        "ttl": "7200",
        "urgency": "normal",
        "content-encoding": "aes128gcm",
        "host": HOST,
    }
    assert len(came.headers["topic"]) == 32
    assert came.headers["authorization"].endswith(f"k={server_keys.public}")
    read = json.loads(http_ece.decrypt(came.body, private_key=BROWSER, auth_secret=AUTH))
    assert read == {
        "web_push": 8030,
        "notification": {
            "title": MESSAGE.title,
            "body": MESSAGE.body,
            "navigate": MESSAGE.url,
            "tag": MESSAGE.tag,
            "lang": "en",
            "renotify": True,
        },
    }
    assert "cookie" not in came.headers


def test_what_is_urgent_is_told_at_once_and_what_is_over_never_waits(send: Send, service: PushService) -> None:
    assert send(replace(MESSAGE, is_urgent=True, ttl=timedelta(seconds=-5))) == Sent()
    assert send(replace(MESSAGE, tag="event 1212")) == Sent()
    first, second = service.messages
    assert (first.headers["urgency"], first.headers["ttl"]) == ("high", "0")
    assert first.headers["topic"] != second.headers["topic"]


def test_connections_are_kept_and_one_that_was_closed_is_made_anew(send: Send, service: PushService) -> None:
    assert [send(), send(), send()] == [Sent()] * 3
    assert service.connections == 1
    service.answers.append(Answer(is_cut=True))
    assert send() == Sent()
    assert service.connections == 2
    service.answers.append(Answer(headers={"Connection": "close"}))
    assert [send(), send()] == [Sent()] * 2
    assert service.connections == 3


@pytest.mark.parametrize("status", [404, 410])
def test_a_push_service_that_knows_a_browser_no_more_ends_its_subscription(
    send: Send, service: PushService, status: int
) -> None:
    service.answers.append(Answer(status))
    assert send() == Gone("The browser ended its subscription")


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 413, 429, 500, 502, 503])
def test_no_other_answer_ends_one_and_nobody_is_led_elsewhere(send: Send, service: PushService, status: int) -> None:
    service.answers.append(Answer(status, {"Location": f"https://{HOST}/other"}))
    assert send() == Retry(f"The push service answered with status {status}")
    assert len(service.messages) == 1


@pytest.mark.parametrize(("retry_after", "wait"), [
    ("120", timedelta(minutes=2)), ("Sun, 01 Mar 2026 12:10:00 GMT", timedelta(minutes=10)), ("soon", None),
    ("999999999", timedelta(days=1)),
])  # fmt: skip
def test_it_waits_as_told(
    send: Send, service: PushService, clock: ManualClock, retry_after: str, wait: timedelta | None
) -> None:
    clock.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    service.answers.append(Answer(429, {"Retry-After": retry_after}))
    assert send() == Retry("The push service answered with status 429", wait)


def test_an_outage_is_tried_again(send: Send, service: PushService) -> None:
    service.answers.append(Answer(stalls=True))
    assert isinstance(send(), Retry)
    service.answers += [Answer(is_cut=True)]
    assert isinstance(send(), Retry)
    assert send() == Sent()


@pytest.mark.parametrize("address", [
    "https://push.example/a", "http://fcm.googleapis.com/a", "https://fcm.googleapis.com:444/a",
    "https://169.254.169.254/fcm.googleapis.com", "https://user@fcm.googleapis.com/a",
])  # fmt: skip
def test_no_request_goes_to_what_is_no_push_service(send: Send, service: PushService, address: str) -> None:
    assert isinstance(send(address=address), Retry)
    assert service.connections == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1"])
def test_no_request_goes_to_an_address_that_is_not_public(send: Send, service: PushService, address: str) -> None:
    service.address = address
    assert isinstance(send(), Retry)
    assert service.connections == 0


def test_a_certificate_of_another_name_is_not_believed(
    process: EncryptingProcess, service: PushService, server_keys: ServerKeys, clock: ManualClock
) -> None:
    other = "updates.push.services.mozilla.com"
    network = replace(service.network, resolve=lambda _host, port: [(service.address, port)])
    channel = PushChannel(
        process, PushSender(network, "Perigee/test"), server_keys=lambda: server_keys, subject=SUBJECT, clock=clock
    )
    assert isinstance(channel.send(subscriber_at(f"https://{other}/a"), MESSAGE), Retry)
    assert service.messages == []


def test_keys_that_no_message_can_be_encrypted_for_end_a_subscription(send: Send, service: PushService) -> None:
    keys = json.dumps({"p256dh": encoded(b"\4" + bytes(64)), "auth": encoded(AUTH)})
    assert isinstance(send(keys=keys), Gone)
    assert service.messages == []


def test_no_fault_and_no_log_names_an_endpoint(
    send: Send, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.answers += [Answer(500), Answer(410), Answer(is_cut=True), Answer(is_cut=True)]
    outcomes = [send(), send(), send(), send(address="https://push.example/secret")]
    said = caplog.text + repr(outcomes) + repr(subscriber_at())
    assert "fcm/send" not in said
    assert "secret" not in said


def test_keys_are_made_once_and_new_ones_forget_all_browsers(
    process: EncryptingProcess, store: Store, clock: ManualClock
) -> None:
    kept = KeptServerKeys(store, process, write=store.write, clock=clock)
    assert kept.get() is None
    kept.ensure()
    first = kept.get()
    assert first is not None
    kept.ensure()
    assert kept.get() == first
    with store.write() as writer:
        writer.notices.put_subscription(subscriber_at().subscription, now=clock())
        rule = Subscription(Channel.TARGET, "chat", "", Choices())
        writer.notices.put_subscription(rule, now=clock())
    replace_server_keys(store, clock)
    with store.read() as snapshot:
        second = snapshot.browsers.server_keys()
        assert [one.subscription for one in snapshot.notices.list_subscribers()] == [rule]
    assert second is not None
    assert second.public != first.public
    assert first.private not in repr(first)
