"""Perigee as a user runs it: the real command, in a process of its own, on loopback; or here, where that is enough."""

import gc
import logging
import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import requests
from click.testing import CliRunner

from tests.marks import Guard
from webapp.cli import main

PERIGEE = Path(sys.executable).with_name("perigee")
"""The command of the environment that runs the tests."""

# However slow the machine, and however many tests share it.
_WITHIN_SECONDS = 60


@dataclass
class Server:
    """A running server: its port, the lines it has printed so far, and the address that it listens on."""

    port: int
    pid: int = 0
    output: list[str] = field(default_factory=list)
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@contextmanager
def running_server(data: Path, *flags: str, command: Path = PERIGEE, **environ: str) -> Iterator[Server]:
    """Run `perigee serve` on a free port until the block ends; it must then stop by itself when asked."""
    Guard.claim_service()
    server = Server(free_port(), host="[::1]" if ":" in environ.get("HOST", "") else "127.0.0.1")
    clean = {"PATH": os.environ["PATH"], "HOME": str(data), "PERIGEE_DATA_DIR": str(data), "PORT": str(server.port)}
    with subprocess.Popen(
        [command, "serve", *flags],
        env=clean | environ,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        server.pid = process.pid
        reader = Thread(target=_read, args=(process, server))
        reader.start()
        try:
            _wait(process, server)
            yield server
        finally:
            process.terminate()
            status = process.wait(_WITHIN_SECONDS)
            reader.join()
    if status:
        raise AssertionError(f"perigee serve ended with {status}:\n" + "\n".join(server.output))


def run_process(*arguments: str, data: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself, in a process and an environment of its own."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(data), "PERIGEE_DATA_DIR": str(data)}
    return subprocess.run(
        [PERIGEE, *arguments],
        env=clean | environ,
        capture_output=True,
        text=True,
        timeout=_WITHIN_SECONDS,
        check=False,
    )


def run_here(*arguments: str, data: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Do the same in this process, which need not load everything anew; an error without words of its own is raised."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(data), "PERIGEE_DATA_DIR": str(data)}
    with _left_as_it_was():
        return _invoke(arguments, {**dict.fromkeys(os.environ), **clean, **environ})


def _invoke(arguments: tuple[str, ...], environ: dict[str, str | None]) -> subprocess.CompletedProcess[str]:
    # What click gives holds on to all that the command had at its end: it goes no further than this.
    result = CliRunner().invoke(main, arguments, env=environ, prog_name="perigee", catch_exceptions=False)
    return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)


@contextmanager
def _left_as_it_was() -> Iterator[None]:
    """Take back what a command does to the process that it believes its own."""
    root = logging.getLogger()
    levels = {logger: logger.level for logger in (root, *_loggers())}
    handlers, root.handlers = root.handlers, []
    mask = os.umask(0o022)
    os.umask(mask)
    try:
        yield
    finally:
        root.handlers = handlers
        os.umask(mask)
        for logger in (root, *_loggers()):
            logger.setLevel(levels.get(logger, logging.NOTSET))
        # What a command leaves open would be closed by its end.
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()


def _loggers() -> list[logging.Logger]:
    return [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]


def workers_of(server: Server) -> list[int]:
    """Give the processes that answer: the children of the server, but for what only tracks their resources."""
    files = Path(f"/proc/{server.pid}/task").glob("*/children")
    children = [int(pid) for file in files for pid in file.read_text().split()]
    return [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait, a minute at most, until something has come about."""
    for _ in range(_WITHIN_SECONDS * 10):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it never came about")


def _read(process: subprocess.Popen[str], server: Server) -> None:
    if process.stdout is not None:
        server.output.extend(line.rstrip("\n") for line in process.stdout)


def _wait(process: subprocess.Popen[str], server: Server) -> None:
    deadline = time.monotonic() + _WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(server.url, timeout=5)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("perigee serve did not answer:\n" + "\n".join(server.output))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
