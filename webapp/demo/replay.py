"""Replay of the invented year into a store: each record that its source gave up to a moment, at the time it gave it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from threading import Event
from typing import Final

from webapp.demo.launch_record_writer import write_launch_record
from webapp.demo.record_parts import Json
from webapp.demo.record_writer import write_record
from webapp.demo.recurring import recurring_scenarios
from webapp.demo.recurring_launches import recurring_launches
from webapp.demo.scenario import LaunchState, Scenario, State, Step, read_scenarios
from webapp.domain.clock import Clock
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.ll2.parse import parse_event, serialize_record
from webapp.ll2.parse_launch import parse_launch
from webapp.store import Store

DEMO_INSTANT: Final = datetime(2031, 5, 16, 17, 40, tzinfo=UTC)
"""What the demo's clock says when Perigee starts: a spacewalk is under way, and a docking is near."""

_YEAR, _LAUNCHES = (Path(__file__).with_name(name) for name in ("year.toml", "launches.toml"))
_BASELINE = datetime(2031, 1, 1, tzinfo=UTC)
_REPLAY_EVERY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class TimedRecord:
    """The record that the invented source gives of an entry from a moment on (aware, UTC), or `None` once it is gone.

    It is the whole state of its entry: of several, the latest alone counts.
    """

    at: datetime
    key: EntryKey
    record: Json | None


def replay_until(store: Store, until: datetime) -> None:
    """Write into the store, which must be migrated, each record given up to `until` that is not yet in it.

    What was listed before the invented year began is taken as the first import, and so is no change.
    """
    with store.read() as snapshot:
        replayed = snapshot.state.reached_at
    if replayed is None:
        _replay(store, [timed for timed in _timed_records() if timed.at <= _BASELINE], at=_BASELINE)
        replayed = _BASELINE
    due = [timed for timed in _timed_records() if replayed < timed.at <= until]
    for at, group in groupby(due, lambda timed: timed.at):
        _replay(store, list(group), at=at)


def keep_replaying(store: Store, clock: Clock, stop: Event) -> None:
    """Replay on as the clock goes, until stopped or until nothing more is to come."""
    last = max(timed.at for timed in _timed_records())
    while not stop.wait(_REPLAY_EVERY.total_seconds()):
        now = clock()
        replay_until(store, now)
        if now >= last:
            return


def _timed_records() -> list[TimedRecord]:
    scenarios = (*read_scenarios(_YEAR, _LAUNCHES), *recurring_scenarios(), *recurring_launches())
    records = (timed for scenario in scenarios for timed in _records_of(scenario))
    return sorted(records, key=lambda timed: (timed.at, timed.key.kind.value, timed.key.source_id))


def _records_of(scenario: Scenario) -> Iterator[TimedRecord]:
    """Give the records of a scenario's entry, in order."""
    state = scenario.state
    for step in (Step(scenario.listed), *scenario.steps):
        at = datetime.fromisoformat(step.at).replace(tzinfo=UTC)
        state = replace(state, **step.changes)
        yield TimedRecord(at, scenario.key, _write(scenario.key, state, at) if step.is_listed else None)


def _write(key: EntryKey, state: State | LaunchState, at: datetime) -> Json:
    if isinstance(state, LaunchState):
        return write_launch_record(key.source_id, state, updated=at)
    return write_record(int(key.source_id), state, updated=at)


def _replay(store: Store, due: list[TimedRecord], *, at: datetime) -> None:
    latest = {timed.key: timed.record for timed in due}
    listed = [_received(key, record) for key, record in latest.items() if record is not None]
    with store.write() as writer:
        writer.upsert_entries(listed, now=at)
        for key, record in latest.items():
            if record is None:
                writer.withdraw(key, now=at)
        # The first import is complete once everything of it is in: until then nothing counts as a change.
        writer.update_state(reached_at=at)
        for kind in EntryKind:
            writer.update_progress(kind, imported_at=_BASELINE, reached_at=at)


def _received(key: EntryKey, record: Json) -> ReceivedEntry:
    parse = parse_launch if key.kind is EntryKind.LAUNCH else parse_event
    return ReceivedEntry(parse(record), serialize_record(record))
