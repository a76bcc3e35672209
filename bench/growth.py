"""How a database grows: real launches of 2026 and thirty events, replayed within the hourly budget.

    python bench/growth.py [--days 28] [--write FILE]

Prints what each table takes with its indexes, in KiB, after the first day and at the end, and what a day adds; then how
many KiB of log lines a day has (text, then JSON), and what an entry takes in all tables: real events, and launches made
as large as those of today are. Needs the real records that PERIGEE_TEST_DATA names.
"""

import argparse
import io
import logging
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Record
from tests.fake_ll2.launch_moments import BEGINNING, launch_moments
from tests.fake_ll2.records import raise_2_1, real_records_2_1
from tests.sized_launches import sized_launches
from tests.sync.conftest import make_stage, thirty_events
from webapp.domain.entry import EntryKind
from webapp.ll2.parse import parse_record
from webapp.logs import JsonFormatter, PlainFormatter
from webapp.store import Store
from webapp.sync.engine import Report
from webapp.sync.watch import log_line, report_lines

TABLES = """
    SELECT coalesce(of_table.tbl_name, pages.name), sum(pages.pgsize) / 1024
    FROM dbstat AS pages LEFT JOIN sqlite_schema AS of_table ON of_table.name = pages.name GROUP BY 1
"""
LEAST_KIB = 20
"""What takes less is left out."""


def main() -> None:
    """Replay, and print a line for each table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = _measure(Path(folder), asked.days)
    sys.stdout.write("\n".join(lines) + "\n")
    if asked.write:
        asked.write.write_text("\n".join(lines) + "\n", "utf-8")


def _measure(folder: Path, days: int) -> list[str]:
    clock, moments = ManualClock(BEGINNING), list(launch_moments(BEGINNING + timedelta(days=days)))
    source = FakeLaunchLibrary(thirty_events(BEGINNING), clock=clock)
    reports = list[Report]()
    with source as fake, make_stage(folder, fake, clock, kinds=tuple(EntryKind), deadline=60) as stage:
        file, first = folder / "data" / "perigee.db", Counter[str]()
        for moment in moments:
            fake.launches[:], fake.unlisted[:] = moment.listed, moment.unlisted
            reports += stage.run(moment.at - clock.now)
            clock.now = moment.at
            if not first and moment.at - BEGINNING > timedelta(days=1):
                first = _sizes(file)
        last = _sizes(file)
        counts = stage.read(lambda snapshot: snapshot.count_all())
    passed = (clock.now - BEGINNING) / timedelta(days=1)
    logged = (_log_bytes(reports, form) / passed / 1024 for form in (PlainFormatter(), JsonFormatter()))
    event_kib = _entry_kib(folder, map(raise_2_1, real_records_2_1()), EntryKind.EVENT)
    launch_kib = _entry_kib(folder, sized_launches(normal=150, detailed=50), EntryKind.LAUNCH)
    return [
        f"{'KiB':28}{'first day':>12}{f'day {passed:.0f}':>12}{'a day':>12}",
        *(
            f"{name:28}{first[name]:12.0f}{size:12.0f}{(size - first[name]) / (passed - 1):12.1f}"
            for name, size in last.most_common()
            if size >= LEAST_KIB
        ),
        "",
        f"{counts.entries} entries; {counts.changes / passed:.1f} changes and {len(reports) / passed:.0f} calls a day",
        "KiB of logs a day: " + ", ".join(f"{kib:.0f}" for kib in logged),
        f"KiB an entry: {event_kib:.0f} for an event, {launch_kib:.0f} for a launch",
    ]


def _sizes(file: Path) -> Counter[str]:
    connection = sqlite3.connect(file)
    found = Counter[str](dict(connection.execute(TABLES)))
    connection.close()
    return found + Counter({"in all": found.total()})


def _entry_kib(folder: Path, records: Iterable[Record], kind: EntryKind) -> float:
    file = folder / f"{kind.value}.db"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    empty, arriving = _sizes(file), [parse_record(record, kind) for record in records]
    with store.write() as writer:
        writer.upsert_entries(arriving, now=BEGINNING)
    store.close()
    return (_sizes(file) - empty)["in all"] / len(arriving)


def _log_bytes(reports: Iterable[Report], form: logging.Formatter) -> int:
    written = io.StringIO()
    handler, logger = logging.StreamHandler(written), logging.getLogger("webapp.sync.watch")
    handler.setFormatter(form)
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    for report in reports:
        for line in report_lines(report):
            log_line(line)
    logger.removeHandler(handler)
    return len(written.getvalue().encode())


if __name__ == "__main__":
    main()
