"""Stores to measure: filled as imports fill them, with as many events to come whatever their size."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.fake_ll2 import Record, make_record
from tests.fake_ll2.records import precision
from tests.postgres import Postgres
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.ll2.parse import parse_event, serialize_record
from webapp.store import Store

_AT_ONCE = 1_000


def now() -> datetime:
    """Give the present second."""
    return datetime.now(UTC).replace(microsecond=0)


def record(number: int, size: int, upcoming: int, **fields: str) -> Record:
    """Give one of so many records, the last `upcoming` of which are to come, eight hours apart."""
    ahead = number - (size - upcoming)
    past = timedelta(days=20 * 365) * ((size - upcoming - number + 1) / max(size - upcoming, 1))
    moment = now() + timedelta(hours=8) * ahead if ahead > 0 else now() - past
    updated = moment - timedelta(days=2) if ahead <= 0 else now() - timedelta(days=1)
    return make_record(
        number, date=f"{moment:%Y-%m-%dT%H:%M:%SZ}", date_precision=precision(5 if number % 7 == 0 else 1),
        last_updated=f"{updated:%Y-%m-%dT%H:%M:%SZ}", **fields,
    )  # fmt: skip


def fill(url: str, size: int, upcoming: int) -> None:
    """Fill a store as imports would, a thousand records at a time."""
    store = Store(url)
    store.migrate()
    for start in range(1, size + 1, _AT_ONCE):
        records = [record(number, size, upcoming) for number in range(start, min(start + _AT_ONCE, size + 1))]
        with store.write() as writer:
            writer.upsert_entries(
                [ReceivedEntry(parse_event(one), serialize_record(one)) for one in records], now=now()
            )
            writer.update_progress(EntryKind.EVENT, imported_at=now())
            writer.update_state(reached_at=now())
    store.close()


def rename_next(store: Store, size: int, upcoming: int) -> None:
    """Change one event, the next to come, as a sync would, and wait until every process must have seen it."""
    changed = record(size - upcoming + 1, size, upcoming, name=f"Renamed at {time.time_ns()}")
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(parse_event(changed), serialize_record(changed))], now=now())
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
