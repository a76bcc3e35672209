"""What may be wrong with where things are kept, for every command: its path and its remedy are told."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.databases import migrated_store
from tests.postgres import GUARDED, Postgres
from tests.processes import free_port, run_here
from tests.small_disk import fill_disk, small_disk
from tests.soak import every_day

ROOT = Path(__file__).parent.parent
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


@pytest.mark.slow
def test_what_this_user_may_not_use(data: Path) -> None:
    said = run_closed(data)
    place = f"{data / 'perigee.db'}: "
    # A database that can't be read is put away by `restore`, as one that is corrupt.
    assert said["file"].keys() == set(COMMANDS) - {"restore"}
    for command, words in said["file"].items() | said["folder"].items() | said["read-only folder"].items():
        assert place in words or command == "restore", words
        assert NEEDS_ACCESS in words or command == "restore", words
    for closed in ("folder", "read-only folder"):
        assert f"ERROR  {data} is no folder that this user may read and write.\n" in said[closed]["doctor"]
        assert f"{data / 'perigee.db'}" in said[closed]["restore"]
        assert "Check that the path is right and this user may use it" in said[closed]["restore"]


def run_closed(data: Path) -> dict[str, dict[str, str]]:
    """Do as `run` for all commands where something is closed, without root's right to use it nevertheless."""
    bounded = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*bounded, sys.executable, "-c", RUN_CLOSED, data], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, dict[str, str]] = json.loads(done.stdout)
    return said


# In one process of its own, which imports everything once.
RUN_CLOSED = """
import json, sys
from pathlib import Path
from tests.test_storage_faults import COMMANDS, run

data = Path(sys.argv[1])
file, said = data / "perigee.db", {}
for name, closed, mode in (("file", file, 0), ("folder", data, 0), ("read-only folder", data, 0o500)):
    before = closed.stat().st_mode
    closed.chmod(mode)
    said[name] = {command: run(command, data) for command in COMMANDS if (name, command) != ("file", "restore")}
    closed.chmod(before)
print(json.dumps(said))
"""


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as small:
        data = small / "data"
        data.mkdir()
        with pytest.raises(OSError, match="No space left"):
            fill_disk(small / "filled")
        for command in ("migrate", "serve", "sync"):
            said = run(command, data)
            assert f"{data / 'perigee.db'}: " in said
            assert "free up disk space" in said


def test_a_backup_for_which_there_is_no_room(data: Path) -> None:
    with small_disk(data.parent / "small") as small:
        with pytest.raises(OSError, match="No space left"):
            fill_disk(small / "filled")
        found = run_here("backup", str(small / "new.db"), data=data)
        assert (found.returncode, found.stderr) == (
            1,
            f"Error: no copy could be written to {small / 'new.db'}: database or disk is full (free up disk space)\n",
        )
        assert not (small / "new.db").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_is_not_there(data: Path, command: str) -> None:
    said_of_server(data, command, f"postgresql://somebody:s3cr3t@127.0.0.1:{free_port()}/perigee")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_whose_host_nobody_knows(data: Path, command: str) -> None:
    said_of_server(data, command, "postgresql://somebody:s3cr3t@perigee.invalid/perigee")


@pytest.mark.parametrize("command", [one for one in COMMANDS if one != "restore"])
def test_a_server_that_refuses_a_password_or_has_no_such_database(data: Path, postgres: Postgres, command: str) -> None:
    said = said_of_server(data, command, postgres.url("postgres", f"{GUARDED}:s3cr3t"))
    assert f'password authentication failed for user "{GUARDED}"' in said
    said = said_of_server(data, command, postgres.url("nowhere"))
    assert 'database "nowhere" does not exist' in said


def said_of_server(data: Path, command: str, url: str) -> str:
    """Give what a command says of a server that it can't use: its address without the password, and the remedy."""
    said = run(command, data, DATABASE_URL=url)
    assert "s3cr3t" not in said
    if command == "restore":
        assert "use PostgreSQL's pg_restore instead" in said
    else:
        assert make_url(url).render_as_string(hide_password=True) in said
        assert NEEDS_SERVER in said
    return said


@pytest.mark.parametrize("command", every_day([*COMMANDS, "config"], one_of=3))
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
