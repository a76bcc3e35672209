"""A server with a thousand events of every precision."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.every_precision import records_of_every_precision
from tests.processes import Server, running_server
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.ll2.parse import parse_event, serialize_record
from webapp.runtime import utc_now
from webapp.store import Store


@contextmanager
def running_crowded_server(data: Path) -> Iterator[Server]:
    """Run a server whose store holds them, and whose source is silent."""
    now = utc_now()
    store = Store(f"sqlite:///{data / 'perigee.db'}")
    store.migrate()
    received = [ReceivedEntry(parse_event(one), serialize_record(one)) for one in records_of_every_precision(now)]
    with store.write() as writer:
        writer.upsert_entries(received, now=now)
        writer.update_progress(EntryKind.EVENT, imported_at=now)
        writer.update_state(reached_at=now)
    store.close()
    with running_server(data, PERIGEE_LL2_URL="http://127.0.0.1:9/") as server:
        yield server
