"""What `perigee doctor` finds out about Redis."""

import re
import socket
from collections.abc import Iterator
from itertools import count

import pytest
import redis

from tests.processes import free_port
from tests.redis_server import RedisServer, running_redis
from webapp.sync.diagnosis import Finding, Level
from webapp.sync.redis_diagnosis import examine_redis

WITHOUT_IT = "Until then each process counts rate limits by itself, and syncing fetches full responses."


pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


def test_one_that_is_well_is_told_with_its_version_and_how_quick_it_is(server: RedisServer) -> None:
    (found,) = examine_redis(server.url)
    assert found.level is Level.FINE
    assert re.fullmatch(
        rf"Redis at 127\.0\.0\.1:{server.port} answers in [\d.]+ ms \((Redis|Valkey) [\d.]+\)\.", found.words
    )


def test_one_that_is_slow_is_odd(server: RedisServer) -> None:
    seconds = count()
    (found,) = examine_redis(server.url, lambda: float(next(seconds)))
    assert (found.level, "answers in 1000.0 ms" in found.words) == (Level.ODD, True)
    assert found.remedy == "Every response that isn't cached waits for it: move it nearer."


def test_one_that_refuses_what_is_new_once_it_is_full_is_odd(server: RedisServer) -> None:
    client = redis.Redis.from_url(server.url)
    try:
        client.config_set("maxmemory", "100mb")
        _, found = examine_redis(server.url)
        client.config_set("maxmemory-policy", "volatile-lru")
        assert len(list(examine_redis(server.url))) == 1
    finally:
        client.config_set("maxmemory", "0")
        client.config_set("maxmemory-policy", "noeviction")
        client.close()
    assert (found.level, found.remedy.split(":")[0]) == (Level.ODD, "Set its maxmemory-policy to volatile-lru")


@pytest.mark.parametrize("given", ["", "somebody:wr0ng@", ":wr0ng@"])
def test_one_that_wants_another_password_is_told_without_it(server: RedisServer, given: str) -> None:
    client = redis.Redis.from_url(server.url)
    client.config_set("requirepass", "s3cr3t")
    try:
        (found,) = examine_redis(f"redis://{given}127.0.0.1:{server.port}/0")
    finally:
        client.config_set("requirepass", "")
        client.close()
    assert found == Finding(
        Level.WRONG,
        f"Redis at 127.0.0.1:{server.port} can't be used: it refuses the user or password.",
        f"Check the user and password in REDIS_URL. {WITHOUT_IT}",
    )


def test_one_that_is_not_there_or_says_nothing_is_told() -> None:
    (gone,) = examine_redis(f"redis://:s3cr3t@127.0.0.1:{free_port()}/0")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        (silent,) = examine_redis(f"redis://:s3cr3t@127.0.0.1:{listening.getsockname()[1]}/0")
    assert "Connection refused" in gone.words
    assert silent.words.endswith("can't be used: no answer within 1 s.")
    for found in (gone, silent):
        assert found.level is Level.WRONG
        assert found.remedy == f"Check that it is running, and REDIS_URL. {WITHOUT_IT}"
        assert "s3cr3t" not in found.words
