"""Notices: subscribers, the outbox, and whether a copy is paused."""

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("channel", "name", "query", "kinds", "zone")),
        *(sa.Column(name, sa.Text()) for name in ("address", "keys", "quiet", "fault")),
        sa.Column("lead_seconds", sa.Integer()),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("since_change", "failures")),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in ("since", "created_at")),
        *(sa.Column(name, UtcDateTime()) for name in ("failing_since", "retry_at", "expires_at")),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.UniqueConstraint("channel", "name", name="uq_subscribers_channel_name"),
    )
    op.create_table(
        "notices",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("cause", "changes")),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in ("made_at", "send_at", "expires_at")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_notices_subscriber_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_notices_entry_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_notices"),
        sa.UniqueConstraint("subscriber_id", "cause", name="uq_notices_subscriber_id_cause"),
    )
    op.create_index("ix_notices_entry_id", "notices", ["entry_id"])
    op.create_index("ix_notices_send_at", "notices", ["sent_at", "send_at"])
    op.create_table(
        "notice_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_state"),
    )


def downgrade() -> None:
    for table in ("notice_state", "notices", "subscribers"):
        op.drop_table(table)
