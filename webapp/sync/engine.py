"""The sync engine: one call after another, as planned, each noted before it goes out, its answer written whole."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp.domain.clock import Clock, believed
from webapp.domain.entry import EntryKind
from webapp.domain.words import due_words
from webapp.ll2.errors import MalformedError, SourceError, ThrottledError, TimedOutError
from webapp.store import CLOCK_ALERT, Snapshot, Store, StoreState, StoreUnavailableError, SyncMemory, Writer
from webapp.sync.apply_launches import ASK_AGAIN_AFTER
from webapp.sync.budget import HOUR, free_at, limit_of
from webapp.sync.cadence import NEAR
from webapp.sync.chain import (
    MOST_HOURLY_CHAIN_CALLS,
    cursor_of,
    is_chained,
    is_source_known,
    note_chain_failure,
)
from webapp.sync.fetch import DETAILED_FOR, Source, fetch, fetch_chain, page_size_of, request_of
from webapp.sync.intake import Outcome
from webapp.sync.lease import AlreadySyncingError, LeaseHolder, LeaseLostError
from webapp.sync.plan import DOUBT_AGAIN_AFTER, LOOK_AHEAD, OUTCOME_WITHIN, plan
from webapp.sync.retry import retry_at
from webapp.sync.situation import FREE, Doubt, KindSituation, Plan, Situation, Task
from webapp.sync.skew import believed_state, note_skew, rest_until

log = logging.getLogger(__name__)

_TIMED = {EntryKind.EVENT: (0, 1), EntryKind.LAUNCH: (0, 1, 2)}
"""Ids of LL2's precisions with which an entry of a kind can be near."""

_NEWS = {
    Task.UPCOMING: EntryKind.EVENT,
    Task.CHANGED: EntryKind.EVENT,
    Task.LAUNCHES_SOON: EntryKind.LAUNCH,
    Task.LAUNCHES_CHANGED: EntryKind.LAUNCH,
    Task.LAUNCHES_SWEEP: EntryKind.LAUNCH,
}
"""The tasks whose answers say how a kind of entry stands now."""

_SMALLEST_GAP = timedelta(hours=6)
"""How long nothing must have come of a kind for that to be kept."""

_UNFINISHED = "never finished: the process ended, or the database was not writable"


class BudgetSpentError(Exception):
    """No call may go out now; the message says from when on one may."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one call did. `at` is when it went out, in UTC; `fault` is what the source did wrong, if it did.

    `took` is how long it took until its answer was written, or its fault noted.
    """

    planned: Plan
    at: datetime
    took: timedelta
    outcome: Outcome | None = None
    fault: str | None = None


class Engine:
    """Keeps one store fresh. `budget` is how many calls may go out in any hour; `chance` gives numbers from 0 to 1.

    `kinds` are those to sync; without them those that the store holds, and all of them in an empty one. `name` tells
    this process from all others. `trouble` says what keeps it from writing to the store, if anything does.
    """

    def __init__(
        self,
        store: Store,
        source: Source,
        clock: Clock,
        *,
        budget: int,
        name: str,
        chance: Callable[[], float],
        kinds: Sequence[EntryKind] | None = None,
    ) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._budget = budget
        self._chance = chance
        self._kinds = kinds
        self.lease = LeaseHolder(store, clock, name)
        self.trouble: str | None = None

    def step(self) -> Report | Plan | None:
        """Make the next call if it is due, and report; otherwise give the plan. `None` while another process syncs.

        Whatever the source does wrong is noted and reported. Raises `LeaseLostError` and `StoreUnavailableError`: then
        nothing of an answer was kept, and the call is made again later.
        """
        if not self.lease.hold():
            return None
        self._begin_kinds()
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
            return Report(planned, at, self._clock() - at, fault=str(reason))
        return Report(planned, at, self._clock() - at, outcome)

    def _fetch_and_take_in(self, planned: Plan, number: int, at: datetime) -> Outcome:
        with self._store.read() as snapshot:
            request = request_of(planned, snapshot, believed_state(snapshot, at), at)
            cursor = cursor_of(snapshot, at)
        is_chain = planned.task is Task.CHAIN
        apply = fetch_chain(self._source, cursor) if is_chain else fetch(self._source, planned, request)
        with self.lease.write() as writer:
            now = self._clock()
            note_skew(writer, self._source.date, now=now)
            outcome = apply(writer, now)
            self._note_success(writer, planned, number, outcome, now)
        return outcome

    def import_everything(self, report: Callable[[Report], object]) -> dict[EntryKind, Report]:
        """Import everything, from where an import stands, as fast as the budget allows.

        Gives the last page's report of each kind.

        Of launches that is all that are upcoming. `report` is given each page. Raises `AlreadySyncingError`,
        `BudgetSpentError`, or the `SourceError` of a failing call; what came before is kept, and the next attempt goes
        on there.
        """
        if not self.lease.hold():
            raise AlreadySyncingError("another process is already syncing")
        self._begin_kinds()
        with self._store.read() as snapshot:
            kinds = self._synced_kinds(snapshot.state)
        return {kind: self._import_kind(kind, report) for kind in kinds}

    def _import_kind(self, kind: EntryKind, report: Callable[[Report], object]) -> Report:
        task = Task.IMPORT if kind is EntryKind.EVENT else Task.LAUNCHES_SWEEP
        while True:
            if not self.lease.hold():
                raise AlreadySyncingError("another process is already syncing")
            done = self.carry_out(Plan(task, self._clock(), "it was requested"))
            if done.fault is not None:
                raise SourceError(done.fault)
            report(done)
            with self._store.read() as snapshot:
                progress = snapshot.state.progress_of(kind)
            if (progress.import_offset if kind is EntryKind.EVENT else progress.sweep_offset) == 0:
                return done

    def _situation(self, snapshot: Snapshot) -> Situation:
        now, memory = self._clock(), snapshot.sync
        state = believed_state(snapshot, now)
        return Situation(
            now=now,
            limit=limit_of(self._budget, state.hourly_limit),
            calls=_spent_calls(memory, now),
            tasks={Task(name): task.believed(now) for name, task in memory.list_tasks().items()},
            paused_until=state.paused_until,
            kinds={kind: _kind_situation(kind, state, memory, now) for kind in self._synced_kinds(state)},
            doubt=_next_doubt(memory, now),
            rest_until=rest_until(memory, now),
            is_source_known=is_source_known(state, self._source.url),
            chain_free_at=self._chain_free_at(state, memory, now),
            is_chain_read=state.chain is None or state.chain.is_read,
        )

    def _chain_free_at(self, state: StoreState, memory: SyncMemory, now: datetime) -> datetime | None:
        if not is_chained(state, self._source.url):
            return None
        made = [call.called_at for call in memory.list_calls(since=now - HOUR) if call.task == Task.CHAIN.value]
        return free_at(made, MOST_HOURLY_CHAIN_CALLS, now)

    def _synced_kinds(self, state: StoreState) -> list[EntryKind]:
        held = self._kinds or state.progress or EntryKind
        return [kind for kind in EntryKind if kind in held]

    def _begin_kinds(self) -> None:
        """Note that the kinds to sync are: by that one knows later on which they are."""
        with self._store.read() as snapshot:
            state = snapshot.state
        new = [kind for kind in self._synced_kinds(state) if kind not in state.progress]
        if new:
            with self.lease.write() as writer:
                for kind in new:
                    writer.update_progress(kind)

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
        if outcome.is_quiet:
            writer.sync.forget_call(number)
        else:
            writer.sync.close_call(number, now=now, outcome=outcome.words)
        done = {"succeeded_at": now, "is_requested": False} if outcome.is_done else {}
        # A page that was halved grows again, by one record with each answer.
        size = writer.sync.list_tasks()[task].page_size
        grown = None if size is None or size + 1 >= page_size_of(planned.task) else size + 1
        writer.sync.update_task(task, **done, failures=0, retry_at=None, fault=None, page_size=grown)
        if planned.task in _NEWS:
            _note_contact(writer, _NEWS[planned.task], now)
        if task not in FREE:
            writer.update_state(reached_at=now, failures=0, failing_since=None, fault=None, paused_until=None)

    def _note_failure(self, writer: Writer, planned: Plan, number: int, error: SourceError) -> None:
        now, fault, task = self._clock(), str(error), planned.task.value
        before = writer.sync.list_tasks()[task]
        failures = before.failures + 1
        again = retry_at(error, failures, now, chance=self._chance())
        writer.sync.close_call(number, now=now, fault=fault)
        writer.sync.update_task(task, failures=failures, retry_at=again, fault=fault)
        if isinstance(error, TimedOutError) and task not in FREE:
            full = page_size_of(planned.task)
            writer.sync.update_task(task, page_size=max((before.page_size or full) // 2, full // 4))
        if planned.key is not None and isinstance(error, MalformedError):
            # One entry that cannot be understood must not keep the others in doubt from their turn.
            writer.sync.defer(planned.key, now=now)
        if planned.task is Task.CHAIN:
            note_chain_failure(writer, now=now)
        if task in FREE:
            # It fetches nothing that readers see: what does may go well, and decides whether anything is amiss.
            return
        state = writer.state.believed(now)
        writer.update_state(failures=state.failures + 1, failing_since=state.failing_since or now, fault=fault)
        if isinstance(error, ThrottledError):
            writer.update_state(paused_until=again)


def _kind_situation(kind: EntryKind, state: StoreState, memory: SyncMemory, now: datetime) -> KindSituation:
    progress = state.progress_of(kind)
    dates = memory.list_dates_between(kind, now - OUTCOME_WITHIN, now + LOOK_AHEAD, _TIMED[kind])
    near = KindSituation(
        is_imported=progress.shown_at is not None,
        is_importing=progress.import_offset > 0,
        dates=[date for date in dates if date >= now - NEAR],
        is_live=memory.count_live(kind, over_after=None if kind is EntryKind.EVENT else now) > 0,
    )
    if kind is EntryKind.EVENT:
        return replace(near, is_history_read=progress.imported_at is not None)
    partial = memory.list_partial(dated_after=now - DETAILED_FOR, asked_before=now - ASK_AGAIN_AFTER, limit=1)
    return replace(
        near,
        is_importing=progress.sweep_offset > 0,
        is_outcome_awaited=any(date < now - NEAR for date in dates),
        swept_at=progress.swept_at,
        is_history_read=progress.history_at is not None,
        lacks_details=bool(partial),
    )


def _note_contact(writer: Writer, kind: EntryKind, now: datetime) -> None:
    if CLOCK_ALERT in writer.sync.list_alerts():
        # A gap is kept for ever, and what time it is nobody knows.
        return
    before = believed(writer.state.progress_of(kind).reached_at, now)
    if before is not None and now - before > _SMALLEST_GAP:
        writer.sync.add_gap(kind, before, now)
    writer.update_progress(kind, reached_at=now)


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
