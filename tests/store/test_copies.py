import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.clock import NOW
from tests.databases import migrated_store
from tests.factories import make_entry
from webapp.domain.entry import ReceivedEntry
from webapp.store import CopyError, Store, StoreUnavailableError, check_file, put_back
from webapp.store.copies import BESIDE, pause_notices
from webapp.store.migrate import known_revisions


def filled(file: Path, name: str) -> Path:
    store = migrated_store(file)
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(make_entry(name=name), "{}")], now=NOW)
    store.close()
    return file


def copied(file: Path, name: str) -> Path:
    store = Store(f"sqlite:///{filled(file.with_suffix('.original'), name)}")
    store.back_up(file)
    store.close()
    return file


def name_in(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        (name,) = connection.execute("SELECT name FROM entries").fetchone()
    return str(name)


def test_a_copy_is_whole_and_names_its_schema(tmp_path: Path) -> None:
    assert check_file(copied(tmp_path / "copy.db", "One")) in known_revisions()


def test_a_copy_takes_the_place_of_what_was_there_which_is_kept(tmp_path: Path) -> None:
    copy, target = copied(tmp_path / "copy.db", "Old"), filled(tmp_path / "perigee.db", "New")
    kept = put_back(copy, target, now=NOW)
    assert kept is not None
    assert kept.name == f"perigee.db.{NOW:%Y%m%dT%H%M%SZ}"
    assert (name_in(target), name_in(kept), name_in(copy)) == ("Old", "New", "Old")


def test_none_of_those_kept_within_a_second_takes_the_place_of_another(tmp_path: Path) -> None:
    target = filled(tmp_path / "perigee.db", "0")
    copies = [copied(tmp_path / f"copy-{number}.db", str(number)) for number in range(1, 4)]
    kept = [put_back(copy, target, now=NOW) for copy in copies]
    stem = f"perigee.db.{NOW:%Y%m%dT%H%M%S}"
    assert [one and (one.name, name_in(one)) for one in kept] == [
        (f"{stem}Z", "0"), (f"{stem}-2Z", "1"), (f"{stem}-3Z", "2"),
    ]  # fmt: skip
    assert name_in(target) == "3"


def test_where_nothing_was_nothing_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "perigee.db"
    assert put_back(copied(tmp_path / "copy.db", "One"), target, now=NOW) is None
    assert name_in(target) == "One"


def test_what_others_have_open_stays(tmp_path: Path) -> None:
    copy, target = copied(tmp_path / "copy.db", "Old"), filled(tmp_path / "perigee.db", "New")
    store = Store(f"sqlite:///{target}")
    with store.read() as snapshot:
        assert snapshot.state.generation == 1
    try:
        # Nobody reads at the moment; that it is open is enough.
        with pytest.raises(CopyError, match="is in use: stop Perigee first"):
            put_back(copy, target, now=NOW)
    finally:
        store.close()
    assert name_in(target) == "New"
    assert [path.name for path in tmp_path.glob("*.unfinished")] == []


def test_the_log_of_one_that_ended_badly_is_not_taken_for_part_of_the_copy(tmp_path: Path) -> None:
    copy, target = copied(tmp_path / "copy.db", "Old"), tmp_path / "perigee.db"
    target.write_bytes(b"no database")
    for end in BESIDE:
        Path(f"{target}{end}").write_bytes(b"left over")
    kept = put_back(copy, target, now=NOW)
    assert (name_in(target), kept and kept.read_bytes()) == ("Old", b"no database")
    assert [Path(f"{target}{end}").exists() for end in BESIDE] == [False, False]


def test_flipped_bytes_are_found(tmp_path: Path) -> None:
    copy = copied(tmp_path / "copy.db", "One")
    content = bytearray(copy.read_bytes())
    found = 0
    for place in range(4096, len(content), 4096):
        flipped = bytearray(content)
        flipped[place : place + 8] = bytes(byte ^ 0xFF for byte in flipped[place : place + 8])
        copy.write_bytes(flipped)
        try:
            check_file(copy)
        except CopyError:
            found += 1
    # A page that nothing uses may hold anything.
    assert found >= 0.9 * (len(content) // 4096 - 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "is no file"), (b"text" * 500, "no database that can be read"), (b"", "no database of Perigee's")],
)
def test_what_is_no_copy_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    copy = tmp_path / "copy.db"
    if content is not None:
        copy.write_bytes(content)
    with pytest.raises(CopyError, match=words):
        check_file(copy)


def test_a_copy_that_cannot_be_kept_from_sending_is_removed_and_a_remedy_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"text" * 500)
    with pytest.raises(
        CopyError, match=r"kept from sending notices.*file is not a database \(stop Perigee, and restore"
    ):
        pause_notices(copy)
    assert not copy.exists()


def test_a_database_of_a_later_version_is_refused_in_words(tmp_path: Path) -> None:
    file = filled(tmp_path / "perigee.db", "One")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    store = Store(f"sqlite:///{file}")
    try:
        with pytest.raises(StoreUnavailableError, match="is newer than this version of Perigee"):
            store.migrate()
    finally:
        store.close()


def test_a_database_in_use_is_read_through(tmp_path: Path) -> None:
    file = filled(tmp_path / "perigee.db", "One")
    store = Store(f"sqlite:///{file}")
    try:
        assert store.list_damage() == []
    finally:
        store.close()
    with file.open("r+b") as opened:
        opened.seek(4096 * 6)
        opened.write(b"\xff" * 4096)
    store = Store(f"sqlite:///{file}")
    try:
        damage = store.list_damage()
    except StoreUnavailableError as error:
        damage = [str(error)]
    finally:
        store.close()
    assert damage
