"""What answers cost through the server, under load by wrk, beside an empty Flask view on the same server.

    python bench/load.py [--sizes 1000,10000,100000] [--engines sqlite,postgresql] [--rounds 5] [--seconds 1]
                         [--peers PYTHON] [--write FILE] [--only fairness]

One run, one machine, one table: requests a second, their median and 99th percentile, CPU for each (Perigee's own, not
PostgreSQL's), and the memory of the serving process; medians of the rounds. Whatever is compared runs side by side, one
round after the other. Of a hundred entries eight are launches. Stores have 250 upcoming events and 60 upcoming launches
whatever their size; the calendars of 1,000 events have 1,000, and no launches.
`--peers` names a Python that has datasette, datasette-ics and datasette-atom, to ask for the same events.

Hits are answers that are kept. A miss is made anew of what is kept below it (lists as they were rendered, fragments of
feeds): the same events, but the source was reached since, or, as here, by another address. "One changed" is the first
answer after a sync changed an event, and "from nothing" the first of a process. CPU that a hit takes is compared under
four connections: with more, wrk and the server trade the two cores of a small machine so unevenly that equal things
differ by half.

`--only fairness` measures instead, in two minutes and without wrk, what one visitor's dearest requests cost the others.

Exits with 1 if a ratio that Perigee promises is not kept; each is printed below the table.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.fairness import report_fairness
from bench.servers import CODED, Entrant, Row, Server, empty_view, machine, perigee, race, running, single
from bench.stores import UPCOMING, database, events_among, fill, launch, now, record, rename_next
from tests.fake_ll2 import FakeLaunchLibrary
from tests.postgres import running_postgres
from webapp.ll2.parse import parse_event
from webapp.store import Store

CALENDAR = 1_000
MOST_FOR_A_MISS, MOST_GROWTH_OF_HITS, MOST_GROWTH_OF_MISSES, CHEAP_MS, MOST_MB = 20, 1.1, 3, 30, 160
LEAST_FOR_A_MISS, LEAST_FOR_A_HIT = 5, 200
MANY_CONNECTIONS, FEW_CONNECTIONS, ROUNDS_FOR_GROWTH = 16, 4, 11
WALK = 300
VERDICTS = {True: "kept", False: "BROKEN", None: "told"}
ICAL, RSS = "/feeds/events.ics", "/feeds/events.rss"
# Without what is over, which a larger store has more of each day.
COMING, COMING_RSS = f"{ICAL}?past=0", f"{RSS}?past=0"
HITS = {"/ hit": "/", "iCalendar hit": COMING, "RSS hit": COMING_RSS}
KNOWN = {"/ 304": "/", "iCalendar 304": COMING}
MISSES = {
    "/ miss": "/",
    "detail miss": "/events/{id}",
    "calendar page miss": "/calendar/{month}",
    "filtered miss": "/?type__ids=2",
    "q miss": "/?q=meridian",
    "past miss": "/past",
    "API list miss": "/2.3.0/events/upcoming/?format=json",
    "iCalendar miss": COMING,
    "RSS miss": COMING_RSS,
}
GROWING = (*MISSES, *(f"{name}, one changed" for name in MISSES))


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure."""

    rounds: int
    seconds: int

    def race(self, entrants: Sequence[Entrant]) -> list[Row]:
        """Let things run side by side, as saturated as they get."""
        return race(entrants, rounds=self.rounds, seconds=self.seconds, connections=MANY_CONNECTIONS)


def measure_sizes(engine: str, urls: dict[int, str], options: Options) -> Iterator[Row]:
    """Measure all that is asked of stores of several sizes, all of them side by side."""
    with ExitStack() as stack:
        bare = stack.enter_context(empty_view())
        kept = {size: stack.enter_context(perigee(url)) for size, url in urls.items()}
        unkept = {size: stack.enter_context(perigee(url)) for size, url in urls.items()}
        places = {size: f"{engine} {size:,}" for size in urls}
        hits = [Entrant(Row(engine, "empty view, beside hits"), bare, "/")]
        hits += [
            Entrant(
                Row(places[size], name), server, path, {"If-None-Match": server.etag(path)} if name in KNOWN else {}
            )
            for name, path in (HITS | KNOWN).items()
            for size, server in kept.items()
        ]
        yield from options.race(hits)
        misses = [Entrant(Row(engine, "empty view, beside misses"), bare, "/")]
        misses += [
            Entrant(Row(places[size], name), server, _filled_in(path, size), is_anew=True)
            for name, path in MISSES.items()
            for size, server in unkept.items()
        ]
        yield from options.race(misses)
        yield from _measure_growth({places[size]: kept[size] for size in (min(urls), max(urls))})
        for size, url in urls.items():
            yield from _measure_changes(places[size], url, size, kept[size], options)
        largest = max(urls)
        yield _walk(kept[largest], Row(places[largest], f"{WALK:,} addresses more"))
    with _pretended_source(largest) as fake, perigee(urls[largest], syncs_with=fake.url) as server:
        _wait_until_both_are_asked_for(fake)
        yield _walk(server, Row(places[largest], f"{WALK:,} addresses, syncing"))


def _measure_growth(servers: dict[str, Server]) -> Iterator[Row]:
    entrants = [
        Entrant(Row(where, f"{name}, few at once"), server, path)
        for name, path in HITS.items()
        for where, server in servers.items()
    ]
    yield from race(entrants, rounds=ROUNDS_FOR_GROWTH, seconds=1, connections=FEW_CONNECTIONS)


def _measure_changes(where: str, url: str, size: int, server: Server, options: Options) -> Iterator[Row]:
    rows, store = {name: Row(where, f"{name}, one changed") for name in MISSES}, Store(url)
    for _ in range(options.rounds):
        for name, path in MISSES.items():
            rename_next(store, events_among(size), UPCOMING)
            single(rows[name], server, _filled_in(path, size))
    store.close()
    yield from rows.values()


def _walk(server: Server, row: Row) -> Row:
    """Ask for many addresses once each, as crawlers do, until everything that keeps anything is full."""
    for number in range(WALK):
        for path in (f"/past?offset={25 * number}", f"{ICAL}?past={number}"):
            requests.get(server.url + path, headers=CODED, timeout=60).raise_for_status()
    single(row, server, "/")
    return row


def _pretended_source(size: int) -> FakeLaunchLibrary:
    """Pretend a source that has the latest of a store of this size, of each kind."""
    at, events = now(), events_among(size)
    launches = size - events
    return FakeLaunchLibrary(
        [record(number, events, UPCOMING, at) for number in range(max(events - CALENDAR, 0) + 1, events + 1)],
        launches=[launch(number, launches, at) for number in range(max(launches - CALENDAR, 0) + 1, launches + 1)],
    )


def _wait_until_both_are_asked_for(fake: FakeLaunchLibrary) -> None:
    """Wait until the source has been asked for events and for launches."""
    while not all(any(path in request.path for request in fake.requests) for path in ("/events/", "/launches/")):
        time.sleep(0.5)


def measure_calendar(engine: str, url: str, peers: Server | None, options: Options) -> Iterator[Row]:
    """Measure calendars of 1,000 events, Perigee's and its peers'."""
    cold, changed = (Row(engine, f"1,000 iCalendar, {how}") for how in ("from nothing", "one changed"))
    store = Store(url)
    for _ in range(options.rounds):
        with perigee(url, "/about") as server:
            single(cold, server, ICAL)
            rename_next(store, CALENDAR, CALENDAR)
            single(changed, server, ICAL)
    store.close()
    yield from (cold, changed)
    with perigee(url) as kept, perigee(url) as unkept:
        entrants = [
            Entrant(Row(engine, "1,000 iCalendar, hit"), kept, ICAL),
            Entrant(Row(engine, "1,000 iCalendar, 304"), kept, ICAL, _known(kept, ICAL)),
            Entrant(Row(engine, "1,000 iCalendar, miss"), unkept, ICAL, is_anew=True),
            Entrant(Row(engine, "1,000 RSS, hit"), kept, RSS),
        ]
        if peers is not None:
            names = "select+event_uid,event_name,event_description,event_dtstart+from+events"
            entries = "select+atom_id,atom_title,atom_content,atom_updated+from+events"
            entrants += [
                Entrant(Row(f"datasette by {engine}", "1,000 iCalendar"), peers, f"/events.ics?sql={names}"),
                Entrant(Row(f"datasette by {engine}", "1,000 Atom"), peers, f"/events.atom?sql={entries}"),
                Entrant(Row(f"datasette by {engine}", "page of 100"), peers, "/events/events"),
            ]
        yield from options.race(entrants)


@contextmanager
def datasette(python: str) -> Iterator[Server]:
    """Run datasette with the same 1,000 events."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.db"
        with sqlite3.connect(file) as connection:
            connection.execute(
                "CREATE TABLE events (event_uid TEXT, event_name TEXT, event_description TEXT, event_dtstart TEXT, "
                "atom_id TEXT, atom_title TEXT, atom_content TEXT, atom_updated TEXT)"
            )
            for number in range(1, CALENDAR + 1):
                event = parse_event(record(number, CALENDAR, CALENDAR))
                moment = event.date.isoformat() if event.date else ""
                source_id, row = event.key.source_id, (event.name, event.description, moment)
                connection.execute(
                    "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (source_id, *row, f"tag:{source_id}", event.name, event.description, moment),
                )
        connection.close()
        program = Path(python).with_name("datasette")
        with running([program, "serve", file, "--port", "{port}", "--setting", "max_returned_rows", "2000"]) as server:
            yield server


def _peers(python: str) -> AbstractContextManager[Server | None]:
    return datasette(python) if python else nullcontext()


def measure(arguments: argparse.Namespace) -> Iterator[Row]:
    """Measure everything, row by row."""
    options = Options(arguments.rounds, arguments.seconds)
    with running_postgres() if "postgresql" in arguments.engines else nullcontext() as postgres:
        for engine in arguments.engines:
            with database(engine, postgres) as url, _peers(arguments.peers) as server:
                fill(url, CALENDAR, CALENDAR, launches=False)
                yield from measure_calendar(engine, url, server, options)
            with ExitStack() as stack:
                urls = {size: stack.enter_context(database(engine, postgres)) for size in arguments.sizes}
                for size, url in urls.items():
                    fill(url, size)
                yield from measure_sizes(engine, urls, options)


def judge(
    rows: dict[tuple[str, str], Row], sizes: Sequence[int], engines: Sequence[str]
) -> Iterator[tuple[str, bool | None]]:
    """Give each promise in words, with its figures, and whether it is kept; `None` for what is told without one."""
    for engine in engines:
        least, most = f"{engine} {min(sizes):,}", f"{engine} {max(sizes):,}"
        empty = rows[engine, "empty view, beside hits"]
        for name in ("/ hit", "iCalendar hit", "RSS hit", "/ 304", "iCalendar 304"):
            times = rows[least, name].times(empty, "rate")
            yield f"{engine}: {name}: {times:.2f} times the empty view's requests a second (1.0 at least)", times >= 1
        empty = rows[engine, "empty view, beside misses"]
        times = rows[least, "/ miss"].times(empty, "cpu")
        yield f"{engine}: / miss: {times:.1f} times the empty view's CPU (20 at most)", times <= MOST_FOR_A_MISS
        times = rows[least, "/ miss, one changed"].middle("cpu") / empty.middle("cpu")
        yield f"{engine}: / miss, the first after an event changed: {times:.0f} times the empty view's CPU", None
        for name in HITS:
            few = f"{name}, few at once"
            times = rows[most, few].times(rows[least, few], "cpu")
            words = f"{engine}: {name}: {times:.2f} times the CPU at {max(sizes):,} entries (1.1 at most)"
            yield words, times <= MOST_GROWTH_OF_HITS
        for name in GROWING:
            after, times = rows[most, name].middle("cpu"), rows[most, name].times(rows[least, name], "cpu")
            growth = f"{times:.2f} times the CPU at {max(sizes):,} entries, {after:.1f} ms"
            words = f"{engine}: {name}: {growth} (3 at most, or {CHEAP_MS} ms)"
            yield words, times <= MOST_GROWTH_OF_MISSES or after <= CHEAP_MS
        memory = max(row.memory for (where, _), row in rows.items() if where == most) * 1.048576
        words = f"{engine}: a process with {max(sizes):,} entries takes {memory:.0f} MB ({MOST_MB} at most)"
        yield words, memory < MOST_MB
        yield from _judge_peers(engine, rows)


def _judge_peers(engine: str, rows: dict[tuple[str, str], Row]) -> Iterator[tuple[str, bool]]:
    peer = rows.get((f"datasette by {engine}", "1,000 iCalendar"))
    if peer is None:
        return
    for name, least in (("miss", LEAST_FOR_A_MISS), ("hit", LEAST_FOR_A_HIT)):
        times = rows[engine, f"1,000 iCalendar, {name}"].times(peer, "rate")
        words = f"{engine}: iCalendar {name}: {times:,.1f} times as fast as datasette-ics ({least} at least)"
        yield words, times >= least


def _known(server: Server, path: str) -> dict[str, str]:
    return {"If-None-Match": server.etag(path)}


def _filled_in(path: str, size: int) -> str:
    """Name the last event but ten, and a month that is to come."""
    return path.format(id=events_among(size) - 10, month=f"{now() + timedelta(days=40):%Y/%m}")


def _numbers(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


def main() -> int:
    """Measure, print the table, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=_numbers, default=[1_000, 10_000, 100_000])
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--peers", default="")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--only", choices=["fairness"])
    arguments = parser.parse_args()
    if arguments.only:
        return report_fairness(arguments.write)
    if shutil.which("wrk") is None:
        parser.error("this needs wrk: apt-get install wrk")
    setup = f"{machine()}; wrk on the same machine, {MANY_CONNECTIONS} connections; one serving process"
    lines = [setup, "", f"{'':22}{'':32}{'req/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'MiB':>7}"]
    sys.stdout.write("\n".join(lines) + "\n")
    rows: dict[tuple[str, str], Row] = {}
    for row in measure(arguments):
        rows[row.where, row.name] = row
        rate, p50, p99, cpu = (row.middle(figure) for figure in ("rate", "p50", "p99", "cpu"))
        lines.append(f"{row.where:22}{row.name:32}{rate:10,.0f}{p50:9.2f}{p99:9.2f}{cpu:9.3f}{row.memory:7.0f}")
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    judged = list(judge(rows, arguments.sizes, arguments.engines))
    verdicts = ["", *(f"{VERDICTS[is_kept]:6}  {words}" for words, is_kept in judged)]
    sys.stdout.write("\n".join(verdicts) + "\n")
    if arguments.write:
        arguments.write.parent.mkdir(parents=True, exist_ok=True)
        arguments.write.write_text("\n".join([*lines, *verdicts]) + "\n", "utf-8")
    return 1 if any(is_kept is False for _, is_kept in judged) else 0


if __name__ == "__main__":
    sys.exit(main())
