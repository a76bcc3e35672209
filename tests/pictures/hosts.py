"""A stand-in of picture hosts: a real server on loopback, behind names and addresses that look public."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from webapp.pictures.connections import Network, SocketAddress

PUBLIC, OTHER_PUBLIC, DEAD = "93.184.216.34", "2606:2800:220:1::1", "93.184.216.99"
SECURE = "secure.example"
"""The one host whose certificate is trusted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `drip` is the pause in seconds before each byte of the body; `endless` repeats it."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    endless: bool = False
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request that came."""

    url: str
    headers: dict[str, str]


class PictureHosts:
    """All hosts of pictures. `addresses` are those of each name; `looked_up` and `connected` tell what was asked of us.

    Where a name has several lists of addresses, each look-up gives the next: so names are rebound.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.addresses: dict[str, list[list[str]]] = {}
        self.answers: dict[str, Answer] = {}
        self.requests: list[SeenRequest] = []
        self.looked_up: list[str] = []
        self.connected: list[SocketAddress] = []
        self._servers = {80: _Server(self, "http")}
        tls = ssl.create_default_context(cafile=None if certificate is None else str(certificate))
        if certificate is not None:
            self._servers[443] = _Server(self, "https", certificate)
        self.network = Network(self._resolve, self._connect, tls)

    def publish(self, url: str, answer: Answer | bytes, *addresses: list[str]) -> str:
        """Give this answer at an address from now on."""
        self.answers[url] = answer if isinstance(answer, Answer) else Answer(answer)
        host = urlsplit(url).hostname or ""
        if addresses or host not in self.addresses:
            self.addresses[host] = list(addresses or ([PUBLIC],))
        return url

    def asked(self) -> list[str]:
        """Give the addresses that were asked for, in order."""
        return [seen.url for seen in self.requests]

    def close(self) -> None:
        """Stop serving."""
        for server in self._servers.values():
            server.close()

    def _resolve(self, host: str, port: int) -> list[SocketAddress]:
        self.looked_up.append(host)
        if host not in self.addresses:
            raise socket.gaierror("no such host")
        answers = self.addresses[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(address, port, 0, 0) if ":" in address else (address, port) for address in found]

    def _connect(self, address: SocketAddress, seconds: float) -> socket.socket:
        self.connected.append(address)
        if address[0] == DEAD:
            raise TimeoutError("no answer")
        return socket.create_connection(("127.0.0.1", self._servers[address[1]].port), seconds)


@contextmanager
def picture_hosts(certificate: Path | None = None) -> Iterator[PictureHosts]:
    """Serve as all hosts of pictures, for as long as the block lasts."""
    hosts = PictureHosts(certificate)
    try:
        yield hosts
    finally:
        hosts.close()


def make_certificate(folder: Path) -> Path:
    """Make a certificate for `SECURE`, in one file with its key."""
    target = folder / "host.pem"
    openssl = shutil.which("openssl")
    assert openssl is not None
    what = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", f"/CN={SECURE}"]
    name = ["-addext", f"subjectAltName=DNS:{SECURE}"]
    written = ["-keyout", str(target), "-out", str(folder / "certificate.pem")]
    subprocess.run([openssl, "req", *what, *name, *written], check=True, capture_output=True)
    target.write_text(target.read_text() + (folder / "certificate.pem").read_text())
    return target


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        url = f"{self.server.scheme}://{self.headers['Host']}{self.path}"
        self.server.hosts.requests.append(
            SeenRequest(url, {name.lower(): value for name, value in self.headers.items()})
        )
        answer = self.server.hosts.answers.get(url, Answer(status=404))
        if answer.raw is not None:
            self.wfile.write(answer.raw)
            return
        is_same = answer.headers.get("ETag", "") == self.headers.get("If-None-Match")
        self.send_response(304 if is_same else answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            if value and not (answer.endless and name == "Content-Length"):
                self.send_header(name, value)
        self.end_headers()
        if not is_same:
            self._send_body(answer)

    def _send_body(self, answer: Answer) -> None:
        while True:
            for piece in [answer.body[at : at + 1] for at in range(len(answer.body))] if answer.drip else [answer.body]:
                time.sleep(answer.drip)
                self.wfile.write(piece)
            if not answer.endless:
                return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hosts: PictureHosts, scheme: str, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hosts, self.scheme = hosts, scheme
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self.port = self.server_address[1]
        self._thread = Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Answer, in this connection's own thread."""
        try:
            with self._tls.wrap_socket(request, server_side=True) if self._tls else request as connection:
                _Handler(connection, client_address, self)
        except OSError:
            return  # Whoever asked has gone away.

    def close(self) -> None:
        """Stop."""
        self.shutdown()
        self._thread.join()
        self.server_close()
