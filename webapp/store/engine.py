"""The database engine: SQLite in WAL mode, or PostgreSQL, set up so that readers never wait and writers queue."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, FromClause, create_engine, event, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

BUSY_TIMEOUT_SECONDS = 10
_WRITERS_LOCK = 7_374_433  # Any number, as long as it is ours alone: PostgreSQL's advisory locks are known by number.


def make_engine(url: str) -> Engine:
    """Make an engine for a `sqlite:///` or `postgresql://` URL. Each process makes its own, after it forked.

    Its errors hide the values of a statement: they go into the log, and what was searched for does not.
    """
    parsed = make_url(url)
    return _make_sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _make_postgresql(parsed)


class FileIdentity:
    """Whether the file of a SQLite database is still the one that was opened first.

    One that is deleted or replaced meanwhile stays open where it was: what is written there is lost, and what SQLite
    keeps beside it would be taken for part of the new one.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._file = parsed.database if parsed.get_backend_name() == "sqlite" else None
        self._known: tuple[int, int] | None = None

    def trouble(self) -> str | None:
        """Say what has become of it, if it is no more what it was."""
        if self._file is None:
            return None
        try:
            found = os.stat(self._file)  # noqa: PTH116 - with each transaction: a path object costs as much again
        except FileNotFoundError:
            return None if self._known is None else self._words("deleted")
        except PermissionError:
            return None  # Opening it says why it can't be used.
        self._known = self._known or (found.st_dev, found.st_ino)
        return None if self._known == (found.st_dev, found.st_ino) else self._words("replaced")

    def _words(self, what: str) -> str:
        return (
            f"{self._file} was {what} while in use: stop Perigee, put it back with `perigee restore`, and start again"
        )


def place_of(url: str) -> str:
    """Say where a database is, for whoever runs it: a file, or an address without its password."""
    parsed = make_url(url)
    file = parsed.database or ""
    return file if parsed.get_backend_name() == "sqlite" else parsed.render_as_string(hide_password=True)


def remedy_for(error: BaseException | None) -> str:
    """Say what can be done about what an engine reports."""
    if not isinstance(error, sqlite3.Error):
        return "check DATABASE_URL, and that the server is running"
    # Extended codes hold the primary one in their lowest byte.
    return _REMEDIES.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF, "see `perigee doctor`")


_NEEDS_BACKUP = "stop Perigee, and restore a backup with `perigee restore FILE`"
_NEEDS_ACCESS = "check that it is a file that this user may read and write, in a folder where it may write"
_REMEDIES = {
    sqlite3.SQLITE_CORRUPT: _NEEDS_BACKUP,
    sqlite3.SQLITE_NOTADB: _NEEDS_BACKUP,
    sqlite3.SQLITE_CANTOPEN: _NEEDS_ACCESS,
    sqlite3.SQLITE_READONLY: _NEEDS_ACCESS,
    sqlite3.SQLITE_PERM: _NEEDS_ACCESS,
    sqlite3.SQLITE_IOERR: "check the disk, and the free space on it",
    sqlite3.SQLITE_FULL: "free up disk space",
    sqlite3.SQLITE_BUSY: "another process is writing for long: try again",
}


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one snapshot for as long as it lasts."""
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that holds the right to write from its start, and commit it, or undo it on any error."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _WRITERS_LOCK})
        yield connection


class _HintingCompiler(SQLiteCompiler):
    """Writes hints on tables into the statement: SQLite has `INDEXED BY`, and SQLAlchemy passes it over."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002 - its shape
        """Give what follows the table's name."""
        return text


def _make_sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS}, max_overflow=-1, hide_parameters=True)
    engine.dialect.statement_compiler = _HintingCompiler
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _make_postgresql(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "options": "-c timezone=utc",
            "connect_timeout": BUSY_TIMEOUT_SECONDS,
            "tcp_user_timeout": BUSY_TIMEOUT_SECONDS * 1000,
        },
        pool_pre_ping=True,
        hide_parameters=True,
        pool_size=10,
        max_overflow=20,
    )


def _set_up_sqlite(dbapi_connection: Any, _record: object) -> None:
    # The driver's own, late BEGIN would let two writers read first and then fail: `_begin` says it instead.
    dbapi_connection.isolation_level = None
    # Each thread has a connection with a cache of its own; what it does not hold, the system's cache does.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-4096"):
        _patiently(partial(dbapi_connection.execute, f"PRAGMA {pragma}"))


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes", False)
    if immediate:
        _patiently(partial(connection.exec_driver_sql, "BEGIN IMMEDIATE"))
    else:
        connection.exec_driver_sql("BEGIN")


def _patiently(execute: Callable[[], object]) -> None:
    """Try again while the database is locked: where others create it or close it, SQLite says so without any wait."""
    deadline = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            execute()
        except (OperationalError, sqlite3.OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() >= deadline:
                raise
            time.sleep(0.02)
        else:
            return
