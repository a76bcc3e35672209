"""What is remembered: every change, what was withdrawn, and the syncing's own memory."""

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


_TIMELINE = ("window_last_date", "window_rank", "sort_date", "id", "window_over_at", "window_first_date")


def upgrade() -> None:
    op.drop_index("ix_events_timeline", "events")
    op.create_index("ix_events_timeline", "events", [*_TIMELINE, "webcast_live"])
    op.create_table(
        "withdrawals",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_withdrawals_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_withdrawals"),
    )
    op.create_table(
        "changes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_changes_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_changes"),
        sa.UniqueConstraint("event_id", "revision", name="uq_changes_event_id_revision"),
    )
    op.create_index("ix_changes_kind", "changes", ["kind", "number"])
    op.create_table(
        "sync_lease",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_lease"),
    )
    op.create_table(
        "sync_tasks",
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("tried_at", UtcDateTime()),
        sa.Column("succeeded_at", UtcDateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime()),
        sa.Column("fault", sa.Text()),
        sa.PrimaryKeyConstraint("task", name="pk_sync_tasks"),
    )
    op.create_table(
        "calls",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("fault", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.PrimaryKeyConstraint("number", name="pk_calls"),
    )
    op.create_index("ix_calls_called_at", "calls", ["called_at"])
    op.create_table(
        "doubts",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_doubts_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_doubts"),
    )
    op.create_table(
        "met_events",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_met_events"),
    )
    with op.batch_alter_table("store_state") as state:
        state.drop_column("next_sync_at")
        state.add_column(sa.Column("failing_since", UtcDateTime()))
        state.add_column(sa.Column("paused_until", UtcDateTime()))
        state.add_column(sa.Column("hourly_limit", sa.Integer()))
        state.add_column(sa.Column("import_started_at", UtcDateTime()))
        state.add_column(sa.Column("changed_since", UtcDateTime()))
        state.add_column(sa.Column("changed_offset", sa.Integer(), nullable=False, server_default="0"))
        state.add_column(sa.Column("next_call_at", UtcDateTime()))
        state.add_column(sa.Column("next_call", sa.Text()))
    # A store of before met every event in imports that kept no list of whom they met: the next one starts anew.
    op.execute("UPDATE store_state SET import_offset = 0, failures = 0, fault = NULL")


def downgrade() -> None:
    with op.batch_alter_table("store_state") as state:
        for name in (
            "failing_since", "paused_until", "hourly_limit", "import_started_at", "changed_since", "changed_offset",
            "next_call_at", "next_call",
        ):  # fmt: skip
            state.drop_column(name)
        state.add_column(sa.Column("next_sync_at", UtcDateTime()))
    for name in ("met_events", "doubts", "calls", "sync_tasks", "sync_lease", "changes", "withdrawals"):
        op.drop_table(name)
    op.drop_index("ix_events_timeline", "events")
    op.create_index("ix_events_timeline", "events", list(_TIMELINE))
