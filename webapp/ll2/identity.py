"""What makes a record an entry: its id and its name. Without them it is refused."""

import re

from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.text import one_line
from webapp.ll2.fields import Json

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class RottenRecordError(ValueError):
    """A record that is no entry, or that cannot be kept; the message names the field."""


def event_id_of(record: object) -> int | None:
    """Give the id of an event's record, or `None` where it has none."""
    event_id = record.get("id") if isinstance(record, dict) else None
    return (
        event_id
        if isinstance(event_id, int) and not isinstance(event_id, bool) and 0 < event_id <= LARGEST_ID
        else None
    )


def launch_id_of(record: object) -> str | None:
    """Give the id of a launch's record, a UUID in lower case, or `None` where it has none."""
    launch_id = record.get("id") if isinstance(record, dict) else None
    return launch_id.lower() if isinstance(launch_id, str) and _UUID.fullmatch(launch_id) else None


def parse_name(record: Json) -> str:
    """Read a record's name."""
    name = record.get("name")
    if name is not None and not isinstance(name, str):
        raise RottenRecordError("name: not a text")
    name = one_line(name or "")
    if not name:
        raise RottenRecordError("name: missing")
    return name
