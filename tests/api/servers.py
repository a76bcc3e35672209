"""A real server with a store of its own that tests have filled."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clock import ManualClock
from tests.fake_ll2 import Record
from tests.processes import Server, running_server
from tests.site import make_site
from webapp.runtime import utc_now
from webapp.settings import Settings


@contextmanager
def filled_server(data: Path, records: Iterable[Record]) -> Iterator[Server]:
    """Fill a store in the folder `data` and serve it, without any import."""
    settings = Settings.load({"PERIGEE_DATA_DIR": str(data), "PERIGEE_SAMPLE": "off"})
    make_site(settings, ManualClock(utc_now()), records).close()
    with running_server(data, "--no-sync", PERIGEE_SAMPLE="off") as server:
        yield server
