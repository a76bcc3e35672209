"""How the cost of a query grows from 1,000 stored entries to 100,000, with 250 events and 60 launches to come.

Of a hundred entries eight are launches.

Usage: python bench/queries.py [SIZE ...] (1000 and 100000 unless said). Each request goes through the whole app,
in this process, with no cache but the database's own. Prints one table: median milliseconds of CPU at each size, and
how many times the last is the first. A row passes if that is 3 at most, or if the last takes less than 30 ms.
"""

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.stores import events_among, fill
from webapp.app import create_app
from webapp.settings import Settings

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ROUNDS = 7
MOST_TIMES, CHEAP_MS = 3.0, 30.0
API, LAUNCHES = "/2.3.0/events/", "/2.3.0/launches/"
REQUESTS = {
    "page: upcoming": "/",
    "page: one type": "/?type__ids=2",
    "page: words": "/?q=dock",
    "calendar": "/feeds/events.ics?past=0",
    "RSS": "/feeds/events.rss?past=0",
    "API: first page": f"{API}",
    "API: offset count - 100": f"{API}?limit=100&offset={{deep}}",
    "API: offset count - 100, -date": f"{API}?limit=100&ordering=-date&offset={{deep}}",
    "API: upcoming": f"{API}upcoming/",
    "API: previous": f"{API}previous/",
    "API: -date": f"{API}?ordering=-date",
    "API: last_updated": f"{API}?ordering=last_updated",
    "API: -last_updated": f"{API}?ordering=-last_updated",
    "API: relevance": f"{API}?q=meridian+17&ordering=relevance",
    "API: id": f"{API}?id=1,2,3",
    "API: type": f"{API}?type=2",
    "API: type__ids": f"{API}?type__ids=2,8",
    "API: not_type__ids": f"{API}?not_type__ids=2,8",
    "API: agency__ids": f"{API}?agency__ids=44",
    "API: not_agency__ids": f"{API}?not_agency__ids=44",
    "API: program": f"{API}?program=17",
    "API: slug": f"{API}?slug=meridian-17-eva",
    "API: video_url": f"{API}?video_url=https://www.youtube.com/watch%3Fv=sLjvAmK_siU",
    "API: search, rare": f"{API}?search=meridian+917",
    "API: search, common": f"{API}?search=meridian",
    "API: q, rare": f"{API}?q=meridian+917",
    "API: q, common": f"{API}?q=meridian",
    "API: location": f"{API}?location=station",
    "API: webcast": f"{API}?webcast=true",
    "API: live": f"{API}?live=true",
    "API: precision": f"{API}?precision=day",
    "API: from, to": f"{API}?from=2026-03-01&to=2026-04-01",
    "API: day": f"{API}?day=5",
    "API: month": f"{API}?month=8",
    "API: year": f"{API}?year=2020",
    "API: date__gte": f"{API}?date__gte=2020-01-01",
    "API: date__lt": f"{API}?date__lt=2020-01-01",
    "API: last_updated__gte": f"{API}?last_updated__gte=2026-02-20",
    "page: launches": "/?kind=launch",
    "page: crewed": "/?is_crewed=true",
    "page: one provider": "/?lsp__id=121",
    "page: past, one status": "/past?status__ids=4",
    "page: without suborbital": "/?include_suborbital=false",
    "page: not_program__ids": "/?not_program__ids=25",
    "calendar: launches": "/feeds/events.ics?past=0&kind=launch",
    "launches: first page": LAUNCHES,
    "launches: upcoming": f"{LAUNCHES}upcoming/",
    "launches: previous": f"{LAUNCHES}previous/",
    "launches: name": f"{LAUNCHES}?ordering=name",
    "launches: id": f"{LAUNCHES}?ordering=-id",
    "launches: status__ids": f"{LAUNCHES}?status__ids=3,4",
    "launches: location__ids": f"{LAUNCHES}?location__ids=12",
    "launches: search": f"{LAUNCHES}?search=baikonur",
    "launches: attempt count": f"{LAUNCHES}?pad_launch_attempt_count__gt=70",
    "launches: rocket's name": f"{LAUNCHES}?rocket__configuration__full_name__icontains=soyuz",
}


def main(sizes: list[int]) -> int:
    """Fill a store for each size, measure each request, print the table; give 1 if a row does not pass."""
    columns = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as data:
            settings = Settings.load({"PERIGEE_DATA_DIR": data})
            fill(settings.database_url, size, at=NOW)
            columns.append(_measure(settings, size))
    return _print(sizes, columns)


def _measure(settings: Settings, size: int) -> dict[str, float]:
    client = create_app(replace(settings, cache_mib=0), clock=lambda: NOW).test_client()
    return {name: _cpu(client, address.format(deep=events_among(size) - 100)) for name, address in REQUESTS.items()}


def _cpu(client: FlaskClient, address: str) -> float:
    """Give the median milliseconds of CPU of one request."""
    taken = []
    for _ in range(ROUNDS + 1):
        begun = time.process_time()
        answer = client.get(address)
        taken.append((time.process_time() - begun) * 1000)
        if answer.status_code != 200:  # noqa: PLR2004 - success
            raise RuntimeError(f"{address}: {answer.status}")
        answer.close()
    return statistics.median(taken[1:])


def _print(sizes: list[int], columns: list[dict[str, float]]) -> int:
    failed = 0
    heads = "".join(f"{size:>12,}" for size in sizes)
    sys.stdout.write(f"{'ms of CPU, median':34}{heads}{'times':>8}\n")
    for name in REQUESTS:
        times = columns[-1][name] / columns[0][name]
        passes = times <= MOST_TIMES or columns[-1][name] < CHEAP_MS
        failed += not passes
        figures = "".join(f"{column[name]:12.2f}" for column in columns)
        sys.stdout.write(f"{name:34}{figures}{times:8.2f}{'' if passes else '  too much'}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or [1000, 100_000]))
