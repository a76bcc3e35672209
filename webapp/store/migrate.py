"""Migrations, run by Alembic from inside the package: no ini file, nothing to install beside it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError as SchemaError
from sqlalchemy import Connection, Engine

from webapp.store.engine import read_transaction, write_transaction

__all__ = ["SchemaError", "config", "known_revisions", "migrate", "revisions"]

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Upgrade to the newest schema, under the writers' lock, so that two processes never both do it.

    Raises `SchemaError` where the database has one that this version does not know.
    """
    with write_transaction(engine) as connection:
        _refuse_newer(connection)
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def _refuse_newer(connection: Connection) -> None:
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known_revisions():
        words = f"the database is newer than this version of Perigee (its schema is {present})"
        raise SchemaError(f"{words}: upgrade Perigee, or restore a copy from before the upgrade")


def known_revisions() -> set[str]:
    """Give the revisions of the schema that this version knows."""
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """Give the revision of the schema that the database has, `None` if it has none, and the newest there is."""
    with read_transaction(engine) as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory.from_config(config()).get_current_head()


def config() -> Config:
    """Give Alembic its settings, but for the connection to work on."""
    settings = Config()
    settings.set_main_option("script_location", str(_SCRIPTS))
    return settings
