"""Stores to measure: filled as imports fill them, with as many entries to come whatever their size."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.fake_ll2 import Record, make_launch, make_record
from tests.fake_ll2.launches import launch_status
from tests.fake_ll2.records import precision
from tests.postgres import Postgres
from webapp.domain.entry import EntryKind
from webapp.ll2.parse import parse_record
from webapp.store import Store

UPCOMING, UPCOMING_LAUNCHES = 250, 60
_LAUNCHES_OF_A_HUNDRED = 8
_AT_ONCE = 1_000


def now() -> datetime:
    """Give the present second."""
    return datetime.now(UTC).replace(microsecond=0)


def events_among(size: int) -> int:
    """Give how many of so many entries are events: all but eight of a hundred."""
    return size - size * _LAUNCHES_OF_A_HUNDRED // 100


def record(number: int, events: int, upcoming: int, at: datetime | None = None, **fields: str) -> Record:
    """Give one of so many events, the last `upcoming` of which are to come at an instant, eight hours apart."""
    at, ahead = at or now(), number - (events - upcoming)
    moment = _moment(number, events, upcoming, at)
    updated = moment - timedelta(days=2) if ahead <= 0 else at - timedelta(days=ahead)
    return make_record(
        number, date=f"{moment:%Y-%m-%dT%H:%M:%SZ}", date_precision=precision(5 if number % 7 == 0 else 1),
        last_updated=f"{updated:%Y-%m-%dT%H:%M:%SZ}", **fields,
    )  # fmt: skip


def launch(number: int, launches: int, at: datetime) -> Record:
    """Give one of so many launches: the last `UPCOMING_LAUNCHES` are to come, the others have an outcome."""
    net = f"{_moment(number, launches, UPCOMING_LAUNCHES, at):%Y-%m-%dT%H:%M:%SZ}"
    status_id = 1 if number > launches - UPCOMING_LAUNCHES else (3, 3, 3, 4, 7)[number % 5]
    updated = f"{at - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    dates = {"net": net, "window_start": net, "window_end": net, "net_precision": precision(1)}
    return make_launch(number, **dates, status=launch_status(status_id), last_updated=updated, webcast_live=False)


def fill(url: str, size: int, upcoming: int = UPCOMING, *, at: datetime | None = None, launches: bool = True) -> None:
    """Fill a store as imports would, a thousand records at a time; of a hundred entries eight are launches."""
    store, at = Store(url), at or now()
    events = events_among(size) if launches else size
    store.migrate()
    arriving = chain(
        (parse_record(record(number, events, upcoming, at)) for number in range(1, events + 1)),
        (parse_record(launch(number, size - events, at), EntryKind.LAUNCH) for number in range(1, size - events + 1)),
    )
    while some := list(islice(arriving, _AT_ONCE)):
        with store.write() as writer:
            writer.upsert_entries(some, now=at)
            for kind in EntryKind if launches else (EntryKind.EVENT,):
                writer.update_progress(kind, imported_at=at, reached_at=at, history_at=at, swept_at=at)
            writer.update_state(reached_at=at)
    store.close()


def rename_next(store: Store, events: int, upcoming: int) -> None:
    """Change one event, the next to come, as a sync would, and wait until every process must have seen it."""
    changed = record(events - upcoming + 1, events, upcoming, name=f"Renamed at {time.time_ns()}")
    with store.write() as writer:
        writer.upsert_entries([parse_record(changed)], now=now())
    time.sleep(1.1)


@contextmanager
def database(engine: str, postgres: Postgres | None) -> Iterator[str]:
    """Give the address of an empty database of this engine."""
    if engine == "sqlite" or postgres is None:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/perigee.db"
    else:
        with postgres.database(migrated=False) as url:
            yield url


def _moment(number: int, size: int, upcoming: int, at: datetime) -> datetime:
    """The last so many are upcoming, one every eight hours; all others fill the twenty years before."""
    ahead, over = number - (size - upcoming), size - upcoming
    past = timedelta(days=20 * 365) * ((over - number + 1) / max(over, 1))
    return at + timedelta(hours=8) * ahead if ahead > 0 else at - past
