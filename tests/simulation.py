"""A simulation: how soon the changes of an invented source are known here, by the plan alone or by all of it."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from statistics import median, quantiles

from flask.testing import FlaskClient

from tests.clock import ManualClock
from tests.fake_ll2.launches import launch_status, make_launch
from tests.fake_ll2.modes import abridged_launch
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import make_record, precision
from tests.simulated_world import BEGIN, DAY, HOUR, TBD, Move, State, World
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.domain.modes import Mode
from webapp.ll2.chain import ChainPage
from webapp.ll2.client import Answer
from webapp.ll2.errors import SourceError, ThrottledError, UnavailableError
from webapp.ll2.parse import Page, parse_record
from webapp.ll2.protocol import Listing, Order, PageRequest, ThrottleReport
from webapp.store import Store, TaskState
from webapp.sync.cadence import NEAR
from webapp.sync.engine import Engine, Report
from webapp.sync.plan import OUTCOME_WITHIN, plan
from webapp.sync.retry import retry_at
from webapp.sync.situation import KindSituation, Situation, Task

_UID = re.compile(r"(Event|Launch) (\d+) version (\d+)\.")
_EVENT, _LAUNCH = EntryKind.EVENT, EntryKind.LAUNCH


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a change took to be known, in minutes, and whether something of every kind was near as it came."""

    move: Move
    minutes: float
    is_all_near: bool


@dataclass
class Findings:
    """When calls went out, and how long each change took to be known."""

    calls: list[datetime] = field(default_factory=list)
    delays: list[Delay] = field(default_factory=list)

    def note(self, move: Move, now: datetime, world: World) -> None:
        """Note that a change is known now, if it came while the simulation ran."""
        if move.state.since > BEGIN + HOUR:
            minutes = (now - move.state.since).total_seconds() / 60
            self.delays.append(Delay(move, minutes, world.is_all_near(move.state.since)))

    def minutes(self, wanted: Callable[[Delay], bool]) -> list[float]:
        """Give the delays of some changes."""
        return [delay.minutes for delay in self.delays if wanted(delay)]

    @property
    def most_calls_in_an_hour(self) -> int:
        """Count the calls of the fullest hour, wherever it begins; its end is not part of it."""
        return max(bisect_left(self.calls, call + HOUR) - place for place, call in enumerate(self.calls))


def pooled(found: Sequence[Findings]) -> Findings:
    """Give the findings of several worlds as one: of their delays, and of their calls one world after the other."""
    calls = [call + place * _APART for place, one in enumerate(found) for call in one.calls]
    return Findings(calls, [delay for one in found for delay in one.delays])


_APART = timedelta(days=3660)


def is_near(delay: Delay) -> bool:
    """Whether the entry was near, and nothing of another kind was."""
    return delay.move.is_near and not delay.is_all_near


def is_near_beside_another(delay: Delay) -> bool:
    """Whether the entry was near, and something of every kind was."""
    return delay.move.is_near and delay.is_all_near


def is_calm(kind: EntryKind) -> Callable[[Delay], bool]:
    """Whether an entry of this kind changed that was not near, but for outcomes."""
    return lambda delay: delay.move.state.kind is kind and not (delay.move.is_near or delay.move.is_outcome)


def is_outcome(delay: Delay) -> bool:
    """Whether it is the outcome of a launch."""
    return delay.move.is_outcome


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
    """The planner alone, over the world: a call that succeeds knows at once what its list tells."""

    def __init__(self, world: World, *, budget: int, seed: int) -> None:
        self._world, self._budget, self._trouble = world, budget, Trouble(seed)
        self._tasks: dict[Task, TaskState] = {}
        self._paused: datetime | None = None
        self._known: dict[EntryKey, State] = {}
        self._waiting: dict[EntryKey, list[Move]] = {}
        self._place = 0
        self._pages = dict.fromkeys(Task, 0)
        self._swept_at: datetime | None = None
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
        return Situation(
            now=now,
            limit=self._budget,
            calls=[call for call in self.found.calls[-self._budget :] if call > now - HOUR],
            tasks=self._tasks,
            paused_until=self._paused,
            kinds={kind: self._kind_situation(kind, now) for kind in self._world.kinds},
        )

    def _kind_situation(self, kind: EntryKind, now: datetime) -> KindSituation:
        timed = [one for one in self._known.values() if one.kind is kind]
        walk = Task.IMPORT if kind is _EVENT else Task.LAUNCHES_SWEEP
        past = Task.IMPORT if kind is _EVENT else Task.LAUNCHES_HISTORY
        first = Task.UPCOMING if kind is _EVENT and len(self._world.kinds) > 1 else walk
        return KindSituation(
            is_imported=self._pages[first] >= _PAGES[first],
            is_importing=self._pages[walk] % _PAGES[walk] > 0,
            dates=sorted(one.date for one in timed if now - NEAR <= one.date <= now + 3 * HOUR),
            is_live=any(one.is_live for one in timed),
            is_outcome_awaited=kind is _LAUNCH and any(now - OUTCOME_WITHIN < one.date < now - NEAR for one in timed),
            swept_at=self._swept_at,
            is_history_read=self._pages[past] >= _PAGES[past],
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
        self._pages[task] += 1
        self._learn(task, now)

    def _learn(self, task: Task, now: datetime) -> None:
        came = self._world.until(now)
        for move in came[self._place :]:
            self._waiting.setdefault(move.state.key, []).append(move)
        self._place = len(came)
        if task is Task.LAUNCHES_SWEEP and self._pages[task] % _PAGES[task] == 0:
            self._swept_at = now
        for key, moves in list(self._waiting.items()):
            if self._tells(task, moves[-1].state, now):
                self._known[key] = moves[-1].state
                for move in self._waiting.pop(key):
                    self.found.note(move, now, self._world)
        self._known = {key: one for key, one in self._known.items() if _may_be_near(one, now)}

    def _tells(self, task: Task, state: State, now: datetime) -> bool:
        """Whether the list that a task reads holds this state."""
        match task:
            case Task.UPCOMING | Task.CHANGED:
                return state.kind is _EVENT
            case Task.LAUNCHES_CHANGED:
                return state.kind is _LAUNCH
            case Task.LAUNCHES_SOON:
                return state.kind is _LAUNCH and state.status_id != TBD and state.date > now - DAY
            case Task.LAUNCHES_SWEEP:
                return state.kind is _LAUNCH and self._swept_at == now
        return False


def _may_be_near(state: State, now: datetime) -> bool:
    return state.is_timed and not state.has_outcome and (state.is_live or state.date > now - OUTCOME_WITHIN)


_PAGES = {Task.UPCOMING: 1, Task.IMPORT: 12, Task.LAUNCHES_SWEEP: 4, Task.LAUNCHES_HISTORY: 80}
"""How many pages the lists have that are read through."""


class InventedSource:
    """Launch Library as the world has it at the moment, without the wire between."""

    date: datetime | None = None
    url = "https://ll2.example/"

    def __init__(self, world: World, clock: ManualClock, trouble: Trouble, found: Findings) -> None:
        self._world, self._clock, self._trouble, self._found = world, clock, trouble, found
        self._states: dict[EntryKey, State] = {}
        self._place = 0
        self._made: dict[tuple[EntryKey, int, Mode], ReceivedEntry] = {}

    def fetch_page(self, request: PageRequest) -> Answer[Page]:
        """Give a page of what there is."""
        now = self._call()
        states = [one for one in self._states.values() if _is_listed(one, request, now)]
        states.sort(key=_ORDERS[request.order])
        if request.since is not None:
            states.sort(key=lambda one: one.since)
        part = states[request.offset : request.offset + request.limit]
        has_next = request.offset + len(part) < len(states)
        received = tuple(self._make(state, request.mode) for state in part)
        return Answer(Page(len(states), has_next, received, ()), is_contact=True)

    def fetch_entry(self, key: EntryKey) -> Answer[ReceivedEntry | None]:
        """Give one entry."""
        self._call()
        return Answer(self._make(self._states[key], Mode.DETAILED), is_contact=True)

    def fetch_throttle(self) -> ThrottleReport:
        """Allow fifteen calls an hour."""
        now = self._clock()
        return ThrottleReport(15, sum(call > now - HOUR for call in self._found.calls), timedelta(0))

    def fetch_chain(self, after: str) -> ChainPage:
        """Nobody asks Launch Library itself."""
        raise NotImplementedError(after)

    def _call(self) -> datetime:
        now = self._clock()
        self._found.calls.append(now)
        self._trouble.raise_some()
        came = self._world.until(now)
        for move in came[self._place :]:
            self._states[move.state.key] = move.state
        self._place = len(came)
        return now

    def _make(self, state: State, mode: Mode) -> ReceivedEntry:
        made = (state.key, state.version, mode)
        if made not in self._made:
            self._made[made] = parse_record(_record(state, mode), state.kind)
        return self._made[made]


_ORDERS: dict[Order, Callable[[State], tuple[float, int]]] = {
    Order.DATE: lambda one: (one.date.timestamp(), one.number),
    Order.NET: lambda one: (one.date.timestamp(), one.number),
    Order.NET_DESCENDING: lambda one: (-one.date.timestamp(), one.number),
    Order.ID: lambda one: (0, one.number),
}


def _is_listed(state: State, asked: PageRequest, now: datetime) -> bool:
    is_upcoming = asked.listing in {Listing.UPCOMING, Listing.UPCOMING_LAUNCHES}
    return (
        state.kind is asked.listing.kind
        and (not is_upcoming or state.date >= now - DAY)
        and (asked.listing is not Listing.PAST_LAUNCHES or state.date <= now)
        and (asked.since is None or state.since >= asked.since)
        and (not asked.status_ids or state.status_id in asked.status_ids)
        and (not asked.ids or state.key.source_id in asked.ids)
    )


def _record(state: State, mode: Mode) -> dict[str, object]:
    words = f"{state.kind.value.capitalize()} {state.number} version {state.version}."
    common = {"last_updated": stamp(state.since), "webcast_live": state.is_live}
    if state.kind is _EVENT:
        dated = {"date": stamp(state.date), "date_precision": precision(state.precision_id)}
        return make_record(state.number, **common, **dated, description=words)
    record = make_launch(
        state.number, **common, net=stamp(state.date), net_precision=precision(state.precision_id),
        window_start=stamp(state.date), window_end=stamp(state.date), status=launch_status(state.status_id or TBD),
    )  # fmt: skip
    record["mission"] = record["mission"] | {"description": words}
    return abridged_launch(record, mode.value)


class WholeRoad:
    """The real engine, a real store and the real feed: a change is known when the bytes of the calendar hold it."""

    def __init__(
        self, world: World, store: Store, client: FlaskClient, clock: ManualClock, *, budget: int, seed: int
    ) -> None:
        self._world, self._store, self._client, self._clock = world, store, client, clock
        self._budget, self._trouble = budget, Trouble(seed)
        self._waiting: dict[tuple[str, int], list[Move]] = {}
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
        return Engine(
            self._store, self._source, self._clock, budget=self._budget, name=name, chance=chance.random,
            kinds=self._world.kinds,
        )  # fmt: skip

    def _read_feed(self) -> None:
        with self._store.read() as snapshot:
            generation = snapshot.state.generation
        if generation == self._generation:
            return
        self._generation = generation
        came = self._world.until(self._clock.now)
        for move in came[self._place :]:
            self._waiting.setdefault((move.state.kind.value, move.state.number), []).append(move)
        self._place = len(came)
        answer = self._client.get("/feeds/events.ics?vague=span&past=90")
        if answer.status_code != 200:
            return
        for kind, number, version in _UID.findall(answer.get_data(as_text=True).replace("\r\n ", "")):
            self._meet((kind.lower(), int(number)), int(version))

    def _meet(self, entry: tuple[str, int], version: int) -> None:
        waiting = self._waiting.get(entry, [])
        while waiting and waiting[0].state.version <= version:
            self.found.note(waiting.pop(0), self._clock.now, self._world)
