from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings

from tests.factories import events, make_entry
from webapp.domain.entry import Entry, EventType, Link, link_title
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
