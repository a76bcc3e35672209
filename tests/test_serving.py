"""The server itself: what it cuts off, how it stops, and what it refuses to start with."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from tests.processes import PERIGEE, Server, running_server, wait_until, workers_of
from tests.soak import every_day
from webapp.listening import READ_WITHIN_SECONDS
from webapp.serving import HEAD_WITHIN_SECONDS, LARGEST_HEAD

pytestmark = pytest.mark.service

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("serving"), "--sample") as server:
        yield server


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=HEAD_WITHIN_SECONDS + 10)


def answer_to(server: Server, sent: bytes) -> bytes:
    """Give the first line that comes back."""
    with connected(server) as one:
        one.sendall(sent)
        return one.makefile("rb").readline()


def answers_at_once(server: Server) -> bool:
    asked = time.monotonic()
    assert requests.get(server.url + "/", timeout=5).status_code == 200
    return time.monotonic() - asked < 2


def test_slow_clients_hold_nobody_up_and_are_cut_off(server: Server) -> None:
    slow = [connected(server) for _ in range(600)]
    for one in slow:
        one.sendall(HEAD + b"X-Slow: ")
    begun = time.monotonic()
    while time.monotonic() - begun < HEAD_WITHIN_SECONDS + 2:
        assert answers_at_once(server)
        for one in slow:
            try:
                one.send(b"x")
            except OSError:
                continue  # Cut off already.
        time.sleep(0.5)
    for one in slow:
        one.settimeout(5)
        try:
            answer = one.recv(1000)
        except ConnectionResetError:
            answer = b""
        assert answer[:12] in {b"", b"HTTP/1.1 408"}
        one.close()


def test_clients_that_drip_a_body_are_refused_at_once_and_hold_nobody_up(server: Server) -> None:
    head = b"PUT /push/subscriptions HTTP/1.1\r\nHost: localhost\r\n"
    assert answers_at_once(server)
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(server)) for _ in range(200)]
        for number, one in enumerate(slow):
            endless = b"Transfer-Encoding: chunked\r\n\r\n1\r\nx" if number % 2 else b"Content-Length: 4096\r\n\r\nx"
            one.sendall(head + endless)
        for _ in range(20):
            assert answers_at_once(server)
            for one in slow:
                with suppress(OSError):
                    one.send(b"x")
        answers = {one.makefile("rb").readline()[:12] for one in slow}
        assert answers <= {b"HTTP/1.1 413", b"HTTP/1.1 429", b"HTTP/1.1 503"}
        assert b"HTTP/1.1 413" in answers


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can cut off who takes nothing in")
def test_clients_that_read_nothing_hold_nobody_up_and_are_cut_off(server: Server) -> None:
    (pid,) = workers_of(server)
    before = files_of(pid)
    with ExitStack() as deaf:
        for _ in range(300):
            one = deaf.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.settimeout(1)
            one.connect(("127.0.0.1", server.port))
            # More than the system holds for it: the server must wait with the rest.
            with suppress(TimeoutError):
                one.sendall(b"GET /feeds/events.ics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 600)
        wait_until(lambda: files_of(pid) >= before + 300)
        begun = time.monotonic()
        while files_of(pid) > before + 10 and time.monotonic() - begun < READ_WITHIN_SECONDS * 2:
            assert answers_at_once(server)
            time.sleep(0.5)
        assert files_of(pid) <= before + 10


def files_of(pid: int) -> int:
    """Count what a process has open."""
    return len([*Path(f"/proc/{pid}/fd").iterdir()])


def test_a_body_that_never_comes_holds_nobody_up(server: Server) -> None:
    waiting = [connected(server) for _ in range(20)]
    for one in waiting:
        one.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx")
    assert requests.get(server.url + "/", timeout=5).status_code == 200
    for one in waiting:
        assert one.makefile("rb").readline().startswith(b"HTTP/1.1 405")
        one.close()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (HEAD + b"X: " + b"x" * (LARGEST_HEAD - 100) + b"\r\n\r\n", b"HTTP/1.1 200"),
        (HEAD + b"X: " + b"x" * LARGEST_HEAD * 2 + b"\r\n\r\n", b"HTTP/1.1 431"),
        (HEAD + b"".join(b"X-%d: x\r\n" % number for number in range(200)) + b"\r\n", b"HTTP/1.1 431"),
        (b"GET /?q=" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 414"),
        (b"GARBAGE\r\n\r\n", b"HTTP/1.1 400"),
        (HEAD + b"Bad Name: x\r\n\r\n", b"HTTP/1.1 400"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"HTTP/1.1 400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 400"),
    ],
    ids=[
        "all but a long head",
        "a long head",
        "many headers",
        "a long address",
        "garbage",
        "a bad name",
        "another host",
        "no host",
    ],
)
def test_what_is_oversized_or_malformed_is_refused(server: Server, sent: bytes, expected: bytes) -> None:
    assert answer_to(server, sent)[:12] == expected


@pytest.mark.parametrize("environ", [{}, {"PERIGEE_PUBLIC_URL": "https://events.example.org"}])
def test_a_request_names_one_host_and_a_path_and_leads_to_no_other_server(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    expected = {
        b"GET evil.example:80 HTTP/1.1\r\nHost: evil.example": b"400",
        b"GET evil.example:80 HTTP/1.0": b"400",
        b"GET http://evil.example/past/ HTTP/1.1\r\nHost: evil.example": b"301" if environ else b"400",
        b"GET http://evil.example/2.3.0/events HTTP/1.1": b"301" if environ else b"400",
        b"GET /robots.txt HTTP/1.1": b"400",
        b"GET /robots.txt HTTP/1.1\r\nHost:": b"400",
        b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nHost: localhost": b"400",
        b"GET /robots.txt HTTP/1.1\r\nHost: local host": b"400",
        b"GET /robots.txt HTTP/1.1\r\nHost: \xff": b"400",
        b"GET /robots.txt HTTP/1.0": b"200" if environ else b"400",
        b"GET /healthz HTTP/1.1\r\nHost: localhost": b"200",
        b"GET //healthz HTTP/1.1\r\nHost: localhost": b"404",
        b"GET /%2fmetrics HTTP/1.1\r\nHost: localhost": b"404",
        b"GET //2.3.0/events HTTP/1.1\r\nHost: localhost": b"404",
    }
    with running_server(tmp_path, "--no-sync", **environ) as server:  # type: ignore[arg-type] # no `command`
        answers = {sent: whole_answer(server, sent) for sent in expected}
    assert {sent: answer.split(b" ", 2)[1] for sent, answer in answers.items()} == expected
    places = {line for answer in answers.values() for line in answer.split(b"\r\n") if line.startswith(b"location:")}
    assert places == ({b"location: /past", b"location: /2.3.0/events/"} if environ else set())


def whole_answer(server: Server, sent: bytes) -> bytes:
    """Give all that comes back for the first lines of a request."""
    with connected(server) as one:
        one.sendall(sent + b"\r\nConnection: close\r\n\r\n")
        with one.makefile("rb") as answer:
            return answer.read()


def test_http_2_is_not_spoken(server: Server) -> None:
    with connected(server) as one:
        one.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000"))
        assert one.makefile("rb").readline()[:12] in {b"", b"HTTP/1.1 400"}


def test_it_ends_what_it_has_begun_when_told_to_stop(tmp_path: Path) -> None:
    """Twenty requests are on their way when SIGTERM comes; each is answered in full."""
    with running_server(tmp_path, "--sample", PERIGEE_CACHE_MIB="0") as server:
        asking = [connected(server) for _ in range(20)]
        for one in asking:
            one.sendall(b"GET /horizon HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        first = asking[0].makefile("rb").readline()
        os.kill(server.pid, signal.SIGTERM)
        answers = [one.makefile("rb").read() for one in asking[1:]]
        for one in asking:
            one.close()
    assert first.startswith(b"HTTP/1.1 200")
    assert [answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"</html>") for answer in answers] == [True] * 19


def test_every_bad_setting_is_named_at_the_start(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="did not answer") as caught,
        running_server(tmp_path, PERIGEE_WORKERS="0", PERIGEE_LOG_FORMAT="xml", REDIS_URL="x"),
    ):
        pass
    for name in ("PERIGEE_WORKERS", "PERIGEE_LOG_FORMAT", "REDIS_URL"):
        assert name in str(caught.value)


def test_a_single_process_is_made_anew_with_nobody_refused(tmp_path: Path) -> None:
    with running_server(tmp_path, "--sample") as server, requests.Session() as client:
        # On a busy machine the process that ends may close a connection before it has read from it. Browsers then ask
        # once more by themselves (RFC 9112, 9.3.1); a connection that is refused they would tell of, and so does this.
        client.mount("http://", HTTPAdapter(max_retries=Retry(total=1, connect=0, read=1)))
        before = workers_of(server)
        os.kill(server.pid, signal.SIGHUP)
        asked = 0
        while workers_of(server) == before or len(workers_of(server)) > 1 or asked < 100:
            answer = client.get(server.url + "/", timeout=10, headers={"Connection": "close"})
            assert answer.status_code == 200
            asked += 1
    assert asked >= 100


def test_a_process_that_crashes_twice_within_six_seconds_ends_the_server(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="perigee serve ended with 1:"):
        crash_twice(tmp_path)


def crash_twice(data: Path) -> None:
    with running_server(data, "--no-sync") as server:
        (first,) = workers_of(server)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: workers_of(server) not in ([], [first]))
        (second,) = workers_of(server)
        os.kill(second, signal.SIGKILL)
        # Of a process that has ended and was not waited for, no command line is left.
        wait_until(lambda: not Path(f"/proc/{server.pid}/cmdline").read_bytes())


@pytest.mark.parametrize("host", every_day(["localhost", "[::1]", "127.0.0.1", "::1"], one_of=3))
def test_it_listens_by_name_and_by_number(tmp_path: Path, host: str) -> None:
    with running_server(tmp_path, "--sample", HOST=host) as server:
        assert requests.get(server.url, timeout=10).status_code == 200


def test_a_place_that_is_none_or_is_taken_is_named(server: Server, tmp_path: Path) -> None:
    for environ in ({"HOST": "no-such-host.invalid"}, {"PORT": str(server.port)}):
        clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PERIGEE_DATA_DIR": str(tmp_path)}
        result = subprocess.run(
            [PERIGEE, "serve", "--sample"], env=clean | environ, capture_output=True, text=True, check=False, timeout=30
        )
        where = f"{environ.get('HOST', '127.0.0.1')}, port {environ.get('PORT', '8000')}"
        assert result.returncode == 1
        assert result.stderr.startswith(f"Error: cannot listen on {where}: "), result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not tell of its processes")
@pytest.mark.parametrize(("asked", "expected"), [({}, "1"), ({"MALLOC_ARENA_MAX": "3"}, "3")])
def test_threads_share_one_heap_unless_the_owner_wants_another(
    tmp_path: Path, asked: dict[str, Any], expected: str
) -> None:
    with running_server(tmp_path, "--sample", **asked) as server:
        (pid,) = workers_of(server)
        environ = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    assert f"MALLOC_ARENA_MAX={expected}".encode() in environ


def test_lines_for_programs(tmp_path: Path) -> None:
    with running_server(tmp_path, PERIGEE_LOG_FORMAT="json", PERIGEE_LL2_URL="http://127.0.0.1:9/") as server:
        wait_until(lambda: any(line.startswith('{"time":') for line in server.output))


def test_any_process_tells_the_counts_of_all(tmp_path: Path) -> None:
    with running_server(tmp_path, "--sample", PERIGEE_WORKERS="2") as server:
        before = _counted(server)
        for _ in range(40):
            requests.get(server.url + "/past", timeout=10)  # A connection of its own each time.
        assert [_counted(server) - before for _ in range(6)] == [40] * 6


def _counted(server: Server) -> int:
    text = requests.get(server.url + "/metrics", timeout=10).text
    found = re.search(r'perigee_requests_total\{method="GET",status="200",surface="pages"\} ([\d.]+)', text)
    return int(float(found.group(1))) if found else 0


def test_the_parent_of_the_serving_processes_loads_nothing_that_makes_answers() -> None:
    large = {"ics", "webapp.app", "webapp.feeds", "webapp.pages", "webapp.notify", "cryptography", "apprise"}
    code = f"import sys, webapp.cli, webapp.serving, webapp.runtime; print(sorted({large} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_a_process_that_only_serves_loads_nothing_that_asks_the_source_or_changes_the_schema() -> None:
    large = {"alembic", "requests", "requests_cache"}
    code = f"import sys, webapp.app, webapp.serving; print(sorted({large} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
