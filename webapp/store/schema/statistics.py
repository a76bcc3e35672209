"""The tables of statistics: the ledger of dates, slips, and totals. All of it follows from the entries' changes."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from webapp.store.schema.columns import EntryId, UtcDateTime, metadata

# What an entry counts as: the facts by which it is among the totals. Its cases and slips are packed, as
# `statistics/packing.py` says; its cases are known, and among the totals, once the source was reached after `known_at`.
# `drift` is by how many seconds its first date that was known to the day has moved.
dated_entries = Table(
    "dated_entries",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("type_id", Integer, nullable=False),
    Column("provider_id", Integer),
    Column("site_id", Integer),
    Column("cases", Text, nullable=False),
    Column("slips", Text, nullable=False),
    Column("launched_year", Integer),
    Column("launched_status_id", Integer),
    Column("drift", BigInteger),
    Column("known_at", UtcDateTime, nullable=False),
    Column("is_counted", Boolean, nullable=False),
)
Index("ix_dated_entries_drift", dated_entries.c.drift, dated_entries.c.entry_id)
Index("ix_dated_entries_known_at", dated_entries.c.is_counted, dated_entries.c.known_at)

date_cases = Table(
    "date_cases",
    metadata,
    Column("entry_id", EntryId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("lead", Integer, primary_key=True, autoincrement=False),
    Column("crossed_at", UtcDateTime, nullable=False),
    Column("announced", UtcDateTime, nullable=False),
    Column("precision_id", Integer),
    Column("step", Integer, nullable=False),
    Column("status_id", Integer),
    Column("outcome", Text, nullable=False),
    Column("error", BigInteger),
)
Index("ix_date_cases_crossed_at", date_cases.c.crossed_at)

# How many cases there are, by the kind of their entries and one fact of theirs: a type, a provider or a site.
case_totals = Table(
    "case_totals",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("member_id", Integer, primary_key=True, autoincrement=False),
    Column("lead", Integer, primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("outcome", Text, primary_key=True),
    Column("is_early", Boolean, primary_key=True),
    Column("total", Integer, nullable=False),
)

slip_totals = Table(
    "slip_totals",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("size", Text, primary_key=True),
    Column("time", Text, primary_key=True),
    Column("is_later", Boolean, primary_key=True),
    Column("total", Integer, nullable=False),
)

# How many launches have lifted off, by their year, provider or site, and their status.
launch_totals = Table(
    "launch_totals",
    metadata,
    Column("dimension", Text, primary_key=True),
    Column("member_id", Integer, primary_key=True, autoincrement=False),
    Column("status_id", Integer, primary_key=True, autoincrement=False),
    Column("total", Integer, nullable=False),
)
