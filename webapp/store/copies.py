"""Copies of a SQLite database: made while others write, checked, and put back in its place."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from webapp.store.engine import remedy_for

BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database file, and what would be taken for part of another put in its place."""


class CopyError(Exception):
    """A copy that cannot be made, used or put back. The message names the file and says what can be done."""


def write_copy(cursor: Any, target: Path) -> None:
    """Write a copy of the database into a new file. Raises `CopyError`, and then leaves nothing of it."""
    try:
        cursor.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        if "already exists" not in str(error):
            with suppress(OSError):
                target.unlink()
        raise CopyError(f"no copy could be written to {target}: {error} ({remedy_for(error)})") from error


def check_file(file: Path) -> str:
    """Check that a file is a whole database of Perigee's, and give the revision of its schema.

    SQLite reads it through (`PRAGMA quick_check`). Raises `CopyError`.
    """
    if not file.is_file():
        raise CopyError(f"{file} is no file: give one that `perigee backup` has written")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = [words for (words,) in connection.execute("PRAGMA quick_check(3)")]
            revision: str | None = None
            if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone():
                (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    except sqlite3.Error as error:
        raise CopyError(f"{file} is no database that can be read: {error}") from error
    if found != ["ok"]:
        raise CopyError(f"{file} is corrupt: {'; '.join(found)}. Use another copy")
    if revision is None:
        raise CopyError(f"{file} is no database of Perigee's")
    return revision


def pause_notices(copy: Path) -> None:
    """Let a copy send no notices until `perigee notify --resume`: its original may go on.

    Raises `CopyError`, and then leaves no copy, since that would send.
    """
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.execute("INSERT OR REPLACE INTO notice_state (id, is_paused) VALUES (1, 1)")
    except sqlite3.Error as error:
        with suppress(OSError):
            copy.unlink()
        words = f"{copy} could not be kept from sending notices, and was removed: {error}"
        raise CopyError(f"{words} ({remedy_for(error)})") from error


def put_back(copy: Path, target: Path, *, now: datetime) -> Path | None:
    """Put a copy, which was checked, in the place of a database, and give where what was there is kept.

    Raises `CopyError` while any process has the database open, and `OSError` where a file cannot be written.
    """
    if target.exists():
        _refuse_while_open(target)
    unfinished = target.with_name(f"{target.name}.unfinished")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(copy, unfinished)
        _write_through(unfinished)
        kept = _put_away(target, now) if target.exists() else None
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    _write_through(target.parent)
    return kept


def _put_away(target: Path, now: datetime) -> Path:
    kept = _free_name(target, now)
    # What could not be written into the file, since that is corrupt, is kept with it.
    for end in BESIDE:
        beside = Path(f"{target}{end}")
        if beside.exists():
            beside.rename(f"{kept}{end}")
    target.rename(kept)
    return kept


def _free_name(target: Path, now: datetime) -> Path:
    # Two copies may be put back within a second, and none is ever overwritten.
    base = f"{target.name}.{now:%Y%m%dT%H%M%S}"
    names = chain([f"{base}Z"], (f"{base}-{number}Z" for number in count(2)))
    return next(kept for name in names if not (kept := target.with_name(name)).exists())


def _refuse_while_open(target: Path) -> None:
    """Leave the write-ahead log, which SQLite allows only who alone has the database open."""
    try:
        with closing(sqlite3.connect(target, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise CopyError(f"{target} is in use: stop Perigee first") from error
    except sqlite3.DatabaseError:
        return  # It is corrupt, or none at all: that is what it is being replaced for.


def _write_through(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
