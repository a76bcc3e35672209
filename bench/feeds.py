"""What a feed of 1,000 events costs: made from nothing, with one event changed, with none, and as a 304.

    python bench/feeds.py

Median milliseconds of CPU of a whole request in process. Exits with 1 if a feed of which one event changed costs more
than a tenth of one made from nothing.
"""

import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))


from tests.clock import NOW, ManualClock
from tests.fake_ll2 import Record, make_record
from tests.site import Site, make_site
from webapp.response_cache.caches import CACHES, make_caches
from webapp.settings import Settings

EVENTS, ROUNDS = 1_000, 7
_CACHE_BYTES = 16 * 2**20
PATHS = ("/feeds/events.ics", "/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json")


def main() -> int:
    """Measure each feed and print a line for it."""
    is_enough = True
    with TemporaryDirectory() as folder:
        settings = Settings.load({"PERIGEE_DATA_DIR": folder, "PERIGEE_SAMPLE": "off"})
        site = make_site(settings, ManualClock(), (_record(number) for number in range(1, EVENTS + 1)))
        sys.stdout.write(
            f"{'ms of CPU, median':22}{'from nothing':>14}{'one changed':>14}{'none':>10}{'304':>10}{'ratio':>8}\n"
        )
        for path in PATHS:
            nothing, changed, none, etag = (median(times) for times in _measure(site, path))
            sys.stdout.write(
                f"{path:22}{nothing:14.1f}{changed:14.1f}{none:10.1f}{etag:10.1f}{nothing / changed:8.1f}\n"
            )
            is_enough &= changed * 10 <= nothing
        site.close()
    return 0 if is_enough else 1


def _measure(site: Site, path: str) -> tuple[list[float], list[float], list[float], list[float]]:
    found: tuple[list[float], ...] = ([], [], [], [])
    client, extensions, numbers = site.client, site.app.extensions, count()

    def get_anew() -> None:
        # A parameter that means nothing is in the key of a cached response, and in that of no fragment.
        client.get(f"{path}?anew={next(numbers)}")

    for number in range(ROUNDS):
        extensions[CACHES] = make_caches(extensions[CACHES].versions, max_bytes=_CACHE_BYTES)
        found[0].append(_spent(get_anew))
        site.put(_record(number + 1, name=f"Renamed by {path}, round {number}"))
        found[1].append(_spent(get_anew))
        found[2].append(_spent(get_anew))
        etag = {"If-None-Match": client.get(path).headers["ETag"]}
        found[3].append(_spent(lambda etag=etag: client.get(path, headers=etag)))  # type: ignore[misc]
    return found  # type: ignore[return-value]


def _record(number: int, **fields: str) -> Record:
    month, day = 1 + number % 12, 1 + number % 28
    return make_record(number, date=f"{NOW.year + 1}-{month:02}-{day:02}T12:00:00Z", **fields)


def _spent(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
