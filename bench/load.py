"""What answers cost through the server, under load by wrk, beside an empty Flask view on the same server.

    python bench/load.py [--sizes 1000,10000,100000] [--engines sqlite,postgresql] [--rounds 5] [--seconds 1]
                         [--peers PYTHON] [--write FILE]

One run, one machine, one table: requests a second, their median and 99th percentile, CPU for each, and the memory of
the serving process; medians of the rounds. Stores have 250 upcoming events whatever their size; the calendars of 1,000
events have 1,000. A miss is an answer that is not kept, from parts that are, as after any change; "from nothing" is the
first one after a start. `--peers` names a Python that has datasette, datasette-ics and datasette-atom, to ask for the
same events.
Exits with 1 if a ratio that Perigee promises is not kept; each is printed below the table.
"""

import argparse
import os
import platform
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.fake_ll2 import Record, make_record
from tests.fake_ll2.records import precision
from tests.postgres import Postgres, running_postgres
from tests.processes import free_port
from webapp.domain.event import ReceivedEvent
from webapp.ll2.parse import parse_event, spell_record
from webapp.store import Store

ROOT = Path(__file__).parent.parent
UPCOMING, CALENDAR = 250, 1_000
MOST_FOR_A_MISS, MOST_GROWTH_OF_HITS, MOST_GROWTH_OF_MISSES, CHEAP_MS, MOST_MIB = 20, 1.1, 3, 30, 150
LEAST_FOR_A_MISS, LEAST_FOR_A_HIT = 5, 200
CONNECTIONS = 16
ICAL, RSS = "/feeds/events.ics", "/feeds/events.rss"
# Without what is over, which a larger store has more of each day.
COMING, COMING_RSS = f"{ICAL}?past=0", f"{RSS}?past=0"
HITS = {"/ hit": "/", "iCalendar hit": COMING}
MISSES = {
    "/ miss": "/",
    "detail miss": "/events/{id}",
    "calendar page miss": "/calendar/{month}",
    "filtered miss": "/?type__ids=2",
    "q miss": "/?q=meridian",
    "API list miss": "/2.3.0/events/upcoming/?format=json",
    "iCalendar miss": COMING,
    "RSS miss": COMING_RSS,
}
_NS = 1e9


@dataclass(frozen=True, slots=True)
class Row:
    """What one thing cost: requests a second, milliseconds, milliseconds of CPU a request, and MiB of memory."""

    where: str
    name: str
    rate: float
    p50: float
    p99: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure."""

    rounds: int
    seconds: float


class Server:
    """A running server: where it is, and what its processes have used."""

    def __init__(self, process: "subprocess.Popen[bytes]", url: str) -> None:
        self._process = process
        self.url = url

    def _pids(self) -> list[int]:
        found, queue = [], [self._process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                queue += [int(child) for child in task.read_text().split()]
        return found

    def cpu_seconds(self) -> float:
        """How much CPU all processes have used so far."""
        files = [file for pid in self._pids() for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(file.read_text().split()[0]) for file in files) / _NS

    def memory_mib(self) -> float:
        """How much memory the largest of the processes takes."""
        sizes = [re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in self._pids()]
        return max(int(size.group(1)) for size in sizes if size) / 1024


@contextmanager
def running(command: Sequence[str | Path], path: str = "/", **environ: str) -> Iterator[Server]:
    """Run a server on a free port of loopback until the block ends."""
    port = free_port()
    clean = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), "PORT": str(port)}
    arguments = [str(part).replace("{port}", str(port)) for part in command]
    process = subprocess.Popen(
        arguments, env=clean | environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = Server(process, f"http://127.0.0.1:{port}")
    try:
        for _ in range(300):
            try:
                requests.get(server.url + path, timeout=30)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def load(server: Server, where: str, name: str, path: str, options: Options, **headers: str) -> Row:
    """Ask for one path as often as can be, and give the medians of the rounds."""
    rounds = [_round(server, where, name, path, options, headers) for _ in range(options.rounds)]
    figures = [median(getattr(row, field) for row in rounds) for field in ("rate", "p50", "p99", "cpu")]
    return Row(where, name, *figures, server.memory_mib())


def _round(  # noqa: PLR0917 - what makes up a row
    server: Server, where: str, name: str, path: str, options: Options, headers: dict[str, str]
) -> Row:
    given = {"Accept-Encoding": "br"} | {key.replace("_", "-"): value for key, value in headers.items()}
    requests.get(server.url + path, headers=given, timeout=60)
    before = server.cpu_seconds()
    told = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{options.seconds}s", "--timeout", "30s", "--latency",
         *(part for key, value in given.items() for part in ("-H", f"{key}: {value}")), server.url + path],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    used = server.cpu_seconds() - before
    if "Non-2xx" in told and "If-None-Match" not in given:
        raise RuntimeError(f"{where}, {name}: {told}")
    count = int(_find(r"(\d+) requests in", told))
    rate = float(_find(r"Requests/sec:\s+([\d.]+)", told))
    p50, p99 = (_milliseconds(_find(rf"{share}%\s+([\d.]+\w+)", told)) for share in ("50", "99"))
    return Row(where, name, rate, p50, p99, used * 1000 / max(count, 1), 0)


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk did not say {pattern}:\n{text}")
    return found.group(1)


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr] # wrk's own form
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def single(server: Server, where: str, name: str, path: str) -> Row:
    """Ask once, in a process that has not been asked this before."""
    before, begun = server.cpu_seconds(), time.perf_counter()
    requests.get(server.url + path, headers={"Accept-Encoding": "br"}, timeout=60).raise_for_status()
    taken = time.perf_counter() - begun
    return Row(
        where, name, 1 / taken, taken * 1000, taken * 1000, (server.cpu_seconds() - before) * 1000, server.memory_mib()
    )


def middle(rows: Sequence[Row]) -> Row:
    """Give the medians of rows of the same thing."""
    fields = ("rate", "p50", "p99", "cpu", "memory")
    return Row(rows[0].where, rows[0].name, *(median(getattr(row, field) for row in rows) for field in fields))


def measure_store(where: str, url: str, size: int, options: Options) -> Iterator[Row]:
    """Measure hits and misses over a store of this size."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"PERIGEE_DATA_DIR": folder, "PERIGEE_SAMPLE": "off", "DATABASE_URL": url, "PERIGEE_RATE_LIMIT": "0"}
        command = [Path(sys.executable).with_name("perigee"), "serve", "--no-sync"]
        paths = {
            name: path.format(id=size - 10, month=f"{_now() + timedelta(days=40):%Y/%m}")
            for name, path in MISSES.items()
        }
        with running(command, **environ) as server:
            for name, path in HITS.items():
                yield load(server, where, name, path, options)
            for name, path in {"/ 304": "/", "iCalendar 304": COMING}.items():
                etag = requests.get(server.url + path, headers={"Accept-Encoding": "br"}, timeout=60).headers["ETag"]
                yield load(server, where, name, path, options, If_None_Match=etag)
        with running(command, **environ, PERIGEE_CACHE_MIB="0") as server:
            for name, path in paths.items():
                yield load(server, where, name, path, options)


def measure_calendar(where: str, url: str, options: Options) -> Iterator[Row]:
    """Measure the calendar of 1,000 events: from nothing, after one changed, kept, and known."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"PERIGEE_DATA_DIR": folder, "PERIGEE_SAMPLE": "off", "DATABASE_URL": url, "PERIGEE_RATE_LIMIT": "0"}
        command = [Path(sys.executable).with_name("perigee"), "serve", "--no-sync"]
        cold, changed = [], []
        store = Store(url)
        for number in range(options.rounds):
            with running(command, "/about", **environ) as server:
                cold.append(single(server, where, "1,000 iCalendar, from nothing", ICAL))
                for _ in range(2):
                    _rename(store, number)
                    time.sleep(1.1)
                    row = single(server, where, "1,000 iCalendar, one changed", ICAL)
                changed.append(row)
        store.close()
        yield middle(cold)
        yield middle(changed)
        with running(command, **environ) as server:
            yield load(server, where, "1,000 iCalendar, hit", ICAL, options)
            yield load(server, where, "1,000 RSS, hit", RSS, options)
            etag = requests.get(server.url + ICAL, headers={"Accept-Encoding": "br"}, timeout=60).headers["ETag"]
            yield load(server, where, "1,000 iCalendar, 304", ICAL, options, If_None_Match=etag)
        with running(command, **environ, PERIGEE_CACHE_MIB="0") as server:
            yield load(server, where, "1,000 iCalendar, miss", ICAL, options)


def _rename(store: Store, number: int) -> None:
    record = _record(1, CALENDAR, CALENDAR, name=f"Renamed {number} {time.time_ns()}")
    with store.write() as writer:
        writer.upsert_events([ReceivedEvent(parse_event(record), spell_record(record))], now=_now())


def measure_peers(python: str, options: Options) -> Iterator[Row]:
    """Measure datasette with the same 1,000 events, as a page, a calendar and an Atom feed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.db"
        with sqlite3.connect(file) as database:
            database.execute(
                "CREATE TABLE events (event_uid TEXT, event_name TEXT, event_description TEXT, event_dtstart TEXT, "
                "atom_id TEXT, atom_title TEXT, atom_content TEXT, atom_updated TEXT)"
            )
            for number in range(1, CALENDAR + 1):
                event = parse_event(_record(number, CALENDAR, CALENDAR))
                moment = event.date.isoformat() if event.date else ""
                told = (event.name, event.description, moment)
                database.execute(
                    "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (str(event.id), *told, f"tag:{event.id}", event.name, event.description, moment),
                )
        database.close()
        command = [
            Path(python).with_name("datasette"),
            "serve",
            file,
            "--port",
            "{port}",
            "--setting",
            "max_returned_rows",
            "2000",
        ]
        ical = "/events.ics?sql=select+event_uid,event_name,event_description,event_dtstart+from+events"
        atom = "/events.atom?sql=select+atom_id,atom_title,atom_content,atom_updated+from+events"
        with running(command) as server:
            yield load(server, "datasette", "1,000 iCalendar", ical, options)
            yield load(server, "datasette", "1,000 Atom", atom, options)
            yield load(server, "datasette", "page of 100", "/events/events", options)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _record(number: int, size: int, upcoming: int, **fields: str) -> Record:
    """Give one of so many records, the last `upcoming` of which are to come, eight hours apart."""
    ahead = number - (size - upcoming)
    past = timedelta(days=20 * 365) * ((size - upcoming - number + 1) / max(size - upcoming, 1))
    moment = _now() + timedelta(hours=8) * ahead if ahead > 0 else _now() - past
    updated = moment - timedelta(days=2) if ahead <= 0 else _now() - timedelta(days=1)
    return make_record(
        number, date=f"{moment:%Y-%m-%dT%H:%M:%SZ}", date_precision=precision(5 if number % 7 == 0 else 1),
        last_updated=f"{updated:%Y-%m-%dT%H:%M:%SZ}", **fields,
    )  # fmt: skip


def fill(url: str, size: int, upcoming: int) -> None:
    """Fill a store as imports would, a thousand records at a time."""
    store = Store(url)
    store.migrate()
    for start in range(1, size + 1, 1_000):
        records = [_record(number, size, upcoming) for number in range(start, min(start + 1_000, size + 1))]
        with store.write() as writer:
            writer.upsert_events([ReceivedEvent(parse_event(one), spell_record(one)) for one in records], now=_now())
            writer.update_state(imported_at=_now(), reached_at=_now())
    store.close()


@contextmanager
def database(engine: str, folder: Path, postgres: Postgres | None) -> Iterator[str]:
    """Give the address of an empty database of this engine."""
    if engine == "sqlite" or postgres is None:
        with tempfile.TemporaryDirectory(dir=folder) as inner:
            yield f"sqlite:///{inner}/perigee.db"
    else:
        with postgres.database(migrated=False) as url:
            yield url


def measure(arguments: argparse.Namespace) -> Iterator[Row]:
    """Measure everything, row by row."""
    options = Options(arguments.rounds, arguments.seconds)
    with running([sys.executable, ROOT / "bench/bare.py"]) as server:
        yield load(server, "empty view", "/", "/", options)
    wanted = running_postgres() if "postgresql" in arguments.engines else nullcontext()
    with tempfile.TemporaryDirectory() as folder, wanted as postgres:
        for engine in arguments.engines:
            with database(engine, Path(folder), postgres) as url:
                fill(url, CALENDAR, CALENDAR)
                yield from measure_calendar(engine, url, options)
            for size in arguments.sizes:
                with database(engine, Path(folder), postgres) as url:
                    fill(url, size, UPCOMING)
                    yield from measure_store(f"{engine} {size:,}", url, size, options)
    if arguments.peers:
        yield from measure_peers(arguments.peers, options)


def judge(rows: dict[tuple[str, str], Row], sizes: Sequence[int], engines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Give each promise in words, with its figures, and whether it is kept."""
    empty = rows["empty view", "/"]
    least, most = f"{min(sizes):,}", f"{max(sizes):,}"
    for engine in engines:
        for name in ("/ hit", "iCalendar hit", "/ 304", "iCalendar 304"):
            ratio = rows[f"{engine} {least}", name].rate / empty.rate
            yield f"{engine}: {name}: {ratio:.2f} times the empty view's requests a second (1.0 at least)", ratio >= 1
        ratio = rows[f"{engine} {least}", "/ miss"].cpu / empty.cpu
        yield f"{engine}: / miss: {ratio:.0f} times the empty view's CPU (20 at most)", ratio <= MOST_FOR_A_MISS
        for name in (*HITS, *MISSES):
            before, after = rows[f"{engine} {least}", name], rows[f"{engine} {most}", name]
            ratio = after.cpu / before.cpu
            is_kept = (
                ratio <= MOST_GROWTH_OF_HITS
                if name in HITS
                else ratio <= MOST_GROWTH_OF_MISSES or after.cpu <= CHEAP_MS
            )
            yield f"{engine}: {name}: {ratio:.2f} times the CPU at {most} events ({after.cpu:.2f} ms)", is_kept
        memory = max(row.memory for (where, _), row in rows.items() if where == f"{engine} {most}")
        yield f"{engine}: a process with {most} events takes {memory:.0f} MiB (150 at most)", memory < MOST_MIB
        if ("datasette", "1,000 iCalendar") in rows:
            peer = rows["datasette", "1,000 iCalendar"]
            miss, hit = (rows[engine, f"1,000 iCalendar, {kind}"] for kind in ("miss", "hit"))
            times = peer.cpu / miss.cpu
            yield (
                f"{engine}: iCalendar miss: {times:.1f} times as fast as datasette-ics (5 at least)",
                times >= LEAST_FOR_A_MISS,
            )
            times = hit.rate / peer.rate
            yield (
                f"{engine}: iCalendar hit: {times:,.0f} times as fast as datasette-ics (200 at least)",
                times >= LEAST_FOR_A_HIT,
            )


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
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        parser.error("this needs wrk: apt-get install wrk")
    lines = [_machine(), "", f"{'':22}{'':32}{'req/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'MiB':>7}"]
    sys.stdout.write("\n".join(lines) + "\n")
    rows: dict[tuple[str, str], Row] = {}
    for row in measure(arguments):
        rows[row.where, row.name] = row
        lines.append(
            f"{row.where:22}{row.name:32}{row.rate:10,.0f}{row.p50:9.2f}{row.p99:9.2f}{row.cpu:9.3f}{row.memory:7.0f}"
        )
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    judged = list(judge(rows, arguments.sizes, arguments.engines))
    told = ["", *(f"{'kept  ' if is_kept else 'BROKEN'}  {words}" for words, is_kept in judged)]
    sys.stdout.write("\n".join(told) + "\n")
    if arguments.write:
        arguments.write.parent.mkdir(parents=True, exist_ok=True)
        arguments.write.write_text("\n".join([*lines, *told]) + "\n", "utf-8")
    return 0 if all(is_kept for _, is_kept in judged) else 1


def _machine() -> str:
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = int(_find(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())) / 2**20
    name = model.group(1) if model else platform.machine()
    python = f"Python {platform.python_version()}"
    machine = f"{_now():%Y-%m-%d}, {name}, {os.cpu_count()} cores, {memory:.0f} GiB, {python}"
    return f"{machine}; wrk on the same machine, {CONNECTIONS} connections; one serving process"


if __name__ == "__main__":
    sys.exit(main())
