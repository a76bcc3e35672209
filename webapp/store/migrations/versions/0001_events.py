"""Events as they are now, with what filters, orders and the text index ask of them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("abbrev", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
    )
    op.create_table(
        "event_types",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event_types"),
    )
    op.create_table(
        "programs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programs"),
    )
    op.create_table(
        "rejected_records",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rejected_records"),
    )
    op.create_table(
        "store_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("import_offset", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("next_sync_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_store_state"),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("date_year", sa.Integer(), nullable=True),
        sa.Column("date_month", sa.Integer(), nullable=True),
        sa.Column("date_day", sa.Integer(), nullable=True),
        sa.Column("precision_id", sa.Integer(), nullable=True),
        sa.Column("precision_order", sa.Integer(), nullable=True),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("webcast_live", sa.Boolean(), nullable=False),
        sa.Column("has_webcast", sa.Boolean(), nullable=False),
        sa.Column("last_updated", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_first_date", sa.Date(), nullable=False),
        sa.Column("window_last_date", sa.Date(), nullable=False),
        sa.Column("window_rank", sa.Integer(), nullable=False),
        sa.Column("window_over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sort_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sort_date_descending", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sort_updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["type_id"], ["event_types.id"], name="fk_events_type_id"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_date_day", "events", ["date_day", "sort_date", "id"], unique=False)
    op.create_index("ix_events_date_month", "events", ["date_month", "sort_date", "id"], unique=False)
    op.create_index("ix_events_date_year", "events", ["date_year", "sort_date", "id"], unique=False)
    op.create_index("ix_events_has_webcast", "events", ["has_webcast", "sort_date", "id"], unique=False)
    op.create_index("ix_events_precision_order", "events", ["precision_order", "sort_date", "id"], unique=False)
    op.create_index("ix_events_slug", "events", ["slug", "sort_date", "id"], unique=False)
    op.create_index("ix_events_sort_date", "events", ["sort_date", "id"], unique=False)
    op.create_index(
        "ix_events_sort_date_descending", "events", [sa.text("sort_date_descending DESC"), "id"], unique=False
    )
    op.create_index("ix_events_sort_updated", "events", ["sort_updated", "id"], unique=False)
    op.create_index("ix_events_sort_updated_descending", "events", [sa.text("sort_updated DESC"), "id"], unique=False)
    op.create_index(
        "ix_events_timeline",
        "events",
        [
            "window_last_date",
            "window_rank",
            "sort_date",
            "id",
            "window_over_at",
            "window_first_date",
        ],
        unique=False,
    )
    op.create_index("ix_events_type_id", "events", ["type_id", "sort_date", "id"], unique=False)
    op.create_index("ix_events_webcast_live", "events", ["webcast_live", "sort_date", "id"], unique=False)
    op.create_table(
        "event_agencies",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_event_agencies_agency_id"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_agencies_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agency_id", "event_id", name="pk_event_agencies"),
    )
    op.create_index("ix_event_agencies_event_id", "event_agencies", ["event_id"], unique=False)
    op.create_table(
        "event_bodies",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type_name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("duration", sa.Text(), nullable=True),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_bodies_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_bodies"),
    )
    op.create_table(
        "event_programs",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_programs_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_event_programs_program_id"),
        sa.PrimaryKeyConstraint("program_id", "event_id", name="pk_event_programs"),
    )
    op.create_index("ix_event_programs_event_id", "event_programs", ["event_id"], unique=False)
    op.create_table(
        "event_texts",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_texts_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_texts"),
    )
    op.create_table(
        "event_videos",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_videos_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "position", name="pk_event_videos"),
    )
    op.create_index("ix_event_videos_url", "event_videos", ["url"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE event_words USING fts5"
            "(words, tokenize = \"ascii tokenchars '_'\", detail = none, prefix = '1 2 3 4 5 6 7 8')"
        )
    else:
        op.execute(
            "CREATE TABLE event_words"
            " (event_id integer PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE, words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_event_words_words ON event_words USING gin (words)")


def downgrade() -> None:
    op.drop_table("event_words")
    op.drop_table("event_videos")
    op.drop_table("event_texts")
    op.drop_table("event_programs")
    op.drop_table("event_bodies")
    op.drop_table("event_agencies")
    op.drop_table("events")
    op.drop_table("store_state")
    op.drop_table("rejected_records")
    op.drop_table("programs")
    op.drop_table("event_types")
    op.drop_table("agencies")
