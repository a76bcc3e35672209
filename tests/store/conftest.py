"""The store's tests run on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.engines import ENGINES, opened_store
from webapp.store import Store


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give an empty, migrated store on each engine in turn."""
    with opened_store(request, tmp_path) as store:
        yield store
