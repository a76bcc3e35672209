"""What one visitor's dearest requests cost all the others: a kept page asked steadily, in peace and under that."""

import http.client
import itertools
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.servers import CODED, Server, machine, perigee
from bench.stores import UPCOMING, UPCOMING_LAUNCHES, database, fill

SIZE = 10_000
RATE, CLIENTS, AT_ONCE = 50, 10, 6
MOST_TIMES, MOST_MORE_MS, MOST_P99_MS = 3, 1.0, 25.0
KEPT_PAGE = "/"
OTHERS = {"X-Forwarded-For": "192.0.2.1"}
ATTACKERS = (0, 1, 3)
_WAITS_WHEN_REFUSED = 0.1
_DEAREST = 3
_ROUNDS, _SECONDS = 2, 12
_BROKEN = "BROKEN"
CANDIDATES = (
    "/feeds/events.ics?past=3650&alarm={}",
    "/feeds/events.ics?past=3650&busy=true&vague=marker&alarm={}",
    "/feeds/events.rss?past=3650&alarm={}",
    "/feeds/events.json?past=3650&alarm={}",
    "/feeds/changes.atom?alarm={}",
    "/2.3.0/events/?limit=100&mode=detailed&offset={}",
    "/2.3.0/events/?limit=100&format=api&offset={}",
    "/past?limit=100&offset={}",
    "/?limit=100&q=meridian&offset={}",
    "/calendar/2026/07?tz=Europe/Paris&q={}",
    "/status?{}",
)
"""Addresses of which any number can be asked for, each of which must be made anew."""


@dataclass(slots=True)
class Measured:
    """What the others met, in milliseconds, and how much CPU the server took, in cores."""

    times: list[float] = field(default_factory=list)
    cores: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.times)

    @property
    def p99(self) -> float:
        """The 99th percentile."""
        return quantiles(self.times, n=100)[98]


def report_fairness(file: Path | None) -> int:
    """Measure, print the report, write it into a file if one is named, and give 1 if a promise is broken."""
    lines = list[str]()
    for line in _measure():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        lines.append(line)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", "utf-8")
    return 1 if any(line.startswith(_BROKEN) for line in lines) else 0


def _measure() -> Iterator[str]:
    coming = f"{UPCOMING} events and {UPCOMING_LAUNCHES} launches of them to come"
    yield f"{machine()}; one serving process, {SIZE:,} entries, {coming}"
    yield ""
    with database("sqlite", None) as url:
        fill(url, SIZE)
        with perigee(url) as server:
            costs = sorted(_costs(server), reverse=True)
        yield from (f"{path:64}{cost:9.1f} ms of CPU" for cost, path in costs)
        dearest = [path for _, path in costs[:_DEAREST]]
        found = {number: Measured() for number in ATTACKERS}
        with perigee(url, PERIGEE_PROXIES="1", PERIGEE_RATE_LIMIT="300") as server:
            for _ in range(_ROUNDS):
                for number, measured in found.items():
                    with ExitStack() as stack:
                        for one in range(number):
                            stack.enter_context(_attack(server, f"203.0.113.{one + 1}", dearest))
                        _ask_steadily(server, measured, _SECONDS)
    yield from _report(found)


def _costs(server: Server) -> Iterator[tuple[float, str]]:
    for path in CANDIDATES:
        found = []
        for number in range(100, 103):
            before = server.cpu_seconds()
            requests.get(server.url + path.format(number), headers=CODED, timeout=60).raise_for_status()
            found.append((server.cpu_seconds() - before) * 1000)
        yield min(found), path


def _ask_steadily(server: Server, measured: Measured, seconds: int) -> None:
    """Ask for the kept page so many times a second, each of several clients in its turn."""
    before, begun = server.cpu_seconds(), time.perf_counter()

    def ask(first: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        connection.connect()
        for number in range(first, RATE * seconds, CLIENTS):
            time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
            asked = time.perf_counter()
            if asked - begun > seconds:
                break
            _get(connection, KEPT_PAGE, CODED | OTHERS)
            measured.times.append((time.perf_counter() - asked) * 1000)
        connection.close()

    _in_threads([partial(ask, first) for first in range(CLIENTS)])
    measured.cores.append((server.cpu_seconds() - before) / (time.perf_counter() - begun))


@contextmanager
def _attack(server: Server, address: str, paths: list[str]) -> Iterator[None]:
    """Ask for the dearest in a process of its own, six at once, as long as the block lasts."""
    spawn = multiprocessing.get_context("spawn")
    stop = spawn.Event()
    process = spawn.Process(target=_ask_for_the_dearest, args=(server.url, address, paths, stop))
    process.start()
    try:
        time.sleep(0.5)
        yield
    finally:
        stop.set()
        process.join(60)


def _ask_for_the_dearest(url: str, address: str, paths: list[str], stop: Event) -> None:
    numbers = itertools.count(time.time_ns() % 1_000_000)

    def ask() -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        while not stop.is_set():
            number = next(numbers)
            status = _get(
                connection, paths[number % len(paths)].format(number % 9000), CODED | {"X-Forwarded-For": address}
            )
            if status == http.client.TOO_MANY_REQUESTS:
                time.sleep(_WAITS_WHEN_REFUSED)
        connection.close()

    _in_threads([ask] * AT_ONCE)


def _in_threads(tasks: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _get(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> int:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _report(found: dict[int, Measured]) -> Iterator[str]:
    yield ""
    yield f"{'a kept page, 50 times a second':64}{'p50 ms':>9}{'p99 ms':>9}{'cores':>9}"
    for number, measured in found.items():
        beside = f"beside {number} who ask for the dearest, {AT_ONCE} at once each" if number else "in peace"
        yield f"{beside:64}{measured.p50:9.2f}{measured.p99:9.2f}{median(measured.cores):9.2f}"
    yield ""
    quiet, attacked = found[0], found[1]
    most = max(quiet.p50 * MOST_TIMES, quiet.p50 + MOST_MORE_MS)
    yield f"{_verdict(attacked.p50 <= most)}  beside one: median {attacked.p50:.2f} ms ({most:.2f} at most)"
    yield f"{_verdict(attacked.p99 < MOST_P99_MS)}  beside one: 99th {attacked.p99:.1f} ms (below {MOST_P99_MS:.0f})"


def _verdict(is_kept: bool) -> str:  # noqa: FBT001 - it is the one thing told
    return "kept  " if is_kept else _BROKEN
