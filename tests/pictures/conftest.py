from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import ManualClock
from tests.pictures.hosts import PictureHosts, make_certificate, picture_hosts


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def hosts(certificate: Path) -> Iterator[PictureHosts]:
    with picture_hosts(certificate) as hosts:
        yield hosts
