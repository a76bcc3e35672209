"""Diagnosis: what is wrong, why, and what to do about it, as `perigee doctor` prints it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from webapp.domain.clock import believed, clocks_agree, latest_believed
from webapp.domain.words import FIRST_FEW, list_words, moment_words
from webapp.ll2.errors import SourceError
from webapp.store import CLOCK_ALERT, LIST_ALERT, Snapshot, StoreState
from webapp.sync.apply import UNREAD
from webapp.sync.budget import HOUR, limit_of, spent
from webapp.sync.fetch import Source
from webapp.sync.plan import FREE
from webapp.sync.skew import skew_words

_SET_THE_CLOCK = (
    "Set it, and let it be kept right (NTP). Until then little is asked, and no order of records is believed."
)
_OLD = timedelta(hours=2)
_LITTLE_SPACE = 200 * 2**20


class Level(Enum):
    """How much a finding matters: nothing is wrong, something is odd, or something has to be done."""

    FINE = "fine"
    ODD = "odd"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and what to do about it, if anything."""

    level: Level
    words: str
    remedy: str = ""


def examine_schema(revision: str | None, newest: str) -> Finding:
    """Judge whether the store has the schema that this version wants."""
    if revision == newest:
        return Finding(Level.FINE, "The database can be read, and has the newest schema.")
    what = "has no tables yet" if revision is None else "has another schema than this version wants"
    return Finding(Level.WRONG, f"The database {what}.", "Run `perigee migrate`, or start `perigee serve`.")


def examine_space(free_bytes: int) -> Finding:
    """Judge the space that is left where the data are kept."""
    words = f"{free_bytes // 2**20:,} MiB are free where the data are kept."
    if free_bytes < _LITTLE_SPACE:
        return Finding(Level.WRONG, words, "Make room: what cannot be written is not kept.")
    return Finding(Level.FINE, words)


def examine_source(source: Source) -> Finding:
    """Ask Launch Library how many calls it allows, which costs none of them."""
    try:
        report = source.fetch_throttle()
    except SourceError as error:
        remedy = "See whether this machine reaches the Internet, and whether PERIGEE_LL2_URL is right."
        return Finding(Level.WRONG, f"{_sentence(str(error))}", remedy)
    words = f"Launch Library answers. It allows {report.hourly_limit} calls an hour; {report.current_use} count now."
    return Finding(Level.FINE, words)


def examine_clock(date: datetime | None, now: datetime) -> Iterator[Finding]:
    """Judge the clock of this machine, which says `now`, where that of the source says `date`, if it said so."""
    if date is None:
        return
    if clocks_agree(date, now):
        yield Finding(Level.FINE, "The clock of this machine agrees with that of Launch Library.")
    else:
        yield Finding(Level.WRONG, _sentence(skew_words("this machine", date - now)), _SET_THE_CLOCK)


def examine_store(snapshot: Snapshot, *, budget: int, now: datetime) -> Iterator[Finding]:
    """Judge how the syncing stands by what the store holds."""
    state = snapshot.state.believed(now)
    yield from _of_alerts(snapshot, now)
    yield _of_import(snapshot, state)
    yield _of_holder(snapshot, now)
    yield _of_age(state, now)
    yield _of_budget(snapshot, state, budget, now)
    yield from _of_faults(snapshot, state, now)
    yield from _of_records(snapshot)


def _of_alerts(snapshot: Snapshot, now: datetime) -> Iterator[Finding]:
    alerts, latest = snapshot.sync.list_alerts(), snapshot.latest_instant()
    if CLOCK_ALERT in alerts:
        yield Finding(Level.WRONG, _sentence(alerts[CLOCK_ALERT].words), _SET_THE_CLOCK)
    if latest is not None and believed(latest, now) is None:
        words = f"The store holds times that have not come yet, up to {moment_words(latest)}; they are not believed."
        yield Finding(Level.WRONG, words, "If the clock is right now, the next answer sets them right. If not, set it.")
    if LIST_ALERT in alerts:
        words = f"The data are incomplete. {_sentence(alerts[LIST_ALERT].words)}"
        yield Finding(Level.ODD, words, "Its list moved while it was read. The next import brings what is missing.")


def _of_import(snapshot: Snapshot, state: StoreState) -> Finding:
    counts = snapshot.count_all()
    if state.imported_at is None:
        words = f"The first import is not complete: {counts.entries} events came so far."
        return Finding(Level.ODD, words, "It goes on by itself where something syncs, a dozen calls an hour at most.")
    withdrawn = f", {counts.withdrawn} withdrawn," if counts.withdrawn else ""
    words = f"{counts.entries} events{withdrawn} and {counts.changes} changes are stored."
    met = (
        "The list was last read to its end" if LIST_ALERT in snapshot.sync.list_alerts() else "All events were last met"
    )
    return Finding(Level.FINE, f"{words} {met} on {moment_words(state.imported_at)}.")


def _of_holder(snapshot: Snapshot, now: datetime) -> Finding:
    lease = snapshot.sync.lease
    if lease is None or not lease.is_in_force(now):
        remedy = "Start `perigee serve`, or `perigee sync --watch` beside `perigee serve --no-sync`."
        last = (
            "" if lease is None else f" The last to do so was {lease.holder}, until {moment_words(lease.expires_at)}."
        )
        return Finding(Level.WRONG, f"Nothing is syncing.{last}", remedy)
    return Finding(Level.FINE, f"Syncing is done by {lease.holder}.")


def _of_age(state: StoreState, now: datetime) -> Finding:
    if state.reached_at is None and state.imported_at is not None:
        return Finding(Level.ODD, "When Launch Library last answered is not known.")
    if state.reached_at is None:
        return Finding(Level.ODD, "Launch Library has never answered yet.")
    words = f"Launch Library last answered on {moment_words(state.reached_at)}."
    is_old = now - state.reached_at > _OLD
    return Finding(Level.WRONG, words, "Readers see data as of then.") if is_old else Finding(Level.FINE, words)


def _of_budget(snapshot: Snapshot, state: StoreState, budget: int, now: datetime) -> Finding:
    limit = limit_of(budget, state.hourly_limit)
    calls = [call.called_at for call in snapshot.sync.list_calls(since=now - HOUR) if call.task not in FREE]
    words = f"{spent(calls, now)} of {limit} calls of the last hour are spent."
    if limit < budget:
        remedy = "Something else calls from this address, or with this key; or lower PERIGEE_LL2_HOURLY_BUDGET."
        return Finding(Level.ODD, f"{words} Launch Library leaves us fewer than the {budget} of the budget.", remedy)
    return Finding(Level.FINE, words)


def _of_faults(snapshot: Snapshot, state: StoreState, now: datetime) -> Iterator[Finding]:
    if state.paused_until is not None and state.paused_until > now:
        words = f"Launch Library wants no call before {moment_words(state.paused_until)}."
        yield Finding(Level.ODD, words, "Nothing is to be done: the next call waits until then.")
    for name, task in sorted(snapshot.sync.list_tasks().items()):
        if task.fault is not None:
            retry_at = task.believed(now).retry_at
            again = f" It is tried again on {moment_words(retry_at)}." if retry_at else ""
            times = "once" if task.failures == 1 else f"{task.failures} times in a row"
            remedy = "Check PERIGEE_LL2_TOKEN." if "refused us" in task.fault else ""
            yield Finding(Level.WRONG, f"The task `{name}` failed {times}: {_sentence(task.fault)}{again}", remedy)
    for call in snapshot.sync.list_calls(until=latest_believed(now), limit=20):
        if call.fault is not None and "store" in call.fault:
            yield Finding(Level.ODD, f"A call of {moment_words(call.called_at)}: {_sentence(call.fault)}")


def _of_records(snapshot: Snapshot) -> Iterator[Finding]:
    for rejected in snapshot.list_rejected(limit=FIRST_FEW):
        what = "A record without an id" if rejected.source_id is None else f"Record {rejected.source_id}"
        yield Finding(Level.ODD, f"{what} cannot be understood ({rejected.reason}); an earlier state of it stays.")
    if (rest := snapshot.count_rejected() - FIRST_FEW) > 0:
        yield Finding(Level.ODD, f"{rest:,} more records cannot be understood.")
    latest = {call.task: call for call in reversed(snapshot.sync.list_calls()) if call.outcome is not None}
    for call in latest.values():
        if UNREAD in (call.outcome or ""):
            words = f"Not all of the answer of {moment_words(call.called_at)} could be read: {call.outcome}."
            yield Finding(Level.ODD, words, "Nothing is to be done: a field that cannot be read counts as missing.")
    doubts = snapshot.sync.list_doubts()
    if doubts:
        ids = list_words([key.source_id for key, _, _ in doubts], most=FIRST_FEW)
        yield Finding(Level.ODD, f"{len(doubts)} events were missing from lists that ought to have them: {ids}.")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
