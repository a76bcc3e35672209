from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.domain.changes import Direction, KnownDate, Shift
from webapp.domain.zones import UTC_ZONE
from webapp.pages.date_moves import present_date, present_dates, present_shift

NOW = datetime(2031, 5, 16, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def known(text: str | None, precision_id: int | None = 1) -> KnownDate:
    return KnownDate(None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC), precision_id)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (known("2031-05-19 14:00"), "Mon 19 May, 10:00 EDT"),
        (known("2031-05-19 02:00"), "Sun 18 May, 22:00 EDT"),
        (known("2031-05-19 14:00:30", 0), "Mon 19 May, 10:00:30 EDT"),
        (known("2031-05-19 14:20", 2), "Mon 19 May, about 10:00 EDT"),
        (known("2031-05-19 14:00", 3), "Mon 19 May, morning"),
        (known("2031-05-19 14:00", 4), "Mon 19 May, afternoon"),
        (known("2031-05-19", 5), "Mon 19 May"),
        (known("2032-01-19", None), "Mon 19 Jan 2032"),
        (known("2031-05-19", 6), "Week of 19 May 2031"),
        (known("2031-05-19", 7), "May 2031"),
        (known("2031-05-19", 12), "The first half of 2031"),
        (known("2031-05-19", 16), "The 2030s"),
        (known(None), "No date"),
    ],
)
def test_a_date_is_said_in_few_words_as_far_as_it_is_known(date: KnownDate, expected: str) -> None:
    assert present_date(date, NEW_YORK, NOW).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (known("2031-05-18", 5), known("2031-05-19", 5), ("Sun 18", "Mon 19 May")),
        (known("2031-05-31", 5), known("2031-06-01", 5), ("Sat 31 May", "Sun 1 Jun")),
        (known("2031-12-31", 5), known("2032-01-01", 5), ("Wed 31 Dec", "Thu 1 Jan 2032")),
        (known("2032-01-05", 5), known("2031-12-31", 5), ("Mon 5 Jan 2032", "Wed 31 Dec")),
        (known("2032-01-05", 5), known("2032-01-06", 5), ("Mon 5", "Tue 6 Jan 2032")),
        (known("2030-05-18", 5), known("2031-05-18", 5), ("Sat 18 May 2030", "Sun 18 May")),
        (known("2031-05-18 14:00"), known("2031-05-18 16:30"), ("Sun 18 May, 14:00", "16:30 UTC")),
        (known("2031-05-18 14:00"), known("2031-05-19 09:30"), ("Sun 18, 14:00", "Mon 19 May, 09:30 UTC")),
        (known("2031-05-18 14:00"), known("2031-05-19", 5), ("Sun 18, 14:00 UTC", "Mon 19 May")),
        (known("2031-05-18", 5), known("2031-05-18 09:30"), ("Sun 18 May", "09:30 UTC")),
        (known("2031-05-18 09:30"), known("2031-05-18", 5), ("Sun 18 May, 09:30 UTC", "Sun 18 May")),
        (known("2031-12-01", 7), known("2032-01-05", 6), ("December 2031", "Week of 5 January 2032")),
        (known("2031-05-18 09:30"), known("2031-12-01", 7), ("Sun 18 May, 09:30 UTC", "December 2031")),
        (known(None), known("2031-05-18 09:30"), ("No date", "Sun 18 May, 09:30 UTC")),
        (known("2031-05-18", 5), known(None), ("Sun 18 May", "No date")),
    ],
)
def test_of_two_dates_what_both_say_is_said_once(
    before: KnownDate, after: KnownDate, expected: tuple[str, str]
) -> None:
    first, second = present_dates(before, after, UTC_ZONE, NOW)
    assert (first.replace("\u00a0", " "), second.replace("\u00a0", " ")) == expected


def test_dates_on_both_sides_of_a_change_of_clocks_are_labelled_each() -> None:
    first, second = present_dates(known("2031-11-01 14:00"), known("2031-11-03 14:00"), NEW_YORK, NOW)
    assert (first, second) == ("Sat\u00a01, 10:00\u00a0EDT", "Mon\u00a03\u00a0Nov, 09:00\u00a0EST")


L, E = Direction.LATER, Direction.EARLIER


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (Shift(L, timedelta(days=1)), "+1 day"),
        (Shift(E, timedelta(days=1200)), "−1,200 days"),
        (Shift(L, timedelta(days=1, hours=19)), "+1 d 19 h"),
        (Shift(E, timedelta(minutes=30)), "−30 min"),
        (Shift(L, months=14), "+1 year 2 months"),
        (Shift(L, timedelta(days=5), is_least=True), "at least +5 days"),
        (Shift(L), ""),
    ],
)
def test_a_shift_has_its_sign(shift: Shift, words: str) -> None:
    assert present_shift(shift).replace("\u00a0", " ") == words
