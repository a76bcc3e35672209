"""The table of WebSub: which generation the hub has taken, and what came of the last attempts to tell it."""

from sqlalchemy import Column, Integer, Table, Text

from webapp.store.schema.columns import UtcDateTime, metadata

# One row, id 1, once a hub was named.
websub_hub = Table(
    "websub_hub",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("announced", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("retry_at", UtcDateTime),
    Column("fault", Text),
)
