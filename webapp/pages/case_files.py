"""The cases of the ledger as files for programs: a line of CSV, or an object of JSON, for each."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

from webapp.domain.instants import iso_utc
from webapp.store import KnownCase

COLUMNS = (
    "kind", "id", "name", "type", "lead_hours", "reached_at", "announced", "precision", "status_id", "outcome",
    "error_seconds",
)  # fmt: skip
_SECOND = timedelta(seconds=1)
_LINES_AT_ONCE = 200
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(cases: Iterator[KnownCase]) -> Iterator[str]:
    """Write the cases as CSV (RFC 4180), some lines at a time."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for number, known in enumerate(cases, start=1):
        writer.writerow([_harmless(value) for value in _values(known)])
        if number % _LINES_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def write_json(cases: Iterator[KnownCase]) -> Iterator[str]:
    """Write the cases as one JSON array, an object at a time."""
    separator = "[\n"
    for known in cases:
        yield separator + json.dumps(dict(zip(COLUMNS, _values(known), strict=True)))
        separator = ",\n"
    yield "\n]\n" if separator == ",\n" else "[]\n"


def _values(known: KnownCase) -> list[Any]:
    case = known.case
    return [
        known.key.kind.value, known.key.json_id, known.name, known.type_name, case.lead.value,
        iso_utc(case.crossed_at), case.announced.date and iso_utc(case.announced.date), case.step.value, case.status_id,
        case.outcome.value, None if case.error is None else case.error // _SECOND,
    ]  # fmt: skip


def _harmless(value: Any) -> Any:
    # A spreadsheet would run a text that begins so as a formula.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) else value
