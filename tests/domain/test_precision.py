from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import dates, precision_ids
from webapp.domain.precision import (
    Certainty,
    ClockRange,
    Countdown,
    DateRange,
    Precision,
    Range,
    is_known,
    precision_of,
)

MOMENT = datetime(2025, 8, 5, 7, 12, 53, 400_000, UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def clock(start: str, end: str) -> ClockRange:
    return ClockRange(at(start), at(end))


def days(first: str, last: str) -> DateRange:
    return DateRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("precision_id", "date_range", "label"),
    [
        (0, clock("2025-08-05T07:12:53", "2025-08-05T07:12:54"), "5 August 2025, 07:12:53 UTC"),
        (1, clock("2025-08-05T07:12", "2025-08-05T07:13"), "5 August 2025, 07:12 UTC"),
        (2, clock("2025-08-05T07:00", "2025-08-05T08:00"), "NET 5 August 2025, 07:00 UTC"),
        (3, days("2025-08-05", "2025-08-05"), "Morning of 5 August 2025"),
        (4, days("2025-08-05", "2025-08-05"), "Afternoon of 5 August 2025"),
        (5, days("2025-08-05", "2025-08-05"), "5 August 2025"),
        (6, days("2025-08-04", "2025-08-10"), "Week of 4 August 2025"),
        (7, days("2025-08-01", "2025-08-31"), "August 2025"),
        (8, days("2025-01-01", "2025-03-31"), "Q1 2025"),
        (9, days("2025-04-01", "2025-06-30"), "Q2 2025"),
        (10, days("2025-07-01", "2025-09-30"), "Q3 2025"),
        (11, days("2025-10-01", "2025-12-31"), "Q4 2025"),
        (12, days("2025-01-01", "2025-06-30"), "the first half of 2025"),
        (13, days("2025-07-01", "2025-12-31"), "the second half of 2025"),
        (14, days("2025-01-01", "2025-12-31"), "2025"),
        (15, days("2024-10-01", "2025-09-30"), "FY 2025"),
        (16, days("2020-01-01", "2029-12-31"), "the 2020s"),
        (None, days("2025-08-05", "2025-08-05"), "5 August 2025"),
        (17, days("2025-08-05", "2025-08-05"), "5 August 2025"),
        (-1, days("2025-08-05", "2025-08-05"), "5 August 2025"),
    ],
)
def test_each_precision_says_what_a_date_means(precision_id: int | None, date_range: Range, label: str) -> None:
    precision = precision_of(precision_id)
    assert (precision.date_range(MOMENT), precision.label(MOMENT)) == (date_range, label)


EXACT, HOUR, DAY, MONTH, YEAR = Certainty.EXACT, Certainty.HOUR, Certainty.DAY, Certainty.MONTH, Certainty.YEAR


@pytest.mark.parametrize(
    ("precision_id", "names", "rank", "certainty", "countdown"),
    [
        (0, ("Second", "SEC"), 0, EXACT, Countdown.EXACT),
        (1, ("Minute", "MIN"), 0, EXACT, Countdown.EXACT),
        (2, ("Hour", "HR"), 0, HOUR, Countdown.ABOUT),
        (3, ("Morning", "AM"), 0, DAY, Countdown.NONE),
        (4, ("Afternoon", "PM"), 0, DAY, Countdown.NONE),
        (5, ("Day", "DAY"), 0, DAY, Countdown.NONE),
        (6, ("Week", "WK"), 1, MONTH, Countdown.NONE),
        (7, ("Month", "M"), 2, MONTH, Countdown.NONE),
        (8, ("Quarter 1", "Q1"), 3, YEAR, Countdown.NONE),
        (9, ("Quarter 2", "Q2"), 3, YEAR, Countdown.NONE),
        (10, ("Quarter 3", "Q3"), 3, YEAR, Countdown.NONE),
        (11, ("Quarter 4", "Q4"), 3, YEAR, Countdown.NONE),
        (12, ("Year Half 1", "H1"), 4, YEAR, Countdown.NONE),
        (13, ("Year Half 2", "H2"), 4, YEAR, Countdown.NONE),
        (14, ("Year", "Y"), 5, YEAR, Countdown.NONE),
        (15, ("Fiscal Year", "FY"), 5, YEAR, Countdown.NONE),
        (16, ("Decade", "DEC"), 6, YEAR, Countdown.NONE),
        (None, ("To be confirmed", "TBC"), 0, DAY, Countdown.NONE),
        (17, ("Unknown", "?"), 0, DAY, Countdown.NONE),
        (-1, ("Unknown", "?"), 0, DAY, Countdown.NONE),
    ],
)
def test_each_precision_has_its_name_its_size_and_its_certainty(
    precision_id: int | None, names: tuple[str, str], rank: int, certainty: Certainty, countdown: Countdown
) -> None:
    precision = precision_of(precision_id)
    assert ((precision.name, precision.abbrev), precision.rank) == (names, rank)
    assert (precision.certainty, precision.countdown) == (certainty, countdown)


def test_exactly_the_documented_precisions_are_known() -> None:
    assert [precision_id for precision_id in range(-2, 20) if is_known(precision_id)] == list(range(17))


def test_a_precision_keeps_the_id_of_the_source_and_one_we_do_not_know_has_none() -> None:
    assert [precision_of(precision_id).id for precision_id in (0, 16, 17, None)] == [0, 16, None, None]


def test_each_precision_gives_a_reason_in_a_sentence() -> None:
    reasons = [precision_of(precision_id).reason for precision_id in (*range(17), 17, None)]
    assert [reason for reason in reasons if not (reason[0].isupper() and reason.endswith("."))] == []


@pytest.mark.parametrize(
    ("precision_id", "date_", "date_range", "label"),
    [
        # A week begins on Monday and ends on Sunday, across months and years.
        (6, "2025-08-04", days("2025-08-04", "2025-08-10"), "Week of 4 August 2025"),
        (6, "2025-08-10", days("2025-08-04", "2025-08-10"), "Week of 4 August 2025"),
        (6, "2026-01-01", days("2025-12-29", "2026-01-04"), "Week of 29 December 2025"),
        (6, "2024-03-01", days("2024-02-26", "2024-03-03"), "Week of 26 February 2024"),
        # Months, and February in the four kinds of year.
        (7, "2025-12-31", days("2025-12-01", "2025-12-31"), "December 2025"),
        (7, "2025-02-01", days("2025-02-01", "2025-02-28"), "February 2025"),
        (7, "2024-02-29", days("2024-02-01", "2024-02-29"), "February 2024"),
        (7, "1900-02-10", days("1900-02-01", "1900-02-28"), "February 1900"),
        (7, "2000-02-10", days("2000-02-01", "2000-02-29"), "February 2000"),
        # A quarter or a half is named by the id alone; the date gives only the year.
        (8, "2025-12-31", days("2025-01-01", "2025-03-31"), "Q1 2025"),
        (11, "2025-01-01", days("2025-10-01", "2025-12-31"), "Q4 2025"),
        (12, "2025-12-31", days("2025-01-01", "2025-06-30"), "the first half of 2025"),
        (13, "2025-01-01", days("2025-07-01", "2025-12-31"), "the second half of 2025"),
        # A fiscal year turns on 1 October.
        (15, "2025-09-30", days("2024-10-01", "2025-09-30"), "FY 2025"),
        (15, "2025-10-01", days("2025-10-01", "2026-09-30"), "FY 2026"),
        # A decade begins with the year that ends in 0.
        (16, "2029-12-31", days("2020-01-01", "2029-12-31"), "the 2020s"),
        (16, "2030-01-01", days("2030-01-01", "2039-12-31"), "the 2030s"),
        # The first and the last year that a date can hold.
        (6, "0001-01-01", days("0001-01-01", "0001-01-07"), "Week of 1 January 1"),
        (15, "0001-09-30", days("0001-01-01", "0001-09-30"), "FY 1"),
        (15, "0001-10-01", days("0001-10-01", "0002-09-30"), "FY 2"),
        (16, "0001-01-01", days("0001-01-01", "0009-12-31"), "the 0s"),
        (6, "9999-12-31", days("9999-12-27", "9999-12-31"), "Week of 27 December 9999"),
        (7, "9999-12-31", days("9999-12-01", "9999-12-31"), "December 9999"),
        (13, "9999-12-31", days("9999-07-01", "9999-12-31"), "the second half of 9999"),
        (15, "9999-12-31", days("9999-10-01", "9999-12-31"), "FY 10000"),
        (16, "9999-12-31", days("9990-01-01", "9999-12-31"), "the 9990s"),
    ],
)
def test_a_period_keeps_to_its_borders(precision_id: int, date_: str, date_range: Range, label: str) -> None:
    precision = precision_of(precision_id)
    assert (precision.date_range(at(date_)), precision.label(at(date_))) == (date_range, label)


@pytest.mark.parametrize("precision_id", [0, 1, 2])
def test_a_clock_range_at_the_end_of_time_stops_there(precision_id: int) -> None:
    last_second = at("9999-12-31T23:59:59")
    date_range = precision_of(precision_id).date_range(last_second)
    assert date_range.over_at == datetime.max.replace(tzinfo=UTC)


def test_a_clock_range_is_over_at_its_end_and_lies_on_the_utc_date_of_its_start() -> None:
    date_range = clock("2025-08-05T23:00", "2025-08-06T00:00")
    assert date_range.over_at == at("2025-08-06T00:00")
    assert (date_range.first_date, date_range.last_date) == (date(2025, 8, 5), date(2025, 8, 5))


def test_a_date_range_is_over_when_its_last_date_has_ended_everywhere() -> None:
    date_range = days("2025-08-05", "2025-08-06")
    assert (date_range.end_date, date_range.over_at) == (date(2025, 8, 7), at("2025-08-07T12:00"))


def test_a_date_range_at_the_end_of_time_is_its_own_end() -> None:
    date_range = days("9999-12-01", "9999-12-31")
    assert (date_range.end_date, date_range.over_at) == (date.max, datetime.max.replace(tzinfo=UTC))


@given(precision_ids(), dates())
def test_a_range_contains_its_date(precision_id: int | None, moment: datetime) -> None:
    precision = precision_of(precision_id)
    date_range = precision.date_range(moment)
    if isinstance(date_range, ClockRange):
        assert date_range.start <= moment < date_range.end
        assert date_range.end - date_range.start <= timedelta(hours=1)
    elif precision_id in range(8, 14):
        assert (date_range.first_date.year, date_range.last_date.year) == (moment.year, moment.year)
    else:
        assert date_range.first_date <= moment.date() <= date_range.last_date


@given(precision_ids(), dates())
def test_a_clock_range_is_of_instants_and_any_other_of_dates(precision_id: int | None, moment: datetime) -> None:
    precision = precision_of(precision_id)
    date_range = precision.date_range(moment)
    assert isinstance(date_range, ClockRange) == (precision_id in {0, 1, 2})
    assert date_range.first_date <= date_range.last_date
    assert date_range.over_at > moment or precision_id in range(8, 14)


@given(dates(), dates())
def test_two_dates_of_one_period_have_one_range(one: datetime, other: datetime) -> None:
    for precision in map(precision_of, range(6, 17)):
        date_range = precision.date_range(one)
        if date_range.first_date <= other.date() <= date_range.last_date:
            assert precision.date_range(other) == date_range


@given(st.integers(3, 16), dates(), st.integers(0, 86_399))
def test_no_calendar_date_depends_on_the_time_of_day(precision_id: int, moment: datetime, seconds: int) -> None:
    precision: Precision = precision_of(precision_id)
    midnight = moment.replace(hour=0, minute=0, second=0)
    other = midnight + timedelta(seconds=seconds)
    assert (precision.date_range(midnight), precision.label(midnight)) == (
        precision.date_range(other),
        precision.label(other),
    )
