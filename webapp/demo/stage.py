"""Playing the invented year into a store: what was said up to a moment, each thing at the time at which it was said."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from threading import Event
from typing import Final

from webapp.demo.plot import Plot, Turn, read_plots
from webapp.demo.routine import routine
from webapp.demo.wire import Json, write_record
from webapp.domain.clock import Clock
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.ll2.parse import parse_event, spell_record
from webapp.store import Store

DEMO_INSTANT: Final = datetime(2031, 5, 16, 17, 40, tzinfo=UTC)
"""What the demo's clock says when Perigee starts: a spacewalk is under way, and a docking is near."""

_YEAR = Path(__file__).with_name("year.toml")
_BASELINE = datetime(2031, 1, 1, tzinfo=UTC)
_LOOKS_EVERY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Act:
    """What the invented source says of one event from a moment on (aware, UTC): its record, or `None` once it is gone.

    An act is the whole state of its event: of several, the latest alone counts.
    """

    at: datetime
    event_id: int
    record: Json | None


def play_until(store: Store, until: datetime) -> None:
    """Let the store, which must be migrated, take in all that was said up to `until` and is not yet in it.

    What was listed before the invented year began is taken as the first import, and so is no change.
    """
    with store.read() as snapshot:
        played = snapshot.state.reached_at
    if played is None:
        _play(store, [act for act in _all_acts() if act.at <= _BASELINE], at=_BASELINE)
        played = _BASELINE
    due = [act for act in _all_acts() if played < act.at <= until]
    for at, acts in groupby(due, lambda act: act.at):
        _play(store, list(acts), at=at)


def keep_playing(store: Store, clock: Clock, stop: Event) -> None:
    """Play on as the clock goes, until stopped or until nothing more is to come."""
    last = max(act.at for act in _all_acts())
    while not stop.wait(_LOOKS_EVERY.total_seconds()):
        now = clock()
        play_until(store, now)
        if now >= last:
            return


def _all_acts() -> list[Act]:
    plots = (*read_plots(_YEAR), *routine())
    return sorted((act for plot in plots for act in _acts_of(plot)), key=lambda act: (act.at, act.event_id))


def _acts_of(plot: Plot) -> Iterator[Act]:
    """Give what an event goes through, in order."""
    state = plot.state
    for turn in (Turn(plot.listed), *plot.turns):
        at = datetime.fromisoformat(turn.at).replace(tzinfo=UTC)
        state = replace(state, **turn.changes)
        yield Act(at, plot.id, write_record(plot.id, state, updated=at) if turn.is_listed else None)


def _play(store: Store, acts: list[Act], *, at: datetime) -> None:
    said = {act.event_id: act.record for act in acts}
    listed = [ReceivedEntry(parse_event(one), spell_record(one)) for one in said.values() if one is not None]
    with store.write() as writer:
        writer.upsert_entries(listed, now=at)
        for event_id, record in said.items():
            if record is None:
                writer.withdraw(EntryKey.of_event(event_id), now=at)
        # The first import is complete once everything of it is in: until then nothing counts as a change.
        writer.update_state(reached_at=at)
        writer.update_progress(EntryKind.EVENT, imported_at=_BASELINE)
