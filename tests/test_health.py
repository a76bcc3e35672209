"""`perigee health` says whether the server of its settings is up, and nothing else."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.processes import free_port, run_here, running_server


class _Broken(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening(server: HTTPServer) -> Iterator[int]:
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.service
@pytest.mark.parametrize(("host", "asked"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]")])  # noqa: S104 - for its probe
def test_a_server_that_listens_everywhere_is_asked_on_this_machine(tmp_path: Path, host: str, asked: str) -> None:
    trusted = "events.example.org"
    with running_server(tmp_path, "--sample", HOST=host, PERIGEE_TRUSTED_HOSTS=trusted) as server:
        found = run_here("health", data=tmp_path, PORT=str(server.port), HOST=host, PERIGEE_TRUSTED_HOSTS=trusted)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == f"http://{asked}:{server.port}/healthz is up.\n"


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    port = free_port()
    found = run_here("health", data=tmp_path, PORT=str(port), HTTP_PROXY="http://127.0.0.1:1")
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == f"Error: http://127.0.0.1:{port}/healthz does not answer (ConnectionError)\n"


def test_an_answer_that_is_none_of_health_is_told(tmp_path: Path) -> None:
    with listening(HTTPServer(("127.0.0.1", 0), _Broken)) as port:
        found = run_here("health", data=tmp_path, PORT=str(port))
    assert (found.returncode, found.stderr) == (1, f"Error: http://127.0.0.1:{port}/healthz answers 503\n")


def test_a_server_that_is_silent_is_not_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port, began = silent.getsockname()[1], time.monotonic()
        found = run_here("health", data=tmp_path, PORT=str(port))
    assert (found.returncode, found.stderr) == (
        1,
        f"Error: http://127.0.0.1:{port}/healthz does not answer (ReadTimeout)\n",
    )
    assert 2.9 < time.monotonic() - began < 8
