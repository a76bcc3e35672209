"""The sync engine: one call after another, as planned, each noted before it goes out, its answer written whole."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.clock import Clock, believed
from webapp.domain.entry import EntryKind
from webapp.domain.words import due_words
from webapp.ll2.errors import MalformedError, SourceError, ThrottledError
from webapp.store import Snapshot, Store, StoreUnavailableError, SyncMemory, Writer
from webapp.sync.apply import Outcome
from webapp.sync.budget import HOUR, free_at, limit_of
from webapp.sync.fetch import Source, fetch
from webapp.sync.lease import AlreadySyncingError, LeaseHolder, LeaseLostError
from webapp.sync.plan import DOUBT_AGAIN_AFTER, FREE, LOOK_AHEAD, NEAR, Doubt, Plan, Situation, Task, plan
from webapp.sync.retry import retry_at
from webapp.sync.skew import believed_state, note_skew, rest_until

log = logging.getLogger(__name__)

_TO_THE_MINUTE = (0, 1)  # Ids of LL2's `date_precision`.
_UNFINISHED = "never finished: the process ended, or the database was not writable"


class BudgetSpentError(Exception):
    """No call may go out now; the message says from when on one may."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one call did. `at` is when it went out, in UTC; `fault` is what the source did wrong, if it did."""

    planned: Plan
    at: datetime
    outcome: Outcome | None = None
    fault: str | None = None


class Engine:
    """Keeps one store fresh. `budget` is how many calls may go out in any hour; `chance` gives numbers from 0 to 1.

    `name` tells this process from all others. `trouble` says what keeps it from writing to the store, if anything does.
    """

    def __init__(
        self, store: Store, source: Source, clock: Clock, *, budget: int, name: str, chance: Callable[[], float]
    ) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._budget = budget
        self._chance = chance
        self.lease = LeaseHolder(store, clock, name)
        self.trouble: str | None = None

    def step(self) -> Report | Plan | None:
        """Make the next call if it is due, and report; otherwise give the plan. `None` while another process syncs.

        Whatever the source does wrong is noted and reported. Raises `LeaseLostError` and `StoreUnavailableError`: then
        nothing of an answer was kept, and the call is made again later.
        """
        if not self.lease.hold():
            return None
        with self._store.read() as snapshot:
            planned, state = plan(self._situation(snapshot)), snapshot.state
        if planned.at <= self._clock():
            return self.carry_out(planned)
        if (planned.at, planned.task.value) != (state.next_call_at, state.next_call):
            with self.lease.write() as writer:
                writer.update_state(next_call_at=planned.at, next_call=planned.task.value)
        return planned

    def carry_out(self, planned: Plan) -> Report:
        """Make one call, due or not. Raises `BudgetSpentError` where none may go out, and as `step` does."""
        at = self._clock()
        number = self._open(planned, at)
        try:
            outcome = self._fetch_and_take_in(planned, number, at)
        except (StoreUnavailableError, LeaseLostError):
            raise
        except Exception as error:  # noqa: BLE001 - it is noted, and logged
            reason = _reason(error)
            with self.lease.write() as writer:
                self._note_failure(writer, planned, number, reason)
            return Report(planned, at, fault=str(reason))
        return Report(planned, at, outcome)

    def _fetch_and_take_in(self, planned: Plan, number: int, at: datetime) -> Outcome:
        with self._store.read() as snapshot:
            state = believed_state(snapshot, at)
        apply = fetch(self._source, planned, state, at)
        with self.lease.write() as writer:
            now = self._clock()
            note_skew(writer, self._source.date, now=now)
            outcome = apply(writer, now)
            self._note_success(writer, planned, number, outcome, now)
        return outcome

    def import_everything(self, report: Callable[[Report], object]) -> Report:
        """Import everything, from where an import stands, as fast as the budget allows; give the last page's report.

        `report` is given each page. Raises `AlreadySyncingError`, `BudgetSpentError`, or the `SourceError` of a
        failing call; what came before is kept, and the next attempt goes on there.
        """
        while True:
            if not self.lease.hold():
                raise AlreadySyncingError("another process is already syncing")
            done = self.carry_out(Plan(Task.IMPORT, self._clock(), "it was requested"))
            if done.fault is not None:
                raise SourceError(done.fault)
            report(done)
            with self._store.read() as snapshot:
                if snapshot.state.progress_of(EntryKind.EVENT).import_offset == 0:
                    return done

    def _situation(self, snapshot: Snapshot) -> Situation:
        now, memory = self._clock(), snapshot.sync
        state = believed_state(snapshot, now)
        progress = state.progress_of(EntryKind.EVENT)
        return Situation(
            now=now,
            limit=limit_of(self._budget, state.hourly_limit),
            calls=_spent_calls(memory, now),
            tasks={Task(name): task.believed(now) for name, task in memory.list_tasks().items()},
            paused_until=state.paused_until,
            is_imported=progress.imported_at is not None,
            is_importing=progress.import_offset > 0,
            doubt=_next_doubt(memory, now),
            dates=memory.list_dates_between(now - NEAR, now + LOOK_AHEAD, _TO_THE_MINUTE),
            is_live=memory.count_live() > 0,
            rest_until=rest_until(memory, now),
        )

    def _open(self, planned: Plan, at: datetime) -> int:
        """Note that a call goes out, if there is a token for it."""
        task = planned.task.value
        with self.lease.write() as writer:
            if task not in FREE:
                self._refuse_beyond_budget(writer, at)
            writer.sync.close_open_calls(now=at, fault=self.trouble or _UNFINISHED)
            writer.sync.update_task(task, tried_at=at)
            number = writer.sync.open_call(task, planned.reason, now=at)
        self.trouble = None
        return number

    def _refuse_beyond_budget(self, writer: Writer, at: datetime) -> None:
        state = writer.state.believed(at)
        limit = limit_of(self._budget, state.hourly_limit)
        token = free_at(_spent_calls(writer.sync, at), limit, at)
        free = max(token, state.paused_until or at, rest_until(writer.sync, at) or at)
        if free > at:
            raise BudgetSpentError(f"no call to Launch Library is allowed before {due_words(free, at)}")

    def _note_success(self, writer: Writer, planned: Plan, number: int, outcome: Outcome, now: datetime) -> None:
        task = planned.task.value
        writer.sync.close_call(number, now=now, outcome=outcome.words)
        done = {"succeeded_at": now} if outcome.is_done else {}
        writer.sync.update_task(task, **done, failures=0, retry_at=None, fault=None)
        if task not in FREE:
            writer.update_state(reached_at=now, failures=0, failing_since=None, fault=None, paused_until=None)

    def _note_failure(self, writer: Writer, planned: Plan, number: int, error: SourceError) -> None:
        now, fault, task = self._clock(), str(error), planned.task.value
        failures = writer.sync.list_tasks()[task].failures + 1
        again = retry_at(error, failures, now, chance=self._chance())
        writer.sync.close_call(number, now=now, fault=fault)
        writer.sync.update_task(task, failures=failures, retry_at=again, fault=fault)
        if planned.key is not None and isinstance(error, MalformedError):
            # One entry that cannot be understood must not keep the others in doubt from their turn.
            writer.sync.defer(planned.key, now=now)
        if task in FREE:
            # It fetches nothing that readers see: what does may go well, and decides whether anything is amiss.
            return
        state = writer.state.believed(now)
        writer.update_state(failures=state.failures + 1, failing_since=state.failing_since or now, fault=fault)
        if isinstance(error, ThrottledError):
            writer.update_state(paused_until=again)


def _reason(error: Exception) -> SourceError:
    """Give what a failed call is noted with. An unexpected one is logged with all that is known of it."""
    if isinstance(error, SourceError):
        return error
    log.error("unexpected error in a call to Launch Library", exc_info=error)
    return MalformedError(f"Launch Library's answer could not be processed ({type(error).__name__})")


def _spent_calls(memory: SyncMemory, now: datetime) -> list[datetime]:
    return [call.called_at for call in memory.list_calls(since=now - HOUR) if call.task not in FREE]


def _next_doubt(memory: SyncMemory, now: datetime) -> Doubt | None:
    due = []
    for key, since, asked_at in memory.list_doubts():
        asked = believed(asked_at, now)
        due.append(Doubt(key, asked + DOUBT_AGAIN_AFTER if asked else believed(since, now) or now))
    return min(due, key=lambda one: one.due, default=None)
