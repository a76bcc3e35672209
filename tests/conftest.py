"""What tests across the house are given."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from webapp.settings import Settings
from webapp.store import Store

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


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
