"""Diagnosis: what is wrong, why, and what to do about it, as `perigee doctor` prints it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from webapp.domain.clock import believed, clocks_agree, latest_believed
from webapp.domain.entry import EntryKind
from webapp.domain.pictures import PicturePolicy
from webapp.domain.words import FIRST_FEW, list_words, moment_words
from webapp.ll2.errors import SourceError
from webapp.pictures.room import is_full
from webapp.store import CLOCK_ALERT, LIST_ALERT, Channel, Counts, Snapshot, StoreState
from webapp.sync.budget import HOUR, limit_of, spent
from webapp.sync.fetch import Source
from webapp.sync.intake import UNREAD
from webapp.sync.situation import FREE
from webapp.sync.skew import skew_words

_SET_THE_CLOCK = (
    "Set the clock and keep it in sync (NTP). Until then Perigee checks less often and ignores the order of records."
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
        return Finding(Level.FINE, "The database is readable and up to date.")
    what = "has no tables yet" if revision is None else "has a schema of another Perigee version"
    return Finding(Level.WRONG, f"The database {what}.", "Run `perigee migrate` or `perigee serve`.")


def examine_damage(damage: Sequence[str]) -> Finding:
    """Judge what reading the whole database has found damaged."""
    if not damage:
        return Finding(Level.FINE, "The database is intact.")
    remedy = "Stop Perigee and run `perigee restore` with a backup. This may be a failing disk."
    return Finding(Level.WRONG, f"The database is damaged: {'; '.join(damage)}.", remedy)


def examine_names(unknown: Mapping[str, str | None]) -> Iterator[Finding]:
    """Judge names in the environment that look like settings and are none, each with the one that was meant."""
    for name, meant in unknown.items():
        remedy = f"Did you mean {meant}?" if meant else "`perigee config` lists all settings."
        yield Finding(Level.ODD, f"{name} is not a setting.", remedy)


def examine_folder(folder: Path) -> Iterator[Finding]:
    """Judge the folder where data are kept, or that it would be made in."""
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        remedy = "Set PERIGEE_DATA_DIR to another, or give it to this user."
        yield Finding(Level.WRONG, f"{folder} is no folder that this user may read and write.", remedy)


def examine_space(free_bytes: int) -> Finding:
    """Judge the space that is left where the data are kept."""
    words = f"{free_bytes // 2**20:,} MiB free disk space for data."
    if free_bytes < _LITTLE_SPACE:
        return Finding(Level.WRONG, words, "Free up disk space, or new data will be lost.")
    return Finding(Level.FINE, words)


def examine_source(source: Source) -> Finding:
    """Ask Launch Library how many calls it allows, which costs none of them."""
    try:
        report = source.fetch_throttle()
    except SourceError as error:
        remedy = "Check this machine's internet connection and PERIGEE_LL2_URL."
        return Finding(Level.WRONG, f"{_sentence(str(error))}", remedy)
    limit = "sets no call limit" if report.hourly_limit is None else f"allows {report.hourly_limit} calls an hour"
    name = "The Perigee at PERIGEE_LL2_URL" if report.is_perigee else "Launch Library"
    words = f"{name} is reachable. It {limit}; {report.current_use} used."
    return Finding(Level.FINE, words)


def examine_clock(date: datetime | None, now: datetime) -> Iterator[Finding]:
    """Judge the clock of this machine, which says `now`, where that of the source says `date`, if it said so."""
    if date is None:
        return
    if clocks_agree(date, now):
        yield Finding(Level.FINE, "This machine's clock agrees with Launch Library's.")
    else:
        yield Finding(Level.WRONG, _sentence(skew_words("this machine", date - now)), _SET_THE_CLOCK)


def examine_store(
    snapshot: Snapshot, *, budget: int, now: datetime, are_kinds_chosen: bool = True
) -> Iterator[Finding]:
    """Judge the sync status by what the store holds. `are_kinds_chosen` says whether PERIGEE_KINDS is set."""
    state = snapshot.state.believed(now)
    yield from _of_alerts(snapshot, now)
    yield _of_import(snapshot, state)
    yield _of_holder(snapshot, now)
    yield _of_age(state, now)
    yield from _of_chain(state)
    yield _of_budget(snapshot, state, budget, now)
    yield from _of_faults(snapshot, state, now)
    yield from _of_records(snapshot)
    if not are_kinds_chosen and state.progress.keys() == {EntryKind.EVENT}:
        yield Finding(
            Level.ODD,
            "Only events are synced: this database is older than launches in Perigee.",
            "Set PERIGEE_KINDS=event,launch to add launches, or PERIGEE_KINDS=event to keep it like this.",
        )


def examine_pictures(
    snapshot: Snapshot, policy: PicturePolicy, *, can_make: bool, most_bytes: int
) -> Iterator[Finding]:
    """Judge the pictures that the store holds; `can_make` says whether Pillow is installed here."""
    counts = snapshot.pictures.count()
    if policy is PicturePolicy.OFF:
        yield Finding(Level.FINE, "Pictures are off (PERIGEE_PICTURES).")
        return
    if not can_make:
        yield Finding(
            Level.ODD,
            "Pictures can't be made small on this machine, because Pillow is not installed.",
            "Install perigee[pictures] where Perigee syncs, or set PERIGEE_PICTURES=off.",
        )
    failing = f", {counts.failing} failing" if counts.failing else ""
    words = (
        f"Pictures: {counts.pictures}, cards: {counts.cards}, in {counts.size // 2**20} of {most_bytes // 2**20} MiB"
    )
    if is_full(sum(snapshot.pictures.list_sizes().values()), most_bytes):
        remedy = "The oldest are left out. To keep more, raise PERIGEE_PICTURES_MIB."
        yield Finding(Level.ODD, f"{words}{failing}: the space for pictures is full.", remedy)
    else:
        yield Finding(Level.FINE, f"{words}{failing}.")


def examine_notices(
    snapshot: Snapshot, now: datetime, *, rules: int, has_address: bool, has_apprise: bool, hub_url: str | None = None
) -> Iterator[Finding]:
    """Judge the notices. `rules` is how many rules the owner has, `has_apprise` whether what some need is installed."""
    memory = snapshot.notices
    push, targets = (memory.count(channel, now) for channel in (Channel.PUSH, Channel.TARGET))
    if not has_address:
        yield Finding(Level.FINE, "Notices are off: PERIGEE_PUBLIC_URL is not set.")
        return
    if memory.is_paused and (rules or push.subscribers or hub_url):
        remedy = "If this copy of the database has replaced the original, run `perigee notify --resume`."
        yield Finding(Level.ODD, "Notices are paused, because the database is a restored copy.", remedy)
    if not has_apprise:
        remedy = "Install perigee[notify] where Perigee syncs."
        yield Finding(Level.WRONG, "Some rules of PERIGEE_NOTIFY need Apprise, which is not installed.", remedy)
    for rule in memory.list_failing(Channel.TARGET):
        times = "once" if rule.failures == 1 else f"{rule.failures} times in a row"
        words = f'Rule "{rule.subscription.name}" failed {times}: {_sentence(rule.fault or "it is not known why")}'
        remedy = f'Check its target, and try `perigee notify --test "{rule.subscription.name}"`.'
        yield Finding(Level.WRONG, words, remedy)
    hub = snapshot.hub
    if hub is not None and hub.url == hub_url and hub.failures:
        times = "once" if hub.failures == 1 else f"{hub.failures} times in a row"
        words = f"The WebSub hub {hub.url} failed {times}: {_sentence(hub.fault or 'it is not known why')}"
        yield Finding(Level.WRONG, words, "Check PERIGEE_WEBSUB_HUB. It is tried again by itself.")
    waiting = push.waiting + targets.waiting
    failing = f", {push.failing} of them failing" if push.failing else ""
    words = f"Notices: {push.subscribers} browsers{failing}, {rules} rules, {waiting} waiting."
    yield Finding(Level.FINE, words)


def _of_alerts(snapshot: Snapshot, now: datetime) -> Iterator[Finding]:
    alerts, latest = snapshot.sync.list_alerts(), snapshot.latest_instant()
    if CLOCK_ALERT in alerts:
        yield Finding(Level.WRONG, _sentence(alerts[CLOCK_ALERT].words), _SET_THE_CLOCK)
    if latest is not None and believed(latest, now) is None:
        words = f"The database contains times in the future, up to {moment_words(latest)}; they are ignored."
        yield Finding(
            Level.WRONG, words, "If the clock is right, the next successful call will repair them. If not, set it."
        )
    if LIST_ALERT in alerts:
        words = f"The data is incomplete. {_sentence(alerts[LIST_ALERT].words)}"
        yield Finding(Level.ODD, words, "Its list changed during the import. The next full import will fetch the rest.")


def _of_import(snapshot: Snapshot, state: StoreState) -> Finding:
    counts = snapshot.count_all()
    if state.imported_at is None:
        words = f"The first import isn't finished yet: {_held(counts)} so far."
        return Finding(Level.ODD, words, "It continues automatically while syncing, within the call budget.")
    withdrawn = f", {counts.withdrawn} withdrawn," if counts.withdrawn else ""
    words = f"{_held(counts)}{withdrawn} and {counts.changes} changes in the database."
    met = "Last import (incomplete):" if LIST_ALERT in snapshot.sync.list_alerts() else "Last full import:"
    return Finding(Level.FINE, f"{words} {met} {moment_words(state.imported_at)}.")


def _held(counts: Counts) -> str:
    launches = f" and {counts.launches} launches" if counts.launches else ""
    return f"{counts.events} events{launches}"


def _of_holder(snapshot: Snapshot, now: datetime) -> Finding:
    lease = snapshot.sync.lease
    if lease is None or not lease.is_in_force(now):
        remedy = "Start `perigee serve`, or `perigee sync --watch` alongside `perigee serve --no-sync`."
        last = "" if lease is None else f" Last synced by {lease.holder}, until {moment_words(lease.expires_at)}."
        return Finding(Level.WRONG, f"Nothing is syncing.{last}", remedy)
    return Finding(Level.FINE, f"Synced by {lease.holder}.")


def _of_age(state: StoreState, now: datetime) -> Finding:
    reached_at = state.data_reached_at
    if reached_at is None and state.imported_at is not None:
        return Finding(Level.ODD, "It's unclear when Launch Library last answered.")
    if reached_at is None:
        return Finding(Level.ODD, "Launch Library hasn't answered yet.")
    words = f"Launch Library last answered on {moment_words(reached_at)}."
    is_old = now - reached_at > _OLD
    return Finding(Level.WRONG, words, "Visitors see the data from then.") if is_old else Finding(Level.FINE, words)


def _of_chain(state: StoreState) -> Iterator[Finding]:
    origin = state.origin
    if origin is None:
        return
    others = "another Perigee" if origin.links == 1 else f"{origin.links} other Perigees"
    yield Finding(Level.FINE, f"The data comes from {origin.name} ({origin.url}), passed on by {others}.")
    if origin.failing_since is not None:
        words = f"Calls have been failing further up since {moment_words(origin.failing_since)}."
        yield Finding(Level.WRONG, words, "Ask whoever runs the Perigee at PERIGEE_LL2_URL, or see its /status.")


def _of_budget(snapshot: Snapshot, state: StoreState, budget: int, now: datetime) -> Finding:
    limit = limit_of(budget, state.hourly_limit)
    calls = [call.called_at for call in snapshot.sync.list_calls(since=now - HOUR) if call.task not in FREE]
    words = f"{spent(calls, now)} of {limit} calls used in the last hour."
    if limit < budget:
        remedy = "Something else is using the same IP address or key. Stop it, or lower PERIGEE_LL2_HOURLY_BUDGET."
        return Finding(
            Level.ODD, f"{words} That is less than the budget of {budget}: Launch Library leaves no more.", remedy
        )
    return Finding(Level.FINE, words)


def _of_faults(snapshot: Snapshot, state: StoreState, now: datetime) -> Iterator[Finding]:
    if state.paused_until is not None and state.paused_until > now:
        words = f"Launch Library asked for a pause until {moment_words(state.paused_until)}."
        yield Finding(Level.ODD, words, "No action needed: the next call waits until then.")
    for name, task in sorted(snapshot.sync.list_tasks().items()):
        if task.fault is not None:
            retry_at = task.believed(now).retry_at
            again = f" Next try: {moment_words(retry_at)}." if retry_at else ""
            times = "once" if task.failures == 1 else f"{task.failures} times in a row"
            remedy = "Check PERIGEE_LL2_TOKEN." if "refused access" in task.fault else ""
            yield Finding(Level.WRONG, f"Task `{name}` failed {times}: {_sentence(task.fault)}{again}", remedy)
    for call in snapshot.sync.list_calls(until=latest_believed(now), limit=20):
        if call.fault is not None and "database" in call.fault:
            yield Finding(Level.ODD, f"Call on {moment_words(call.called_at)}: {_sentence(call.fault)}")


def _of_records(snapshot: Snapshot) -> Iterator[Finding]:
    for rejected in snapshot.list_rejected(limit=FIRST_FEW):
        what = "A record without an ID" if rejected.source_id is None else f"Record {rejected.source_id}"
        yield Finding(Level.ODD, f"{what} was rejected ({rejected.reason}); any earlier version is kept.")
    if (rest := snapshot.count_rejected() - FIRST_FEW) > 0:
        yield Finding(Level.ODD, f"{rest:,} more records were rejected.")
    latest = {call.task: call for call in reversed(snapshot.sync.list_calls()) if call.outcome is not None}
    for call in latest.values():
        if UNREAD in (call.outcome or ""):
            words = f"Unreadable fields on {moment_words(call.called_at)}: {call.outcome}."
            yield Finding(Level.ODD, words, "No action needed: unreadable fields count as missing.")
    doubts = snapshot.sync.list_doubts()
    if doubts:
        ids = list_words([key.source_id for key, _, _ in doubts], most=FIRST_FEW)
        yield Finding(Level.ODD, f"{len(doubts)} entries are unexpectedly missing from Launch Library's lists: {ids}.")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
