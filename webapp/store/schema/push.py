"""The table of Web Push: the keys by which push services know this server."""

from sqlalchemy import Column, Index, Integer, Table, Text

from webapp.store.schema.columns import UtcDateTime, metadata
from webapp.store.schema.notices import subscribers

# One row, id 1, once keys were made.
push_keys = Table(
    "push_keys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("private", Text, nullable=False),
    Column("public", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
Index("ix_subscribers_address", subscribers.c.address)
