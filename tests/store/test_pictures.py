from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import NOW
from tests.store.engines import ENGINES, opened_store
from tests.whole_entry import WHOLE_EVENT
from webapp.domain.entry import Entry, EntryKey, Picture, ReceivedEntry
from webapp.domain.pictures import PictureFile, PicturePolicy, PictureUse, ShownPicture
from webapp.store import CardState, NamedPicture, PictureCounts, PictureState, Store

SOON, LATER, PAST = "https://a.example/soon.jpg", "https://a.example/later.jpg", "https://a.example/past.jpg"
FILE = PictureFile("0a.jpg", "image/jpeg", 320, 180, 3)
STATE = PictureState(asked_at=NOW, asked_bytes=900, ask_again_at=NOW + timedelta(hours=20), color="#102030")


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened_store(request, tmp_path) as store:
        yield store


def entry_with(number: int, url: str, *, days: int, license_name: str = "CC0", single_use: bool = False) -> Entry:
    picture = Picture(url, None, "A", license_name, None, single_use=single_use)
    date = NOW + timedelta(days=days)
    return replace(WHOLE_EVENT, key=EntryKey.of_event(number), date=date, precision_id=0, picture=picture)


def keep(store: Store, *kept: Entry) -> None:
    with store.write() as writer:
        assert writer.upsert_entries([ReceivedEntry(entry, "{}") for entry in kept], now=NOW).refused == ()


def test_what_is_soon_comes_first_then_what_has_just_been(store: Store) -> None:
    keep(
        store,
        entry_with(1, PAST, days=-30),
        entry_with(2, LATER, days=9),
        entry_with(3, SOON, days=1, license_name="Unknown"),
        entry_with(4, PAST, days=-2),
        replace(entry_with(5, PAST, days=3), picture=None),
    )
    with store.read() as snapshot:
        assert snapshot.pictures.list_named(NOW) == [
            NamedPicture(3, SOON, "Unknown", is_upcoming=True),
            NamedPicture(2, LATER, "CC0", is_upcoming=True),
            NamedPicture(4, PAST, "CC0", is_upcoming=False),
            NamedPicture(1, PAST, "CC0", is_upcoming=False),
        ]


def test_one_for_single_use_is_that_of_whoever_named_it_first(store: Store) -> None:
    first, second = (entry_with(number, SOON, days=1, single_use=True) for number in (1, 2))
    keep(store, first, second)
    with store.write() as writer:
        writer.pictures.put_state(SOON, STATE)
        writer.pictures.put_files(SOON, {FILE: b"jpg"})
        shown = writer.pictures.list_shown(writer.get_entries([1, 2]), PicturePolicy.LICENSED)
        assert [named.entry_id for named in writer.pictures.list_named(NOW)] == [1]
    assert list(shown) == [first.key]


def test_files_are_held_until_they_are_forgotten(store: Store) -> None:
    keep(store, entry_with(1, SOON, days=1), entry_with(2, SOON, days=1, license_name="Unknown"))
    with store.write() as writer:
        writer.pictures.put_state(SOON, STATE)
        writer.pictures.put_files(SOON, {FILE: b"old"})
        writer.pictures.put_files(SOON, {FILE: b"jpg"})
        writer.pictures.put_card(1, "digest", "0c.png", b"card")
    with store.read() as snapshot:
        pictures, (entry, other) = snapshot.pictures, sorted(snapshot.get_entries([1, 2]), key=lambda one: one.id)
        assert entry.entry.picture is not None
        expected = {entry.entry.key: ShownPicture(entry.entry.picture, PictureUse.ADAPT, "#102030", (FILE,))}
        assert pictures.list_shown([entry, other], PicturePolicy.LICENSED) == expected
        assert pictures.list_shown([entry, other], PicturePolicy.ALL).keys() == {entry.entry.key, other.entry.key}
        assert pictures.list_shown([entry, other], PicturePolicy.OFF) == {}
        assert [pictures.get_content(path) for path in ("0a.jpg", "0c.png", "0b.jpg")] == [b"jpg", b"card", None]
        assert pictures.list_cards() == pictures.list_cards([1, 2]) == {1: CardState("digest", "0c.png")}
        assert (pictures.list_states(), pictures.list_sizes()) == ({SOON: STATE}, {SOON: 3})
        assert pictures.count() == PictureCounts(pictures=1, cards=1, size=7, failing=0)
        assert pictures.bytes_since(NOW, until=NOW) == 900
        second = timedelta(seconds=1)
        assert pictures.bytes_since(NOW + second, until=NOW + 2 * second) == 0
        assert pictures.bytes_since(NOW - 2 * second, until=NOW - second) == 0
        assert pictures.list_files(SOON) == [FILE]
    with store.write() as writer:
        assert sorted(writer.pictures.list_naming([SOON])) == [1, 2]
        writer.pictures.forget([SOON])
        writer.pictures.forget_cards([1])
    with store.read() as snapshot:
        assert snapshot.pictures.count() == PictureCounts(pictures=0, cards=0, size=0, failing=0)
        assert snapshot.pictures.get_content("0a.jpg") is None


def test_another_picture_raises_the_generation_and_no_revision(store: Store) -> None:
    keep(store, entry_with(1, SOON, days=1), entry_with(2, LATER, days=1))
    with store.read() as snapshot:
        before, generation = {one.id: one for one in snapshot.get_entries([1, 2])}, snapshot.state.generation
    with store.write() as writer:
        writer.note_pictured([1], now=NOW)
        writer.note_pictured([], now=NOW)
    with store.read() as snapshot:
        assert {one.id: one for one in snapshot.get_entries([1, 2])} == before
        assert snapshot.state.generation == generation + 1
