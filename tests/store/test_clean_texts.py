"""What is read back from the store is as clean as what was parsed, whichever version stored it."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.browser.hostile_texts import TEXTS
from tests.clean_texts import entries_of, record_of, text_fields, texts_of, unclean_texts
from tests.clock import NOW
from tests.factories import hostile_texts
from tests.soak import length
from webapp.domain.entry import Entry, EntryKey, ReceivedEntry
from webapp.ll2.parse import parse_event
from webapp.store import Store
from webapp.store.schema import entry_bodies


def put_and_get(store: Store, entry: Entry) -> Entry:
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(entry, "{}")], now=NOW)
    return get(store, entry.key)


def get(store: Store, key: EntryKey) -> Entry:
    with store.read() as snapshot:
        stored = snapshot.get_entry(key)
    assert stored is not None
    return stored.entry


def store_as_before(store: Store, text: str) -> None:
    """Put a text into the row of what is stored as it arrived, as earlier versions did."""
    with store.write() as writer:
        connection = writer._connection  # noqa: SLF001 - no version of today writes such a row
        parts = json.loads(connection.scalars(select(entry_bodies.c.parts)).one())
        parts.pop("clean", None)  # It is not there where this example is the one before.
        parts["webcasts"][0] |= dict.fromkeys(("title", "publisher", "kind_name", "language", "language_code"), text)
        parts["links"][0] |= dict.fromkeys(("title", "description", "source", "kind", "language"), text)
        parts["updates"][0] |= {"author": text}
        duration = entry_bodies.c.duration + " \n"
        connection.execute(update(entry_bodies).values(parts=json.dumps(parts), duration=duration))


def test_every_text_of_an_entry_is_read_back(store: Store) -> None:
    found = [put_and_get(store, entry) for entry in entries_of("x")]
    assert {name for entry in found for name, text in texts_of(entry) if text} == text_fields()


@settings(
    max_examples=length(15, long=1_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(TEXTS) | hostile_texts() | st.text())
def test_every_text_is_clean_and_as_it_was_parsed(store: Store, text: str) -> None:
    for entry in entries_of(text):
        found = put_and_get(store, entry)
        assert unclean_texts(found) == []
        assert found == entry


@settings(
    max_examples=length(15, long=1_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given((st.sampled_from(TEXTS) | hostile_texts() | st.text()).map(lambda text: f"&amp;{text}"))
def test_what_an_earlier_version_stored_as_it_arrived_is_what_arrives_anew(store: Store, text: str) -> None:
    entry = parse_event(record_of(text))
    put_and_get(store, entry)
    store_as_before(store, text)
    found = get(store, entry.key)
    assert unclean_texts(found) == []
    assert found == entry
