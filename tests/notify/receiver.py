"""A stand-in for the owner's targets over real HTTP: webhooks, and a chat that Apprise talks to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True, slots=True)
class Received:
    """A request that came, its header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Answers:
    """What is answered: each status with its headers in turn, then 204 for ever."""

    ahead: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def next(self) -> tuple[int, dict[str, str]]:
        return self.ahead.pop(0) if self.ahead else (204, {})


class Receiver(ThreadingHTTPServer):
    """Takes whatever is posted on loopback, and answers after `delay` seconds."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = Answers()
        self.received: list[Received] = []
        self.delay = 0.0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, more = self.server.answers.next()
        if status < 300:
            self.server.received.append(Received(self.path, headers, body))
        time.sleep(self.server.delay)
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's word
        """Say nothing."""


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """Run one for as long as the block lasts."""
    server = Receiver()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
