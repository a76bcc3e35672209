"""The tables of the state of the store and of the syncing."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text, false

from webapp.store.schema.columns import EntryId, UtcDateTime, metadata

# One row, id 1. The first three columns are what readers depend on, the others are the syncing's own memory.
store_state = Table(
    "store_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("generation", Integer, nullable=False),
    Column("committed_at", UtcDateTime),
    Column("reached_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("fault", Text),
    Column("paused_until", UtcDateTime),
    Column("hourly_limit", Integer),
    Column("next_call_at", UtcDateTime),
    Column("next_call", Text),
)

# How far each kind of entry has been read: one row a kind.
sync_progress = Table(
    "sync_progress",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("imported_at", UtcDateTime),
    Column("import_offset", Integer, nullable=False),
    Column("import_started_at", UtcDateTime),
    Column("changed_since", UtcDateTime),
    Column("changed_offset", Integer, nullable=False),
    Column("reached_at", UtcDateTime),
    Column("swept_at", UtcDateTime),
    Column("sweep_offset", Integer, server_default="0", nullable=False),
    Column("sweep_started_at", UtcDateTime),
    Column("history_at", UtcDateTime),
)

# When nothing of a kind came from the source for hours, by which one can tell what was known at any time.
contact_gaps = Table(
    "contact_gaps",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
)

# What the source at `source_url` tells of the chain behind it, if it is a Perigee: one row, id 1.
sync_chain = Table(
    "sync_chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("source_url", Text, nullable=False),
    Column("is_chained", Boolean, nullable=False),
    # The beginning of the chain, as it was last told.
    Column("name", Text),
    Column("url", Text),
    Column("links", Integer),
    Column("reached_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("changed_at", UtcDateTime),
    # The place in the list of histories, when reading it from its beginning began, and whether its end was reached.
    Column("cursor", Text, nullable=False),
    Column("began_at", UtcDateTime),
    Column("is_read", Boolean, nullable=False),
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

# What is not as it should be, though no call failed.
sync_alerts = Table(
    "sync_alerts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("well_at", UtcDateTime),
)

# The state of each task of the syncing.
sync_tasks = Table(
    "sync_tasks",
    metadata,
    Column("task", Text, primary_key=True),
    Column("tried_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("retry_at", UtcDateTime),
    Column("fault", Text),
    # How many records to ask for at a time, once a full page took too long.
    Column("page_size", Integer),
    # Whether another process has asked for it to be done now.
    Column("is_requested", Boolean, server_default=false(), nullable=False),
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

# Entries that were missing where a complete list ought to have them; `asked_at` is when the source last stood by one.
doubts = Table(
    "doubts",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
    Column("asked_at", UtcDateTime),
)

# The keys that the import of a kind under way has met; of some of them there may be no entry, but a refusal.
met_keys = Table(
    "met_keys",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
)

rejected_records = Table(
    "rejected_records",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("source_id", Text),
    Column("reason", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)
