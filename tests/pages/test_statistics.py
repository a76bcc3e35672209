"""The page of statistics: of 24 dockings one slipped by two days, one by half an hour, and one was withdrawn."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qsl

import pytest

from tests.clock import NOW
from tests.fake_ll2 import Record, make_record
from tests.fake_ll2.moments import stamp
from tests.html import Part, read
from tests.keys import event_key
from tests.site import Site
from webapp.domain.date_ledger import Lead
from webapp.domain.entry import EntryKind
from webapp.domain.query import Query
from webapp.ll2.parse import parse_record
from webapp.store.engine import read_transaction
from webapp.store.statistics.reading import Statistics

MakeSite = Callable[..., Site]
DOCKINGS = 24
SEEN = NOW - timedelta(days=40)
TWO_DAYS, HALF_AN_HOUR, WITHDRAWN = 1, 2, 3


def docking(number: int, moved: timedelta = timedelta(0)) -> Record:
    date = NOW - timedelta(days=20) + timedelta(hours=number) + moved
    return make_record(number, type={"id": 2, "name": "Docking"}, date=stamp(date), last_updated=stamp(SEEN + moved))


@pytest.fixture
def dockings(site: MakeSite) -> Site:
    made = site()
    with made.store.write() as writer:
        writer.upsert_entries([parse_record(docking(number)) for number in range(1, DOCKINGS + 1)], now=SEEN)
        writer.update_progress(EntryKind.EVENT, imported_at=SEEN, reached_at=SEEN)
    slipped = [docking(TWO_DAYS, timedelta(days=2)), docking(HALF_AN_HOUR, timedelta(minutes=30))]
    with made.store.write() as writer:
        writer.upsert_entries([parse_record(record) for record in slipped], now=NOW - timedelta(days=22))
        writer.withdraw(event_key(WITHDRAWN), now=NOW - timedelta(days=21))
        writer.update_progress(EntryKind.EVENT, reached_at=NOW)
    return made


def page_of(site: Site, asked: str = "") -> Part:
    status, html = site.get(f"/statistics{asked}")
    assert status == 200
    return read(html)


def rows_of(page: Part, name: str) -> list[list[str]]:
    table = page.only(f"section[aria-labelledby={name}-title] table")
    return [row.texts("th, td") for row in table.select("tbody tr")]


def test_each_lead_has_its_dates_its_shares_and_their_intervals(dockings: Site) -> None:
    rows = rows_of(page_of(dockings), "leads")
    assert rows[3] == [
        "7 days", "24", "88 % 69 to 96 %", "92 % 74 to 98 %", "92 % 74 to 98 %", "96 % 80 to 99 %", "4 % 1 to 20 %",
        "0",
    ]  # fmt: skip
    # Of the one that was withdrawn nothing was announced any more; the others held what they had come to.
    assert rows[1][:3] == ["A day", "23", "100 % 86 to 100 %"]
    assert rows[5] == ["30 days", "0", *["none yet"] * 5, "0"]


def test_of_fewer_than_twenty_dates_no_share_is_said(dockings: Site) -> None:
    page = page_of(dockings, "?from=2026-02-10&to=2026-02-10")
    assert rows_of(page, "leads")[3][1:3] == ["10", "10 of 10 too few to say"]
    assert page.select("section[aria-labelledby=leads-title] .plot") == []


def test_the_plot_is_drawn_from_the_same_figures(dockings: Site) -> None:
    plot = page_of(dockings).only("section[aria-labelledby=leads-title] .plot-rows")
    assert plot.texts(".plot-words") == ["An hour", "A day", "3 days", "7 days", "14 days"]
    assert plot.values(".plot-interval", "d")[3] == "M74.2 5H97.7"


def test_slips_are_counted_by_size_and_by_when_they_came(dockings: Site) -> None:
    page = page_of(dockings)
    assert [row[:3] for row in rows_of(page, "sizes") if row[1] != "0"] == [
        ["Up to an hour", "1", "1 of 2 too few to say"],
        ["Up to 3 days", "1", "1 of 2 too few to say"],
    ]
    assert [row[0] for row in rows_of(page, "times") if row[1] != "0"] == ["1 to 3 days before"]
    assert rows_of(page, "longest")[0][1:] == ["1", "2 d"]


def test_public_histories_stand_for_what_there_is_too_little_of(dockings: Site) -> None:
    page = page_of(dockings)
    tables = {part["aria-labelledby"]: part.texts("tbody th") for part in page.select("section.statistic")}
    assert tables["history-1"] == ["1 to 2 months"]
    assert tables["history-2"][0] == "An hour"
    assert not [name for name in page.values("section", "aria-labelledby") if "history" in name and "-3" in name]


def test_a_filter_narrows_every_figure(dockings: Site) -> None:
    assert page_of(dockings, "?type__ids=3").only("#list-status").text == "0 dates judged"
    assert page_of(dockings, "?type__ids=2").only("#list-status").text == page_of(dockings).only("#list-status").text


def test_the_files_hold_each_case_with_the_same_filter(dockings: Site) -> None:
    rows = list(csv.DictReader(StringIO(dockings.get("/statistics.csv?id=1")[1])))
    assert [(row["lead_hours"], row["outcome"], row["error_seconds"]) for row in rows] == [
        ("1", "quarter_hour", "0"), ("24", "quarter_hour", "0"), ("72", "week", "172800"), ("168", "week", "172800"),
        ("336", "week", "172800"),
    ]  # fmt: skip
    assert rows[0] | {"name": ""} == {
        "kind": "event", "id": "1", "name": "", "type": "Docking", "lead_hours": "1",
        "reached_at": "2026-02-11T09:30:00Z", "announced": "2026-02-11T10:30:00Z", "precision": "minute",
        "status_id": "", "outcome": "quarter_hour", "error_seconds": "0",
    }  # fmt: skip
    found = json.loads(dockings.get("/statistics.json?id=1")[1])
    assert [(case["id"], case["error_seconds"]) for case in found] == [(1, 0), (1, 0), *[(1, 172800)] * 3]
    assert json.loads(dockings.get("/statistics.json?id=99")[1]) == []
    assert dockings.get("/statistics.csv?id=99")[1].count("\n") == 1


def test_a_file_comes_in_parts(dockings: Site) -> None:
    answer = dockings.client.get("/statistics.csv")
    assert (answer.is_streamed, answer.headers["Content-Type"]) == (True, "text/csv; charset=utf-8; header=present")
    answer.close()


def test_an_empty_store_says_so(site: MakeSite) -> None:
    page = page_of(site(make_record(1)))
    assert page.only("#list-status").text == "0 dates judged"
    assert "No date has slipped yet." in page.only("main").text


def test_a_name_is_no_formula_of_a_spreadsheet(site: MakeSite) -> None:
    made = site()
    record = make_record(1, name="=HYPERLINK(1)", date=stamp(NOW - timedelta(hours=2)))
    with made.store.write() as writer:
        writer.upsert_entries([parse_record(record)], now=NOW - timedelta(days=2))
        writer.update_progress(EntryKind.EVENT, imported_at=NOW, reached_at=NOW)
    assert {row["name"] for row in csv.DictReader(StringIO(made.get("/statistics.csv")[1]))} == {"'=HYPERLINK(1)"}


def test_an_entrys_page_says_how_dates_like_its_own_fared(dockings: Site) -> None:
    upcoming = docking(90, timedelta(days=21))
    with dockings.store.write() as writer:
        writer.upsert_entries([parse_record(upcoming)], now=NOW)
    page = read(dockings.client.get("/events/90", follow_redirects=True).get_data(as_text=True))
    likelihood = page.only("details.likelihood")
    assert likelihood.only("summary").text == "Dates like this hold more often than not."
    assert likelihood.texts("p")[0] == (
        "Of 24 dockings timed to the minute a week ahead, 21 began within 15 minutes (88 %, 95 % interval 69 to 96 %)."
    )
    assert likelihood.texts(".dots li") == ["21 on time", "2 late", "1 withdrawn"]
    assert len(likelihood.select("circle")) == DOCKINGS


def test_an_event_of_a_rare_type_is_told_how_all_events_fared(dockings: Site) -> None:
    date = stamp(NOW + timedelta(days=3))
    with dockings.store.write() as writer:
        writer.upsert_entries([parse_record(make_record(91, type={"id": 3, "name": "EVA"}, date=date))], now=NOW)
    page = read(dockings.client.get("/events/91", follow_redirects=True).get_data(as_text=True))
    assert page.only("details.likelihood summary").text == "Too few to say."
    assert page.texts("details.likelihood p")[0] == (
        "No spacewalks timed to the minute three days ahead so far. "
        "Of all 24 events so announced, 21 held (88 %, 95 % interval 69 to 96 %)."
    )


def test_of_what_is_over_nothing_is_forecast(dockings: Site) -> None:
    page = read(dockings.client.get("/events/5", follow_redirects=True).get_data(as_text=True))
    assert page.select(".likelihood") == []


def test_a_calendar_says_it_where_that_is_asked_for(dockings: Site) -> None:
    with dockings.store.write() as writer:
        writer.upsert_entries([parse_record(docking(90, timedelta(days=21)))], now=NOW)
    with_it, without = (
        dockings.get(f"/feeds/events.ics{asked}&past=0")[1].replace("\r\n ", "")
        for asked in ("?likely=true", "?alarm=5")
    )
    assert "Dates like this hold more often than not. Of 24 dockings timed to the minute a week ahead\\, 21" in with_it
    assert "Dates like this" not in without


@pytest.mark.parametrize("asked", ["", "?kind=event", "?from=2000-01-01"])
def test_a_kind_that_is_not_shown_counts_nowhere(dockings: Site, asked: str) -> None:
    with read_transaction(dockings.store._engine) as connection:  # noqa: SLF001 - no other way leads to its tables
        shown = Statistics(connection, (EntryKind.LAUNCH,))
        query = Query.parse(parse_qsl(asked.removeprefix("?"))).filter
        assert list(shown.iterate_cases(query)) == []
        assert shown.list_longest(query, limit=10) == []
        assert shown.count_cases(query, list(Lead)).total() == 0
        assert shown.count_choices().total() == 0
