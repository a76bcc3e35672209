"""Dates as Launch Library writes them: ISO 8601 text in UTC, to the second, ending in `Z`."""

from datetime import UTC, datetime
from functools import lru_cache


def stamp(moment: datetime) -> str:
    """The wire's form of an aware moment: `2025-07-19T12:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(1 << 18)  # Every answer is sorted anew, however many records there are.
def parse_moment(text: str) -> datetime:
    """An aware UTC moment; text without a zone is UTC, a bare date its midnight. ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def moment_of(record: dict[str, object], field: str) -> datetime | None:
    """The moment in a record's field; None where it is null, missing or unreadable."""
    text = record.get(field)
    try:
        return parse_moment(text) if isinstance(text, str) else None
    except ValueError:
        return None
