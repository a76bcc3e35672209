"""What may be wrong with where things are kept, for every command: its path and its remedy are told."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import migrated_store
from tests.processes import free_port, run_here

COMMANDS = ("serve", "sync", "doctor", "migrate", "backup", "restore", "history")
NEEDS_BACKUP = "restore a backup with `perigee restore FILE`"
NEEDS_ACCESS = "check that it is a file that this user may read and write, in a folder where it may write"
NEEDS_SERVER = "check DATABASE_URL, and that the server is running"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give a data folder with an empty database; `copy.db` beside it is a backup."""
    folder = tmp_path / "data"
    folder.mkdir()
    migrated_store(folder / "perigee.db").close()
    shutil.copy(folder / "perigee.db", tmp_path / "copy.db")
    return folder


def run(command: str, data: Path, **environ: str) -> str:
    """Run a command that must fail, without a traceback, and give what it said."""
    copies = {"backup": data.parent / "new.db", "restore": data.parent / "copy.db"}
    flags = {
        "serve": ["--no-sync"], "doctor": ["--offline"], "history": ["7"],
        **{name: [str(copy)] for name, copy in copies.items()},
    }  # fmt: skip
    found = run_here(command, *flags.get(command, []), data=data, **environ)
    said = found.stdout + found.stderr
    assert (found.returncode, "Traceback" in said) == (1, False), said
    assert not (data.parent / "new.db").exists()
    return said


def garble(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[100:4000] = b"\xff" * 3900
    file.write_bytes(whole)


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("command", [one for one in COMMANDS if one != "restore"])
@pytest.mark.parametrize(
    ("spoil", "remedy"),
    [
        (garble, NEEDS_BACKUP),
        (lambda file: file.write_text("no database" * 1000), NEEDS_BACKUP),
        (make_folder, NEEDS_ACCESS),
    ],
    ids=["corrupt", "no database", "a folder"],
)
def test_a_database_that_cannot_be_used(data: Path, command: str, spoil: Callable[[Path], object], remedy: str) -> None:
    spoil(data / "perigee.db")
    said = run(command, data)
    assert f"{data / 'perigee.db'}: " in said
    assert remedy in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_data_folder_that_is_a_file(data: Path, command: str) -> None:
    file = data / "file"
    file.write_text("")
    said = run(command, data, PERIGEE_DATA_DIR=str(file))
    assert str(file) in said
    remedies = {
        "backup": "run `perigee migrate`", "history": "run `perigee migrate`",
        "restore": "Check that the path is right and this user may use it", "doctor": "Set PERIGEE_DATA_DIR to another",
    }  # fmt: skip
    assert remedies.get(command, "set PERIGEE_DATA_DIR to a folder where this user may write") in said


@pytest.mark.parametrize("command", [one for one in COMMANDS if one not in {"restore", "doctor"}])
def test_a_file_system_that_takes_nothing(data: Path, command: str) -> None:
    said = run(command, data, PERIGEE_DATA_DIR="/proc/perigee")
    assert "/proc/perigee" in said
    assert "set PERIGEE_DATA_DIR" in said or "run `perigee migrate`" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_is_not_there(data: Path, command: str) -> None:
    url = f"postgresql://somebody:s3cr3t@127.0.0.1:{free_port()}/perigee"
    said = run(command, data, DATABASE_URL=url)
    assert "s3cr3t" not in said
    if command == "restore":
        assert "use PostgreSQL's pg_restore instead" in said
    else:
        assert url.replace("s3cr3t", "***") in said
        assert NEEDS_SERVER in said


@pytest.mark.parametrize("command", [*COMMANDS, "config"])
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: None, "a file that this user can read ({}: No such file or directory)"),
        (Path.mkdir, "a file that this user can read ({}: Is a directory)"),
        (Path.touch, "a file with the value in it ({} is empty)"),
        (lambda file: file.write_bytes(b"\xff\xfe"), "a file with text in UTF-8 ({} has none)"),
    ],
    ids=["missing", "a folder", "empty", "not UTF-8"],
)
def test_a_secret_whose_file_lacks_it(data: Path, command: str, make: Callable[[Path], object], words: str) -> None:
    file = data / "secret"
    make(file)
    assert words.format(file) in run(command, data, DATABASE_URL_FILE=str(file))


def test_a_sample_that_cannot_be_used_is_to_be_deleted(data: Path) -> None:
    (data / "sample.db").write_text("no database" * 1000)
    said = run("serve", data)
    assert said == f"Error: {data / 'sample.db'}: file is not a database (delete it: Perigee makes it anew)\n"


def test_a_backup_that_cannot_be_written_leaves_nothing(data: Path) -> None:
    found = run_here("backup", "/proc/new.db", data=data)
    assert (found.returncode, found.stderr) == (
        1,
        f"Error: no copy could be written to /proc/new.db: unable to open database: /proc/new.db ({NEEDS_ACCESS})\n",
    )
