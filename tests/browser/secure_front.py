"""A front that speaks TLS for a server on loopback: notices are for https addresses alone."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_OF_A_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@contextmanager
def secure_front(folder: Path, port: int, *, to: int) -> Iterator[None]:
    """Pass on requests without a body that come to a port by https to another port by http, while the block lasts."""
    server = _Front(port, to, _make_certificate(folder))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: "_Front"

    def _pass_on(self) -> None:
        inner = HTTPConnection("127.0.0.1", self.server.to, timeout=20)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_A_HOP}
            inner.request(self.command, self.path, headers=headers)
            answer = inner.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OF_A_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        finally:
            inner.close()

    do_GET = do_PUT = do_DELETE = _pass_on  # noqa: N815 - as the library calls them

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Front(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, to: int, certificate: Path) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.to = to
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, *_: object) -> None:
        """Say nothing of connections that a browser opened and did not use."""


def _make_certificate(folder: Path) -> Path:
    openssl = shutil.which("openssl")
    assert openssl is not None
    key, certificate, both = folder / "front-key.pem", folder / "front-certificate.pem", folder / "front.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_text(key.read_text() + certificate.read_text())
    return both
