"""What tests across the house are given."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import Record
from tests.postgres import Postgres, running_postgres
from tests.site import Site, make_site
from webapp.settings import Settings
from webapp.store import Store


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
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    store.migrate()
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
