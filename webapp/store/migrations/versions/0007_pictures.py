"""Pictures: who names which, what is known of each, their files, and the cards."""

import json

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT_A_TIME = 500


def upgrade() -> None:
    named = op.create_table(
        "entry_pictures",
        _entry_id(),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("license_name", sa.Text(), nullable=False),
        sa.Column("single_use", sa.Boolean(), nullable=False),
        _to_entry("entry_pictures"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entry_pictures"),
    )
    op.create_index("ix_entry_pictures_url", "entry_pictures", ["url"])
    op.create_table(
        "pictures",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_bytes", sa.Integer(), nullable=False),
        sa.Column("ask_again_at", UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.Column("color", sa.Text()),
        sa.PrimaryKeyConstraint("url", name="pk_pictures"),
    )
    op.create_table(
        "picture_files",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        *_content(),
        sa.ForeignKeyConstraint(["url"], ["pictures.url"], name="fk_picture_files_url_pictures", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("url", "media_type", "width", name="pk_picture_files"),
    )
    op.create_index("ix_picture_files_path", "picture_files", ["path"])
    op.create_table(
        "entry_cards",
        _entry_id(),
        sa.Column("drawn_from", sa.Text(), nullable=False),
        *_content(),
        _to_entry("entry_cards"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entry_cards"),
    )
    op.create_index("ix_entry_cards_path", "entry_cards", ["path"])
    _fill(named)


def downgrade() -> None:
    for table in ("entry_cards", "picture_files", "pictures", "entry_pictures"):
        op.drop_table(table)


def _fill(named: sa.Table) -> None:
    """Note which picture each entry names, as it stands among its parts."""
    connection, last = op.get_bind(), -1
    bodies = sa.table("entry_bodies", sa.column("entry_id", sa.BigInteger()), sa.column("parts", sa.Text()))
    while True:
        page = sa.select(bodies).where(bodies.c.entry_id > last).order_by(bodies.c.entry_id).limit(_AT_A_TIME)
        read = connection.execute(page).all()
        if not read:
            return
        last = read[-1].entry_id
        rows = [
            {
                "entry_id": row.entry_id,
                "url": picture["url"],
                "license_name": picture["license_name"],
                "single_use": picture["single_use"],
            }
            for row in read
            if (picture := json.loads(row.parts)["picture"])
        ]
        if rows:
            connection.execute(named.insert(), rows)


def _content() -> tuple[sa.Column[str], sa.Column[int], sa.Column[bytes]]:
    return (
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def _entry_id() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("entry_id", kind, autoincrement=False, nullable=False)


def _to_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=f"fk_{table}_entry_id", ondelete="CASCADE")
