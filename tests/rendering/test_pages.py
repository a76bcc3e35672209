"""What every page has around its content: the age of the data, and a notice where they grow old."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import render_template

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record
from tests.html import read
from tests.pages.test_views import plain
from tests.site import Site, make_site
from webapp.rendering import pages
from webapp.settings import Settings
from webapp.store import Store, StoreUnavailableError

MakeSite = Callable[..., Site]
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
PAGES = ("/", "/changes", "/status", "/events/7/meridian-7-docking", "/docs", "/nowhere", "/?limit=x")


def notices(html: str) -> list[str]:
    return read(html).texts('.banner.is-stale[role="status"]')


def footer(html: str) -> str:
    return plain(html[html.index("<footer") :])


@pytest.fixture
def one(site: MakeSite) -> Site:
    return site(make_record(7, date="2026-04-01T12:00:00Z", slug="meridian-7-docking"))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_how_old_the_data_are(one: Site, address: str) -> None:
    _, html = one.get(address)
    assert footer(html).startswith(
        "Data from Launch Library by The Space Devs , updated 1 March 2026, 09:30 UTC . "
        "Past events Do dates hold? Data status"
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
            "This data may be out of date. Launch Library last answered on 1 March 2026, 09:30 UTC ; "
            "you see the data from then. Updates have failed since 1 March 2026, 09:30 UTC : "
            "Launch Library <b>throttles</b> us. Data status"
        )
    ]
    assert html.index("is-stale") < html.index("<header")


def test_after_two_hours_of_silence_every_page_says_so(one: Site) -> None:
    one.clock.advance(2 * HOUR)
    assert notices(one.get("/")[1]) == []
    one.clock.advance(SECOND)
    assert notices(one.get("/")[1]) == [
        (
            "This data may be out of date. Launch Library last answered on 1 March 2026, 09:30 UTC ; "
            "you see the data from then. Data status"
        )
    ]


def test_failures_without_a_reason_are_told_without_one(one: Site) -> None:
    with one.store.write() as writer:
        writer.update_state(failing_since=NOW, failures=1)
    one.clock.advance(HOUR)
    (notice,) = notices(one.get("/")[1])
    assert "Updates have failed since 1 March 2026, 09:30 UTC . Data status" in notice


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
    assert footer(html).startswith("Data from Launch Library by The Space Devs : a sample of July 2025. Past events")


def test_changes_are_one_step_away_from_every_page(one: Site) -> None:
    for address in PAGES:
        link = read(one.get(address)[1]).only('nav.masthead-nav a[href="/changes"]')
        assert ("aria-current" in link) is (address == "/changes"), address


LISTS = ("/", "/?type__ids=2&tz=Asia/Tokyo", "/past", "/horizon", "/calendar/2026/04", "/wall", "/changes",
         "/subscribe?past=9")  # fmt: skip


CODINGS = ("br", "gzip", "zstd", "identity")


@pytest.fixture
def renderings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the names of the pages that were rendered, as they are: the words about the source are no page."""
    found: list[str] = []

    def spy(template: str, **values: object) -> str:
        if not template.startswith("_"):
            found.append(template)
        return render_template(template, **values)

    monkeypatch.setattr(pages, "render_template", spy)
    return found


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_rendered_again_when_events_change_and_not_when_the_source_was_reached(
    one: Site, renderings: list[str], address: str
) -> None:
    html = one.get(address)[1]
    assert "1 March 2026, 09:30 UTC" in footer(html)
    with one.store.write() as writer:
        writer.update_state(reached_at=NOW + timedelta(minutes=1), failing_since=NOW - 2 * HOUR, fault="it rains")
    later = one.get(address)[1]
    assert len(renderings) == 1
    assert "1 March 2026, 09:31 UTC" in footer(later)
    assert ["it rains" in notice for notice in notices(later)] == [True]
    with one.store.write() as writer:
        writer.update_state(reached_at=NOW, failing_since=None, failures=0, fault=None)
    assert one.get(address)[1] == html
    assert len(renderings) == 1
    one.put(make_record(8, date="2026-04-02T12:00:00Z"))
    assert one.get(address)[0] == 200
    assert len(renderings) == 2
    one.clock.advance(timedelta(minutes=15))
    one.get(address)
    assert len(renderings) == 3


def test_several_who_ask_for_a_list_in_codings_of_their_own_have_it_rendered_once(
    one: Site, renderings: list[str]
) -> None:
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(one.client.get, "/", headers={"Accept-Encoding": name}) for name in CODINGS]
        answers = [each.result(10) for each in asked]
    assert [answer.headers.get("Content-Encoding", "identity") for answer in answers] == list(CODINGS)
    assert renderings == ["timeline.html"]


def test_lists_for_two_hosts_or_with_other_ignored_parameters_are_apart(one: Site, renderings: list[str]) -> None:
    by_name, by_number = one.get("/", Host="localhost:81")[1], one.get("/", Host="127.0.0.1:82")[1]
    assert ("http://localhost:81/feeds/events.ics" in by_name, "localhost" in by_number) == (True, False)
    assert "<code>colour</code>" in one.get("/?colour=red", Host="localhost:81")[1]
    assert one.get("/", Host="localhost:81")[1] == by_name
    assert len(renderings) == 3


def test_no_text_can_pass_for_the_place_of_the_words_about_the_source(site: MakeSite) -> None:
    forged = "<!--age--><!--notice-->"
    one = site(make_record(7, name=forged, date="2026-04-01T12:00:00Z"))
    for _ in range(2):
        html = one.get(f"/?q={forged}&location=<!--age-->")[1] + one.get("/")[1]
        assert html.count("updated <time") == 2
        assert "<!--" not in html.replace("<!doctype", "")
        assert "&lt;!--age--&gt;&lt;!--notice--&gt;" in html


def test_a_list_that_is_kept_is_given_while_the_store_cannot_be_read(
    one: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    brotli = one.get("/", Accept_Encoding="identity")

    def gone(_store: Store) -> None:
        raise StoreUnavailableError("gone")

    monkeypatch.setattr(Store, "read", gone)
    assert one.get("/", Accept_Encoding="identity") == brotli
    assert one.client.get("/", headers={"Accept-Encoding": "gzip"}).status_code == 200
    assert one.get("/?type__ids=5")[0] == 503


def test_what_was_read_of_a_later_generation_is_not_kept_for_an_earlier(
    make_settings: Callable[..., Settings], clock: ManualClock, renderings: list[str]
) -> None:
    one = make_site(make_settings(), clock, [make_record(7)], trusted_for=3600)
    one.get("/about")
    one.put(make_record(8))
    for coding in ("br", "gzip"):  # Two responses of one list.
        one.client.get("/", headers={"Accept-Encoding": coding})
    assert renderings.count("timeline.html") == 2
    one.close()
