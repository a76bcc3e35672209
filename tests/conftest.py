"""What tests across the house are given."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.clock import ManualClock
from tests.databases import migrated_store
from tests.fake_ll2 import Record
from tests.marks import Guard, add_marks, in_parts
from tests.postgres import Postgres, running_postgres
from tests.site import Site, make_site
from tests.soak import IS_LONG
from webapp.settings import Settings
from webapp.store import Store

# However slow the machine, a right answer is right.
hypothesis.settings.register_profile("perigee", deadline=None)
hypothesis.settings.load_profile("perigee")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests before any are chosen by their marks; what takes long begins first, so that no core is left alone."""
    for item in items:
        add_marks(item)
    if not IS_LONG:
        left_out = {item for item in items if item.get_closest_marker("soak")}
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    worker: dict[str, int] = getattr(config, "workerinput", {})
    items[:] = in_parts(items, worker.get("workercount", 1))


def pytest_xdist_auto_num_workers() -> int:
    """Let one worker more than there are cores take part: now and then each waits for a server, or for time to pass."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    Guard.running = item


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Give settings of their own data folder; keywords are environment variables."""

    def make(**environ: str) -> Settings:
        return Settings.load({"PERIGEE_DATA_DIR": str(tmp_path / "data"), **environ})

    return make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty, migrated store."""
    store = migrated_store(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Start PostgreSQL once, for all tests that want it."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def site(make_settings: Callable[..., Settings], clock: ManualClock) -> Iterator[Callable[..., Site]]:
    """Make sites: positional records fill the store, `sample=True` forces the sample, keywords are environment."""
    made: list[Site] = []

    def make(*records: Record, sample: bool = False, **environ: str) -> Site:
        made.append(make_site(make_settings(**environ), clock, records, sample=sample))
        return made[-1]

    yield make
    for one in made:
        one.close()
