"""Migrations, run by Alembic from inside the package: no ini file, nothing to install beside it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from webapp.store.engine import write_transaction

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Upgrade to the newest schema, under the writers' lock, so that two processes never both do it."""
    with write_transaction(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(_SCRIPTS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
