"""A simulated year: an invented upstream that moves as the real one does, and how soon its changes are known here."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median, quantiles

from flask.testing import FlaskClient

from tests.clock import ManualClock
from tests.fake_ll2.data import data_folder
from tests.fake_ll2.records import make_record, precision
from webapp.domain.entry import EntryKey, ReceivedEntry
from webapp.ll2.client import Answer
from webapp.ll2.errors import SourceError, ThrottledError, UnavailableError
from webapp.ll2.parse import PAGE_SIZE, Page, parse_event, serialize_record
from webapp.ll2.protocol import Listing, PageRequest, ThrottleReport
from webapp.store import Store, TaskState
from webapp.sync.budget import HOUR
from webapp.sync.engine import Engine, Report
from webapp.sync.plan import NEAR, Situation, Task, plan
from webapp.sync.retry import retry_at

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
_MINUTE = 1
_UID = re.compile(r"Event (\d+) version (\d+)\.")


@dataclass(frozen=True, slots=True)
class State:
    """One event upstream from `since` on; its versions count from 1."""

    event_id: int
    version: int
    since: datetime
    date: datetime
    precision_id: int = _MINUTE
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One change upstream, and whether the event was near when it came: known to the minute and within an hour."""

    state: State
    is_near: bool


def real_shifts() -> list[timedelta]:
    """Give how far events really moved from one day's list to the next, in the 39 days of 2020."""
    known: dict[int, str] = {}
    shifts = []
    for file in sorted((data_folder() / "daily-upcoming").glob("*.json")):
        for record in json.loads(file.read_text("utf-8"))["results"]:
            before, after = known.get(record["id"], record["date"]), record["date"]
            if before != after:
                shifts.append(datetime.fromisoformat(after) - datetime.fromisoformat(before))
            known[record["id"]] = after
    return shifts


class World:
    """A schedule of events and all that changes about it, made from one seed."""

    def __init__(self, *, seed: int, days: int, shifts: Sequence[timedelta]) -> None:
        self.end = BEGIN + timedelta(days=days)
        chance = Random(seed)  # noqa: S311 - a schedule, no secret
        self.moves: list[Move] = []
        for event_id, date in enumerate(_dates(chance, days), start=1):
            self.moves += _life(chance, event_id, date, shifts)
        self.moves = sorted(self.moves, key=lambda move: (move.state.since, move.state.event_id))
        self._times = [move.state.since for move in self.moves]

    def changes(self) -> list[Move]:
        """Give what changes while the simulation runs."""
        return [move for move in self.moves if BEGIN + HOUR < move.state.since < self.end]

    def until(self, now: datetime) -> Sequence[Move]:
        """Give all that has happened up to now."""
        return self.moves[: bisect_left(self._times, now)]


def _dates(chance: Random, days: int) -> Iterator[datetime]:
    # From sixty days before the beginning, so that there is a past, to a hundred after the end.
    for day in range(-60, days + 100):
        for _ in range(chance.choice((0, 0, 1, 1, 2))):
            yield BEGIN + timedelta(days=day, minutes=chance.randrange(24 * 60))
    for week in range(4, days // 7, 9):
        # Thirty hours in a row in which something is always near.
        for hour in range(30):
            yield BEGIN + timedelta(weeks=week, hours=hour, minutes=chance.randrange(60))


def _life(chance: Random, event_id: int, date: datetime, shifts: Sequence[timedelta]) -> Iterator[Move]:
    """Invent one event's life: it is listed, moves some times, perhaps at the last hour, goes live, and ends."""
    precision_id = chance.choice((_MINUTE, _MINUTE, _MINUTE, _MINUTE, 2, 5, 5, 7))
    state = State(event_id, 1, date - timedelta(days=chance.uniform(5, 70)), date, precision_id)
    yield Move(state, is_near=False)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        at = state.since + timedelta(days=chance.uniform(0.5, 12))
        moved = state.date + chance.choice(shifts)
        if at < state.date - 2 * HOUR and moved > at:
            state = replace(state, version=state.version + 1, since=at, date=moved)
            yield Move(state, is_near=False)
    if state.precision_id == _MINUTE:
        yield from _last_hour(chance, state)


def _last_hour(chance: Random, state: State) -> Iterator[Move]:
    at = state.date - timedelta(minutes=chance.uniform(2, 58))
    if chance.random() < 0.4 and at > state.since:
        later = state.date + timedelta(minutes=chance.choice((5, 10, 20, 45)))
        state = replace(state, version=state.version + 1, since=at, date=later)
        yield Move(state, is_near=True)
    # A webcast begins before the event more often than after it.
    live = state.date + timedelta(minutes=chance.uniform(-15, 5))
    if live > state.since:
        begins = replace(state, version=state.version + 1, since=live, is_live=True)
        yield Move(begins, is_near=True)
        ends = begins.since + timedelta(minutes=chance.uniform(20, 200))
        yield Move(replace(begins, version=begins.version + 1, since=ends, is_live=False), is_near=True)


@dataclass
class Findings:
    """When calls went out, and how long each change took to be known: near ones and all others, in minutes."""

    calls: list[datetime] = field(default_factory=list)
    near: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def note(self, move: Move, now: datetime) -> None:
        """Note that a change is known now."""
        minutes = (now - move.state.since).total_seconds() / 60
        (self.near if move.is_near else self.others).append(minutes)

    @property
    def most_calls_in_an_hour(self) -> int:
        """Count the calls of the fullest hour, wherever it begins; its end is not part of it."""
        return max(bisect_left(self.calls, call + HOUR) - place for place, call in enumerate(self.calls))


def middle_and_95th(delays: Sequence[float]) -> tuple[float, float]:
    """Give the median and the 95th percentile."""
    return median(delays), quantiles(delays, n=20)[-1]


class Trouble:
    """What goes wrong now and then: calls fail, the source throttles, and the process is away for a while."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)  # noqa: S311 - as above

    def raise_some(self) -> None:
        """Fail three calls of a hundred, and throttle three of a thousand for ten minutes."""
        drawn = self._chance.random()
        if drawn < 0.003:
            raise ThrottledError(timedelta(minutes=10))
        if drawn < 0.033:
            raise UnavailableError("it did not answer in time")

    def absences(self, end: datetime) -> Iterator[tuple[datetime, timedelta]]:
        """Give when the process goes away, every three days or so, and for how long: up to 40 minutes."""
        at = BEGIN
        while (at := at + timedelta(days=self._chance.uniform(1, 5))) < end:
            yield at, timedelta(minutes=self._chance.uniform(0, 40))


class PlanAlone:
    """The planner alone, over the world: a call that succeeds knows at once all that there is to know."""

    def __init__(self, world: World, *, budget: int, seed: int) -> None:
        self._world, self._budget, self._trouble = world, budget, Trouble(seed)
        self._tasks: dict[Task, TaskState] = {}
        self._paused: datetime | None = None
        self._known: dict[int, State] = {}
        self._place = 0
        self._pages = 0
        self.found = Findings()

    def run(self) -> Findings:
        """Run from the beginning to the end of the world."""
        now, absences = BEGIN, list(self._trouble.absences(self._world.end))
        while now < self._world.end:
            planned = plan(self._situation(now))
            if planned.at > now:
                now = planned.at
            elif absences and absences[0][0] <= now:
                left, away = absences.pop(0)
                now = max(now, left + away)
            else:
                self._call(planned.task, now)
                now += timedelta(seconds=1)
        return self.found

    def _situation(self, now: datetime) -> Situation:
        near = [one for one in self._known.values() if one.precision_id == _MINUTE]
        return Situation(
            now=now,
            limit=self._budget,
            calls=[call for call in self.found.calls[-self._budget :] if call > now - HOUR],
            tasks=self._tasks,
            paused_until=self._paused,
            is_imported=self._pages >= _PAGES,
            is_importing=self._pages % _PAGES > 0,
            dates=sorted(one.date for one in near if now - NEAR <= one.date <= now + 3 * HOUR),
            is_live=any(one.is_live for one in near),
        )

    def _call(self, task: Task, now: datetime) -> None:
        if task is not Task.THROTTLE:
            self.found.calls.append(now)
        before = self._tasks.get(task, TaskState())
        try:
            self._trouble.raise_some()
        except SourceError as error:
            again = retry_at(error, before.failures + 1, now, chance=0.5)
            self._tasks[task] = replace(before, tried_at=now, failures=before.failures + 1, retry_at=again)
            self._paused = again if isinstance(error, ThrottledError) else self._paused
            return
        self._tasks[task] = TaskState(tried_at=now, succeeded_at=now)
        self._pages += task is Task.IMPORT
        if task in {Task.UPCOMING, Task.CHANGED}:
            self._learn(now)

    def _learn(self, now: datetime) -> None:
        came = self._world.until(now)
        for move in came[self._place :]:
            self._known[move.state.event_id] = move.state
            if move.state.since > BEGIN + HOUR:
                self.found.note(move, now)
        self._place = len(came)
        self._known = {key: one for key, one in self._known.items() if one.is_live or one.date > now - 2 * HOUR}


_PAGES = 12


class InventedSource:
    """Launch Library as the world has it at the moment, without the wire between."""

    date: datetime | None = None

    def __init__(self, world: World, clock: ManualClock, trouble: Trouble, found: Findings) -> None:
        self._world, self._clock, self._trouble, self._found = world, clock, trouble, found
        self._states: dict[int, State] = {}
        self._place = 0
        self._made: dict[tuple[int, int], ReceivedEntry] = {}

    def fetch_page(self, request: PageRequest) -> Answer[Page]:
        """Give a page of what there is."""
        now = self._call()
        states = sorted(self._states.values(), key=lambda one: (one.date, one.event_id))
        if request.listing is Listing.UPCOMING:
            states = [one for one in states if one.date >= now - timedelta(days=1)]
        if request.since is not None:
            states = [one for one in self._states.values() if one.since >= request.since]
            states.sort(key=lambda one: (one.since, one.event_id))
        part = states[request.offset : request.offset + PAGE_SIZE]
        has_next = request.offset + len(part) < len(states)
        return Answer(Page(len(states), has_next, tuple(map(self._make, part)), ()), is_contact=True)

    def fetch_entry(self, key: EntryKey) -> Answer[ReceivedEntry | None]:
        """Give one event."""
        self._call()
        return Answer(self._make(self._states[int(key.source_id)]), is_contact=True)

    def fetch_throttle(self) -> ThrottleReport:
        """Allow fifteen calls an hour."""
        now = self._clock()
        return ThrottleReport(15, sum(call > now - HOUR for call in self._found.calls), timedelta(0))

    def _call(self) -> datetime:
        now = self._clock()
        self._found.calls.append(now)
        self._trouble.raise_some()
        came = self._world.until(now)
        for move in came[self._place :]:
            self._states[move.state.event_id] = move.state
        self._place = len(came)
        return now

    def _make(self, state: State) -> ReceivedEntry:
        key = (state.event_id, state.version)
        if key not in self._made:
            record = make_record(
                state.event_id,
                date=_stamp(state.date),
                date_precision=precision(state.precision_id),
                last_updated=_stamp(state.since),
                webcast_live=state.is_live,
                description=f"Event {state.event_id} version {state.version}.",
            )
            self._made[key] = ReceivedEntry(parse_event(record), serialize_record(record))
        return self._made[key]


class WholeRoad:
    """The real engine, a real store and the real feed: a change is known when the bytes of the calendar hold it."""

    def __init__(
        self, world: World, store: Store, client: FlaskClient, clock: ManualClock, *, budget: int, seed: int
    ) -> None:
        self._world, self._store, self._client, self._clock = world, store, client, clock
        self._budget, self._trouble = budget, Trouble(seed)
        self._waiting: dict[int, list[Move]] = {}
        self._generation = 0
        self._place = 0
        self.found = Findings()
        self._source = InventedSource(world, clock, self._trouble, self.found)

    def run(self) -> Findings:
        """Run from the beginning to the end of the world."""
        self._clock.now = BEGIN
        absences, engine = list(self._trouble.absences(self._world.end)), self._start()
        while self._clock.now < self._world.end:
            if absences and absences[0][0] <= self._clock.now:
                left, away = absences.pop(0)
                self._clock.now = max(self._clock.now, left + away)
                engine = self._start()
            done = engine.step()
            if done is None:
                self._clock.advance(timedelta(seconds=10))
            elif isinstance(done, Report):
                self._clock.advance(timedelta(seconds=1))
                self._read_feed()
            else:
                # A process looks every ten seconds, which nobody need watch: until then nothing of the store changes.
                until = min(done.at, absences[0][0]) if absences else done.at
                self._clock.now = max(until, self._clock.now)
        return self.found

    def _start(self) -> Engine:
        chance = Random(self._budget)  # noqa: S311 - no secret
        name = f"process {len(self.found.calls)}"
        return Engine(self._store, self._source, self._clock, budget=self._budget, name=name, chance=chance.random)

    def _read_feed(self) -> None:
        with self._store.read() as snapshot:
            generation = snapshot.state.generation
        if generation == self._generation:
            return
        self._generation = generation
        came = self._world.until(self._clock.now)
        for move in came[self._place :]:
            self._waiting.setdefault(move.state.event_id, []).append(move)
        self._place = len(came)
        answer = self._client.get("/feeds/events.ics?vague=span&past=90")
        if answer.status_code != 200:
            return
        for event_id, version in _UID.findall(answer.get_data(as_text=True).replace("\r\n ", "")):
            self._meet(int(event_id), int(version))

    def _meet(self, event_id: int, version: int) -> None:
        waiting = self._waiting.get(event_id, [])
        while waiting and waiting[0].state.version <= version:
            move = waiting.pop(0)
            if move.state.since > BEGIN + HOUR:
                self.found.note(move, self._clock.now)


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
