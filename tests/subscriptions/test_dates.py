"""The dates of items, from the source's own words to the feeds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock import NOW
from tests.factories import dates, make_published
from tests.fake_ll2 import make_record
from tests.keys import event_key
from webapp.domain.entry import EntryKey, EntryKind
from webapp.domain.instants import SPACE_AGE
from webapp.feeds.items import change_item, entry_item
from webapp.ll2.parse import parse_record
from webapp.store import Snapshot, Store

LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("store")
    store = Store(f"sqlite:///{folder / 'store.db'}")
    store.migrate()
    yield store
    store.close()


IDS = count(1)


def dates_of(snapshot: Snapshot, key: EntryKey) -> list[datetime]:
    """Give every date in the item of an entry and in those of its changes."""
    stored = snapshot.get_entry(key)
    assert stored is not None
    published = make_published(stored)
    items = [entry_item(published), *(change_item(change, published) for change in snapshot.list_history(key))]
    return [at for item in items for at in (item.published, item.updated)]


@given(st.none() | dates(), st.none() | dates(), st.booleans())
def test_the_date_of_an_item_lies_between_the_space_age_and_now(
    store: Store,
    first: datetime | None,
    second: datetime | None,
    is_baseline: bool,  # noqa: FBT001 - drawn
) -> None:
    event_id = next(IDS)
    stamps = [None if one is None else one.isoformat() for one in (first, second)]
    records = [make_record(event_id, name=name, last_updated=at) for name, at in zip("ab", stamps, strict=True)]
    with store.write() as writer:
        writer.update_progress(EntryKind.EVENT, imported_at=None if is_baseline else NOW)
        for record, now in zip(records, (NOW, LATER), strict=True):
            writer.upsert_entries([parse_record(record)], now=now)
            assert [at for at in dates_of(writer, event_key(event_id)) if not SPACE_AGE <= at <= now] == []
