"""Subscribers who are told in three ways at once: by a webhook, a chat and a push service, each over real HTTP.

What a webhook is told is compared with what the data says. The other two must be told the same, in the same words: a
chat by Apprise, and a browser in what it decrypts by another implementation than ours.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import http_ece

from tests.clock import ManualClock
from tests.notify.push.service import HOST, PushService, push_service
from tests.notify.push.test_channel import AUTH, BROWSER, KEYS, SUBJECT
from tests.notify.receiver import Receiver, running_receiver
from tests.notify.stage import ADDRESSES
from webapp.domain.notices import Choices, Lead
from webapp.notify.outbox import Outbox
from webapp.notify.push.channel import PushChannel
from webapp.notify.push.encrypting_process import EncryptingProcess
from webapp.notify.push.sending import PushSender
from webapp.notify.push.server_keys import KeptServerKeys
from webapp.notify.rules import Rule
from webapp.notify.targets import TargetSender
from webapp.store import Channel, Store, Subscription
from webapp.sync.lease import LeaseHolder

Told = tuple[str, Any]
"""A notice: what it is about, or `digest`; and the kinds of change that it tells, or the start that it reminds of."""

_Words = tuple[str, str, str, str]
"""What a reader sees: the subscriber's name, the title, the body, and the address that it leads to."""


@dataclass
class Inboxes:
    """What came: `counts` has how many messages each way took."""

    outbox: Outbox
    receiver: Receiver
    service: PushService
    counts: Counter[str] = field(default_factory=Counter)

    def settle(self) -> None:
        """Let all be sent that is due."""
        while self.outbox.step():
            pass

    def take(self) -> dict[str, list[Told]]:
        """Give what each subscriber was told, the same in all ways, and forget it."""
        posted = [(one.path, json.loads(one.body)) for one in self.receiver.received]
        chats = [(path.removeprefix("/chat/"), chat) for path, chat in posted if path.startswith("/chat/")]
        items = [(path.removeprefix("/"), item) for path, item in posted if not path.startswith("/chat/")]
        by_webhook = sorted((name, item["title"], item["content_text"], item["url"]) for name, item in items)
        by_chat = sorted((name, chat["title"], *split(chat["message"])) for name, chat in chats)
        by_push = sorted(self._decrypted())
        assert by_chat == by_webhook, (by_chat, by_webhook)
        assert by_push == by_webhook, (by_push, by_webhook)
        for way, words in (("webhook", by_webhook), ("chat", by_chat), ("push", by_push)):
            self.counts[way] += len(words)
        self.receiver.received.clear()
        self.service.messages.clear()
        self.service.taken.clear()
        return read_items(items)

    def _decrypted(self) -> Iterator[_Words]:
        assert len(self.service.messages) == len(self.service.taken)
        for one in self.service.taken:
            told = json.loads(http_ece.decrypt(one.body, private_key=BROWSER, auth_secret=AUTH))["notification"]
            about = told["navigate"].rpartition("/")[2]
            assert told["tag"] == "digest" or told["tag"].endswith(f"-{about}")
            yield one.path.rpartition("/")[2], told["title"], told["body"], told["navigate"]


def split(message: str) -> tuple[str, str]:
    """Give the body and the address of a chat's message."""
    body, _, address = message.rpartition("\n")
    return body, address


def read_items(items: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, list[Told]]:
    """Read what webhooks were given, by subscriber."""
    found: dict[str, list[Told]] = {}
    for name, item in items:
        facts = item["_perigee"]
        about = facts.get("launch_id") or facts.get("event_id") or "digest"
        if item["tags"] == ["reminder"]:
            what: Any = datetime.fromisoformat(facts["date"])
        else:
            what = sorted(change["kind"] for change in facts["changes"])
        found.setdefault(name, []).append((str(about), what))
    return {name: sorted(told, key=str) for name, told in found.items()}


@contextmanager
def subscribed(
    folder: Path,
    store: Store,
    lease: LeaseHolder,
    clock: ManualClock,
    *,
    queries: Mapping[str, str],
    lead: Lead | None,
) -> Iterator[Inboxes]:
    """Subscribe to each of these queries in all ways."""
    with running_receiver() as receiver, push_service(folder) as service:
        targets = {"": f"http://{receiver.address}/", "chat ": f"json://{receiver.address}/chat/"}
        rules = [
            Rule(Subscription(Channel.TARGET, f"{way}{name}", query, Choices(lead=lead)), f"{target}{name}")
            for way, target in targets.items()
            for name, query in queries.items()
        ]
        keys = KeptServerKeys(store, EncryptingProcess(), write=lease.write, clock=clock)
        sender = PushSender(service.network, "Perigee/test")
        channel = PushChannel(keys.process, sender, server_keys=keys.get, subject=SUBJECT, clock=clock)
        outbox = Outbox(
            store,
            write=lease.write,
            is_held=lease.hold,
            clock=clock,
            senders={
                Channel.TARGET: TargetSender(rules, clock, user_agent="Perigee/test", about=""),
                Channel.PUSH: channel,
            },
            rules=[rule.subscription for rule in rules],
            addresses=ADDRESSES,
            prepare=keys.ensure,
        )
        inboxes = Inboxes(outbox, receiver, service)
        inboxes.settle()
        with store.write() as writer:
            for name, query in queries.items():
                where = f"https://{HOST}/fcm/send/{name}"
                browser = Subscription(Channel.PUSH, name, query, Choices(lead=lead), where, KEYS)
                writer.notices.put_subscription(browser, now=clock.now)
        yield inboxes
        outbox.stop()
