"""A stand-in of a push service: a real HTTPS server on loopback, behind a name and an address that look public."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from webapp.pictures.connections import Network, SocketAddress

HOST, ADDRESS = "fcm.googleapis.com", "142.250.74.10"
_TAKEN = 201


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; `is_cut` closes the connection instead, and `stalls` answers nothing."""

    status: int = _TAKEN
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False
    stalls: bool = False


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message that came."""

    path: str
    headers: dict[str, str]
    body: bytes


class PushService:
    """The service. It gives its `answers` in turn, and takes every message after them: `taken` are those it took."""

    def __init__(self, certificate: Path) -> None:
        self.messages: list[SeenMessage] = []
        self.taken: list[SeenMessage] = []
        self.answers: deque[Answer] = deque()
        self.address = ADDRESS
        self.connections = 0
        self.stopped = threading.Event()
        self._server = _Server(self, certificate)
        tls = ssl.create_default_context(cafile=str(certificate))
        self.network = Network(self._resolve, self._connect, tls)

    @property
    def port(self) -> int:
        """Where it really listens."""
        return self._server.server_port

    def close(self) -> None:
        """Stop serving."""
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def _resolve(self, host: str, port: int) -> list[SocketAddress]:
        if host != HOST:
            raise socket.gaierror("no such host")
        return [(self.address, port)]

    def _connect(self, address: SocketAddress, seconds: float) -> socket.socket:
        assert address == (ADDRESS, 443)
        self.connections += 1
        return socket.create_connection(("127.0.0.1", self._server.server_port), seconds)


@contextmanager
def push_service(folder: Path) -> Iterator[PushService]:
    """Serve for as long as the block lasts."""
    service = PushService(make_certificate(folder))
    try:
        yield service
    finally:
        service.close()


def make_certificate(folder: Path) -> Path:
    """Make a certificate for `HOST`, in one file with its key."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    openssl = shutil.which("openssl")
    assert openssl is not None
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_text(key.read_text() + certificate.read_text())
    return both


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        service = self.server.service
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = SeenMessage(self.path, headers, body)
        service.messages.append(seen)
        answer = service.answers.popleft() if service.answers else Answer()
        if answer.stalls:
            service.stopped.wait(20)
        if answer.is_cut or answer.stalls:
            self.close_connection = True
            return
        if answer.status == _TAKEN:
            service.taken.append(seen)
        self.send_response(answer.status)
        for name, value in {"Content-Length": "0", **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: PushService, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.service = service
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """Say nothing of connections that break off."""
