"""What a store holds of each entry, and what must be so at any instant, however its writers ended."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.engine import make_url

from tests.keys import event_keys
from tests.sync.campaign import BUDGET
from webapp.domain.entry import EntryKind
from webapp.store import Call, Snapshot
from webapp.store.engine import make_engine, read_transaction
from webapp.store.schema import (
    changes,
    entries,
    entry_agencies,
    entry_bodies,
    entry_programs,
    entry_texts,
    entry_videos,
    withdrawals,
)
from webapp.store.words import entry_words, words_key
from webapp.sync.budget import HOUR
from webapp.sync.situation import FREE

# When something was seen, and so in which generation, is the one thing that may differ from run to run.
_SEEN = ("number", "seen_at", "first_seen", "changed_at", "withdrawn_at", "written")

Row = dict[str, Any]


@dataclass(slots=True)
class Holding:
    """All that the store holds of one entry, by table, but for when it was seen.

    `written` is the generation in which it was last written; two holdings that differ in it alone are equal.
    """

    rows: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    written: int = field(default=0, compare=False)

    @property
    def revision(self) -> int:
        """How many changes the entry's own row counts."""
        return int(self.rows["entries"][0]["revision"])

    @property
    def history(self) -> list[tuple[int, str, str]]:
        """Its changes, each as its revision, kind and details."""
        return [(row["revision"], row["kind"], row["details"]) for row in self.rows.get("changes", [])]


Holdings = dict[int, Holding]


class Ledger:
    """Every state in which an undisturbed run ever held an entry, by its id and revision; `last` is the last of all."""

    def __init__(self) -> None:
        self.states: dict[tuple[int, int], Holding] = {}
        self.last: Holdings = {}

    def note(self, url: str, entry_ids: Iterable[int]) -> None:
        """Note how the store holds these entries now. No two states of an entry may have one revision."""
        with _reading(url) as connection:
            self.last = _read_holdings(connection)
        for entry_id in entry_ids:
            holding = self.last[entry_id]
            if self.states.setdefault((entry_id, holding.revision), holding) != holding:
                raise AssertionError(f"entry {entry_id} is held in two ways at revision {holding.revision}")


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
            if not inspect(connection).has_table("entries"):
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
        # Each entry, with its body, words, links and whole history, is as an undisturbed run once held it.
        assert held == {one: self._ledger.states.get((one, holding.revision)) for one, holding in held.items()}
        # Nothing that was seen is gone, and no history is another than it was.
        for entry_id, before in self.held.items():
            assert held[entry_id].history[: before.revision] == before.history
            # What was made of an entry and kept is known to be old by this alone.
            assert held[entry_id] == before or held[entry_id].written > before.written
        state, lease = snapshot.state, snapshot.sync.lease
        assert (state.generation > self._generation) == (held != self.held)
        assert state.generation >= self._generation
        assert all(holding.written <= state.generation for holding in held.values())
        fence = lease.fence if lease else 0
        assert fence >= self._fence
        self.held, self._generation, self._fence = held, state.generation, fence


def _assert_plausible(held: Holdings, snapshot: Snapshot) -> None:
    """Assert that the syncing's own memory fits the entries, which are all events."""
    progress, met = snapshot.state.progress_of(EntryKind.EVENT), snapshot.sync.list_met(EntryKind.EVENT)
    standing = [entry_id for entry_id, holding in held.items() if "withdrawals" not in holding.rows]
    assert {key for key, _, _ in snapshot.sync.list_doubts()} <= set(event_keys(standing))
    assert met <= set(event_keys(held))
    if progress.imported_at is None:
        # The first import stands where its last whole page ended.
        assert (len(met), len(held)) == (progress.import_offset, progress.import_offset)


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
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry_words'").fetchone():
            connection.execute("INSERT INTO entry_words(entry_words) VALUES ('integrity-check')")


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
        ("entries", select(entries.c.id.label("entry_id"), entries)),
        ("entry_bodies", select(entry_bodies)),
        ("entry_texts", select(entry_texts)),
        ("entry_agencies", select(entry_agencies).order_by(entry_agencies.c.agency_id)),
        ("entry_programs", select(entry_programs).order_by(entry_programs.c.program_id)),
        ("entry_videos", select(entry_videos).order_by(entry_videos.c.position)),
        ("withdrawals", select(withdrawals)),
        ("changes", select(changes).order_by(changes.c.number)),
    ):
        for row in connection.execute(statement).mappings():
            kept = {key: value for key, value in row.items() if key not in _SEEN}
            holdings[row["entry_id"]].rows[name].append(kept)
            if name == "entries":
                holdings[row["entry_id"]].written = row["written"]
    for entry_id, words in _read_words(connection):
        holdings[entry_id].rows["entry_words"].append({"words": words})
    return dict(holdings)


def _read_words(connection: Connection) -> Iterator[tuple[int, list[str]]]:
    """Give the words under which each entry is found, each engine's own."""
    dialect = connection.dialect.name
    words = entry_words.c.words if dialect == "sqlite" else func.tsvector_to_array(entry_words.c.words)
    for entry_id, found in connection.execute(select(words_key(dialect), words).select_from(entry_words)):
        yield entry_id, sorted(found.split() if isinstance(found, str) else found)
