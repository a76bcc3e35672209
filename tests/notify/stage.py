"""A stage for the outbox: a store, a clock, a channel that remembers, and entries that change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.clock import NOW, ManualClock
from tests.databases import migrated_store
from tests.factories import make_entry, make_launch_entry
from tests.keys import event_key, launch_key
from webapp.domain.entry import Entry, EntryKind, ReceivedEntry
from webapp.domain.launch import LaunchDetail, LaunchStatus
from webapp.domain.notices import Choices
from webapp.notify.channels import Message, Outcome, Sent
from webapp.notify.messages import Addresses
from webapp.notify.outbox import Outbox
from webapp.store import Channel, Store, Subscriber, Subscription
from webapp.sync.lease import LeaseHolder

ADDRESSES = Addresses(
    entry=lambda stored: f"https://space.example/{stored.entry.key.kind.plural}/{stored.entry.key.source_id}",
    changes=lambda query: f"https://space.example/changes{query}",
)
_MOST_STEPS = 50


@dataclass(slots=True)
class MemorySender:
    """Takes all messages, or answers with what is laid out for it first."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[tuple[str, Message]] = field(default_factory=list)

    def send(self, subscriber: Subscriber, message: Message) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else Sent()
        if isinstance(outcome, Sent):
            self.sent.append((subscriber.subscription.name, message))
        return outcome

    def stop(self) -> None:
        """Nothing is under way."""


@dataclass(slots=True)
class Stage:
    """What a test moves: `receive` is the syncing, `run` lets time pass."""

    store: Store
    clock: ManualClock
    lease: LeaseHolder
    sender: MemorySender = field(default_factory=MemorySender)
    rules: list[Subscription] = field(default_factory=list)
    outbox: Outbox | None = None

    def subscribe(self, name: str = "club", query: str = "", choices: Choices = Choices()) -> None:  # noqa: B008
        """Let somebody subscribe by now, as a browser does."""
        with self.store.write() as writer:
            writer.notices.put_subscription(Subscription(Channel.PUSH, name, query, choices), now=self.clock.now)

    def start(self) -> Outbox:
        """Make a process's outbox anew."""
        assert self.lease.hold()
        self.outbox = Outbox(
            self.store,
            write=self.lease.write,
            is_held=lambda: self.lease.is_held,
            clock=self.clock,
            senders={Channel.PUSH: self.sender, Channel.TARGET: self.sender},
            rules=self.rules,
            addresses=ADDRESSES,
        )
        return self.outbox

    def receive(self, *entries: Entry) -> None:
        """Let entries arrive from the source."""
        with self.store.write() as writer:
            writer.upsert_entries([ReceivedEntry(entry, "{}") for entry in entries], now=self.clock.now)

    def settle(self) -> list[Message]:
        """Step until there is nothing to do; give what was sent."""
        outbox, before = self.outbox or self.start(), len(self.sender.sent)
        assert self.lease.hold()
        assert any(not outbox.step() for _ in range(_MOST_STEPS)), "it never comes to rest"
        return [message for _, message in self.sender.sent[before:]]

    def run(self, length: timedelta, step: timedelta | None = None) -> list[Message]:
        """Let time pass, in steps of a minute, or of ten where it is long; give what was sent meanwhile."""
        sent, until = [], self.clock.now + length
        step = step or timedelta(minutes=10 if length > timedelta(hours=2) else 1)
        while self.clock.now < until:
            self.clock.advance(min(step, until - self.clock.now))
            sent += self.settle()
        return sent

    def run_until(self, moment: datetime) -> list[Message]:
        """Let time pass until then."""
        return self.run(moment - self.clock.now)


@contextmanager
def make_stage(folder: Path) -> Iterator[Stage]:
    """Give a stage whose import was complete an hour ago."""
    store, clock = migrated_store(folder / "store.db"), ManualClock(NOW)
    with store.write() as writer:
        for kind in EntryKind:
            writer.update_progress(kind, imported_at=NOW - timedelta(hours=1), history_at=NOW - timedelta(hours=1))
    stage = Stage(store, clock, LeaseHolder(store, clock, "the test"))
    yield stage
    if stage.outbox is not None:
        stage.outbox.stop()
    store.close()


def event(number: int = 1, **fields: object) -> Entry:
    """Give a docking known to the minute, six hours from the stage's beginning."""
    given = {"key": event_key(number), "name": f"Docking {number}", "date": NOW + timedelta(hours=6)} | fields
    return make_entry(**given)


def launch(number: int = 1, status: int = 1, **fields: object) -> Entry:
    """Give a launch known to the minute, six hours from the stage's beginning, by default Go."""
    given = {"key": launch_key(number), "name": f"Carrier | Flight {number}", "date": NOW + timedelta(hours=6)} | fields
    return make_launch_entry(LaunchDetail(status=LaunchStatus(status, "", "")), **given)


def with_status(entry: Entry, status: int) -> Entry:
    """Give the launch with another status."""
    assert isinstance(entry.detail, LaunchDetail)
    return replace(entry, detail=replace(entry.detail, status=LaunchStatus(status, "", "")))
