from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from tests.factories import events, make_entry
from tests.keys import launch_key
from webapp.domain.entry import Agency, Entry, EventType, Link, link_title
from webapp.domain.launch import LaunchDetail, LaunchStatus, LaunchWindow
from webapp.domain.precision import ClockRange, DateRange, precision_of

DATE = datetime(2026, 3, 14, 7, 12, 53, tzinfo=UTC)


@pytest.mark.parametrize(
    ("precision_id", "words", "certainty"),
    [
        (1, "14 March 2026, 07:12 UTC", "exact"),
        (2, "NET 14 March 2026, 07:00 UTC", "hour"),
        (3, "Morning of 14 March 2026", "day"),
        (5, "14 March 2026", "day"),
        (7, "March 2026", "month"),
        (10, "Q3 2026", "year"),
        (12, "The first half of 2026", "year"),
        (16, "The 2020s", "year"),
        (None, "14 March 2026", "day"),
        (99, "14 March 2026", "day"),
    ],
)
def test_an_event_says_its_date_as_far_as_it_is_known(precision_id: int | None, words: str, certainty: str) -> None:
    event = make_entry(date=DATE, precision_id=precision_id)
    assert (event.date_words, event.certainty_word) == (words, certainty)
    assert (event.precision, event.date_reason) == (precision_of(precision_id), precision_of(precision_id).reason)


@pytest.mark.parametrize("precision_id", [None, 1, 5, 14, 99])
def test_an_event_without_a_date_says_so_whatever_its_precision(precision_id: int | None) -> None:
    event = make_entry(date=None, precision_id=precision_id)
    assert (event.date_range, event.date_words) == (None, "Date to be announced")
    assert (event.certainty_word, event.date_reason) == ("unknown", "No date announced yet.")


def test_the_range_is_what_the_precision_makes_of_the_date() -> None:
    minute = ClockRange(datetime(2026, 3, 14, 7, 12, tzinfo=UTC), datetime(2026, 3, 14, 7, 13, tzinfo=UTC))
    assert make_entry(date=DATE, precision_id=1).date_range == minute
    assert make_entry(date=DATE, precision_id=7).date_range == DateRange(date(2026, 3, 1), date(2026, 3, 31))


@settings(max_examples=25)
@given(events())
def test_every_event_can_say_its_date_on_one_line(event: Entry) -> None:
    assert (event.date_range is None) == (event.date is None) == (event.certainty_word == "unknown")
    assert len(event.date_words.splitlines()) == 1
    assert event.date_words[0] == event.date_words[0].upper()


@pytest.mark.parametrize(("title", "words"), [("NASA's plan", "NASA's plan"), ("", "a.example")])
def test_a_link_goes_by_its_title_or_by_its_host(title: str, words: str) -> None:
    assert link_title(Link("https://www.a.example/x", title, "", "", "", "", 1)) == words


@pytest.mark.parametrize(("name", "title"), [("EVA", "Spacewalk"), ("Docking", "Docking"), ("", "")])
def test_readers_are_told_of_spacewalks(name: str, title: str) -> None:
    assert EventType(3, name).title == title


def launch(status_id: int | None = 1, **overrides: Any) -> Entry:
    status = None if status_id is None else LaunchStatus(status_id, "", "")
    window = LaunchWindow(DATE - timedelta(hours=1), DATE + timedelta(hours=3))
    fields = {"key": launch_key(1), "detail": LaunchDetail(status=status, window=window)}
    return make_entry(**fields | overrides)


@pytest.mark.parametrize(
    ("precision_id", "start", "end"),
    [(0, "07:12:53", "10:12:53"), (1, "07:12:00", "10:12:53"), (2, "07:00:00", "10:12:53")],
)
def test_a_launch_with_a_clock_time_lasts_until_its_window_ends(precision_id: int, start: str, end: str) -> None:
    found = launch(precision_id=precision_id).date_range
    assert isinstance(found, ClockRange)
    assert (f"{found.start:%H:%M:%S}", f"{found.end:%H:%M:%S}") == (start, end)


@pytest.mark.parametrize("precision_id", [None, 3, 5, 7, 14, 99])
def test_a_window_says_nothing_beside_a_coarser_date(precision_id: int | None) -> None:
    assert launch(precision_id=precision_id).date_range == make_entry(date=DATE, precision_id=precision_id).date_range
    assert launch(precision_id=precision_id, date=None).date_range is None


@pytest.mark.parametrize("status_id", [3, 4, 7, 9])
@pytest.mark.parametrize(
    ("precision_id", "over_at"),
    [(1, datetime(2026, 3, 14, 7, 12, tzinfo=UTC)), (5, datetime(2026, 3, 14, tzinfo=UTC)),
     (7, datetime(2026, 3, 1, tzinfo=UTC))],
)  # fmt: skip
def test_a_launch_with_an_outcome_is_over(status_id: int, precision_id: int, over_at: datetime) -> None:
    entry = launch(status_id, precision_id=precision_id)
    assert (entry.has_outcome, entry.over_at) == (True, over_at)
    assert entry.is_over(DATE - timedelta(days=400))
    assert launch(status_id, date=None).is_over(DATE)


@pytest.mark.parametrize("status_id", [None, 1, 2, 5, 6, 8, 99])
@pytest.mark.parametrize(
    ("precision_id", "over_at"),
    [(1, datetime(2026, 3, 15, 10, 12, 53, tzinfo=UTC)), (5, datetime(2026, 3, 16, 12, tzinfo=UTC))],
)
def test_without_an_outcome_a_launch_is_over_a_day_after_its_range_held_or_not(
    status_id: int | None, precision_id: int, over_at: datetime
) -> None:
    entry = launch(status_id, precision_id=precision_id)
    assert (entry.has_outcome, entry.over_at) == (False, over_at)
    assert (entry.is_over(over_at - timedelta(seconds=1)), entry.is_over(over_at)) == (False, True)


@settings(max_examples=25)
@given(events())
def test_an_event_is_over_as_its_range_is(event: Entry) -> None:
    date_range = event.date_range
    assert (event.has_outcome, event.over_at) == (False, None if date_range is None else date_range.over_at)
    last = datetime.max.replace(tzinfo=UTC)
    assert event.is_over(last) == (date_range is not None)
    if event.over_at is not None and event.over_at > datetime.min.replace(tzinfo=UTC):
        assert not event.is_over(event.over_at - timedelta(seconds=1))


def test_a_launch_without_a_date_is_never_over_while_its_outcome_is_awaited() -> None:
    entry = launch(1, date=None)
    assert (entry.over_at, entry.is_over(datetime.max.replace(tzinfo=UTC))) == (None, False)


def test_the_provider_is_one_of_the_agencies() -> None:
    agencies = Agency(1, "One", "1"), Agency(2, "Two", "2")
    assert launch(agencies=agencies, detail=LaunchDetail(provider_id=2)).provider == agencies[1]
    assert launch(agencies=agencies, detail=LaunchDetail(provider_id=3)).provider is None
    assert launch(agencies=agencies).provider is None
    assert make_entry(agencies=agencies).provider is None
