"""The store: what Perigee knows, in SQL. It is opened by URL, read in snapshots, and written one writer at a time."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from webapp.domain.entry import EntryKind
from webapp.store.browsers import ServerKeys
from webapp.store.changes import details_of
from webapp.store.copies import CopyError, check_file, pause_notices, put_back, write_copy
from webapp.store.engine import (
    FileIdentity,
    make_engine,
    place_of,
    read_transaction,
    remedy_for,
    write_transaction,
)
from webapp.store.histories import HistoryPlace
from webapp.store.notice_rows import (
    Channel,
    NewNotice,
    Notice,
    Subscriber,
    Subscription,
    parse_reminder_cause,
    reminder_cause,
)
from webapp.store.notices import NoticeCounts, NoticeMemory, NoticeWriter
from webapp.store.pictures import CardState, NamedPicture, PictureCounts, PictureState, PictureWriter
from webapp.store.reading import Counts, EntryVersion, Rejected, Snapshot
from webapp.store.rows import UNDATED_RANK
from webapp.store.selection import Choice, Facets, Period
from webapp.store.state import ChainState, Progress, StoreState
from webapp.store.statistics.reading import Drift, KnownCase, Statistics
from webapp.store.statistics.totals import CaseKey, Dimension, LaunchKey, SlipKey
from webapp.store.syncing import (
    CLOCK_ALERT,
    LEASE_LASTS,
    LIST_ALERT,
    Alert,
    Call,
    Lease,
    SyncMemory,
    SyncWriter,
    TaskState,
)
from webapp.store.websub import HubState
from webapp.store.writing import Intake, Writer

__all__ = [
    "CLOCK_ALERT",
    "LEASE_LASTS",
    "LIST_ALERT",
    "UNDATED_RANK",
    "Alert",
    "Call",
    "CardState",
    "CaseKey",
    "ChainState",
    "Channel",
    "Choice",
    "CopyError",
    "Counts",
    "Dimension",
    "Drift",
    "EntryVersion",
    "Facets",
    "HistoryPlace",
    "HubState",
    "Intake",
    "KnownCase",
    "LaunchKey",
    "Lease",
    "NamedPicture",
    "NewNotice",
    "NoBackupError",
    "Notice",
    "NoticeCounts",
    "NoticeMemory",
    "NoticeWriter",
    "Period",
    "PictureCounts",
    "PictureState",
    "PictureWriter",
    "Progress",
    "Rejected",
    "ServerKeys",
    "SlipKey",
    "Snapshot",
    "Statistics",
    "Store",
    "StoreState",
    "StoreUnavailableError",
    "Subscriber",
    "Subscription",
    "SyncMemory",
    "SyncWriter",
    "TaskState",
    "Writer",
    "check_file",
    "details_of",
    "parse_reminder_cause",
    "put_back",
    "reminder_cause",
]


class StoreUnavailableError(Exception):
    """The database cannot be used just now: it is locked, full, or gone. The message is the engine's own, with the
    place and the remedy.

    `public` is what of that anyone may be told: a server's messages name hosts and users.
    """

    def __init__(self, message: str, *, public: str | None = None) -> None:
        super().__init__(message)
        self.public = public or message


class NoBackupError(Exception):
    """Copies of this database are made by other means, which the message names."""


class Store:
    """A database of entries at a `sqlite:///` or `postgresql://` URL. Make one in each process, after it forked.

    What is read of it is of these `kinds` alone, if they are given; what is written sees all.
    """

    def __init__(self, url: str, *, kinds: Collection[EntryKind] | None = None) -> None:
        self._engine = make_engine(url)
        self._file = FileIdentity(url)
        self._kinds = kinds
        self.place = place_of(url)

    def migrate(self) -> None:
        """Bring the database to the newest schema, creating it if need be; any number of processes may call it.

        Raises `StoreUnavailableError`.
        """
        # Imported here, and below: Alembic is large, and whoever only reads and writes needs none of it.
        from webapp.store.migrate import SchemaError, migrate  # noqa: PLC0415

        try:
            with self._translated():
                migrate(self._engine)
        except SchemaError as error:
            raise StoreUnavailableError(str(error)) from error

    def schema_revisions(self) -> tuple[str | None, str | None]:
        """Give the revision of the schema that the database has, and the newest. Raises `StoreUnavailableError`."""
        from webapp.store.migrate import revisions  # noqa: PLC0415

        with self._translated():
            return revisions(self._engine)

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """Open one snapshot: everything read in it belongs to one generation. Raises `StoreUnavailableError`."""
        self._refuse_another_file()
        with self._translated(), read_transaction(self._engine) as connection:
            yield Snapshot(connection, self._kinds)

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Open the one writer; what it did is kept whole when the block ends, and undone whole on any error.

        Raises `StoreUnavailableError`.
        """
        self._refuse_another_file()
        with self._translated(), write_transaction(self._engine) as connection:
            yield Writer(connection)

    def list_damage(self) -> list[str] | None:
        """Read the database through, and list what of it is damaged, in SQLite's words (`PRAGMA quick_check`).

        `None` for PostgreSQL, which has means of its own. Raises `StoreUnavailableError`.
        """
        if self._engine.dialect.name != "sqlite":
            return None
        self._refuse_another_file()
        with self._translated(), read_transaction(self._engine) as connection:
            found = list(connection.exec_driver_sql("PRAGMA quick_check(3)").scalars())
        return [] if found == ["ok"] else found

    def back_up(self, target: Path) -> None:
        """Write a whole copy of the database, as of one moment, into a new file, while others read and write.

        The copy sends no notices until it is told to, and is read through once more. Raises `FileExistsError`,
        `FileNotFoundError`, `StoreUnavailableError`, `CopyError`, and `NoBackupError` where the database is no SQLite
        file.
        """
        if self._engine.dialect.name != "sqlite":
            raise NoBackupError("this only works with SQLite; use PostgreSQL's pg_dump and pg_restore instead")
        if target.exists():
            raise FileExistsError(f"{target} already exists")
        if not target.parent.is_dir():
            raise FileNotFoundError(f"{target.parent} is no folder: create it first")
        with self._translated(), closing(self._engine.raw_connection()) as connection:
            write_copy(connection.cursor(), target)
        try:
            pause_notices(target)
            check_file(target)
        except CopyError as error:
            raise StoreUnavailableError(str(error)) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _refuse_another_file(self) -> None:
        if trouble := self._file.trouble():
            raise StoreUnavailableError(trouble, public="its file was deleted or replaced while in use")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InternalError) as error:
            public = None if isinstance(error.orig, sqlite3.Error) else "its server is not responding properly"
            raise self._unavailable(error, public) from error
        except DatabaseError as error:
            # SQLite says of a file that is no database just this; the subclasses are faults of our own.
            if type(error) is not DatabaseError:
                raise
            raise self._unavailable(error) from error
        except PoolTimeoutError as error:
            raise StoreUnavailableError(str(error)) from error

    def _unavailable(self, error: DatabaseError, public: str | None = None) -> StoreUnavailableError:
        """Say what the engine says, of which database, and what can be done about it."""
        words = " ".join(str(error.orig).split())
        return StoreUnavailableError(
            f"{self.place}: {words} ({remedy_for(error.orig)})", public=public or str(error.orig)
        )
