"""From a change in the store to what a browser decrypts, through the outbox and a real HTTPS connection."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.clock import NOW
from tests.notify.push.service import HOST, Answer, PushService, push_service
from tests.notify.push.test_channel import AUTH, BROWSER, KEYS, SUBJECT
from tests.notify.stage import ADDRESSES, Stage, event
from webapp.domain.notices import Choices, Lead
from webapp.notify.outbox import Outbox
from webapp.notify.push.channel import PushChannel
from webapp.notify.push.encrypting_process import EncryptingProcess
from webapp.notify.push.sending import PushSender
from webapp.notify.push.server_keys import KeptServerKeys
from webapp.store import Channel, Subscription

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PushService]:
    with push_service(tmp_path) as service:
        yield service


@pytest.fixture
def pushing(stage: Stage, service: PushService) -> Stage:
    """Give a stage whose browsers are reached through the stand-in."""
    assert stage.lease.hold()
    keys = KeptServerKeys(stage.store, EncryptingProcess(), write=stage.lease.write, clock=stage.clock)
    sender = PushSender(service.network, "Perigee/test", seconds=3)
    channel = PushChannel(keys.process, sender, server_keys=keys.get, subject=SUBJECT, clock=stage.clock)
    stage.outbox = Outbox(
        stage.store, write=stage.lease.write, is_held=lambda: stage.lease.is_held, clock=stage.clock,
        senders={Channel.PUSH: channel}, rules=[], addresses=ADDRESSES, prepare=keys.ensure,
    )  # fmt: skip
    stage.settle()
    return stage


def subscribe(stage: Stage, name: str = "one", choices: Choices = Choices()) -> None:  # noqa: B008
    browser = Subscription(Channel.PUSH, name, "", choices, f"https://{HOST}/fcm/send/{name}", KEYS)
    with stage.store.write() as writer:
        writer.notices.put_subscription(browser, now=stage.clock.now)


def read(service: PushService, key: ec.EllipticCurvePrivateKey = BROWSER) -> list[dict[str, Any]]:
    opened = (http_ece.decrypt(one.body, private_key=key, auth_secret=AUTH) for one in service.messages)
    return [json.loads(text)["notification"] for text in opened]


def list_names(stage: Stage) -> list[str]:
    with stage.store.read() as snapshot:
        return [one.subscription.name for one in snapshot.notices.list_subscribers()]


def test_a_browser_decrypts_the_words_of_the_page_and_ttl_ends_before_the_entry(
    pushing: Stage, service: PushService
) -> None:
    pushing.receive(event())
    subscribe(pushing, choices=Choices(lead=Lead.HOUR))
    pushing.receive(event(date=NOW + 7 * HOUR))
    pushing.settle()
    (moved,) = read(service)
    assert (moved["title"], moved["navigate"], moved["tag"]) == (
        "Docking 1 moved later", "https://space.example/events/1", "event-1",
    )  # fmt: skip
    assert moved["body"].startswith("Delayed by 1 h, from 1 March 2026, 15:30 UTC to 1 March 2026, 16:30 UTC")
    assert 0 < int(service.messages[0].headers["ttl"]) <= 24 * 3600
    pushing.run(8 * HOUR)
    _, reminder = read(service)
    assert reminder["tag"] == "event-1"
    assert service.messages[1].headers["urgency"] == "high"
    assert 0 < int(service.messages[1].headers["ttl"]) <= 3600
    assert service.messages[0].headers["topic"] == service.messages[1].headers["topic"]


def test_an_hour_of_outage_loses_nobody_and_tells_once(pushing: Stage, service: PushService) -> None:
    pushing.receive(event())
    subscribe(pushing)
    service.answers += [Answer(503)] * 3 + [Answer(429, {"Retry-After": "1800"}), Answer(is_cut=True)]
    pushing.receive(event(date=NOW + 2 * DAY))
    pushing.run(HOUR)
    assert list_names(pushing) == ["one"]
    pushing.run(7 * HOUR)
    assert len(service.messages) == 6
    assert [one.path for one in service.taken] == ["/fcm/send/one"]


def test_a_browser_that_left_is_forgotten_and_no_other(pushing: Stage, service: PushService) -> None:
    pushing.receive(event())
    for name in ("one", "two"):
        subscribe(pushing, name)
    service.answers += [Answer(410)]
    pushing.receive(event(date=NOW + 2 * DAY))
    pushing.settle()
    (left,) = list_names(pushing)
    assert {one.path for one in service.messages} == {"/fcm/send/one", "/fcm/send/two"}
    pushing.receive(event(date=NOW + 3 * DAY))
    pushing.settle()
    assert service.messages[-1].path == f"/fcm/send/{left}"
    assert len(service.messages) == 3
