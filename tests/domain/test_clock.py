from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import dates
from webapp.domain.clock import (
    CLOCK_TOLERANCE,
    as_utc,
    believed,
    capped,
    clocks_agree,
    later,
    latest_believed,
    shifted_clock,
    utc_midnight,
)

LATEST = datetime.max.replace(tzinfo=UTC)
KOLKATA = timezone(timedelta(hours=5, minutes=30))


def test_a_shifted_clock_is_ahead_and_ticks_as_fast() -> None:
    instants = [datetime(2026, 3, 1, 9, 30, second, tzinfo=UTC) for second in (0, 5)]
    shifted = shifted_clock(iter(instants).__next__, timedelta(days=-220))
    assert [shifted(), shifted()] == [instant - timedelta(days=220) for instant in instants]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2025, 8, 5, 7), datetime(2025, 8, 5, 7, tzinfo=UTC)),  # noqa: DTZ001 - one without a zone
        (datetime(2025, 8, 5, 7, tzinfo=UTC), datetime(2025, 8, 5, 7, tzinfo=UTC)),
        (datetime(2025, 8, 5, 1, tzinfo=KOLKATA), datetime(2025, 8, 4, 19, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_given_in_utc(moment: datetime, expected: datetime) -> None:
    assert (as_utc(moment), as_utc(moment).tzinfo) == (expected, UTC)


@pytest.mark.parametrize(
    "moment",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    ],
)
def test_an_instant_outside_the_years_overflows(moment: datetime) -> None:
    with pytest.raises(OverflowError):
        as_utc(moment)


def test_midnight_is_the_first_instant_of_a_date() -> None:
    assert utc_midnight(date(2025, 8, 5)) == datetime(2025, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "by", "expected"),
    [
        (datetime(2025, 12, 31, 23, tzinfo=UTC), timedelta(hours=1), datetime(2026, 1, 1, tzinfo=UTC)),
        (datetime(9999, 12, 31, 23, 30, tzinfo=UTC), timedelta(hours=1), LATEST),
        (LATEST, timedelta(microseconds=1), LATEST),
        (LATEST, timedelta(0), LATEST),
    ],
)
def test_adding_stops_at_the_last_instant(moment: datetime, by: timedelta, expected: datetime) -> None:
    assert later(moment, by) == expected


@given(dates(), st.timedeltas(min_value=timedelta(0)))
def test_adding_never_leads_back(moment: datetime, by: timedelta) -> None:
    assert moment <= later(moment, by) <= LATEST


@given(dates(), dates(), st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_an_instant_is_believed_up_to_the_tolerance_and_what_it_may_lie_ahead(
    moment: datetime, now: datetime, ahead: timedelta
) -> None:
    kept = believed(moment, now, ahead=ahead)
    assert kept == (moment if moment - now <= ahead + CLOCK_TOLERANCE else None)
    assert kept is None or kept <= latest_believed(now, ahead=ahead)


@given(st.none() | dates(), dates())
def test_what_has_been_has_been_at_the_latest_now(moment: datetime | None, now: datetime) -> None:
    assert capped(moment, now) == (None if moment is None else believed(moment, now) or now)
    assert (capped(moment, now) is None) == (moment is None)


@pytest.mark.parametrize("sign", [1, -1])
def test_clocks_agree_within_two_minutes(sign: int) -> None:
    now, tick = datetime(2026, 3, 1, 9, 30, tzinfo=UTC), timedelta(microseconds=1)
    assert clocks_agree(now + sign * timedelta(minutes=2), now)
    assert not clocks_agree(now + sign * (timedelta(minutes=2) + tick), now)
