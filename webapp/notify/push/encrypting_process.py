"""The encrypting process: starts, when it is first needed, the child that encrypts messages and signs them.

`perigee serve` syncs in the serving process, which stays as small as it was; the child ends once it is not needed.
"""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from threading import Lock
from time import monotonic
from typing import Any, Final

from webapp.domain.push_endpoints import PushKeys, decoded
from webapp.store import ServerKeys

_COMMAND: Final = (sys.executable, "-m", "webapp.notify.push")
_IMPORT_ROOT: Final = Path(__file__).resolve().parents[3]
_TIMEOUT_S: Final = 20.0
_PIECE_BYTES: Final = 64 * 2**10


class EncryptionError(Exception):
    """The child could not be asked: the message can be tried again."""


class UnusableKeysError(Exception):
    """No message can be encrypted for these keys."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message as it is sent: its encrypted body, and the `Authorization` that goes with it."""

    body: bytes
    authorization: str


def is_available() -> bool:
    """Whether messages can be encrypted: whether `cryptography` (`perigee[push]`) is installed."""
    return importlib.util.find_spec("cryptography") is not None


class EncryptingProcess:
    """Asks the child, one question after the other, whichever thread asks."""

    def __init__(self, *, timeout_s: float = _TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def make_keys(self) -> ServerKeys:
        """Make new keys for this server. Raises `EncryptionError`."""
        made = self._ask({"task": "keys"})
        return ServerKeys(str(made["private"]), str(made["public"]))

    def seal(
        self, plaintext: str, *, endpoint: str, keys: PushKeys, private_key: str, subject: str, now: int
    ) -> Sealed:
        """Encrypt a message for a browser, and sign it. Raises `EncryptionError`, or `UnusableKeysError`."""
        made = self._ask({
            "task": "seal", "plaintext": plaintext, "endpoint": endpoint, "p256dh": keys.p256dh, "auth": keys.auth,
            "private_key": private_key, "subject": subject, "now": now,
        })  # fmt: skip
        if "unusable" in made:
            raise UnusableKeysError(made["unusable"])
        return Sealed(decoded(made["body"]) or b"", made["authorization"])

    def stop(self) -> None:
        """End the child, if there is one; it would end by itself after a minute, or with this process."""
        with self._lock:
            self._end()

    def _ask(self, request: Mapping[str, Any]) -> Any:
        line = json.dumps(request).encode() + b"\n"
        with self._lock:
            try:
                return self._answer(line)
            except (OSError, ValueError):
                self._end()  # One that was idle may end just as it is asked.
            try:
                return self._answer(line)
            except (OSError, ValueError) as error:
                self._end()
                raise EncryptionError(f"the process that encrypts messages failed: {error!r}") from error

    def _answer(self, line: bytes) -> Any:
        """Give what the child answers, JSON. Raises `OSError` and `ValueError`."""
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = _start()
        return json.loads(_exchange(self._child, line, self._timeout_s))

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            _end(child)


def _exchange(child: "subprocess.Popen[bytes]", line: bytes, timeout_s: float) -> bytes:
    """Give the line that answers one. Raises `OSError`."""
    requests, answers = child.stdin, child.stdout
    if requests is None or answers is None:  # pragma: no cover
        raise AssertionError("both are pipes")
    requests.write(line)
    requests.flush()
    answer, ends_at = b"", monotonic() + timeout_s
    with DefaultSelector() as selector:
        selector.register(answers, EVENT_READ)
        while not answer.endswith(b"\n"):
            if not selector.select(max(0.0, ends_at - monotonic())):
                raise TimeoutError("no answer came in time")
            piece = os.read(answers.fileno(), _PIECE_BYTES)
            if not piece:
                raise ConnectionError("it has ended")
            answer += piece
    return answer


def _start() -> "subprocess.Popen[bytes]":
    # It is told nothing that this process was told: no setting, no secret.
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own program, without a shell
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=_IMPORT_ROOT,
    )


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue  # What it had not read of a request is lost with it.
    child.wait()
