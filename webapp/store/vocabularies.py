"""What launches have been seen to name: the lists of statuses, mission types, orbits and steps of a timeline."""

from enum import Enum
from typing import Any

from sqlalchemy import Connection, select

from webapp.store.schema import launch_statuses, mission_types, orbits, timeline_event_types


class Vocabulary(Enum):
    """A list of terms that launches use. Its value is Launch Library's name for it."""

    LAUNCH_STATUSES = "launch_statuses"
    MISSION_TYPES = "mission_types"
    ORBITS = "orbits"
    TIMELINE_EVENT_TYPES = "timeline_event_types"


_TABLES = {
    Vocabulary.LAUNCH_STATUSES: launch_statuses,
    Vocabulary.MISSION_TYPES: mission_types,
    Vocabulary.ORBITS: orbits,
    Vocabulary.TIMELINE_EVENT_TYPES: timeline_event_types,
}


def list_terms(connection: Connection, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """List the terms that were seen, by id."""
    table = _TABLES[vocabulary]
    return [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
