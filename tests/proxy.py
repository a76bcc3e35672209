"""A reverse proxy in front of a server: one that takes a path off what it passes on, or one that leaves it on."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

_OWN_TO_A_CONNECTION = {"connection", "keep-alive", "transfer-encoding"}


@contextmanager
def running_proxy(port: int, base_path: str, upstream: str, *, strips: bool) -> Iterator[None]:
    """Pass on what lies below a path, on loopback, until the block ends; all else is answered 418."""
    server = urlsplit(upstream).netloc

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != base_path and not self.path.startswith(f"{base_path}/"):
                self.send_error(418, "outside")
                return
            asked = (self.path.removeprefix(base_path) if strips else self.path) or "/"
            connection = HTTPConnection(server, timeout=30)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN_TO_A_CONNECTION}
            connection.request("GET", asked, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OWN_TO_A_CONNECTION | {"date", "server"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def log_message(self, *_words: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as proxy:
        thread = Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield
        finally:
            proxy.shutdown()
            thread.join()
