"""One original: what comes, what is refused, and what is given up, always with the bytes that came."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.clock import ManualClock
from tests.pictures.hosts import DEAD, OTHER_PUBLIC, PUBLIC, SECURE, Answer, PictureHosts
from webapp.pictures.fetch import MOST_BYTES, Failed, Fetcher, Gone, Original, Outcome, Unchanged, Validators

URL = "http://a.example/1.jpg"
NO_VALIDATORS = Validators()
KNOWN = Validators('"1"', "Sun, 01 Mar 2026 09:00:00 GMT")
PRIVATE = ["10.0.0.1"]


@pytest.fixture
def fetcher(hosts: PictureHosts, clock: ManualClock) -> Fetcher:
    return Fetcher(hosts.network, clock, "Perigee/test", seconds=5)


def without_bytes(outcome: Outcome) -> Outcome:
    assert 0 <= outcome.bytes_came <= MOST_BYTES
    return replace(outcome, bytes_came=0)


def test_an_original_comes_with_its_validators(hosts: PictureHosts, fetcher: Fetcher) -> None:
    headers = {"ETag": KNOWN.etag or "", "Last-Modified": KNOWN.last_modified or "", "Set-Cookie": "a=1"}
    hosts.publish(URL, Answer(b"picture", headers=headers))
    outcome = fetcher(URL, NO_VALIDATORS)
    assert without_bytes(outcome) == Original(b"picture", KNOWN)
    assert len(b"picture") < outcome.bytes_came < 1000
    (seen,) = hosts.requests
    assert seen.headers == {
        "host": "a.example",
        "user-agent": "Perigee/test",
        "accept": "image/*",
        "accept-encoding": "identity",
        "connection": "close",
    }
    assert (hosts.looked_up, hosts.connected) == (["a.example"], [(PUBLIC, 80)])


def test_what_is_known_is_asked_for_conditionally(hosts: PictureHosts, fetcher: Fetcher) -> None:
    hosts.publish(URL, Answer(b"picture", headers={"ETag": '"1"'}))
    assert without_bytes(fetcher(URL, KNOWN)) == Unchanged()
    assert hosts.requests[0].headers["if-none-match"] == '"1"'
    assert hosts.requests[0].headers["if-modified-since"] == KNOWN.last_modified
    hosts.publish(URL, Answer(b"another", headers={"ETag": '"2"'}))
    assert without_bytes(fetcher(URL, KNOWN)) == Original(b"another", Validators('"2"'))


def test_validators_that_cannot_be_sent_back_are_dropped(hosts: PictureHosts, fetcher: Fetcher) -> None:
    hosts.publish(URL, Answer(b"picture", headers={"ETag": '"é"', "Last-Modified": "a" * 201}))
    assert without_bytes(fetcher(URL, NO_VALIDATORS)) == Original(b"picture", NO_VALIDATORS)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(status=404), Gone(404)),
        (Answer(b"<html>gone</html>", status=410), Gone(410)),
        (Answer(status=304), Failed("The host answered with status 304")),
        (Answer(status=500), Failed("The host answered with status 500")),
        (
            Answer(status=429, headers={"Retry-After": "7200"}),
            Failed("The host answered with status 429", timedelta(hours=2)),
        ),
        (
            Answer(status=503, headers={"Retry-After": "Sun, 01 Mar 2026 12:30:00 GMT"}),
            Failed("The host answered with status 503", timedelta(hours=3)),
        ),
        (
            Answer(status=503, headers={"Retry-After": "999999999"}),
            Failed("The host answered with status 503", timedelta(days=1)),
        ),
        (Answer(status=302), Failed("The host answered with status 302")),
        (
            Answer(b"x", headers={"Content-Encoding": "gzip"}),
            Failed("The host's answer is encoded, which was not asked for"),
        ),
        (Answer(b"x", headers={"Content-Length": "9"}), Failed("The host's answer broke off")),
        (Answer(b"x", headers={"Content-Length": "99999999"}), Failed("The original is larger than 12 MiB")),
        (Answer(bytes(2**20), endless=True), Failed("The original is larger than 12 MiB")),
        (Answer(raw=b"SSH-2.0-OpenSSH_9.2\r\n"), Failed("The host's answer broke off")),
        (Answer(raw=b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200), Failed("The host's answer broke off")),
        (Answer(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 600_000), Failed("The original is larger than 12 MiB")),
        (
            Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            Failed("The host's answer broke off"),
        ),
    ],
)
def test_every_other_answer(hosts: PictureHosts, fetcher: Fetcher, answer: Answer, expected: Outcome) -> None:
    hosts.publish(URL, answer)
    assert without_bytes(fetcher(URL, NO_VALIDATORS)) == expected
    assert hosts.asked() == [URL], "nothing is asked for twice"


def test_what_comes_too_slowly_is_given_up_and_counted(hosts: PictureHosts, fetcher: Fetcher) -> None:
    hosts.publish(URL, Answer(bytes(1000), drip=0.05))
    begun = time.monotonic()
    outcome = replace(fetcher, seconds=0.5)(URL, NO_VALIDATORS)
    assert time.monotonic() - begun < 3
    assert without_bytes(outcome) == Failed("The original did not come within 0.5 s")
    assert outcome.bytes_came > 0


def test_a_dead_address_gives_way_to_the_next(hosts: PictureHosts, fetcher: Fetcher) -> None:
    hosts.publish(URL, b"picture", [DEAD, OTHER_PUBLIC])
    assert without_bytes(fetcher(URL, NO_VALIDATORS)) == Original(b"picture", NO_VALIDATORS)
    assert hosts.connected == [(DEAD, 80), (OTHER_PUBLIC, 80, 0, 0)]


@pytest.mark.parametrize(
    ("addresses", "fault"),
    [
        ([DEAD], "The original did not come within 5 s"),
        ([], "The connection to the host failed"),
        (PRIVATE, "The address is not public"),
        ([PUBLIC, "169.254.169.254"], "The address is not public"),
        (["::ffff:127.0.0.1"], "The address is not public"),
    ],
)
def test_hosts_that_cannot_or_must_not_be_asked(
    hosts: PictureHosts, fetcher: Fetcher, addresses: list[str], fault: str
) -> None:
    hosts.publish(URL, b"secret", addresses)
    assert fetcher(URL, NO_VALIDATORS) == Failed(fault)
    assert hosts.requests == []
    assert hosts.connected == ([(DEAD, 80)] if addresses == [DEAD] else [])


def test_a_host_that_nobody_knows(fetcher: Fetcher) -> None:
    assert fetcher(URL, NO_VALIDATORS) == Failed("The host was not found")


def test_a_name_that_is_rebound_between_looking_and_connecting(hosts: PictureHosts, fetcher: Fetcher) -> None:
    hosts.publish(URL, b"picture", [PUBLIC], PRIVATE)
    assert without_bytes(fetcher(URL, NO_VALIDATORS)) == Original(b"picture", NO_VALIDATORS)
    assert (hosts.looked_up, hosts.connected) == (["a.example"], [(PUBLIC, 80)]), "it is looked up once"
    assert fetcher(URL, NO_VALIDATORS) == Failed("The address is not public")
    assert hosts.connected == [(PUBLIC, 80)]


def test_redirects_are_followed_three_times(hosts: PictureHosts, fetcher: Fetcher) -> None:
    for number, location in enumerate(["/2", "//b.example/3", f"https://{SECURE}/4", "/5"], 1):
        host = ["http://a.example", "http://a.example", "http://b.example", f"https://{SECURE}"][number - 1]
        hosts.publish(
            f"{host}/{number}", Answer(status=[301, 302, 307, 308][number - 1], headers={"Location": location})
        )
    hosts.publish(f"https://{SECURE}/5", b"picture")
    assert without_bytes(fetcher("http://a.example/2", KNOWN)) == Original(b"picture", NO_VALIDATORS)
    assert without_bytes(fetcher("http://a.example/1", KNOWN)) == Failed("The host redirects more than 3 times")


@pytest.mark.parametrize(
    ("location", "fault"),
    [
        ("http://inside.example/", "The address is not public"),
        ("http://127.0.0.1/", "The address is not public, or oddly spelled"),
        ("http://0x7f.1/", "The address is not public, or oddly spelled"),
        ("http://[::1]/", "The address is not public"),
        ("http://[fe80::1%25lo]/", "The address is not public"),
        ("http://a.example:6379/", "The address names a port other than 80 and 443"),
        ("file:///etc/passwd", "The address is not of http or https"),
        ("gopher://a.example/", "The address is not of http or https"),
        ("http://me@a.example/", "The address holds a user's name"),
        ("http://[", "The address is no address"),
    ],
)
def test_redirects_are_checked_anew(hosts: PictureHosts, fetcher: Fetcher, location: str, fault: str) -> None:
    hosts.publish("http://inside.example/", b"secret", PRIVATE)
    hosts.publish(URL, Answer(status=302, headers={"Location": location}))
    assert without_bytes(fetcher(URL, NO_VALIDATORS)) == Failed(fault)
    assert hosts.asked() == [URL]


def test_a_name_that_is_rebound_by_a_redirect_to_itself(hosts: PictureHosts, fetcher: Fetcher) -> None:
    hosts.publish(URL, Answer(status=302, headers={"Location": URL}), [PUBLIC], PRIVATE)
    assert without_bytes(fetcher(URL, NO_VALIDATORS)) == Failed("The address is not public")
    assert hosts.connected == [(PUBLIC, 80)]


def test_tls_goes_by_the_name_of_the_host(hosts: PictureHosts, fetcher: Fetcher) -> None:
    good, bad = (f"https://{host}/1.jpg" for host in (SECURE, "a.example"))
    for url in (good, bad):
        hosts.publish(url, b"picture")
    assert without_bytes(fetcher(good, NO_VALIDATORS)) == Original(b"picture", NO_VALIDATORS)
    assert without_bytes(fetcher(bad, NO_VALIDATORS)) == Failed("The connection to the host is not secure")
    assert hosts.asked() == [good]


def test_no_proxy_of_the_environment_is_used(
    hosts: PictureHosts, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:80")
    hosts.publish(URL, b"picture")
    assert without_bytes(fetcher(URL, NO_VALIDATORS)) == Original(b"picture", NO_VALIDATORS)
    assert hosts.looked_up == ["a.example"]
