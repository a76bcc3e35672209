"""The HTTP server: bytes in, bytes out, and the rude ways for a connection to end. Knows nothing of events."""

import contextlib
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fake_ll2.shapes import REASONS, Answer, Delivery, Request

POLL_SECONDS = 0.01
# On for zero seconds: closing sends RST at once (socket(7), SO_LINGER).
LINGER_NOT = struct.pack("ii", 1, 0)


class Gate:
    """Holds threads until it is opened once for those who wait, or closed for good."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._turn = 0
        self._closed = False

    def wait(self) -> bool:
        """Block; True when released, False when there is nothing left to wait for."""
        with self._changed:
            turn = self._turn
            self._changed.wait_for(lambda: self._closed or self._turn != turn)
            return not self._closed

    def release(self) -> None:
        with self._changed:
            self._turn += 1
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class LoopbackServer(ThreadingHTTPServer):
    """Answers on 127.0.0.1 from `answer`; `stop` ends every connection and joins every thread."""

    # So that server_close() joins the handlers.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, port: int, answer: Callable[[Request], Answer]) -> None:
        self.answer = answer
        self.gate = Gate()
        self.stopping = threading.Event()
        self.crashes: list[BaseException] = []
        self.rude: set[object] = set()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(POLL_SECONDS,), name="fake-ll2")
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.gate.close()
        self.stopping.set()
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def server_bind(self) -> None:
        # HTTPServer's own asks the resolver for this host's name, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        if request in self.rude:
            # A shutdown would send FIN before the RST.
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def close_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
            self.rude.discard(request)
            super().close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - socketserver's signature
        error = sys.exception()
        # A client that hung up is an everyday matter; anything else is a fault of the fake's own.
        if error is not None and not isinstance(error, ConnectionError):
            self.crashes.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: LoopbackServer

    def _serve(self) -> None:
        answer = self.server.answer(self._request())
        if answer.delivery is Delivery.HELD and not self.server.gate.wait():
            self.close_connection = True
            return
        self._deliver(answer)

    do_GET = do_HEAD = _serve  # noqa: N815 - http.server looks for these names

    def _refuse(self) -> None:
        # The body of the request is left unread, so the connection cannot be used again.
        self.close_connection = True
        self._serve()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _refuse  # noqa: N815 - the same

    def log_message(self, *_: Any) -> None:
        """Nothing: the fake keeps its own list of requests."""

    def _request(self) -> Request:
        address = urlsplit(self.path)
        query = tuple(parse_qsl(address.query, keep_blank_values=True))
        return Request(self.command, address.path, query, {name.lower(): text for name, text in self.headers.items()})

    def _deliver(self, answer: Answer) -> None:
        body = b"" if self.command == "HEAD" else answer.body
        if answer.delivery is Delivery.PIECES:
            self._trickle(answer)
            return
        if answer.delivery is Delivery.HALF:
            self.wfile.write(self._head(answer) + body[: len(body) // 2])
        elif answer.delivery is not Delivery.RESET:
            self.wfile.write(self._head(answer) + body)
            return
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.server.rude.add(self.connection)
        self.close_connection = True

    def _trickle(self, answer: Answer) -> None:
        self.close_connection = True
        for piece in answer.pieces:
            self.wfile.write(piece)
            if self.server.stopping.wait(answer.pause):
                return

    def _head(self, answer: Answer) -> bytes:
        headers = list(answer.headers)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            headers += [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
        if self.close_connection:
            headers.append(("Connection", "close"))
        lines = [f"HTTP/1.1 {answer.status} {REASONS[answer.status]}", *(f"{name}: {text}" for name, text in headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")
