"""A source that drips, floods, bombs or leads elsewhere: cut off in time, within memory, with a plain reason."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_records
from webapp.ll2.client import LaunchLibrary
from webapp.ll2.errors import UnavailableError
from webapp.ll2.protocol import PageRequest
from webapp.ll2.transport import DEADLINE_SECONDS, MOST_BYTES, BoundedAdapter, RefusedAnswerError
from webapp.sync.lease import LASTS

NOT_IN_TIME = "Launch Library did not answer in time"
TOO_LARGE = "Launch Library's answer is larger than 16,777,216 bytes"
UNREADABLE = "Launch Library's answer has unreadable headers"
FAULTS: list[tuple[Fault, dict[str, Any], str]] = [
    (Fault.TIMEOUT, {}, NOT_IN_TIME),
    (Fault.DRIPPING_HEAD, {}, NOT_IN_TIME),
    (Fault.DRIPPING_BODY, {}, NOT_IN_TIME),
    (Fault.ENDLESS_HEAD, {}, UNREADABLE),
    (Fault.ENDLESS_HEADER_LINE, {}, UNREADABLE),
    (Fault.ENDLESS_INTERIM, {}, TOO_LARGE),
    (Fault.ENDLESS_BODY, {}, TOO_LARGE),
    (Fault.ENDLESS_CHUNK_SIZE, {}, "Launch Library's answer was cut short (ChunkedEncodingError)"),
    (Fault.ENDLESS_TRAILERS, {}, TOO_LARGE),
    (Fault.GZIP_BOMB, {}, TOO_LARGE),
    (Fault.UNASKED_CODING, {}, "Launch Library's answer uses an unrequested encoding"),
    (
        Fault.UNASKED_CODING,
        {"coding": "gzip, gzip"},
        "Launch Library's answer uses an unrequested encoding",
    ),
    (Fault.UNASKED_CODING, {"coding": "gzip"}, "Launch Library's answer was cut short (ContentDecodingError)"),
    *(
        (
            Fault.REDIRECT,
            {"status": status, "location": location},
            f"Launch Library's answer redirects elsewhere ({status}); check PERIGEE_LL2_URL",
        )
        for status, location in [(301, "http://elsewhere.invalid/"), (302, "http://["), (307, "/2.3.0/events/")]
    ),
]


@pytest.fixture
def fake(clock: ManualClock) -> Iterator[FakeLaunchLibrary]:
    with FakeLaunchLibrary(make_records(20, now=clock.now), clock=clock) as fake:
        yield fake


@pytest.fixture
def deadline() -> float:
    return 10


@pytest.fixture
def source(fake: FakeLaunchLibrary, clock: ManualClock, tmp_path: Path, deadline: float) -> Iterator[LaunchLibrary]:
    cache = tmp_path / "cache.sqlite"
    with LaunchLibrary(fake.url, cache=cache, clock=clock, user_agent="Perigee/test", deadline=deadline) as source:
        yield source


def test_a_call_takes_less_time_than_the_lease_lasts() -> None:
    assert LASTS.total_seconds() > DEADLINE_SECONDS + 4, "the cache may take four seconds more"


@pytest.mark.parametrize(
    ("how", "words", "deadline"),
    [((fault, details), words, 1 if words == NOT_IN_TIME else 10) for fault, details, words in FAULTS],
)
def test_what_never_ends_is_cut_off_with_its_reason_and_the_next_call_works(
    fake: FakeLaunchLibrary, source: LaunchLibrary, how: tuple[Fault, dict[str, Any]], words: str, deadline: float
) -> None:
    fault, details = how
    fake.fail(fault, **details)
    begun = time.monotonic()
    with pytest.raises(UnavailableError) as caught:
        source.fetch_page(PageRequest())
    assert time.monotonic() - begun < deadline + 3
    assert str(caught.value) == words
    assert [seen.path for seen in fake.requests] == ["/2.3.0/events/"], "nothing is sent twice or elsewhere"
    assert source.fetch_page(PageRequest()).content.count == 20


def test_a_body_in_gzip_is_read(fake: FakeLaunchLibrary, source: LaunchLibrary) -> None:
    fake.fail(Fault.GZIP_BOMB, mebibytes=1)
    with requests.Session() as session:
        session.mount("http://", BoundedAdapter(seconds=5))
        answer = session.get(f"{fake.url}events/")
    assert (answer.content, answer.status_code, answer.headers["ETag"]) == (bytes(2**20), 200, '"coded"')
    source.fetch_page(PageRequest())
    assert [seen.headers["accept-encoding"] for seen in fake.requests[1:]] == ["gzip"]


def test_no_byte_more_than_is_allowed(fake: FakeLaunchLibrary) -> None:
    fake.fail(Fault.GZIP_BOMB, mebibytes=1, times=2)
    for most, is_taken in ((2**20, True), (2**20 - 1, False)):
        with requests.Session() as session:
            session.mount("http://", BoundedAdapter(seconds=5, most_bytes=most))
            if is_taken:
                assert len(session.get(f"{fake.url}events/").content) == most
            else:
                with pytest.raises(RefusedAnswerError, match=r"^the answer is larger than 1,048,575 bytes$"):
                    session.get(f"{fake.url}events/")


def test_a_redirect_leads_nowhere(fake: FakeLaunchLibrary, source: LaunchLibrary) -> None:
    with FakeLaunchLibrary() as other:
        for status in (301, 302, 303, 307, 308):
            fake.fail(Fault.REDIRECT, status=status, location=f"{other.url}events/")
            with pytest.raises(UnavailableError, match=r"redirects elsewhere"):
                source.fetch_page(PageRequest())
        assert other.requests == []


def test_no_cookie_is_kept(fake: FakeLaunchLibrary, source: LaunchLibrary) -> None:
    fake.fail(Fault.HEADER, name="Set-Cookie", value="visitor=7; Path=/")
    assert [source.fetch_page(PageRequest()).content.count for _ in range(2)] == [20, 20]
    assert [seen.headers.get("cookie") for seen in fake.requests] == [None, None]


@pytest.mark.parametrize("deadline", [1])
def test_a_name_that_is_looked_up_for_ever_is_given_up(
    source: LaunchLibrary, fake: FakeLaunchLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, look_up = Event(), socket.getaddrinfo

    def wait(*arguments: Any, **settings: Any) -> Any:
        release.wait(10)
        return look_up(*arguments, **settings)

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    with pytest.raises(UnavailableError, match=NOT_IN_TIME):
        source.fetch_page(PageRequest())
    release.set()
    monkeypatch.undo()
    source.fetch_page(PageRequest())
    assert len(fake.requests) == 1, "nothing is sent for a call that was given up"


def test_a_handshake_that_never_comes_is_given_up(clock: ManualClock, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        begun = time.monotonic()
        with (
            LaunchLibrary(
                url, cache=tmp_path / "cache", clock=clock, user_agent="Perigee/test", deadline=0.5
            ) as source,
            pytest.raises(UnavailableError, match=f"^{NOT_IN_TIME}$"),
        ):
            source.fetch_page(PageRequest())
        assert time.monotonic() - begun < 2


MEASURE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from webapp.ll2.client import LaunchLibrary
from webapp.ll2.errors import UnavailableError
from webapp.ll2.protocol import PageRequest

def peak():
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) // 1024

now = lambda: datetime.now(UTC)
with LaunchLibrary(sys.argv[1], cache=Path(sys.argv[2]), clock=now, user_agent="x", deadline=5) as source:
    source.fetch_page(PageRequest())
    before = peak()
    for _ in range(int(sys.argv[3])):
        try:
            source.fetch_page(PageRequest())
        except UnavailableError as error:
            continue
        raise SystemExit("it was taken")
    print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell a process's largest size")
def test_nothing_that_comes_takes_much_memory(fake: FakeLaunchLibrary, tmp_path: Path) -> None:
    floods = [fault for fault in Fault if fault.name.startswith("ENDLESS_")] + [Fault.GZIP_BOMB]
    for number, fault in enumerate(floods):
        fake.fail(fault, after=0 if number else 1)
    command = [sys.executable, "-c", MEASURE, fake.url, str(tmp_path / "cache"), str(len(floods))]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert int(found.stdout) < 4 * MOST_BYTES // 2**20, "in MiB"
