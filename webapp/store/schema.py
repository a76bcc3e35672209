"""The tables. Times are kept in UTC; SQLite has no zones, so `UtcDateTime` puts UTC back on when it reads."""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC, on every engine. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the engine what it can hold."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a zone: {value}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

event_types = Table(
    "event_types",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)

agencies = Table(
    "agencies",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("abbrev", Text, nullable=False),
)

programs = Table(
    "programs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)

# What is filtered and ordered by, and nothing long: lists are chosen here, then their bodies are fetched.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("type_id", Integer, ForeignKey("event_types.id"), nullable=False),
    Column("date", UtcDateTime),
    Column("date_year", Integer),
    Column("date_month", Integer),
    Column("date_day", Integer),
    Column("precision_id", Integer),
    Column("precision_order", Integer),
    Column("location", Text, nullable=False),
    Column("webcast_live", Boolean, nullable=False),
    Column("has_webcast", Boolean, nullable=False),
    Column("last_updated", UtcDateTime),
    # What the date really means, from domain/precision.py; the end of time while there is no date.
    Column("window_first_date", Date, nullable=False),
    Column("window_last_date", Date, nullable=False),
    Column("window_rank", Integer, nullable=False),
    Column("window_over_at", UtcDateTime, nullable=False),
    # Dates to order by, where a missing one has its place too: always after all others, but for sort_updated's rise.
    Column("sort_date", UtcDateTime, nullable=False),
    Column("sort_date_descending", UtcDateTime, nullable=False),
    Column("sort_updated", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    # The generation in which the row, or its body, was last written.
    Column("written", Integer, server_default="0", nullable=False),
)

# The order of the timeline: by the last date of the window, days before the vaguer windows that end with them.
timeline_order = (events.c.window_last_date, events.c.window_rank, events.c.sort_date, events.c.id)
# Each index holds all that choosing and counting a page's ids by it asks for, so that no row is read for that.
Index("ix_events_timeline", *timeline_order, events.c.window_over_at, events.c.window_first_date, events.c.webcast_live)
Index("ix_events_sort_date", events.c.sort_date, events.c.id)
Index("ix_events_sort_date_descending", events.c.sort_date_descending.desc(), events.c.id)
Index("ix_events_sort_updated", events.c.sort_updated, events.c.id)
Index("ix_events_sort_updated_descending", events.c.sort_updated.desc(), events.c.id)
for _filtered in (
    "type_id",
    "slug",
    "date_year",
    "date_month",
    "date_day",
    "precision_order",
    "webcast_live",
    "has_webcast",
):
    Index(f"ix_events_{_filtered}", events.c[_filtered], events.c.sort_date, events.c.id)

event_bodies = Table(
    "event_bodies",
    metadata,
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("type_name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("duration", Text),
    # The parts that are shown and not queried, as our own JSON: picture, webcasts, links, updates, agencies, programs.
    Column("parts", Text, nullable=False),
    # The record exactly as the source sent it.
    Column("record", Text, nullable=False),
)

# Texts with their case folded, for `search` and `location`: narrow, since a part of a word is found by reading all.
event_texts = Table(
    "event_texts",
    metadata,
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("location", Text, nullable=False),
)

# Which agencies, programs and videos an event has: for filters. The event's own body says what to show.
event_agencies = Table(
    "event_agencies",
    metadata,
    Column("agency_id", Integer, ForeignKey("agencies.id"), primary_key=True),
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
)
Index("ix_event_agencies_event_id", event_agencies.c.event_id)

event_programs = Table(
    "event_programs",
    metadata,
    Column("program_id", Integer, ForeignKey("programs.id"), primary_key=True),
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
)
Index("ix_event_programs_event_id", event_programs.c.event_id)

event_videos = Table(
    "event_videos",
    metadata,
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("url", Text, nullable=False),
)
Index("ix_event_videos_url", event_videos.c.url)

# Events that the source has withdrawn, few at any time: a table of its own keeps every index of the others as it is.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("withdrawn_at", UtcDateTime, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    # What changed, as our own JSON: see webapp.store.changes.
    Column("details", Text, nullable=False),
    UniqueConstraint("event_id", "revision"),
)
Index("ix_changes_kind", changes.c.kind, changes.c.number)

# One row, id 1. The first three columns are what readers depend on, the others are the syncing's own memory.
store_state = Table(
    "store_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("generation", Integer, nullable=False),
    Column("committed_at", UtcDateTime),
    Column("imported_at", UtcDateTime),
    Column("reached_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("fault", Text),
    Column("paused_until", UtcDateTime),
    Column("hourly_limit", Integer),
    Column("import_offset", Integer, nullable=False),
    Column("import_started_at", UtcDateTime),
    Column("changed_since", UtcDateTime),
    Column("changed_offset", Integer, nullable=False),
    Column("next_call_at", UtcDateTime),
    Column("next_call", Text),
)

# Who may sync, one row, id 1. The fence rises with every new holder, and each commit of a holder checks it.
sync_lease = Table(
    "sync_lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("holder", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

# How each task of the syncing stands, and besides, with names of their own, what is not as it should be (alerts).
sync_tasks = Table(
    "sync_tasks",
    metadata,
    Column("task", Text, primary_key=True),
    Column("tried_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("retry_at", UtcDateTime),
    Column("fault", Text),
)

# Every call of the last two days: those of the last hour are the budget that is spent.
calls = Table(
    "calls",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("called_at", UtcDateTime, nullable=False, index=True),
    Column("task", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("fault", Text),
    Column("outcome", Text),
)

# Events that were missing where a complete list ought to have them; `asked_at` is when the source last stood by one.
doubts = Table(
    "doubts",
    metadata,
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
    Column("asked_at", UtcDateTime),
)

# The ids that the import under way has met.
met_events = Table(
    "met_events",
    metadata,
    Column("event_id", Integer, primary_key=True, autoincrement=False),
)

rejected_records = Table(
    "rejected_records",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("reason", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)
