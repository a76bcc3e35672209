from collections.abc import Callable
from datetime import datetime, timedelta

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.pages.test_views import headings, links, plain
from tests.site import Site

MakeSite = Callable[..., Site]


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def past(number: int, days: int, **more: object) -> dict[str, object]:
    return make_record(number, date=at(NOW - timedelta(days=days)), date_precision=precision(1), **more)


def test_what_is_over_stands_there_the_latest_first_and_what_is_not_does_not(site: MakeSite) -> None:
    one = site(past(1, 3), past(2, 1), past(3, -1), past(4, 400), make_record(5, date=None))
    status, html = one.get("/past")
    assert status == 200
    assert [link.split("/")[2] for link in links(html)] == ["2", "1", "4"]
    assert headings(html)[:3] == ["Saturday 28 February 2026", "Thursday 26 February 2026", "Saturday 25 January 2025"]
    assert "Showing 1 to 3 of 3, the latest first" in plain(html)


def test_each_year_that_has_any_is_a_link_and_leads_back_where_it_is_chosen(site: MakeSite) -> None:
    one = site(past(1, 3), past(2, 1), past(4, 400), past(5, -1))
    years = read(one.get("/past")[1]).select("li > a[data-swap]:has(.years-count)")
    assert [(year["href"], "aria-current" in year, year.text) for year in years] == [
        ("/past?year=2026", False, "2026 2 events"),
        ("/past?year=2025", False, "2025 1 event"),
    ]
    html = one.get("/past?year=2025")[1]
    assert [link.split("/")[2] for link in links(html)] == ["4"]
    assert read(html).values('a[data-swap][aria-current="true"]', "href") == ["/past"]


def test_it_says_how_often_each_thing_slipped(site: MakeSite) -> None:
    one = site(past(1, 30), past(2, 40), past(3, 50))
    for number, moved in ((1, 1), (1, 2), (1, 3), (2, 1)):
        date = at(NOW - timedelta(days=30 - moved))
        one.put(
            make_record(number, date=date, date_precision=precision(1), last_updated=at(NOW + timedelta(minutes=moved)))
        )
    badges = {
        entry.only(".entry-name a")["href"].split("/")[2]: [
            words.split(" , ")[0] for words in entry.texts(".is-slipped")
        ]
        for entry in read(one.get("/past")[1]).select("li.entry")
    }
    assert badges == {"1": ["Slipped 3 times"], "2": ["Slipped once"], "3": []}


def test_its_pages_go_on_and_a_filter_that_nothing_meets_says_what_to_do(site: MakeSite) -> None:
    one = site(*(past(number, number) for number in range(1, 31)))
    assert read(one.get("/past")[1]).values(".more-link", "href") == ["/past?offset=25"]
    html = one.get("/past?offset=25")[1]
    assert [link.split("/")[2] for link in links(html)] == ["26", "27", "28", "29", "30"]
    empty = plain(one.get("/past?q=nothing")[1])
    assert "No past event matches Take away one of the filters above to loosen it, or show all past events" in empty


def test_before_anything_is_over_it_says_so(site: MakeSite) -> None:
    assert "Nothing is over yet" in plain(site(past(1, -1)).get("/past")[1])


def test_a_month_of_the_past_does_not_come_later(site: MakeSite) -> None:
    one = site(make_record(1, date="2025-12-31T00:00:00Z", date_precision=precision(7)))
    assert headings(one.get("/past")[1])[0] == "Sometime in December 2025"
