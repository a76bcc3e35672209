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

from tests.keys import event_key
from tests.sync.campaign import BUDGET
from tests.sync.upstream_stages import UPCOMING_AT_FIRST
from webapp.domain.entry import EntryKey, EntryKind
from webapp.store import Call, Snapshot
from webapp.store.engine import make_engine, read_transaction
from webapp.store.keys import key_of
from webapp.store.schema import (
    changes,
    entries,
    entry_agencies,
    entry_bodies,
    entry_keys,
    entry_programs,
    entry_texts,
    entry_videos,
    launch_serial_numbers,
    launch_spacecraft,
    launches,
    withdrawals,
)
from webapp.store.words import entry_words, words_key
from webapp.sync.budget import HOUR
from webapp.sync.situation import FREE

# When something was seen, and so in which generation, may differ from run to run; and so may the number of a launch.
_SEEN = ("number", "seen_at", "first_seen", "changed_at", "withdrawn_at", "written", "id", "entry_id")

_TABLES = (
    (entries, select(entries.c.id.label("entry_id"), entries)),
    (entry_bodies, select(entry_bodies)),
    (entry_texts, select(entry_texts)),
    (entry_agencies, select(entry_agencies).order_by(entry_agencies.c.agency_id)),
    (entry_programs, select(entry_programs).order_by(entry_programs.c.program_id)),
    (entry_videos, select(entry_videos).order_by(entry_videos.c.position)),
    (launches, select(launches)),
    (launch_serial_numbers, select(launch_serial_numbers).order_by(launch_serial_numbers.c.position)),
    (launch_spacecraft, select(launch_spacecraft).order_by(launch_spacecraft.c.position)),
    (withdrawals, select(withdrawals)),
    (changes, select(changes).order_by(changes.c.number)),
)

Row = dict[str, Any]


@dataclass(slots=True)
class Holding:
    """All that the store holds of one entry, by table, but for when it was seen.

    `written` is the generation in which it was last written, `mode` how full the record of a launch is, and whether
    more has come since; two holdings that differ in these alone are equal.
    """

    rows: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    written: int = field(default=0, compare=False)
    mode: tuple[str | None, bool] = field(default=(None, False), compare=False)

    @property
    def revision(self) -> int:
        """How many changes the entry's own row counts."""
        return int(self.rows["entries"][0]["revision"])

    @property
    def history(self) -> list[tuple[int, str, str]]:
        """Its changes, each as its revision, kind and details."""
        return [(row["revision"], row["kind"], row["details"]) for row in self.rows.get("changes", [])]


Holdings = dict[EntryKey, Holding]


class Ledger:
    """Every state in which an undisturbed run ever held an entry, by key and revision; `last` is the last of all."""

    def __init__(self) -> None:
        self.states: dict[tuple[EntryKey, int], Holding] = {}
        self.last: Holdings = {}

    def note(self, url: str, keys: Iterable[EntryKey]) -> None:
        """Note how the store holds these entries now, or all. No two states of an entry may have one revision."""
        with _reading(url) as connection:
            self.last = _read_holdings(connection)
        for key in keys or self.last:
            holding = self.last[key]
            if self.states.setdefault((key, holding.revision), holding) != holding:
                raise AssertionError(f"{key} is held in two ways at revision {holding.revision}")

    def assert_known(self, key: EntryKey, holding: Holding) -> None:
        """Assert that the undisturbed run once held an entry so, with its body, words, links and whole history.

        A launch comes in part as well, by whichever list is read first: then it has a part of the same history.
        """
        state = self.states.get((key, holding.revision))
        if key.kind is EntryKind.EVENT or (state is not None and state.mode == holding.mode):
            assert holding == state, key
        else:
            assert holding.history == self.last[key].history[: holding.revision], key


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
        for key, holding in held.items():
            self._ledger.assert_known(key, holding)
        # Nothing that was seen is gone, and no history is another than it was.
        for key, before in self.held.items():
            assert held[key].history[: before.revision] == before.history
            # What was made of an entry and kept is known to be old by this alone.
            assert held[key] == before or held[key].written > before.written
        state, lease = snapshot.state, snapshot.sync.lease
        assert (state.generation > self._generation) == (held != self.held)
        assert state.generation >= self._generation
        assert all(holding.written <= state.generation for holding in held.values())
        fence = lease.fence if lease else 0
        assert fence >= self._fence
        self.held, self._generation, self._fence = held, state.generation, fence


def _assert_plausible(held: Holdings, snapshot: Snapshot) -> None:
    """Assert that the syncing's own memory fits the entries."""
    standing = {key for key, holding in held.items() if "withdrawals" not in holding.rows}
    assert {key for key, _, _ in snapshot.sync.list_doubts()} <= standing
    events, launches = (snapshot.state.progress_of(kind) for kind in EntryKind)
    met = {kind: snapshot.sync.list_met(kind) for kind in EntryKind}
    assert met[EntryKind.EVENT] | met[EntryKind.LAUNCH] <= held.keys()
    held_of = {kind: {key for key in held if key.kind is kind} for kind in EntryKind}
    # The first import of each kind stands where its last whole page ended; what is upcoming of events comes before.
    if events.imported_at is None:
        upcoming = UPCOMING_AT_FIRST if events.swept_at else set()
        assert len(met[EntryKind.EVENT]) == events.import_offset
        assert met[EntryKind.EVENT] | upcoming == held_of[EntryKind.EVENT]
    if launches.imported_at is None:
        assert len(met[EntryKind.LAUNCH]) == launches.sweep_offset
        assert met[EntryKind.LAUNCH] == held_of[EntryKind.LAUNCH]


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
    given = select(entry_keys.c.entry_id, entry_keys.c.kind, entry_keys.c.source_id)
    keys = {row.entry_id: key_of(*row) for row in connection.execute(given)}
    holdings = defaultdict[EntryKey, Holding](Holding)
    for table, statement in _TABLES:
        for row in connection.execute(statement).mappings():
            holding = holdings[keys.get(row["entry_id"]) or event_key(row["entry_id"])]
            holding.rows[table.name].append({key: value for key, value in row.items() if key not in _SEEN})
            if table is entries:
                holding.written = row["written"]
    modes = select(entry_keys.c.entry_id, entry_keys.c.mode, entry_keys.c.is_outdated)
    for entry_id, mode, is_outdated in connection.execute(modes.join(entries, entries.c.id == entry_keys.c.entry_id)):
        holdings[keys[entry_id]].mode = mode, is_outdated
    for entry_id, words in _read_words(connection):
        holdings[keys.get(entry_id) or event_key(entry_id)].rows["entry_words"].append({"words": words})
    return dict(holdings)


def _read_words(connection: Connection) -> Iterator[tuple[int, list[str]]]:
    """Give the words under which each entry is found, each engine's own."""
    dialect = connection.dialect.name
    words = entry_words.c.words if dialect == "sqlite" else func.tsvector_to_array(entry_words.c.words)
    for entry_id, found in connection.execute(select(words_key(dialect), words).select_from(entry_words)):
        yield entry_id, sorted(found.split() if isinstance(found, str) else found)
