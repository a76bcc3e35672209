"""How much memory a whole service takes: all processes of `perigee serve`, with one worker and with several.

    python bench/memory.py [--workers 1,4] [--size 1300] [--seconds 30] [--write FILE]

Each service syncs with a Launch Library that is pretended on loopback, draws cards, and is asked for pages meanwhile.
Memory is the proportional set size (PSS): what processes share is counted once, as the limit of a control group does.
At rest no picture maker is at work; at most is the largest sum that was seen, with one.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.servers import CODED, Server, machine, perigee
from bench.stores import database, fill, now
from tests.fake_ll2 import FakeLaunchLibrary, make_records
from tests.fake_ll2.launches import make_launches

PATHS = ("/", "/past", "/calendar", "/horizon", "/changes", "/feeds/events.ics", "/feeds/events.rss", "/2.3.0/events/")
MAKER = "picture maker"
ROLES = {"webapp.pictures.maker": MAKER, "resource_tracker": "helper", "spawn_main": "workers"}
"""What a process is, by a part of its command line; any other is the parent of them all."""


def main() -> None:
    """Measure each number of workers and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", default="1,4")
    parser.add_argument("--size", type=int, default=1_300)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    lines = [
        machine(),
        f"{asked.size:,} entries; MiB (PSS)",
        "",
        f"{'workers':>8}{'at rest':>10}{'at most':>10}  at rest",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    for workers in map(int, asked.workers.split(",")):
        lines.append(_measure(workers, asked.size, asked.seconds))
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    if asked.write:
        asked.write.write_text("\n".join(lines) + "\n", "utf-8")


def _measure(workers: int, size: int, seconds: int) -> str:
    source = FakeLaunchLibrary(make_records(60, now=now()), launches=make_launches(30, now=now()))
    with database("sqlite", None) as url, source as fake:
        fill(url, size)
        with perigee(url, syncs_with=fake.url, PERIGEE_WORKERS=str(workers)) as server:
            seen = list(_watch(server, seconds))
    at_rest = next(roles for roles in reversed(seen) if MAKER not in roles)
    most = max(sum(roles.values()) for roles in seen)
    parts = ", ".join(f"{role} {mib:.0f}" for role, mib in sorted(at_rest.items(), key=lambda part: -part[1]))
    return f"{workers:8}{sum(at_rest.values()):10.0f}{most:10.0f}  {parts}"


def _watch(server: Server, seconds: int) -> Iterator[Mapping[str, float]]:
    """Ask for pages for so long, and give what all processes took after each."""
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        number += 1
        # Each by a connection and an address of its own, so that all processes come to make all of them.
        requests.get(f"{server.url}{PATHS[number % len(PATHS)]}?past={number}", headers=CODED, timeout=60)
        roles: defaultdict[str, float] = defaultdict(float)
        for command, mib in server.shares():
            roles[next((role for part, role in ROLES.items() if part in command), "parent")] += mib
        yield roles


if __name__ == "__main__":
    main()
