"""The tables of names: of what entries have many of, or share."""

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from webapp.store.schema.columns import metadata

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

# What launches name: for filters, and for the API's lists of them.
launch_statuses = Table(
    "launch_statuses",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("abbrev", Text, nullable=False),
    Column("description", Text, nullable=False),
)

# The source's records name these without an id: theirs are our own.
mission_types = Table(
    "mission_types",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    UniqueConstraint("name"),
)

orbits = Table(
    "orbits",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("abbrev", Text, nullable=False),
    Column("body_id", Integer),
    Column("body_name", Text),
)

timeline_event_types = Table(
    "timeline_event_types",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("abbrev", Text, nullable=False),
    Column("description", Text, nullable=False),
)

launch_sites = Table(
    "launch_sites",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)

rockets = Table(
    "rockets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)
