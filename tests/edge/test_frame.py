"""What every page has around its content: the age of the data, and a notice where they grow old."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.pages.test_views import plain
from tests.site import Site

MakeSite = Callable[..., Site]
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
PAGES = ("/", "/changes", "/status", "/events/7/meridian-7-docking", "/docs", "/nowhere", "/?limit=x")


def notices(html: str) -> list[str]:
    found = re.findall(r'<div class="banner is-stale" role="status">(.*?)</div>', html, re.DOTALL)
    return [plain(one) for one in found]


def footer(html: str) -> str:
    return plain(html[html.index("<footer") :])


@pytest.fixture
def one(site: MakeSite) -> Site:
    return site(make_record(7, date="2026-04-01T12:00:00Z", slug="meridian-7-docking"))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_how_old_the_data_are(one: Site, address: str) -> None:
    _, html = one.get(address)
    assert footer(html).startswith(
        "Data from Launch Library by The Space Devs , as of 1 March 2026, 09:30 UTC . How syncing stands"
    )
    foot = html[html.index("<footer") :]
    assert '<time datetime="2026-03-01T09:30:00Z" data-relative>' in foot
    assert '<a href="/status">' in foot
    assert notices(html) == []


@pytest.mark.parametrize("address", PAGES)
def test_after_an_hour_of_failures_every_page_says_so(one: Site, address: str) -> None:
    with one.store.write() as writer:
        writer.update_state(failing_since=NOW + SECOND, failures=3, fault="Launch Library <b>throttles</b> us.")
    one.clock.advance(HOUR)
    assert notices(one.get(address)[1]) == []
    one.clock.advance(SECOND)
    _, html = one.get(address)
    assert notices(html) == [
        (
            "These data may be out of date. Launch Library last answered on 1 March 2026, 09:30 UTC ; "
            "what is shown is kept from then. Calls have failed since 1 March 2026, 09:30 UTC : "
            "Launch Library &lt;b&gt;throttles&lt;/b&gt; us. How syncing stands"
        )
    ]
    assert html.index("is-stale") < html.index("<header")


def test_after_two_hours_of_silence_every_page_says_so(one: Site) -> None:
    one.clock.advance(2 * HOUR)
    assert notices(one.get("/")[1]) == []
    one.clock.advance(SECOND)
    assert notices(one.get("/")[1]) == [
        (
            "These data may be out of date. Launch Library last answered on 1 March 2026, 09:30 UTC ; "
            "what is shown is kept from then. How syncing stands"
        )
    ]


def test_failures_without_a_reason_are_told_without_one(one: Site) -> None:
    with one.store.write() as writer:
        writer.update_state(failing_since=NOW, failures=1)
    one.clock.advance(HOUR)
    (notice,) = notices(one.get("/")[1])
    assert "Calls have failed since 1 March 2026, 09:30 UTC . How syncing stands" in notice


def test_the_notice_goes_when_the_source_answers_again(one: Site) -> None:
    one.clock.advance(3 * HOUR)
    assert len(notices(one.get("/")[1])) == 1
    with one.store.write() as writer:
        writer.update_state(reached_at=one.clock())
    assert notices(one.get("/")[1]) == []


@pytest.mark.parametrize("address", ["/", "/changes", "/status"])
def test_beside_the_sample_there_is_no_such_notice(site: MakeSite, address: str) -> None:
    one = site()
    with one.store.write() as writer:
        writer.update_state(failing_since=NOW, failures=9, fault="no answer", reached_at=NOW)
    one.clock.advance(5 * HOUR)
    assert notices(one.get(address)[1]) == []


def test_the_sample_says_of_when_it_is(site: MakeSite) -> None:
    _, html = site(sample=True).get("/")
    assert footer(html).startswith("Data from Launch Library by The Space Devs : a sample of July 2025. How syncing")


def test_changes_are_one_step_away_from_every_page(one: Site) -> None:
    for address in PAGES:
        _, html = one.get(address)
        nav = html[html.index('<nav class="masthead-nav"') :]
        assert re.findall(r'<a href="/changes"( aria-current="page")?>', nav[: nav.index("</nav>")]) == [
            ' aria-current="page"' if address == "/changes" else ""
        ], address
