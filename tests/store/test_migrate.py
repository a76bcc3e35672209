from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from webapp.store import Store
from webapp.store.engine import make_engine, read_transaction
from webapp.store.schema import metadata


def test_the_migrations_lead_exactly_to_the_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = Store(url)
    store.migrate()
    store.close()
    engine = make_engine(url)
    with read_transaction(engine) as connection:
        # The text index is each engine's own kind of table, and no part of the shared schema.
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: kind != "table" or not str(name).startswith("entry_words"),
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_any_number_may_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"

    def migrate(_number: int) -> int:
        store = Store(url)
        store.migrate()
        with store.read() as snapshot:
            count = snapshot.count_all().entries
        store.close()
        return count

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(migrate, range(4))) == [0, 0, 0, 0]


def test_sqlite_runs_in_wal_mode_with_foreign_keys(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'store.db'}")
    with read_transaction(engine) as connection:
        pragmas = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")]
    engine.dispose()
    assert pragmas == ["wal", 1]
