"""What a store holds of each event, and what must be so at any instant, however its writers ended."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.engine import make_url

from tests.sync.campaign import BUDGET
from webapp.store import Call, Snapshot
from webapp.store.engine import make_engine, read_transaction
from webapp.store.schema import (
    changes,
    event_agencies,
    event_bodies,
    event_programs,
    event_texts,
    event_videos,
    events,
    withdrawals,
)
from webapp.store.words import event_words, words_key
from webapp.sync.budget import HOUR
from webapp.sync.plan import FREE

# When something was seen, and so in which generation, is the one thing that may differ from run to run.
_SEEN = ("number", "seen_at", "first_seen", "changed_at", "withdrawn_at", "written")

Row = dict[str, Any]


@dataclass(slots=True)
class Holding:
    """All that the store holds of one event, by table, but for when it was seen.

    `written` is the generation in which it was last written; two holdings that differ in it alone are equal.
    """

    rows: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    written: int = field(default=0, compare=False)

    @property
    def revision(self) -> int:
        """How many changes the event's own row counts."""
        return int(self.rows["events"][0]["revision"])

    @property
    def history(self) -> list[tuple[int, str, str]]:
        """Its changes, each as its revision, kind and details."""
        return [(row["revision"], row["kind"], row["details"]) for row in self.rows.get("changes", [])]


Holdings = dict[int, Holding]


class Ledger:
    """Every state in which an undisturbed run ever held an event, by its id and revision; `last` is the last of all."""

    def __init__(self) -> None:
        self.states: dict[tuple[int, int], Holding] = {}
        self.last: Holdings = {}

    def note(self, url: str, event_ids: Iterable[int]) -> None:
        """Note how the store holds these events now. No two states of an event may have one revision."""
        with _reading(url) as connection:
            self.last = _read_holdings(connection)
        for event_id in event_ids:
            holding = self.last[event_id]
            if self.states.setdefault((event_id, holding.revision), holding) != holding:
                raise AssertionError(f"event {event_id} is held in two ways at revision {holding.revision}")


class Witness:
    """Looks at one store again and again, and knows what it saw before. `calls` are all that it saw, by number."""

    def __init__(self, url: str, ledger: Ledger) -> None:
        self.held: Holdings = {}
        self.calls: dict[int, Call] = {}
        self._url = url
        self._ledger = ledger
        self._generation = self._fence = 0

    def look(self) -> bool:
        """Assert that the store is sound and lost nothing since the last look; say whether a call is open in it."""
        _assert_sound_file(self._url)
        # All in one snapshot: PostgreSQL may still commit what a process that is dead already asked for.
        with _reading(self._url) as connection:
            if not inspect(connection).has_table("events"):
                return False
            held, snapshot = _read_holdings(connection), Snapshot(connection)
            self._compare(held, snapshot)
            _assert_plausible(held, snapshot)
            calls = snapshot.sync.list_calls()
        assert {call.number for call in calls[1:] if call.finished_at is None} == set()
        self.calls |= {call.number: call for call in calls}
        _assert_within_budget([call.called_at for call in self.calls.values() if call.task not in FREE])
        return any(call.finished_at is None for call in calls)

    def _compare(self, held: Holdings, snapshot: Snapshot) -> None:
        # Each event, with its body, words, links and whole history, is as an undisturbed run once held it.
        assert held == {one: self._ledger.states.get((one, holding.revision)) for one, holding in held.items()}
        # Nothing that was seen is gone, and no history is another than it was.
        for event_id, before in self.held.items():
            assert held[event_id].history[: before.revision] == before.history
            # What was made of an event and kept is known to be old by this alone.
            assert held[event_id] == before or held[event_id].written > before.written
        state, lease = snapshot.state, snapshot.sync.lease
        assert (state.generation > self._generation) == (held != self.held)
        assert state.generation >= self._generation
        assert all(holding.written <= state.generation for holding in held.values())
        fence = lease.fence if lease else 0
        assert fence >= self._fence
        self.held, self._generation, self._fence = held, state.generation, fence


def _assert_plausible(held: Holdings, snapshot: Snapshot) -> None:
    """Assert that the syncing's own memory fits the events."""
    state, met = snapshot.state, snapshot.sync.list_met()
    standing = {event_id for event_id, holding in held.items() if "withdrawals" not in holding.rows}
    assert {event_id for event_id, _, _ in snapshot.sync.list_doubts()} <= standing
    assert met <= set(held)
    if state.imported_at is None:
        # The first import stands where its last whole page ended.
        assert (len(met), len(held)) == (state.import_offset, state.import_offset)


def _assert_within_budget(called_at: Sequence[datetime]) -> None:
    ordered = sorted(called_at)
    assert all(later - earlier >= HOUR for earlier, later in zip(ordered, ordered[BUDGET:], strict=False))


def _assert_sound_file(url: str) -> None:
    """Let SQLite examine its own file, the text index in it, and every key that leads from table to table."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return
    with closing(sqlite3.connect(parsed.database or "")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'event_words'").fetchone():
            connection.execute("INSERT INTO event_words(event_words) VALUES ('integrity-check')")


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    engine = make_engine(url)
    try:
        with read_transaction(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def _read_holdings(connection: Connection) -> Holdings:
    holdings = defaultdict[int, Holding](Holding)
    for name, statement in (
        ("events", select(events.c.id.label("event_id"), events)),
        ("event_bodies", select(event_bodies)),
        ("event_texts", select(event_texts)),
        ("event_agencies", select(event_agencies).order_by(event_agencies.c.agency_id)),
        ("event_programs", select(event_programs).order_by(event_programs.c.program_id)),
        ("event_videos", select(event_videos).order_by(event_videos.c.position)),
        ("withdrawals", select(withdrawals)),
        ("changes", select(changes).order_by(changes.c.number)),
    ):
        for row in connection.execute(statement).mappings():
            kept = {key: value for key, value in row.items() if key not in _SEEN}
            holdings[row["event_id"]].rows[name].append(kept)
            if name == "events":
                holdings[row["event_id"]].written = row["written"]
    for event_id, words in _read_words(connection):
        holdings[event_id].rows["event_words"].append({"words": words})
    return dict(holdings)


def _read_words(connection: Connection) -> Iterator[tuple[int, list[str]]]:
    """Give the words under which each event is found, each engine's own."""
    dialect = connection.dialect.name
    words = event_words.c.words if dialect == "sqlite" else func.tsvector_to_array(event_words.c.words)
    for event_id, found in connection.execute(select(words_key(dialect), words).select_from(event_words)):
        yield event_id, sorted(found.split() if isinstance(found, str) else found)
