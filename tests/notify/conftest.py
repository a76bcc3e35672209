from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notify.stage import Stage, make_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Give a stage on which nothing has happened yet."""
    with make_stage(tmp_path) as stage:
        yield stage
