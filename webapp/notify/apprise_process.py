"""The process that sends by Apprise (`perigee[notify]`): started when first needed, asked for one message at a time.

Apprise and its plugins take tens of megabytes, and answers of strangers are read by them: they stay out of the process
that serves visitors.
"""

import contextlib
import importlib.util
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock
from typing import Any, Final

from webapp.notify.channels import Outcome, Retry, Sent

TIMEOUT_S: Final = 30.0
"""How long a message may take: some targets are several requests."""

_STOPS_WITHIN_S: Final = 1.0
_COMMAND: Final = (sys.executable, "-m", "webapp.notify.apprise_child")
_IMPORT_ROOT: Final = Path(__file__).resolve().parents[2]
_KEPT: Final = (
    "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "http_proxy", "https_proxy", "no_proxy", "PATH", "HOME", "TZ",
)  # fmt: skip


def is_available() -> bool:
    """Whether Apprise is installed."""
    return importlib.util.find_spec("apprise") is not None


class _EndedError(Exception):
    """The process has ended, or does not answer."""


class AppriseProcess:
    """Sends by Apprise, from a process of its own."""

    def __init__(self, about: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._about = about
        self._timeout_s = timeout_s
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def send(self, target: str, title: str, body: str) -> Outcome:
        """Send a text. Whatever goes wrong is an outcome."""
        if not is_available():
            return Retry("perigee[notify] is not installed")
        line = json.dumps({"target": target, "title": title, "body": body, "about": self._about}).encode() + b"\n"
        with self._lock:
            try:
                answer = self._ask(line)
            except TimeoutError:
                self._end()
                return Retry(f"it took longer than {self._timeout_s:g} s")
            except (OSError, _EndedError, ValueError):
                self._end()
                return Retry("the process that sends by Apprise failed")
        fault = answer.get("fault")
        return Sent() if fault is None else Retry(str(fault))

    def stop(self) -> None:
        """End the process, whatever it is doing; no other is started."""
        self._is_stopped = True
        child = self._child
        if child is not None:
            child.kill()
        if self._lock.acquire(timeout=_STOPS_WITHIN_S):
            self._end()
            self._lock.release()

    def _ask(self, line: bytes) -> dict[str, Any]:
        try:
            return self._exchange(self._running(), line)
        except (BrokenPipeError, _EndedError):
            # It had ended by itself, as it does when there is nothing to send for long; or it failed, and once is luck.
            self._end()
            return self._exchange(self._running(), line)

    def _exchange(self, child: "subprocess.Popen[bytes]", line: bytes) -> dict[str, Any]:
        if child.stdin is None or child.stdout is None:
            raise _EndedError
        child.stdin.write(line)
        child.stdin.flush()
        answer, deadline = b"", time.monotonic() + self._timeout_s
        while not answer.endswith(b"\n"):
            ready, _, _ = select.select([child.stdout], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise TimeoutError
            piece = os.read(child.stdout.fileno(), 65536)
            if not piece:
                raise _EndedError
            answer += piece
        found: dict[str, Any] = json.loads(answer)
        return found

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._is_stopped:
            raise _EndedError
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = subprocess.Popen(  # noqa: S603 - Our own program, without a shell.
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                env=_environment(), cwd=_IMPORT_ROOT,
            )  # fmt: skip
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # What was not written yet is lost with the process.
                    pipe.close()


def _environment() -> dict[str, str]:
    """Give what Python and a network need, and none of the settings, among which are secrets."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}
