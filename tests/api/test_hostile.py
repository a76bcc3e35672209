"""Whatever is asked, the API answers, and never with a failure of its own."""

import socket
from collections.abc import Callable
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import HOSTILE_SCRAPS
from tests.fake_ll2 import make_launch, make_records
from tests.processes import Server
from tests.site import Site
from tests.soak import length
from webapp.domain.parameters import PARAMETERS
from webapp.runtime import utc_now
from webapp.web.request_limits import LONGEST_ADDRESS

MakeSite = Callable[..., Site]
NAMES = [name for one in PARAMETERS for name in (one.name, *one.aliases)]
LISTS = tuple(f"/2.3.0/{kind}/{which}" for kind in ("events", "launches") for which in ("", "upcoming/", "previous/"))
VALUES = (
    "0", "-1", "1e9", "9" * 40, "2147483647", "2147483648", "1,2,,3", ",".join(map(str, range(10_000))), "x" * 5000,
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59", "2024-02-29", "2023-02-29", "2024-02-29T24:00:00Z", "2025-W01-1", "20250101",
    "0000-00-00", "9999-12-31", "0001-01-01", "%", "_", "%%", "100%_", "\\", "'", '"', '""', "' OR 1=1 --", "\0",
    "a\0b", "NEAR(a b)", "a AND b", "a OR", "NOT", "a*", "*", "^a", "name:a", "{a}: b", "-a", "+a", "(", "a:b", "a & b",
    "a <-> b", "!a", "a:*", "true", "maybe", "inf", "nan", "٣", "½", "Ⅷ", "İ", "ß", "ﷺ" * 20, " ",
    "\u202e", "\U0010ffff",
)  # fmt: skip


@pytest.fixture(scope="module")
def one(shared: MakeSite) -> Site:
    return shared(*make_records(40, now=utc_now()), *map(make_launch, range(1, 21)), now=utc_now())


@pytest.mark.campaign
@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:30])
def test_every_parameter_takes_every_value_or_refuses_it(one: Site, value: str) -> None:
    """Every day a value is given to every third parameter, the next value to the next ones."""
    for name in length(NAMES[VALUES.index(value) % 3 :: 3], long=NAMES):
        address = f"/2.3.0/launches/?{name}={quote(value, safe='')}"
        status, text = one.get(address)
        if len(address) > LONGEST_ADDRESS:
            assert status == 414
            continue
        assert status in {200, 400}, (name, text)
        assert status == 200 or f'"{name}"' in text


@pytest.mark.campaign
@settings(
    max_examples=length(20, long=5_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from((*VALUES, *HOSTILE_SCRAPS)) | st.text(max_size=30)),
        max_size=6,
    ),
    path=st.sampled_from(LISTS),
)
def test_any_mixture_is_answered(one: Site, pairs: list[tuple[str, str]], path: str) -> None:
    query = "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in pairs)
    assert one.get(f"{path}?{query}")[0] in {200, 400, 414}
    assert one.get(f"{path}?{query}", Accept="text/html")[0] in {200, 400, 414}


def raw_status(server: Server, target: bytes) -> int:
    """Send a request line as it is, as no decent client would, and give the status of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return int(received.split(b" ", 2)[1])


@pytest.mark.campaign
@settings(
    max_examples=length(25, long=5_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(NAMES) | st.binary(max_size=6).map(quote_from_bytes),
    value=st.binary(max_size=20),
    path=st.sampled_from(LISTS),
)
def test_bytes_that_are_no_utf8_are_answered(live: Server, name: str, value: bytes, path: str) -> None:
    target = f"{path}?{name}={quote_from_bytes(value, safe='')}".encode()
    assert raw_status(live, target) in {200, 400, 414}


@pytest.mark.parametrize(
    "target",
    [
        b"/2.3.0/events/%ff%fe/", b"/2.3.0/events/%00/", b"/2.3.0/events/?search=%zz", b"/2.3.0/events/?%",
        b"/2.3.0/events/?&&=",
        b"/2.3.0/events/?search=\xff\xfe", b"/2.3.0/events/\xc3\xa9/", b"/2.3.0/events/?q=%ed%a0%80", b"/2.3.0/%2e%2e/",
        b"/2.3.0/events//", b"//2.3.0/events/", b"/2.3.0/events/?id=" + b",".join(b"%d" % one for one in range(10_000)),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_crooked_address_is_no_failure(live: Server, target: bytes) -> None:
    assert raw_status(live, target) < 500


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/2.3.0/events/%0a", "/2.3.0/events/%0A/"),
        ("/2.3.0/events/upcoming/%0d%0aX:1", "/2.3.0/events/upcoming/%0D%0AX%3A1/"),
        ("/2.3.0/events/a%3Fb", "/2.3.0/events/a%3Fb/"),
        ("/2.3.0/events?search=%C3%A9&id=1,2", "/2.3.0/events/?search=%C3%A9&id=1,2"),
    ],
)
def test_the_way_to_the_slash_is_spelled_safely(one: Site, asked: str, led_to: str) -> None:
    answer = one.client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (301, led_to)
