"""What the statistics cost with many entries and changes: to make them anew, and as a page that is not kept.

Usage: python bench/ledger.py [--size 100000] [--changes 10] [--keep FOLDER]. Prints milliseconds of CPU, of a page the
median of seven, and exits with 1 if one costs more than 20 ms without a filter, or more than 300 ms with one.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, update

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.stores import fill
from webapp.app import create_app
from webapp.domain.changes import Change, ChangeKind, KnownDate
from webapp.settings import Settings
from webapp.store import Store
from webapp.store.changes import add_changes
from webapp.store.schema import entries
from webapp.store.statistics.keeping import rebuild

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MOST_WHOLE_MS, MOST_FILTERED_MS = 20.0, 300.0
FILTERS = (
    "", "?kind=launch", "?type__ids=2", "?not_type__ids=2", "?precision=day", "?q=dock", "?year=2020",
    "?from=2000-01-01", "?agency__ids=44", "?lsp__id=121", "?status__ids=3",
)  # fmt: skip
ROUNDS = 7
_BEFORE = (80, 40, 35, 20, 10, 5, 2.5, 1, 0.3)  # Days before its last date at which an entry changes.


def main() -> int:
    """Fill a store, unless one is kept from before, and print a line for each measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=100_000, help="how many entries")
    parser.add_argument("--changes", type=int, default=10, help="how many changes each has had")
    parser.add_argument("--keep", type=Path, help="a folder to keep the store in for another time")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        settings = Settings.load({"PERIGEE_DATA_DIR": str(asked.keep or folder)})
        if not Path(settings.database_url.removeprefix("sqlite:///")).exists():
            _fill(settings.database_url, asked.size, asked.changes)
        return _measure(settings)


def _fill(url: str, size: int, changes: int) -> None:
    fill(url, size, at=NOW)
    store = Store(url)
    _add_histories(store, changes)
    store.close()


def _add_histories(store: Store, changes: int) -> None:
    with store.write() as writer:
        connection = writer._connection  # noqa: SLF001 - nothing else writes into the past
        for row in connection.execute(select(entries.c.id, entries.c.date, entries.c.precision_id)).all():
            seen = {"first_seen": row.date - timedelta(days=90), "revision": changes + 1}
            connection.execute(update(entries).where(entries.c.id == row.id).values(seen))
            for number, (at, change) in enumerate(_history(row.id, row.date, row.precision_id, changes)):
                add_changes(connection, row.id, number + 1, [change], at)  # The first may be that it was added.
        _say("all statistics made anew", _cpu_ms(lambda: rebuild(connection)))


def _history(entry_id: int, last: datetime, precision_id: int, count: int) -> Iterator[tuple[datetime, Change]]:
    """Give changes of an entry: every third is a slip, each entry's of another size, and the others are edits."""
    moves = [timedelta(hours=(entry_id * place) % 97) for place in (1, 3, 5)]
    dates = [last - sum(moves[place:], timedelta(0)) for place in range(len(moves) + 1)]
    for number in range(count):
        at = last - timedelta(days=_BEFORE[number % len(_BEFORE)])
        slip, is_slip = number // 3, number % 3 == 0
        if is_slip and slip < len(moves):
            old, new = (KnownDate(date, precision_id) for date in dates[slip : slip + 2])
            yield at, Change(ChangeKind.SLIPPED, old, new, slip_number=slip + 1)
        else:
            yield at, Change(ChangeKind.EDITED, fields=("description",))


def _measure(settings: Settings) -> int:
    client = create_app(replace(settings, cache_mib=0), clock=lambda: NOW).test_client()
    failed = 0
    for asked in FILTERS:
        taken = [_cpu_ms(lambda: client.get(f"/statistics{asked}").close()) for _ in range(ROUNDS + 1)]  # noqa: B023
        median = statistics.median(taken[1:])
        failed += median > (MOST_FILTERED_MS if asked else MOST_WHOLE_MS)
        _say(f"/statistics{asked}", median)
    return int(failed > 0)


def _cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def _say(what: str, milliseconds: float) -> None:
    sys.stdout.write(f"{what:32} {milliseconds:10.1f} ms of CPU\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
