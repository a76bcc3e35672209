"""Copies of answers: confirmed by the service, bounded, and whatever happens to them costs a transfer and no more."""

import json
import logging
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from requests_cache.backends.sqlite import SQLiteDict

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_record, make_records
from tests.keys import event_key
from tests.ll2.planted import Planted
from webapp.ll2.cache_storage import FileStorage
from webapp.ll2.client import LaunchLibrary
from webapp.ll2.errors import MalformedError
from webapp.ll2.protocol import Listing, PageRequest


@pytest.fixture
def fake(clock: ManualClock) -> Iterator[FakeLaunchLibrary]:
    with FakeLaunchLibrary(make_records(20, now=clock.now), clock=clock) as fake:
        yield fake


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "http-cache.sqlite"


@pytest.fixture
def source(fake: FakeLaunchLibrary, clock: ManualClock, file: Path) -> Iterator[LaunchLibrary]:
    with LaunchLibrary(fake.url, cache=file, clock=clock, user_agent="Perigee/test", deadline=10) as source:
        yield source


def rows(file: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT key, copy FROM copies ORDER BY kept_at").fetchall()


def spoil(file: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(sql, values)


def change_copy(file: Path, change: Callable[[Any], Any]) -> None:
    ((key, copy),) = rows(file)
    spoil(file, "UPDATE copies SET copy = ? WHERE key = ?", json.dumps(change(json.loads(copy))).encode(), key)


def cut_in_half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip_a_bit(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[-1000] ^= 1  # Somewhere in the body, which fills the end of the file.
    file.write_bytes(whole)


def plant_old_file(file: Path) -> None:
    file.unlink()
    SQLiteDict(str(file), table_name="responses", serializer="pickle").close()  # type: ignore[no-untyped-call] # its own
    spoil(file, "INSERT INTO responses (key, value) VALUES (?, ?)", "any", pickle.dumps(Planted(file.parent / "run")))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "garbage": lambda file: file.write_bytes(b"garbage" * 5000),
    "nothing": lambda file: file.write_bytes(b""),
    "no file": lambda file: file.unlink(),
    "cut in half": cut_in_half,
    "a bit": flip_a_bit,
    "no table": lambda file: spoil(file, "DROP TABLE copies"),
    "other columns": lambda file: spoil(file, "ALTER TABLE copies RENAME COLUMN copy TO value"),
    "a later layout": lambda file: spoil(file, "PRAGMA user_version = 99"),
    "an earlier version": plant_old_file,
    "no text": lambda file: spoil(file, "UPDATE copies SET copy = ?", b"\xff\xfe"),
    "a number": lambda file: spoil(file, "UPDATE copies SET copy = 7"),
    "a pickle": lambda file: spoil(file, "UPDATE copies SET copy = ?", pickle.dumps(Planted(file.parent / "run"))),
    "too large": lambda file: spoil(file, "UPDATE copies SET copy = zeroblob(20000000)"),
    "too deep": lambda file: spoil(file, "UPDATE copies SET copy = ?", b"[" * 100_000),
    "a list": lambda file: change_copy(file, lambda copy: [copy]),
    "no body": lambda file: change_copy(file, lambda copy: copy | {"body": None}),
    "another body": lambda file: change_copy(file, lambda copy: copy | {"body": "e30="}),
    "no base64": lambda file: change_copy(file, lambda copy: copy | {"body": "é!"}),
    "any tag": lambda file: change_copy(file, lambda copy: copy | {"etag": "*"}),
    "a tag of two lines": lambda file: change_copy(file, lambda copy: copy | {"etag": '"a"\r\nHost: b'}),
    "read only": lambda file: file.chmod(0o400),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_of_any_sort_costs_a_transfer_and_the_next_call_is_confirmed_again(
    fake: FakeLaunchLibrary, source: LaunchLibrary, file: Path, damage: str
) -> None:
    whole = source.fetch_page(PageRequest())
    DAMAGES[damage](file)
    answers = [source.fetch_page(PageRequest()) for _ in range(2)]
    assert answers == [whole, whole]
    # Root writes what is read only, and so finds the copy still good.
    assert [seen.status for seen in fake.requests] in ([200, 200, 304], [200, 304, 304])
    assert [seen.status for seen in fake.requests][1] == (304 if damage == "read only" else 200)
    assert len(rows(file)) == 1
    assert not (file.parent / "run").exists(), "nothing is ever unpickled"


def test_what_cannot_even_be_put_away_is_gone_without(
    fake: FakeLaunchLibrary, source: LaunchLibrary, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (file / "a folder").mkdir(parents=True)
    with caplog.at_level(logging.WARNING):
        assert [source.fetch_page(PageRequest()).content.count for _ in range(2)] == [20, 20]
    assert [seen.status for seen in fake.requests] == [200, 200]
    assert "continuing without it" in caplog.text


def test_another_who_holds_the_file_is_not_waited_for(
    fake: FakeLaunchLibrary, source: LaunchLibrary, file: Path
) -> None:
    source.fetch_page(PageRequest())
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert source.fetch_page(PageRequest()).content.count == 20
    assert [seen.status for seen in fake.requests] == [200, 200], "one request for each call, all the same"


def test_the_old_cache_ran_what_was_planted_in_it(tmp_path: Path) -> None:
    # The plant of these tests is alive: the library as it comes runs it.
    with closing(SQLiteDict(str(tmp_path / "old.sqlite"), table_name="responses", serializer="pickle")) as old:
        spoil(tmp_path / "old.sqlite", "INSERT INTO responses (key, value) VALUES (?, ?)", "any",
              pickle.dumps(Planted(tmp_path / "run")))  # fmt: skip
        old["any"]
    assert (tmp_path / "run").exists()


def test_a_copy_is_plain_json(source: LaunchLibrary, file: Path) -> None:
    source.fetch_page(PageRequest())
    ((_, copy),) = rows(file)
    assert sorted(json.loads(copy)) == ["body", "etag", "sha256"]


def test_what_cannot_be_understood_is_not_kept_to_be_confirmed_for_ever(
    fake: FakeLaunchLibrary, source: LaunchLibrary
) -> None:
    for fault in (Fault.WRONG_SHAPE, Fault.TRUNCATED_JSON):
        fake.fail(fault)
        with pytest.raises(MalformedError):
            source.fetch_page(PageRequest())
    source.fetch_page(PageRequest())
    assert [seen.headers.get("if-none-match") for seen in fake.requests] == [None, None, None]


@pytest.mark.parametrize("etag", ["*", '"a", *', "unquoted", f'"{"long" * 100}"', '"\xe9"'])
def test_a_tag_that_confirms_anything_or_is_none_is_not_kept(
    fake: FakeLaunchLibrary, source: LaunchLibrary, etag: str
) -> None:
    fake.fail(Fault.HEADER, name="ETag", value=etag)
    assert [source.fetch_page(PageRequest()).content.count for _ in range(2)] == [20, 20]
    assert [seen.headers.get("if-none-match") for seen in fake.requests] == [None, None]


def test_changes_since_an_instant_are_not_kept(source: LaunchLibrary, file: Path, clock: ManualClock) -> None:
    source.fetch_page(PageRequest(since=clock.now))
    source.fetch_page(PageRequest(listing=Listing.UPCOMING))
    assert len(rows(file)) == 1


def test_copies_live_a_week_from_the_last_time_they_were_confirmed(
    fake: FakeLaunchLibrary, source: LaunchLibrary, file: Path, clock: ManualClock
) -> None:
    source.fetch_entry(event_key(fake.records[0]["id"]))
    source.fetch_page(PageRequest())
    for _ in range(2):
        clock.advance(timedelta(days=4))
        source.fetch_page(PageRequest())
    assert len(rows(file)) == 1
    assert [seen.status for seen in fake.requests] == [200, 200, 304, 304]


def test_a_copy_of_the_future_is_forgotten(source: LaunchLibrary, file: Path, clock: ManualClock) -> None:
    clock.advance(timedelta(days=400))
    source.fetch_page(PageRequest())
    clock.advance(-timedelta(days=400))
    source.fetch_page(PageRequest(listing=Listing.UPCOMING))
    assert len(rows(file)) == 1


def test_the_file_is_bounded_and_the_oldest_go_first(file: Path, clock: ManualClock) -> None:
    storage = FileStorage(file, clock, most_bytes=1_000_000)
    for number in range(50):
        storage.put(str(number), bytes(100_000))
        clock.advance(timedelta(seconds=1))
    assert [key for key, _ in rows(file)] == [str(number) for number in range(40, 50)]
    assert file.stat().st_size < 1_200_000
    storage.put("40", bytes(100_000))
    storage.put("new", bytes(100_000))
    assert [storage.get(key) is not None for key in ("40", "41", "new")] == [True, False, True]


def test_an_answer_is_confirmed_whatever_else_it_may_depend_on(fake: FakeLaunchLibrary, source: LaunchLibrary) -> None:
    source.fetch_page(PageRequest())
    fake.put(make_record(1, name="Another"))
    assert [source.fetch_page(PageRequest()).content.count for _ in range(2)] == [20, 20]
    assert [seen.status for seen in fake.requests] == [200, 200, 304]
