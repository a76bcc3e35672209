"""Servers to measure: started as users start them, loaded by wrk, and read off what they used."""

import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.processes import free_port

ROOT = Path(__file__).parent.parent
CODED = {"Accept-Encoding": "br"}
_NS = 1e9


class Server:
    """A running server: where it is, and what its processes have used."""

    def __init__(self, process: "subprocess.Popen[bytes]", url: str) -> None:
        self._process = process
        self.url = url

    def etag(self, path: str) -> str:
        """Ask for a path, and give the ETag of the answer."""
        return requests.get(self.url + path, headers=CODED, timeout=60).headers["ETag"]

    def cpu_seconds(self) -> float:
        """How much CPU all processes have used so far."""
        files = [file for pid in self._pids() for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(file.read_text().split()[0]) for file in files) / _NS

    def memory_mib(self) -> float:
        """How much memory the largest of the processes takes."""
        sizes = [re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in self._pids()]
        return max(int(size.group(1)) for size in sizes if size) / 1024

    def shares(self) -> Iterator[tuple[str, float]]:
        """Give the command line of each process, and its MiB of memory, its share of what several have in common."""
        for pid in self._pids():
            with suppress(ProcessLookupError, FileNotFoundError):  # It has just ended.
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
                share = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())
                if share:
                    yield command, int(share.group(1)) / 1024

    def _pids(self) -> list[int]:
        found, queue = [], [self._process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                queue += [int(child) for child in task.read_text().split()]
        return found


@contextmanager
def running(command: Sequence[str | Path], path: str = "/", **environ: str) -> Iterator[Server]:
    """Run a server on a free port of loopback until the block ends; `path` is asked for until it answers."""
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
            except requests.ConnectionError as error:
                if process.poll() is not None:
                    raise RuntimeError(f"{arguments[0]} does not start") from error
                time.sleep(0.1)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def perigee(url: str, path: str = "/", *, syncs_with: str | None = None, **environ: str) -> Iterator[Server]:
    """Run Perigee over the store at this URL, unlimited by itself; it syncs with the source at `syncs_with`, if any."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"PERIGEE_DATA_DIR": folder, "PERIGEE_SAMPLE": "off", "DATABASE_URL": url, "PERIGEE_RATE_LIMIT": "0"}
        how = {"PERIGEE_LL2_URL": syncs_with, "PERIGEE_LL2_HOURLY_BUDGET": "3600"} if syncs_with else {}
        command = [Path(sys.executable).with_name("perigee"), "serve", *([] if syncs_with else ["--no-sync"])]
        with running(command, path, **given | how | environ) as server:
            yield server


@contextmanager
def empty_view() -> Iterator[Server]:
    """Run the yardstick."""
    with running([sys.executable, ROOT / "bench/bare.py"]) as server:
        yield server


@dataclass(frozen=True, slots=True)
class Figures:
    """What one round showed: requests a second, milliseconds, and milliseconds of CPU a request."""

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(slots=True)
class Row:
    """What one thing cost: its rounds, and the MiB of memory that the serving process then took."""

    where: str
    name: str
    rounds: list[Figures] = field(default_factory=list)
    memory: float = 0

    def middle(self, figure: str) -> float:
        """Give the median of one of the figures."""
        return median(getattr(one, figure) for one in self.rounds)

    def times(self, other: "Row", figure: str) -> float:
        """Give how many times the other's figure is this one's: the median over the rounds they ran side by side."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(getattr(mine, figure) / getattr(its, figure) for mine, its in pairs)


@dataclass(frozen=True, slots=True)
class Entrant:
    """One thing to be measured: what is asked of which server, and whether each answer must be made anew."""

    row: Row
    server: Server
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_anew: bool = False


def race(entrants: Sequence[Entrant], *, rounds: int, seconds: int, connections: int) -> list[Row]:
    """Load each in turn, round after round, so that the moods of the machine meet all of them alike."""
    for _ in range(rounds):
        for one in entrants:
            one.row.rounds.append(_load(one, seconds, connections))
            one.row.memory = one.server.memory_mib()
    return [one.row for one in entrants]


def single(row: Row, server: Server, path: str) -> None:
    """Ask once, and add that to the row."""
    before, begun = server.cpu_seconds(), time.perf_counter()
    requests.get(server.url + path, headers=CODED, timeout=60).raise_for_status()
    taken = time.perf_counter() - begun
    row.rounds.append(Figures(1 / taken, taken * 1000, taken * 1000, (server.cpu_seconds() - before) * 1000))
    row.memory = server.memory_mib()


def machine() -> str:
    """Describe this machine, as of today."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    name = model.group(1) if model else platform.machine()
    size = f"{int(memory.group(1)) / 2**20:.0f} GiB" if memory else "unknown memory"
    return f"{datetime.now(UTC):%Y-%m-%d}, {name}, {os.cpu_count()} cores, {size}, Python {platform.python_version()}"


def _load(entrant: Entrant, seconds: int, connections: int) -> Figures:
    server, given = entrant.server, CODED | dict(entrant.headers)
    requests.get(server.url + entrant.path, headers=given, timeout=60)
    before = server.cpu_seconds()
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency",
         *(part for key, value in given.items() for part in ("-H", f"{key}: {value}")),
         *(["-s", ROOT / "bench/anew.lua"] if entrant.is_anew else []), server.url + entrant.path],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    used = server.cpu_seconds() - before
    if "Non-2xx" in output and "If-None-Match" not in given:
        raise RuntimeError(f"{entrant.row.where}, {entrant.row.name}: {output}")
    count = int(_find(r"(\d+) requests in", output))
    p50, p99 = (_milliseconds(_find(rf"{share}%\s+([\d.]+\w+)", output)) for share in ("50", "99"))
    return Figures(float(_find(r"Requests/sec:\s+([\d.]+)", output)), p50, p99, used * 1000 / max(count, 1))


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk did not say {pattern}:\n{text}")
    return found.group(1)


def _milliseconds(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    if found is None:
        raise RuntimeError(f"wrk told an unknown time: {text}")
    return float(found.group(1)) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found.group(2)]
