from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.domain.words import MONTHS, WEEKDAYS, age_words, day_words, due_words, list_words, moment_words

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 8, 5), "5 August 2025"),
        (date(2024, 2, 29), "29 February 2024"),
        (date(2025, 12, 31), "31 December 2025"),
        (date.min, "1 January 1"),
        (date.max, "31 December 9999"),
    ],
)
def test_a_date_is_said_in_words(day: date, words: str) -> None:
    assert day_words(day) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2025, 8, 2, 7, 12, 53, tzinfo=UTC), "2 August 2025, 07:12 UTC"),
        (datetime(2025, 8, 2, tzinfo=UTC), "2 August 2025, 00:00 UTC"),
        (datetime.min.replace(tzinfo=UTC), "1 January 1, 00:00 UTC"),
        (datetime.max.replace(tzinfo=UTC), "31 December 9999, 23:59 UTC"),
    ],
)
def test_an_instant_is_said_to_the_minute_in_utc(moment: datetime, words: str) -> None:
    assert moment_words(moment) == words


def test_weekdays_and_months_stand_in_their_order() -> None:
    assert [f"{date(2024, month, 1):%B}" for month in range(1, 13)] == list(MONTHS)
    assert [f"{date(2024, 1, day):%A}" for day in range(1, 8)] == list(WEEKDAYS)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, ""),
        (1, "1"),
        (2, "1 and 2"),
        (10, "1, 2, 3, 4, 5, 6, 7, 8, 9 and 10"),
        (11, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 1 more"),
        (10_000, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 9,990 more"),
    ],
)
def test_ten_of_a_list_are_named_and_the_rest_is_counted(count: int, words: str) -> None:
    assert list_words([str(number) for number in range(1, count + 1)], most=10) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2025, 8, 5, 23, 59, 59, tzinfo=UTC), "23:59:59 UTC"),
        (datetime(2025, 8, 6, tzinfo=UTC), "6 August 2025, 00:00:00 UTC"),
        (datetime(2026, 8, 5, 7, 12, 5, tzinfo=UTC), "5 August 2026, 07:12:05 UTC"),
    ],
)
def test_what_is_due_on_another_day_is_said_with_it(due: datetime, words: str) -> None:
    assert due_words(due, datetime(2025, 8, 5, 7, 12, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=59.9), "less than a minute"),
        (MINUTE, "1 minute"),
        (4 * MINUTE, "4 minutes"),
        (HOUR - timedelta(seconds=1), "59 minutes"),
        (HOUR, "1 hour"),
        (48 * HOUR - MINUTE, "47 hours"),
        (48 * HOUR, "2 days"),
        (400 * 24 * HOUR, "400 days"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(age: timedelta, words: str) -> None:
    assert age_words(age) == words
