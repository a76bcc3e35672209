from collections.abc import Callable

import pytest

from tests.fake_ll2 import make_record
from tests.site import Site
from webapp.web.hosts import is_this_machine, is_trusted

TRUSTED = ("localhost", "127.0.0.1", "[::1]", "::2", "events.example.org")


@pytest.mark.parametrize(
    "named",
    ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]", "[::1]:8000", "[::2]:80", "Events.Example.Org"],
)
def test_a_trusted_host_is_known_whatever_its_port_and_case(named: str) -> None:
    assert is_trusted(named, TRUSTED)


@pytest.mark.parametrize(
    "named",
    [
        "", "evil.example", "localhost.evil.example", "[", "[::3]", "localhost@evil.example", "127.0.0.1.nip.io",
        "evil@localhost", "localhost:evil", "localhost/evil", "localhost?", "localhost#x", "local host",
        "localhost:123456",
    ],
)  # fmt: skip
def test_any_other_is_refused(named: str) -> None:
    assert not is_trusted(named, TRUSTED)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1", "localhost", "perigee.localhost"]
)
def test_what_leads_every_machine_to_itself_is_known(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host", [None, "", "192.168.1.7", "::ffff:192.168.1.7", "::2", "events.example.org", "localhost.example.org"]
)
def test_nothing_else_is_taken_for_this_machine(host: str | None) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize("path", ["/feeds//events.ics", "/2.3.0//events/", "/events//1211"])
@pytest.mark.parametrize("environ", [{}, {"PERIGEE_PUBLIC_URL": "https://events.example.org"}])
def test_no_address_redirects_to_the_host_that_a_request_names(
    site: Callable[..., Site], path: str, environ: dict[str, str]
) -> None:
    answer = site(make_record(1211), **environ).client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code in {400, 404}
    assert "Location" not in answer.headers


def test_the_address_that_is_listened_on_is_trusted(site: Callable[..., Site]) -> None:
    one = site(make_record(1), HOST="127.0.0.2")
    assert (one.get("/", Host="127.0.0.2:8000")[0], one.get("/", Host="127.0.0.3:8000")[0]) == (200, 400)
