"""The tables of entries: what they are filtered and ordered by, their bodies, and their changes."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from webapp.store.schema.columns import EntryId, UtcDateTime, metadata

# The ids of entries whose own ids are no numbers, by the kind and the id that the source knows them by.
entry_keys = Table(
    "entry_keys",
    metadata,
    Column("entry_id", EntryId, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    # The fullest of LL2's modes in which its record has come; whether that says less than the source does by now; and
    # when the source was last asked for more. Of launches alone: events come in full.
    Column("mode", Text),
    Column("is_outdated", Boolean, server_default=false(), nullable=False),
    Column("asked_at", UtcDateTime),
    UniqueConstraint("kind", "source_id"),
)

# What is filtered and ordered by, and nothing long: lists are chosen here, then their bodies are fetched.
entries = Table(
    "entries",
    metadata,
    Column("id", EntryId, primary_key=True, autoincrement=False),
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
    Column("has_placeholder_date", Boolean, server_default=false(), nullable=False),
    Column("last_updated", UtcDateTime),
    # What the date really means, from domain/precision.py; the end of time while there is no date.
    Column("range_first_date", Date, nullable=False),
    Column("range_last_date", Date, nullable=False),
    Column("range_rank", Integer, nullable=False),
    Column("range_over_at", UtcDateTime, nullable=False),
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

# The order of the timeline: by the last date of the range, days before the vaguer ranges that end with them.
timeline_order = (entries.c.range_last_date, entries.c.range_rank, entries.c.sort_date, entries.c.id)
# Each index holds all that choosing and counting a page's ids by it asks for, so that no row is read for that.
Index(
    "ix_entries_timeline",
    *timeline_order,
    entries.c.range_over_at,
    entries.c.range_first_date,
    entries.c.webcast_live,
    entries.c.has_placeholder_date,
)
Index("ix_entries_sort_date", entries.c.sort_date, entries.c.id)
Index("ix_entries_sort_date_descending", entries.c.sort_date_descending.desc(), entries.c.id)
Index("ix_entries_sort_updated", entries.c.sort_updated, entries.c.id)
Index("ix_entries_sort_updated_descending", entries.c.sort_updated.desc(), entries.c.id)
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
    Index(f"ix_entries_{_filtered}", entries.c[_filtered], entries.c.sort_date, entries.c.id)

entry_bodies = Table(
    "entry_bodies",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("type_name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("duration", Text),
    # The parts that are shown and not queried, as our own JSON: picture, webcasts, links, updates, agencies, programs.
    Column("parts", Text, nullable=False),
    # The record exactly as the source sent it: an event's as text, a launch's, many times as long, compressed.
    Column("record", Text, nullable=False),
    Column("compressed", LargeBinary),
)

# Texts with their case folded, for `search` and `location`: narrow, since a part of a word is found by reading all.
# Where `search` looks in several texts, each is a line of `searched`.
entry_texts = Table(
    "entry_texts",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("searched", Text, nullable=False),
    Column("location", Text, nullable=False),
)

# Which agencies, programs and videos an entry has: for filters. The entry's own body says what to show.
entry_agencies = Table(
    "entry_agencies",
    metadata,
    Column("agency_id", Integer, ForeignKey("agencies.id"), primary_key=True),
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
)
Index("ix_entry_agencies_entry_id", entry_agencies.c.entry_id)

entry_programs = Table(
    "entry_programs",
    metadata,
    Column("program_id", Integer, ForeignKey("programs.id"), primary_key=True),
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
)
Index("ix_entry_programs_entry_id", entry_programs.c.entry_id)

entry_videos = Table(
    "entry_videos",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("url", Text, nullable=False),
)
Index("ix_entry_videos_url", entry_videos.c.url)

# What only launches have and are filtered by; texts whose parts are looked for have their case folded.
launches = Table(
    "launches",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("status_id", Integer),
    Column("provider_id", Integer),
    Column("rocket_id", Integer),
    Column("rocket_name", Text),
    Column("rocket_full_name", Text),
    Column("rocket_full_name_folded", Text),
    Column("manufacturer_name", Text),
    Column("manufacturer_name_folded", Text),
    Column("pad_id", Integer),
    Column("location_id", Integer),
    Column("location_body_id", Integer),
    Column("orbit_id", Integer),
    Column("orbit_name", Text),
    Column("orbit_name_folded", Text),
    Column("orbit_body_id", Integer),
    Column("is_crewed", Boolean, nullable=False),
    Column("is_suborbital", Boolean, nullable=False),
    Column("designator", Text, nullable=False),
    Column("window_start", UtcDateTime),
    Column("window_end", UtcDateTime),
    Column("orbital_attempt_count", Integer),
    Column("location_attempt_count", Integer),
    Column("pad_attempt_count", Integer),
    Column("agency_attempt_count", Integer),
    Column("orbital_year_attempt_count", Integer),
    Column("location_year_attempt_count", Integer),
    Column("pad_year_attempt_count", Integer),
    Column("agency_year_attempt_count", Integer),
)

launch_serial_numbers = Table(
    "launch_serial_numbers",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("serial_number", Text, nullable=False),
)

launch_spacecraft = Table(
    "launch_spacecraft",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("spacecraft_id", Integer),
    Column("configuration_id", Integer),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False),
)

# Entries that the source has withdrawn, few at any time: a table of its own keeps every index of the others as it is.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("withdrawn_at", UtcDateTime, nullable=False),
)

# Events that are a launch which is stored beside them: hardly ever any.
repeated_launches = Table(
    "repeated_launches",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
)

changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    # What changed, as our own JSON: see webapp.store.changes.
    Column("details", Text, nullable=False),
    # The number that it has at the first link of a chain, if it came from there.
    Column("origin_number", Integer),
    # Named when all entries were events: SQLite renames no constraint.
    UniqueConstraint("entry_id", "revision", name="uq_changes_event_id_revision"),
)
Index("ix_changes_kind", changes.c.kind, changes.c.number)
Index("ix_changes_seen_at", changes.c.seen_at)

# The entries whose history a chain tells; the history itself, as our own JSON, only until its entry is stored.
chained_histories = Table(
    "chained_histories",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("history", Text),
)
