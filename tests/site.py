"""A whole site for tests: a store filled with given records, and the application that serves it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import CodeType

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from tests.clock import ManualClock
from tests.databases import ensure_migrated
from tests.fake_ll2 import Record
from tests.keys import event_key
from webapp.app import create_app
from webapp.domain.entry import Entry, EntryKey, EntryKind, ReceivedEntry
from webapp.instance.editions import SAMPLE
from webapp.ll2.parse import parse_event, serialize_record
from webapp.ll2.parse_launch import parse_launch
from webapp.settings import Settings
from webapp.store import Store


class _CompiledTemplates(BytecodeCache):
    """Templates are compiled once in a process, not once for each application."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _CompiledTemplates()


@dataclass
class Site:
    """The application under test and what it reads."""

    app: Flask
    store: Store
    clock: ManualClock

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def get(self, address: str, **headers: str) -> tuple[int, str]:
        """Give the status and the text of an answer."""
        answer = self.client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return answer.status_code, answer.get_data(as_text=True)

    def close(self) -> None:
        """Close every connection that the site holds."""
        self.store.close()
        current = self.app.extensions["perigee"]
        current.editions.close()

    def put(self, *records: Record, now: datetime | None = None) -> None:
        """Take in records of either kind, as imports that are now complete would."""
        moment = now or self.clock()
        arrived = [ReceivedEntry(parse_record(record), serialize_record(record)) for record in records]
        with self.store.write() as writer:
            writer.upsert_entries(arrived, now=moment)
            for kind in {EntryKind.EVENT, *(one.entry.key.kind for one in arrived)}:
                writer.update_progress(kind, imported_at=moment)
            writer.update_state(reached_at=moment)

    def withdraw(self, entry: int | EntryKey) -> None:
        """Let the source list an entry no more: an event by its id, or any by its key."""
        key = entry if isinstance(entry, EntryKey) else event_key(entry)
        with self.store.write() as writer:
            writer.withdraw(key, now=self.clock())


def parse_record(record: Record) -> Entry:
    """Parse a record of either kind."""
    return parse_launch(record) if isinstance(record["id"], str) else parse_event(record)


def make_site(
    settings: Settings,
    clock: ManualClock,
    records: Iterable[Record] = (),
    *,
    sample: bool = False,
    trusted_for: float = 0,
) -> Site:
    """Make a site whose store holds these records; without any, its first import is still to come."""
    ensure_migrated(settings.database_url)
    if sample or settings.may_show_sample:
        ensure_migrated(settings.sample_database_url, is_sample=True)
    app = create_app(settings, clock=clock, forced=SAMPLE if sample else None, trusted_for=trusted_for)
    app.jinja_env.bytecode_cache = _COMPILED
    site = Site(app, Store(settings.database_url), clock)
    if given := list(records):
        site.put(*given)
    return site
