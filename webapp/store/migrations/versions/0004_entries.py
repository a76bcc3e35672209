"""Entries in place of events: room for a second kind, whose ids are no numbers.

Nothing is copied that others refer to: tables, columns and keys are renamed where they stand. SQLite's integers hold 64
bits as they are; only PostgreSQL widens its columns, for which it writes those tables anew.
"""

import re
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CHILDREN = ("bodies", "texts", "agencies", "programs", "videos")
_WITH_ID = (*(f"entry_{child}" for child in _CHILDREN), "withdrawals", "changes", "doubts")
_RENAMED = {*_WITH_ID, "entries", "events", "entry_words", "event_words", *(f"event_{child}" for child in _CHILDREN)}
_RANGE = ("first_date", "last_date", "rank", "over_at")
_FILTERED = (
    "type_id", "slug", "date_year", "date_month", "date_day", "precision_order", "webcast_live", "has_webcast",
)  # fmt: skip
_ORDERS = {
    "sort_date": ("sort_date", "id"),
    "sort_date_descending": ("sort_date_descending DESC", "id"),
    "sort_updated": ("sort_updated", "id"),
    "sort_updated_descending": ("sort_updated DESC", "id"),
}
_PROGRESS = ("imported_at", "import_offset", "import_started_at", "changed_since", "changed_offset")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        _drop_indexes(_indexes("events", "event", "window"))
    for old, new in [("events", "entries"), *((f"event_{child}", f"entry_{child}") for child in (*_CHILDREN, "words"))]:
        op.rename_table(old, new)
    for table in _WITH_ID:
        _rename_column(table, "event_id", "entry_id")
    for name in _RANGE:
        _rename_column("entries", f"window_{name}", f"range_{name}")
    if is_sqlite:
        _create_indexes(_indexes("entries", "entry", "range"))
    else:
        _rename_column("entry_words", "event_id", "entry_id")
        _rename_on_postgresql(("events", "entries"), ("event", "entry"), ("window", "range"))
        _retype_on_postgresql("BIGINT")
    _create_keys()
    _move_progress()
    _move_alerts()
    _key_refusals()


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM entries WHERE id >= 2147483648")).scalar():
        raise ValueError("entries that are no events are stored: an earlier version cannot hold them")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _move_back()
    if is_sqlite:
        _drop_indexes(_indexes("entries", "entry", "range"))
    else:
        _retype_on_postgresql("INTEGER")
    for table in _WITH_ID:
        _rename_column(table, "entry_id", "event_id")
    for name in _RANGE:
        _rename_column("entries", f"range_{name}", f"window_{name}")
    for new, old in [("entries", "events"), *((f"entry_{child}", f"event_{child}") for child in (*_CHILDREN, "words"))]:
        op.rename_table(new, old)
    if is_sqlite:
        _create_indexes(_indexes("events", "event", "window"))
    else:
        _rename_column("event_words", "entry_id", "event_id")
        _rename_on_postgresql(("entries", "events"), ("entry", "event"), ("range", "window"))


def _indexes(table: str, child: str, span: str) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Give all indexes whose names tell of a table or column that is renamed: by name, the table and its columns."""
    timeline = (f"{span}_last_date", f"{span}_rank", "sort_date", "id", f"{span}_over_at", f"{span}_first_date")
    return {
        f"ix_{table}_timeline": (table, (*timeline, "webcast_live")),
        **{f"ix_{table}_{name}": (table, columns) for name, columns in _ORDERS.items()},
        **{f"ix_{table}_{name}": (table, (name, "sort_date", "id")) for name in _FILTERED},
        f"ix_{child}_agencies_{child}_id": (f"{child}_agencies", (f"{child}_id",)),
        f"ix_{child}_programs_{child}_id": (f"{child}_programs", (f"{child}_id",)),
        f"ix_{child}_videos_url": (f"{child}_videos", ("url",)),
    }


def _drop_indexes(indexes: Mapping[str, tuple[str, tuple[str, ...]]]) -> None:
    for name, (table, _) in indexes.items():
        op.drop_index(name, table)


def _create_indexes(indexes: Mapping[str, tuple[str, tuple[str, ...]]]) -> None:
    for name, (table, columns) in indexes.items():
        op.create_index(name, table, [sa.text(one) if " " in one else one for one in columns])


def _rename_column(table: str, old: str, new: str) -> None:
    # Not Alembic's own: on SQLite that copies the table, and takes the rows of all that refer to it along.
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def _rename_on_postgresql(*words: tuple[str, str]) -> None:
    """Rename keys and indexes as their tables and columns are. (On SQLite a key's name is a mere remark.)"""
    for alter, found in (
        (
            "ALTER TABLE {table} RENAME CONSTRAINT {name} TO {renamed}",
            (
                "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                " WHERE contype IN ('p', 'f') AND connamespace = current_schema()::regnamespace"
            ),
        ),
        (
            "ALTER INDEX {name} RENAME TO {renamed}",
            "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = current_schema()",
        ),
    ):
        for table, name in op.get_bind().execute(sa.text(found)).all():
            renamed = name
            for old, new in words:
                renamed = re.sub(rf"(?<![a-z]){old}(?![a-z])", new, renamed)
            # SQLite cannot change the name of a unique key, and one schema is for both.
            if table in _RENAMED and renamed != name and not name.startswith("uq_"):
                op.execute(alter.format(table=table, name=name, renamed=renamed))


def _retype_on_postgresql(kind: str) -> None:
    for table, column in [("entries", "id"), *((table, "entry_id") for table in (*_WITH_ID, "entry_words"))]:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")


def _create_keys() -> None:
    op.create_table(
        "entry_keys",
        sa.Column(
            "entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entry_keys"),
        sa.UniqueConstraint("kind", "source_id", name="uq_entry_keys_kind_source_id"),
    )
    op.create_table(
        "met_keys",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "source_id", name="pk_met_keys"),
    )
    op.execute("INSERT INTO met_keys (kind, source_id) SELECT 'event', CAST(event_id AS TEXT) FROM met_events")
    op.drop_table("met_events")


def _move_progress() -> None:
    op.create_table(
        "sync_progress",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("imported_at", UtcDateTime()),
        sa.Column("import_offset", sa.Integer(), nullable=False),
        sa.Column("import_started_at", UtcDateTime()),
        sa.Column("changed_since", UtcDateTime()),
        sa.Column("changed_offset", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_sync_progress"),
    )
    op.execute(
        "INSERT INTO sync_progress (kind, imported_at, import_offset, import_started_at, changed_since, changed_offset)"
        " SELECT 'event', imported_at, import_offset, import_started_at, changed_since, changed_offset FROM store_state"
    )
    for column in _PROGRESS:
        op.execute(f"ALTER TABLE store_state DROP COLUMN {column}")


def _move_alerts() -> None:
    op.create_table(
        "sync_alerts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("well_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("name", name="pk_sync_alerts"),
    )
    op.execute(
        "INSERT INTO sync_alerts (name, words, well_at) SELECT substr(task, 7), coalesce(fault, ''), succeeded_at"
        " FROM sync_tasks WHERE task LIKE 'alert:%'"
    )
    op.execute("DELETE FROM sync_tasks WHERE task LIKE 'alert:%'")


def _key_refusals() -> None:
    op.execute("ALTER TABLE rejected_records ADD COLUMN kind TEXT NOT NULL DEFAULT 'event'")
    op.execute("ALTER TABLE rejected_records ADD COLUMN source_id TEXT")
    op.execute("UPDATE rejected_records SET source_id = CAST(event_id AS TEXT)")
    op.execute("ALTER TABLE rejected_records DROP COLUMN event_id")


def _move_back() -> None:
    op.execute("ALTER TABLE rejected_records ADD COLUMN event_id INTEGER")
    op.execute("UPDATE rejected_records SET event_id = CAST(source_id AS INTEGER)")
    op.execute("ALTER TABLE rejected_records DROP COLUMN source_id")
    op.execute("ALTER TABLE rejected_records DROP COLUMN kind")
    op.execute(
        "INSERT INTO sync_tasks (task, succeeded_at, failures, fault) SELECT 'alert:' || name, well_at, 0, words"
        " FROM sync_alerts"
    )
    op.drop_table("sync_alerts")
    for column in ("imported_at", "import_started_at", "changed_since"):
        op.add_column("store_state", sa.Column(column, UtcDateTime()))
    for column in ("import_offset", "changed_offset"):
        op.add_column("store_state", sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE store_state SET imported_at = p.imported_at, import_offset = p.import_offset,"
        " import_started_at = p.import_started_at, changed_since = p.changed_since, changed_offset = p.changed_offset"
        " FROM sync_progress AS p WHERE p.kind = 'event'"
    )
    op.drop_table("sync_progress")
    op.create_table(
        "met_events",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_met_events"),
    )
    op.execute("INSERT INTO met_events (event_id) SELECT CAST(source_id AS INTEGER) FROM met_keys")
    op.drop_table("met_keys")
    op.drop_table("entry_keys")
