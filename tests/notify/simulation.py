"""A simulation of notices: a source, receivers with outages, two processes that are killed, and readers who remember.

One number is one run. Whatever happens in it, each reader must know in the end how things stand, and must never have
been told of a time that did not hold. What is to be told is read from the entries, with nothing of the outbox's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from tests.clock import NOW
from tests.notify.stage import ADDRESSES, Stage, event, launch, with_status
from tests.soak import length
from webapp.domain.entry import Entry, EntryKey, EntryKind, StoredEntry
from webapp.domain.launch import LaunchDetail
from webapp.domain.notices import Choices, Lead
from webapp.notify.channels import Message, Outcome, Retry, Sent
from webapp.notify.deliveries import Deliveries
from webapp.notify.outbox import Outbox
from webapp.store import Channel, Notice, Subscriber, Writer
from webapp.sync.lease import LeaseHolder

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GO, ON_HOLD = 1, 5
SILENT = timedelta(minutes=10)
_TICKS, _QUIET_END = length(60, long=120), 36 * HOUR
_LONGEST_OUTAGE = 3 * HOUR
"""How long after the last change everybody has been reached again: receivers are down for less than an hour."""

_WORKERS = 2
QUERIES = {"everything": "", "launches": "?kind=launch", "one": "?id=2"}


class KilledError(Exception):
    """The process is killed, at the border of a transaction."""


class SequentialDeliveries(Deliveries):
    """Sends at once, so that a run is the same whenever it is repeated."""

    def submit(self, subscriber: Subscriber, messages: Sequence[tuple[Notice, Message]]) -> None:
        self._tasks.put((subscriber, messages))
        self._tasks.put(None)
        self._busy.add(subscriber.id)
        self._work()

    def _send(self, subscriber: Subscriber, message: Message) -> Outcome:
        return self._senders[Channel.PUSH].send(subscriber, message)  # What a test finds is no outcome.


@dataclass
class Reader:
    """A subscriber: what it was told last of each entry, which ids it has seen, and which starts it was told of.

    `starts` are those told within the hour before them, `reminded` those of reminders.
    """

    wants: frozenset[EntryKey]
    dates: dict[EntryKey, str]
    down_until: datetime = NOW
    ids: list[str] = field(default_factory=list)
    starts: dict[EntryKey, list[datetime]] = field(default_factory=dict)
    reminded: dict[EntryKey, list[datetime]] = field(default_factory=dict)


@dataclass
class Simulation:
    """One run, of this number, on a stage."""

    stage: Stage
    seed: int
    kills: int = 0
    drifted: set[EntryKey] = field(default_factory=set)
    put_at: dict[EntryKey, datetime] = field(default_factory=dict)
    kill_rate: float = 0.02

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - no secret
        far = NOW + 3 * DAY
        first = (event(1, date=far), event(2, date=far), launch(1, date=far), launch(2, date=far))
        self.entries: dict[EntryKey, Entry] = {entry.key: entry for entry in first}
        self.stage.receive(*self.entries.values())
        keys = frozenset(self.entries)
        wanted = {"everything": keys, "launches": {key for key in keys if key.kind is EntryKind.LAUNCH}}
        self.readers = {
            name: Reader(frozenset(wanted.get(name, {event(2).key})), {key: self.words(key) for key in keys})
            for name in QUERIES
        }
        for name, query in QUERIES.items():
            self.stage.subscribe(name, query, Choices(lead=Lead.HOUR))
        self.workers = [self.make_worker(number) for number in range(_WORKERS)]

    def run(self) -> None:
        """Let all happen, then let it come to rest, and judge what each reader knows."""
        for _ in range(_TICKS):
            self.stage.clock.advance(MINUTE * self.chance.choice((1, 5, 20, 45)))
            self.change_something()
            self.work()
        self.kill_rate = 0.0
        until = self.stage.clock.now + _QUIET_END
        while self.stage.clock.now < until:
            self.stage.clock.advance(30 * MINUTE)
            self.work()
        self.judge()

    def change_something(self) -> None:
        """Let one thing happen, or nothing."""
        key = self.chance.choice(list(self.entries))
        known = self.entries[key]
        match self.chance.randrange(9):
            case 0 | 1:
                by = self.chance.choice((24 * HOUR, -HOUR, 3 * HOUR, HOUR, 25 * MINUTE, 7 * HOUR, -5 * HOUR))
                self.put(replace(known, date=(known.date or NOW) + by))
            case 2:
                self.put(replace(known, date=self.stage.clock.now + MINUTE * self.chance.randrange(70, 300)))
            case 3:
                self.put(replace(known, precision_id=self.chance.choice((1, 1, 2, 5))))
            case 4 if isinstance(known.detail, LaunchDetail):
                self.put(with_status(known, self.chance.choice((GO, GO, ON_HOLD))))
            case 5 if key.kind is EntryKind.LAUNCH:
                self.drifted.add(key)
                self.put(replace(known, date=(known.date or NOW) + MINUTE * self.chance.randrange(1, 9)))
            case 6:
                reader = self.chance.choice(list(self.readers.values()))
                reader.down_until = self.stage.clock.now + MINUTE * self.chance.randrange(5, 50)
            case 7:
                self.chance.shuffle(self.workers)

    def put(self, entry: Entry) -> None:
        self.entries[entry.key], self.put_at[entry.key] = entry, self.stage.clock.now
        self.stage.receive(entry)

    def work(self) -> None:
        """Let each process work until it has nothing to do, or is killed: then another begins in its place."""
        for place, (lease, outbox) in enumerate(list(self.workers)):
            try:
                if lease.hold():
                    assert any(not outbox.step() for _ in range(50)), "it never comes to rest"
            except KilledError:
                self.kills += 1
                self.workers[place] = self.make_worker(self.kills + _WORKERS)
        self.check_reminders()

    def make_worker(self, number: int) -> tuple[LeaseHolder, Outbox]:
        lease = LeaseHolder(self.stage.store, self.stage.clock, f"process {number}")

        @contextmanager
        def write() -> Iterator[Writer]:
            if self.chance.random() < self.kill_rate:
                raise KilledError
            with lease.write() as writer:
                yield writer
            if self.chance.random() < self.kill_rate:
                raise KilledError

        outbox = Outbox(
            self.stage.store,
            write=write,
            is_held=lambda: lease.is_held,
            clock=self.stage.clock,
            senders={},
            rules=[],
            addresses=ADDRESSES,
        )
        outbox._deliveries = SequentialDeliveries({Channel.PUSH: self})  # noqa: SLF001 - one after the other
        return lease, outbox

    def send(self, subscriber: Subscriber, message: Message) -> Outcome:
        """Take a message as the reader's device does, and judge it as the reader would."""
        reader = self.readers[subscriber.subscription.name]
        if self.stage.clock.now < reader.down_until:
            return Retry("status 503")
        key = next(key for key in self.entries if str(key).replace(" ", "-") == message.tag)
        assert key in reader.wants
        facts, item_id = message.item["_perigee"], message.item["id"]
        assert facts["date_words"] == self.words(key), "it says how things stand"
        start = self.start(key)
        if message.kind == "reminder":
            assert start is not None, "a reminder of what is off"
            assert timedelta(0) < start - self.stage.clock.now <= HOUR
            before = reader.reminded.setdefault(key, [])
            assert item_id in reader.ids or not is_near(start, before), "a reminder twice"
            before.append(start)
        if start is not None and start - self.stage.clock.now <= HOUR:
            reader.starts.setdefault(key, []).append(start)
        reader.ids.append(item_id)
        reader.dates[key] = facts["date_words"]
        return Sent()

    def stop(self) -> None:
        """Nothing is under way."""

    def check_reminders(self) -> None:
        """Whoever can be reached knows of each start within the hour, if any process is at work."""
        now, is_at_work = self.stage.clock.now, any(lease.is_held for lease, _ in self.workers)
        with self.stage.store.read() as snapshot:
            failing = {one.subscription.name for one in snapshot.notices.list_subscribers() if one.failures}
            waiting = snapshot.notices.list_due(now, limit=9)
        for name, reader in self.readers.items():
            if not is_at_work or waiting or name in failing:
                continue
            for key in reader.wants:
                start = self.start(key)
                if start is not None and start - HOUR <= now < start:
                    assert is_near(start, reader.starts.get(key, [])), (self.seed, name, key, start)

    def judge(self) -> None:
        for name, reader in self.readers.items():
            repeated = len(reader.ids) - len(set(reader.ids))
            assert repeated <= self.kills, (self.seed, name)
            for key in reader.wants - self.drifted:
                # What was over before it could be told is told to nobody.
                if not self.entries[key].is_over(self.put_at.get(key, NOW) + _LONGEST_OUTAGE):
                    assert reader.dates[key] == self.words(key), (self.seed, name, key)

    def start(self, key: EntryKey) -> datetime | None:
        entry = self.entries[key]
        status = entry.detail.status if isinstance(entry.detail, LaunchDetail) else None
        is_held = status is not None and status.id == ON_HOLD
        if entry.date is None or entry.precision_id not in {0, 1, 2} or is_held:
            return None
        return entry.date.replace(minute=0 if entry.precision_id == 2 else entry.date.minute, second=0)

    def words(self, key: EntryKey) -> str:
        return self.stored(key).entry.date_words

    def stored(self, key: EntryKey) -> StoredEntry:
        with self.stage.store.read() as snapshot:
            found = snapshot.get_entry(key)
        assert found is not None
        return found


def is_near(start: datetime, told: Sequence[datetime]) -> bool:
    """Whether one of these starts is as good as this one."""
    return any(abs(start - one) < SILENT for one in told)
