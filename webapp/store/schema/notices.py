"""The tables of notices: who is told of what, and the outbox of what is to be sent and was sent lately."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from webapp.store.schema.columns import EntryId, UtcDateTime, metadata

# Whoever is told: a browser ("push"), or a rule of the owner's file ("target"), which has its address there.
subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    # A rule's name; of a browser the SHA-256 of its endpoint and its query: it may have several.
    Column("name", Text, nullable=False),
    Column("address", Text),
    Column("keys", Text),
    # What it asked for: a query in canonical spelling, kinds of notice, and how many seconds before an entry.
    Column("query", Text, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("lead_seconds", Integer),
    Column("zone", Text, nullable=False),
    Column("quiet", Text),
    # What it is told of: changes after this one, and reminders due after this instant.
    Column("since_change", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # What came of the last attempts to deliver.
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("retry_at", UtcDateTime),
    Column("fault", Text),
    # When a browser's subscription ends by itself.
    Column("expires_at", UtcDateTime),
    UniqueConstraint("channel", "name"),
)

notices = Table(
    "notices",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("subscriber_id", Integer, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    # None of a digest.
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE")),
    # Why there is one, the same whenever it is made: no subscriber has two of one cause.
    Column("cause", Text, nullable=False),
    # The numbers of the changes that it tells, as JSON.
    Column("changes", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("send_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    UniqueConstraint("subscriber_id", "cause"),
)
Index("ix_notices_entry_id", notices.c.entry_id)
Index("ix_notices_send_at", notices.c.sent_at, notices.c.send_at)

# One row, id 1, once notices were paused for the first time: a copy of a database sends nothing until it is told to.
notice_state = Table(
    "notice_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("is_paused", Boolean, nullable=False),
)
