from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.pages.test_views import headings, links, plain
from tests.site import Site
from webapp.domain.query import Query
from webapp.pages.entry_list import EntriesRead
from webapp.pages.past import Bar, PastPage, present_past
from webapp.rendering.choices import Choice

MakeSite = Callable[..., Site]


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def past(number: int, days: int, **more: object) -> dict[str, object]:
    return make_record(number, date=at(NOW - timedelta(days=days)), date_precision=precision(1), **more)


def vague(number: int, date: str, precision_id: int) -> dict[str, Any]:
    return make_record(number, date=f"{date}T00:00:00Z", date_precision=precision(precision_id))


def bars_of(asked: str, *, years: Mapping[int, int], months: Mapping[int, int]) -> PastPage:
    query = Query.parse(
        [(name, value) for name, _, value in (pair.partition("=") for pair in asked.split("&") if pair)]
    )
    return present_past(EntriesRead(None, [], 0), query=query, now=NOW, years=years, months=months)


def test_what_is_over_stands_there_the_latest_first_and_what_is_not_does_not(site: MakeSite) -> None:
    one = site(past(1, 3), past(2, 1), past(3, -1), past(4, 400), make_record(5, date=None))
    status, html = one.get("/past")
    assert status == 200
    assert [link.split("/")[2] for link in links(html)] == ["2", "1", "4"]
    assert headings(html)[:3] == ["Saturday 28 February 2026", "Thursday 26 February 2026", "Saturday 25 January 2025"]
    assert read(html).texts("#list-status") == ["3 events"]


def test_the_search_comes_first_then_the_years(site: MakeSite) -> None:
    page = read(site(past(1, 3)).get("/past")[1])
    found = page.select("#filter-q, nav.bars, #timeline")
    assert [one["class"] if "class" in one else one["id"] for one in found] == ["quick-search", "bars", "timeline"]


def test_years_are_bars_as_high_as_they_hold_entries_the_latest_first() -> None:
    page = bars_of("q=docking&offset=25", years={2026: 50, 2025: 41, 2024: 40, 1957: 1}, months={})
    assert page.years == (
        Bar(Choice("2026", "/past?q=docking&year=2026", is_chosen=False, count=50), 5),
        Bar(Choice("2025", "/past?q=docking&year=2025", is_chosen=False, count=41), 5),
        Bar(Choice("2024", "/past?q=docking&year=2024", is_chosen=False, count=40), 4),
        Bar(Choice("1957", "/past?q=docking&year=1957", is_chosen=False, count=1), 1),
    )
    assert page.months == ()


def test_within_a_year_its_months_are_bars_and_what_is_chosen_leads_back() -> None:
    page = bars_of("year=2025&month=3", years={2026: 2, 2025: 9}, months={3: 8, 12: 1})
    assert page.years == (
        Bar(Choice("2026", "/past?year=2026", is_chosen=False, count=2), 2),
        Bar(Choice("2025", "/past", is_chosen=True, count=9), 5),
    )
    assert len(page.months) == 12
    assert page.months[0] == Bar(Choice("January", "/past?month=1&year=2025", is_chosen=False, count=0), 0)
    assert page.months[2] == Bar(Choice("March", "/past?year=2025", is_chosen=True, count=8), 5)
    assert page.months[11] == Bar(Choice("December", "/past?month=12&year=2025", is_chosen=False, count=1), 1)
    assert page.upcoming_path == "/"


def test_each_bar_is_a_link_that_says_its_count(site: MakeSite) -> None:
    one = site(past(1, 3), past(2, 1), past(4, 400), past(5, -1))
    years = read(one.get("/past")[1]).select("nav.bars a")
    assert [(year["href"], "aria-current" in year, year.text) for year in years] == [
        ("/past?year=2026", False, "2026 2026, 2 events"),
        ("/past?year=2025", False, "2025 2025, 1 event"),
    ]
    html = one.get("/past?year=2026")[1]
    assert [link.split("/")[2] for link in links(html)] == ["2", "1"]
    assert [(bar["href"], bar.text) for bar in read(html).select('nav.bars [aria-current="true"]')] == [
        ("/past", "2026 2026, 2 events; show all years")
    ]
    months = read(html).select('nav[aria-label="Months"] li')
    assert [month.text for month in months[:3]] == [
        "Jan January, no events",
        "Feb February, 2 events",
        "Mar March, no events",
    ]
    assert read(html).values('nav[aria-label="Months"] a', "href") == ["/past?month=2&year=2026"]
    chosen = read(one.get("/past?year=2026&month=2")[1]).select('nav[aria-label="Months"] [aria-current="true"]')
    assert [(bar["href"], bar.text) for bar in chosen] == [
        ("/past?year=2026", "Feb February, 2 events; show the whole year")
    ]


def test_the_chosen_year_and_month_are_conditions_like_any_other(site: MakeSite) -> None:
    page = read(site(past(1, 3)).get("/past?year=2026&month=2")[1])
    assert page.texts(".chip.is-chosen") == ["Remove: February", "Remove: 2026"]


def test_it_says_how_often_each_thing_slipped_and_not_that_it_ended(site: MakeSite) -> None:
    one = site(past(1, 30), past(2, 40), past(3, 50))
    for number, moved in ((1, 1), (1, 2), (1, 3), (2, 1)):
        date = at(NOW - timedelta(days=30 - moved))
        one.put(
            make_record(number, date=date, date_precision=precision(1), last_updated=at(NOW + timedelta(minutes=moved)))
        )
    page = read(one.get("/past")[1])
    moved_words = {
        entry["data-entry"]: [words.partition(" : ")[0] for words in entry.texts(".moved")]
        for entry in page.select("li.entry")
    }
    assert moved_words == {"event-1": ["Moved 3 times"], "event-2": ["Moved once"], "event-3": []}
    assert page.texts(".badge") == []
    assert page.values("li.entry", "data-state") == ["", "", ""]


def test_what_is_still_due_says_so_among_the_past(site: MakeSite) -> None:
    page = read(site(make_record(1, date=at(NOW - timedelta(minutes=5)), date_precision=precision(1))).get("/past")[1])
    assert page.texts(".badge") == ["Due"]


def test_its_pages_go_on_and_a_filter_that_nothing_meets_says_what_to_do(site: MakeSite) -> None:
    one = site(*(past(number, number) for number in range(1, 31)))
    assert read(one.get("/past")[1]).values(".more-link", "href") == ["/past?offset=25"]
    html = one.get("/past?offset=25")[1]
    assert [link.split("/")[2] for link in links(html)] == ["26", "27", "28", "29", "30"]
    assert "No past event matches Try removing a filter, or show all past events" in plain(
        one.get("/past?q=nothing")[1]
    )


def test_before_anything_is_over_it_says_so(site: MakeSite) -> None:
    assert "No past events yet" in plain(site(past(1, -1)).get("/past")[1])


@pytest.mark.parametrize(
    ("date", "precision_id", "heading", "note"),
    [
        ("2026-02-02", 6, "Week of 2 February 2026", "Day not recorded."),
        ("2025-12-31", 7, "Sometime in December 2025", "Day not recorded."),
        ("2025-12-31", 11, "Sometime in Q4 2025", "Month not recorded."),
        ("2025-12-31", 13, "Sometime in the second half of 2025", "Month not recorded."),
        ("2025-12-31", 14, "Sometime in 2025", "Month not recorded."),
        ("2025-06-01", 15, "Sometime in FY 2025", "Month not recorded."),
        ("2015-12-31", 16, "Sometime in the 2010s", "Year not recorded."),
    ],
)
def test_a_vague_date_of_the_past_is_not_recorded(
    site: MakeSite, date: str, precision_id: int, heading: str, note: str
) -> None:
    html = site(vague(1, date, precision_id)).get("/past")[1]
    assert (headings(html)[0], read(html).texts(".group-note")) == (heading, [note])


def test_a_day_without_a_time_has_none_recorded(site: MakeSite) -> None:
    page = read(site(vague(1, "2026-02-02", 5), vague(2, "2026-02-02", 3)).get("/past")[1])
    assert sorted(page.texts(".entry-when")) == ["Morning", "Time not recorded"]


def test_vague_groups_stand_once_where_what_they_cover_ends(site: MakeSite) -> None:
    # The latest come first, so the end of a year comes before its days: what may be of 31 December is told ahead of it.
    one = site(
        vague(1, "2025-12-31", 14), vague(2, "2025-12-31", 7), vague(3, "2025-12-31", 5), vague(4, "2025-12-30", 5),
        vague(5, "2025-12-31", 14), vague(6, "2026-01-01", 5), vague(7, "2025-11-30", 7), vague(8, "2025-11-30", 5),
    )  # fmt: skip
    assert headings(one.get("/past")[1])[:7] == [
        "Thursday 1 January 2026",
        "Sometime in 2025",
        "Sometime in December 2025",
        "Wednesday 31 December 2025",
        "Tuesday 30 December 2025",
        "Sometime in November 2025",
        "Sunday 30 November 2025",
    ]
