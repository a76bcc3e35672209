"""The database engine: SQLite in WAL mode, set up so that readers never wait and writers queue."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_TIMEOUT_SECONDS = 10


def make_engine(url: str) -> Engine:
    """Make an engine for a `sqlite:///` URL. Each process makes its own, after it forked."""
    engine = create_engine(make_url(url), connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one snapshot for as long as it lasts."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that holds the right to write from its start, and commit it, or undo it on any error."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def _set_up_sqlite(dbapi_connection: Any, _record: object) -> None:
    # The driver's own, late BEGIN would let two writers read first and then fail: `_begin` says it instead.
    dbapi_connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
