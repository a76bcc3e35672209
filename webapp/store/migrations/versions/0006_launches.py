"""What launches are filtered by, in tables of their own; and which entries have a date that is a placeholder.

No store of an earlier version holds launches, so no row is written here.
"""

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIMELINE = (
    "range_last_date", "range_rank", "sort_date", "id", "range_over_at", "range_first_date", "webcast_live",
)  # fmt: skip
_TABLES = (
    "launch_statuses", "mission_types", "orbits", "timeline_event_types", "launch_sites", "rockets", "launches",
    "launch_serial_numbers", "launch_spacecraft",
)  # fmt: skip
_COUNTED = ("orbital", "location", "pad", "agency")


def upgrade() -> None:
    op.add_column("entries", sa.Column("has_placeholder_date", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("ix_entries_timeline", "entries")
    op.create_index("ix_entries_timeline", "entries", [*_TIMELINE, "has_placeholder_date"])
    op.execute("ALTER TABLE entry_texts RENAME COLUMN name TO searched")
    _create_names()
    _create_launches()
    _create_links()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.execute("ALTER TABLE entry_texts RENAME COLUMN searched TO name")
    op.drop_index("ix_entries_timeline", "entries")
    op.create_index("ix_entries_timeline", "entries", list(_TIMELINE))
    op.execute("ALTER TABLE entries DROP COLUMN has_placeholder_date")


def _create_names() -> None:
    for table, columns in (
        ("launch_statuses", ("name", "abbrev", "description")),
        ("timeline_event_types", ("abbrev", "description")),
        ("launch_sites", ("name",)),
        ("rockets", ("name",)),
    ):
        op.create_table(table, _id(), *(_text(name) for name in columns), _key(table, "id"))
    op.create_table(
        "mission_types",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("name"),
        _key("mission_types", "id"),
        sa.UniqueConstraint("name", name="uq_mission_types_name"),
    )
    body = (sa.Column("body_id", sa.Integer()), sa.Column("body_name", sa.Text()))
    op.create_table("orbits", _id(), _text("name"), _text("abbrev"), *body, _key("orbits", "id"))


def _create_launches() -> None:
    op.create_table(
        "launches",
        _entry_id(),
        sa.Column("status_id", sa.Integer()),
        sa.Column("provider_id", sa.Integer()),
        sa.Column("rocket_id", sa.Integer()),
        sa.Column("rocket_name", sa.Text()),
        sa.Column("rocket_full_name", sa.Text()),
        sa.Column("rocket_full_name_folded", sa.Text()),
        sa.Column("manufacturer_name", sa.Text()),
        sa.Column("manufacturer_name_folded", sa.Text()),
        sa.Column("pad_id", sa.Integer()),
        sa.Column("location_id", sa.Integer()),
        sa.Column("location_body_id", sa.Integer()),
        sa.Column("orbit_id", sa.Integer()),
        sa.Column("orbit_name", sa.Text()),
        sa.Column("orbit_name_folded", sa.Text()),
        sa.Column("orbit_body_id", sa.Integer()),
        sa.Column("is_crewed", sa.Boolean(), nullable=False),
        sa.Column("is_suborbital", sa.Boolean(), nullable=False),
        sa.Column("designator", sa.Text(), nullable=False),
        sa.Column("window_start", UtcDateTime()),
        sa.Column("window_end", UtcDateTime()),
        *(sa.Column(f"{what}_attempt_count", sa.Integer()) for what in _COUNTED),
        *(sa.Column(f"{what}_year_attempt_count", sa.Integer()) for what in _COUNTED),
        _to_entry("launches"),
        _key("launches", "entry_id"),
    )


def _create_links() -> None:
    for table, columns in (
        ("launch_serial_numbers", [_text("serial_number")]),
        (
            "launch_spacecraft",
            [
                sa.Column("spacecraft_id", sa.Integer()),
                sa.Column("configuration_id", sa.Integer()),
                _text("name"),
                _text("name_folded"),
            ],
        ),
    ):
        position = sa.Column("position", sa.Integer(), autoincrement=False, nullable=False)
        op.create_table(table, _entry_id(), position, *columns, _to_entry(table), _key(table, "entry_id", "position"))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), autoincrement=False, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _entry_id() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("entry_id", kind, autoincrement=False, nullable=False)


def _to_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=f"fk_{table}_entry_id", ondelete="CASCADE")


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")
