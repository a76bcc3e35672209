from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.api.servers import filled_server
from tests.clock import NOW, ManualClock
from tests.fake_ll2 import Record, make_records
from tests.fake_ll2.data import seed_page
from tests.processes import Server
from tests.site import Site, make_site
from webapp.runtime import utc_now
from webapp.settings import Settings

MakeSite = Callable[..., Site]


@pytest.fixture
def seeded(site: MakeSite, clock: ManualClock) -> Site:
    """A site of the ten records that Launch Library answered, exactly as it did, on that day."""
    clock.now = datetime(2025, 7, 19, 12, tzinfo=UTC)
    return site(*seed_page()["results"])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeSite]:
    """Make sites that a module's tests only read from, with a clock that nobody moves."""
    made: list[Site] = []

    def make(*records: Record, now: datetime = NOW) -> Site:
        settings = Settings.load({"PERIGEE_DATA_DIR": str(tmp_path_factory.mktemp("shared"))})
        made.append(make_site(settings, ManualClock(now), records))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server whose store holds 250 events."""
    with filled_server(tmp_path_factory.mktemp("live"), make_records(250, now=utc_now())) as server:
        yield server
