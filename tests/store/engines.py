"""Empty stores on every engine that Perigee runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import migrated_store
from tests.postgres import Postgres
from webapp.store import Store

ENGINES = ("sqlite", "postgresql")


@contextmanager
def opened_store(request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    """Open an empty, migrated store on the engine that is the fixture's parameter; it is gone when the block ends."""
    if request.param == "sqlite":
        store = migrated_store(folder / "store.db")
        yield store
        store.close()
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database() as url:
        store = Store(url)
        yield store
        store.close()
