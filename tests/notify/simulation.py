"""A simulation of notices: a source, a push service with outages, two processes that are killed, and their readers.

One number is one run. Whatever happens in it, each reader must know in the end how things stand, and must never have
been told of a time that did not hold. What is to be told is read from the entries, with nothing of the outbox's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.clock import NOW
from tests.notify.simulated_push import ENDINGS, OUTAGES, TAKEN, browser, make_channel
from tests.notify.stage import ADDRESSES, Stage, event, launch, with_status
from tests.soak import length
from webapp.domain.entry import Entry, EntryKey, EntryKind, StoredEntry
from webapp.domain.launch import LaunchDetail
from webapp.domain.notices import Choices, Lead, QuietHours
from webapp.notify.channels import Message, Outcome
from webapp.notify.deliveries import Deliveries
from webapp.notify.outbox import Outbox
from webapp.notify.push.sending import PushAnswer
from webapp.store import Channel, Notice, Subscriber, Writer
from webapp.sync.lease import LeaseHolder

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GO, ON_HOLD = 1, 5
SILENT = timedelta(minutes=10)
_TICKS, _QUIET_END = length(60, long=120), 36 * HOUR
_SOON_TOLD = 3 * HOUR
"""How long after the last change or outage everybody has been told: a browser is tried again within an hour."""

_WORKERS, _MOST_AT_ONCE = 2, 5
BERLIN, NIGHT, NIGHT_HOURS = ZoneInfo("Europe/Berlin"), QuietHours.parse("22:00-07:00"), 9 * HOUR
ANY_TIME, BY_DAY = Choices(lead=Lead.HOUR), Choices(lead=Lead.HOUR, zone=BERLIN, quiet=NIGHT)
QUERIES = {
    "everything": ("", ANY_TIME),
    "launches": ("?kind=launch", ANY_TIME),
    "one": ("?id=2", ANY_TIME),
    "sleeping": ("", BY_DAY),
    "leaving": ("", ANY_TIME),
}
"""What each reader asks for. The last one leaves now and then, and comes back."""


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
    """A subscriber: what it was told last of each entry, and which starts it was told of.

    `starts` are those told within the hour before them, `reminded` those of reminders, and `made` what notices made at
    one instant are about. One that is `gone` is answered for so. `ids` and `ended` say how many kills there were when
    each id came, and when it was answered so.
    """

    wants: frozenset[EntryKey]
    dates: dict[EntryKey, str]
    sleeps: bool = False
    down_until: datetime = NOW
    gone: PushAnswer | None = None
    ended: int | None = None
    has_returned: bool = False
    ids: dict[str, int] = field(default_factory=dict)
    starts: dict[EntryKey, list[datetime]] = field(default_factory=dict)
    reminded: dict[EntryKey, list[datetime]] = field(default_factory=dict)
    made: dict[str, set[str]] = field(default_factory=dict)

    def is_asleep(self, now: datetime) -> bool:
        """Whether it is night where it lives."""
        return self.sleeps and not 7 <= now.astimezone(BERLIN).hour < 22


@dataclass
class Simulation:
    """One run, of this number, on a stage."""

    stage: Stage
    seed: int
    kills: int = 0
    drifted: set[EntryKey] = field(default_factory=set)
    put_at: dict[EntryKey, datetime] = field(default_factory=dict)
    kill_rate: float = 0.02
    down_until: datetime = NOW
    sending: Message | None = None

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - no secret
        far = NOW + 3 * DAY
        first = [*(event(number, date=far) for number in range(1, 5)), *(launch(n, date=far) for n in range(1, 4))]
        self.entries: dict[EntryKey, Entry] = {entry.key: entry for entry in first}
        self.stage.receive(*self.entries.values())
        keys = frozenset(self.entries)
        wanted = {"launches": {key for key in keys if key.kind is EntryKind.LAUNCH}, "one": {event(2).key}}
        self.readers = {
            name: Reader(
                frozenset(wanted.get(name, keys)),
                {key: self.words(key) for key in keys},
                sleeps=choices.quiet is not None,
            )
            for name, (_, choices) in QUERIES.items()
        }
        self.channel = make_channel(self.answer, self.stage.clock)
        for name in QUERIES:
            self.subscribe(name)
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
        match self.chance.randrange(12):
            case 6:
                reader = self.chance.choice(list(self.readers.values()))
                reader.down_until = self.stage.clock.now + MINUTE * self.chance.randrange(5, 50)
            case 7:
                self.chance.shuffle(self.workers)
            case 8:
                self.down_until = self.stage.clock.now + MINUTE * self.chance.randrange(5, 120)
            case 9:
                self.leave_or_return("leaving")
            case 10:
                by = self.chance.choice((24 * HOUR, 2 * HOUR, -HOUR))
                moved = self.chance.sample(list(self.entries.values()), _MOST_AT_ONCE + 1)
                self.put(*(replace(one, date=(one.date or NOW) + by) for one in moved))
            case number:
                self.change_entry(self.chance.choice(list(self.entries)), number)

    def change_entry(self, key: EntryKey, number: int) -> None:
        """Let an entry change, in this of several ways, or not."""
        known = self.entries[key]
        match number:
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

    def put(self, *entries: Entry) -> None:
        for entry in entries:
            self.entries[entry.key], self.put_at[entry.key] = entry, self.stage.clock.now
        self.stage.receive(*entries)

    def subscribe(self, name: str) -> None:
        query, choices = QUERIES[name]
        with self.stage.store.write() as writer:
            writer.notices.put_subscription(browser(name, query, choices), now=self.stage.clock.now)

    def leave_or_return(self, name: str) -> None:
        """Let a browser's subscription end, or let the browser ask anew: its reader sees the page then."""
        reader, now = self.readers[name], self.stage.clock.now
        if reader.gone is None:
            reader.gone = self.chance.choice(ENDINGS)
            return
        starts = {key: start for key in self.entries if (start := self.start(key)) is not None and start - HOUR <= now}
        self.readers[name] = Reader(
            reader.wants,
            {key: self.words(key) for key in self.entries},
            down_until=reader.down_until,
            has_returned=True,
            starts={key: [start] for key, start in starts.items()},
        )
        self.subscribe(name)

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
        """Send a message by the real channel."""
        self.sending = message
        return self.channel.send(subscriber, message)

    def answer(self, name: str) -> PushAnswer:
        """Answer as a push service that has outages, and knows some browsers no more."""
        reader, now = self.readers[name], self.stage.clock.now
        if now < max(reader.down_until, self.down_until):
            return self.chance.choice(OUTAGES)
        if reader.gone is not None:
            assert reader.ended is None or reader.ended < self.kills, "a browser that is gone is left alone"
            reader.ended = self.kills
            return reader.gone
        assert self.sending is not None
        self.take(reader, self.sending)
        return TAKEN

    def take(self, reader: Reader, message: Message) -> None:
        """Take a message as the reader's device does, and judge it as the reader would."""
        now, item_id = self.stage.clock.now, message.item["id"]
        assert not reader.is_asleep(now), "a notice at night"
        is_repeated = item_id in reader.ids
        assert reader.ids.get(item_id, -1) < self.kills, "twice, though nothing was killed after the first"
        reader.ids[item_id] = self.kills
        if message.kind == "digest":
            self.take_digest(reader, message)
            return
        key = next(key for key in self.entries if str(key).replace(" ", "-") == message.tag)
        assert key in reader.wants
        facts = message.item["_perigee"]
        assert facts["date_words"] == self.words(key), "it says how things stand"
        start = self.start(key)
        if message.kind == "reminder":
            assert start is not None, "a reminder of what is off"
            assert timedelta(0) < start - now <= HOUR
            before = reader.reminded.setdefault(key, [])
            assert is_repeated or not is_near(start, before), "a reminder twice"
            before.append(start)
        else:
            together = reader.made.setdefault(message.item["date_published"], set())
            together.add(message.tag)
            assert len(together) <= _MOST_AT_ONCE, "so many are one"
        if start is not None and start - now <= HOUR:
            reader.starts.setdefault(key, []).append(start)
        reader.dates[key] = facts["date_words"]

    def take_digest(self, reader: Reader, message: Message) -> None:
        """Take a digest: it names what the changes page shows in full."""
        numbers = {one["number"] for one in message.item["_perigee"]["changes"]}
        with self.stage.store.read() as snapshot:
            ids = {one.entry_id for one in snapshot.get_changes(sorted(numbers))}
            keys = {one.entry.key for one in snapshot.get_entries(sorted(ids))}
        assert len(keys) > _MOST_AT_ONCE
        assert keys <= reader.wants
        reader.dates |= {key: self.words(key) for key in keys}

    def stop(self) -> None:
        """Nothing is under way."""

    def check_reminders(self) -> None:
        """Whoever can be reached knows of each start within the hour, if any process is at work."""
        now, is_at_work = self.stage.clock.now, any(lease.is_held for lease, _ in self.workers)
        with self.stage.store.read() as snapshot:
            failing = {one.subscription.name for one in snapshot.notices.list_subscribers() if one.failures}
            waiting = snapshot.notices.list_due(now, limit=9)
        for name, reader in self.readers.items():
            if not is_at_work or waiting or name in failing or reader.gone or reader.is_asleep(now):
                continue
            for key in reader.wants - (self.drifted if reader.has_returned else set()):
                start = self.start(key)
                if start is not None and start - HOUR <= now < start:
                    assert is_near(start, reader.starts.get(key, [])), (self.seed, name, key, start)

    def judge(self) -> None:
        with self.stage.store.read() as snapshot:
            kept = {one.subscription.name for one in snapshot.notices.list_subscribers()}
        assert kept == {name for name, reader in self.readers.items() if reader.gone is None or reader.ended is None}
        for name, reader in self.readers.items():
            up_at, patience = max(reader.down_until, self.down_until), _SOON_TOLD + NIGHT_HOURS * reader.sleeps
            for key in reader.wants - self.drifted if reader.gone is None else ():
                # What was over before it could be told is told to nobody.
                if not self.entries[key].is_over(max(self.put_at.get(key, NOW), up_at) + patience):
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
