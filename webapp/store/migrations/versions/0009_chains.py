"""Chains: what a source that is a Perigee tells of the one before it, and the histories that came from there."""

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sync_chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("is_chained", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("links", sa.Integer()),
        sa.Column("reached_at", UtcDateTime()),
        sa.Column("failing_since", UtcDateTime()),
        sa.Column("changed_at", UtcDateTime()),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("began_at", UtcDateTime()),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_chain"),
    )
    op.create_table(
        "chained_histories",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("history", sa.Text()),
        sa.PrimaryKeyConstraint("kind", "source_id", name="pk_chained_histories"),
    )
    op.add_column("changes", sa.Column("origin_number", sa.Integer()))
    op.create_index("ix_changes_seen_at", "changes", ["seen_at"])


def downgrade() -> None:
    op.drop_index("ix_changes_seen_at", "changes")
    op.drop_column("changes", "origin_number")
    op.drop_table("chained_histories")
    op.drop_table("sync_chain")
