"""The tables of pictures: who names which, what is known of each, and the files that are served."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text

from webapp.store.schema.columns import EntryId, UtcDateTime, metadata

# The picture that an entry names, with what decides whether it may be shown.
entry_pictures = Table(
    "entry_pictures",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False, index=True),
    Column("license_name", Text, nullable=False),
    Column("single_use", Boolean, nullable=False),
)

# What is known of each picture that was ever asked for, and is still wanted. Without a colour there are no files.
pictures = Table(
    "pictures",
    metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    # When it was last asked for, how many bytes came then, and when to ask again.
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_bytes", Integer, nullable=False),
    Column("ask_again_at", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("fault", Text),
    Column("color", Text),
)

picture_files = Table(
    "picture_files",
    metadata,
    Column("url", Text, ForeignKey("pictures.url", ondelete="CASCADE"), primary_key=True),
    Column("media_type", Text, primary_key=True),
    Column("width", Integer, primary_key=True, autoincrement=False),
    Column("height", Integer, nullable=False),
    Column("path", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# A card for each upcoming entry, with a digest of all that is drawn on it.
entry_cards = Table(
    "entry_cards",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("drawn_from", Text, nullable=False),
    Column("path", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
