"""Launches: their records compressed, how full they are, their sweeps, and the gaps of contact with the source."""

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PROGRESS = ("reached_at", "swept_at", "sweep_started_at", "history_at")


def upgrade() -> None:
    op.add_column("entry_bodies", sa.Column("compressed", sa.LargeBinary()))
    op.add_column("sync_tasks", sa.Column("page_size", sa.Integer()))
    for name in _PROGRESS:
        op.add_column("sync_progress", sa.Column(name, UtcDateTime()))
    op.add_column("sync_progress", sa.Column("sweep_offset", sa.Integer(), server_default="0", nullable=False))
    op.add_column("entry_keys", sa.Column("mode", sa.Text()))
    op.add_column("entry_keys", sa.Column("is_outdated", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("entry_keys", sa.Column("asked_at", UtcDateTime()))
    op.create_table(
        "contact_gaps",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_contact_gaps"),
    )
    op.create_table(
        "repeated_launches",
        sa.Column(
            "entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_repeated_launches_entry_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_repeated_launches"),
    )


def downgrade() -> None:
    op.drop_table("repeated_launches")
    op.drop_table("contact_gaps")
    for name in ("mode", "is_outdated", "asked_at"):
        op.drop_column("entry_keys", name)
    for name in (*_PROGRESS, "sweep_offset"):
        op.drop_column("sync_progress", name)
    op.drop_column("sync_tasks", "page_size")
    op.drop_column("entry_bodies", "compressed")
