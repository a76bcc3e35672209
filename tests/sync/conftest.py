"""What the tests of syncing are given: the fake Launch Library over real HTTP, a store, a clock, and an engine."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Record, make_record
from tests.fake_ll2.moments import stamp
from tests.keys import event_key
from tests.site import Site, make_site
from webapp.domain.changes import StoredChange
from webapp.domain.entry import EntryKind
from webapp.ll2.client import LaunchLibrary
from webapp.settings import Settings
from webapp.store import Progress, Snapshot, Store, StoreState, TaskState
from webapp.sync.engine import Engine, Report
from webapp.sync.situation import Plan


@dataclass
class Stage:
    """An engine and everything around it. Steps are taken with the clock set to when each is due."""

    fake: FakeLaunchLibrary
    site: Site
    clock: ManualClock
    open_source: Callable[[], LaunchLibrary]
    kinds: Sequence[EntryKind] | None = (EntryKind.EVENT,)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = self.make_engine()

    @property
    def store(self) -> Store:
        return self.site.store

    def make_engine(self, name: str = "the engine", *, budget: int = 12) -> Engine:
        """Make another process, as it were."""
        return Engine(
            self.store, self.open_source(), self.clock, budget=budget, name=name, chance=lambda: 0.0, kinds=self.kinds
        )

    def step(self) -> Report:
        """Make the next call, whenever it is due."""
        while not isinstance(done := self.engine.step(), Report):
            assert isinstance(done, Plan)
            self.clock.now = done.at
        return done

    def run(self, length: timedelta) -> list[Report]:
        """Make all calls that are due within so long, and let the rest of it pass."""
        end, made = self.clock.now + length, []
        while True:
            done = self.engine.step()
            if isinstance(done, Report):
                made.append(done)
                continue
            assert isinstance(done, Plan)
            if done.at > end:
                self.clock.now = end
                return made
            self.clock.now = done.at

    def put(self, event_id: int, **changes: Any) -> None:
        """Change a record upstream, now."""
        (known,) = [record for record in self.fake.records if record["id"] == event_id]
        self.fake.put(known | changes | {"last_updated": stamp(self.clock.now)})

    def read(self, what: Callable[[Snapshot], Any]) -> Any:
        """Read something of the store."""
        with self.store.read() as snapshot:
            return what(snapshot)

    @property
    def state(self) -> StoreState:
        with self.store.read() as snapshot:
            return snapshot.state

    @property
    def progress(self) -> Progress:
        """How far the events have been read."""
        return self.state.progress_of(EntryKind.EVENT)

    @property
    def tasks(self) -> dict[str, TaskState]:
        with self.store.read() as snapshot:
            return snapshot.sync.list_tasks()

    def history(self, event_id: int) -> list[StoredChange]:
        """Give an event's changes, the latest first."""
        with self.store.read() as snapshot:
            return snapshot.list_history(event_key(event_id))

    def kept(self) -> tuple[Any, ...]:
        """Give all that readers depend on: what must stay as it is while something fails."""
        with self.store.read() as snapshot:
            keys = [key for kind in EntryKind for key in sorted(snapshot.sync.list_keys_from(kind, None))]
            stored = [entry for key in keys if (entry := snapshot.get_entry(key)) is not None]
            records = snapshot.get_records([entry.id for entry in stored])
            return snapshot.state.generation, records, [snapshot.list_history(key) for key in keys]

    def status(self) -> dict[str, Any]:
        """Read what `/status.json` says."""
        code, text = self.site.get("/status.json")
        assert code == 200
        found: dict[str, Any] = json.loads(text)
        return found


def thirty_events(now: datetime) -> list[Record]:
    """Give thirty records, the last ten of them upcoming, one a day."""
    return [
        make_record(
            number,
            date=stamp(now + timedelta(days=number - 20, hours=3)),
            last_updated=stamp(now - timedelta(days=40)),
        )
        for number in range(1, 31)
    ]


@contextmanager
def make_stage(
    folder: Path, fake: FakeLaunchLibrary, clock: ManualClock, *,
    kinds: Sequence[EntryKind] | None = (EntryKind.EVENT,), deadline: float = 2,
) -> Iterator[Stage]:  # fmt: skip
    """Make an engine over a source, with its store and all other files in a folder, which may hold some already."""
    site = make_site(Settings.load({"PERIGEE_DATA_DIR": str(folder / "data"), "PERIGEE_SAMPLE": "off"}), clock)
    sources: list[LaunchLibrary] = []

    def open_source() -> LaunchLibrary:
        cache = folder / f"cache-{len(sources)}"
        sources.append(LaunchLibrary(fake.url, cache=cache, clock=clock, user_agent="Perigee/test", deadline=deadline))
        return sources[-1]

    try:
        yield Stage(fake, site, clock, open_source, kinds)
    finally:
        for source in sources:
            source.close()
        site.close()


@dataclass(frozen=True, slots=True)
class SyncedFiles:
    """What hours of syncing have left: the source, all files, and what time it was then."""

    fake: FakeLaunchLibrary
    files: Path
    now: datetime

    @contextmanager
    def resumed(self, folder: Path, *, kinds: Sequence[EntryKind] | None = (EntryKind.EVENT,)) -> Iterator[Stage]:
        """Give an engine that goes on from there with copies in this folder; afterwards the source is as it was."""
        clock, files = ManualClock(self.now), shutil.copytree(self.files, folder / "resumed")
        with self.fake.restored(), make_stage(files, self.fake, clock, kinds=kinds) as stage:
            self.fake.clock = clock
            yield stage


@pytest.fixture
def stage(clock: ManualClock, tmp_path: Path) -> Iterator[Stage]:
    """Give an engine over thirty events; nothing is imported yet."""
    with (
        FakeLaunchLibrary(thirty_events(clock.now), hourly_limit=15, clock=clock) as fake,
        make_stage(tmp_path, fake, clock) as stage,
    ):
        yield stage
