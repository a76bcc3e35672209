"""The first ten upcoming events of 39 real days of 2020, in the 2.0.0 shape, raised to what 2.3.0 would say of them."""

import json
from dataclasses import dataclass
from datetime import date

from tests.fake_ll2.data import data_folder
from tests.fake_ll2.raising import raise_2_1
from tests.fake_ll2.shapes import Record


@dataclass(frozen=True, slots=True)
class Day:
    """One day's ten events as they were, the same raised, and the others of days before, which no list holds."""

    day: date
    raw: list[Record]
    listed: list[Record]
    unlisted: list[Record]


def daily_snapshots() -> list[Day]:
    """Give the days in order. A record was last updated on the first day on which it read as it does."""
    known: dict[int, Record] = {}
    days = []
    for file in sorted((data_folder() / "daily-upcoming").glob("*.json")):
        raw = json.loads(file.read_text("utf-8"))["results"]
        day = date.fromisoformat(file.stem)
        for record in raw:
            known[record["id"]] = _raised(record, known.get(record["id"]), day)
        ids = [record["id"] for record in raw]
        listed = [known[number] for number in ids]
        days.append(Day(day, raw, listed, [record for number, record in known.items() if number not in ids]))
    return days


def _raised(record: Record, before: Record | None, day: date) -> Record:
    raised = raise_2_1(record)
    if before is not None and raised | {"last_updated": before["last_updated"]} == before:
        return before
    return raised | {"last_updated": f"{day}T00:00:00Z"}
