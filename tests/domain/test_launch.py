from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import dates
from webapp.domain.launch import (
    LaunchDetail,
    LaunchStatus,
    LaunchWindow,
    Mission,
    Orbit,
    SpacecraftFlight,
    StatusKind,
    StatusShape,
    is_confirmed,
    with_window,
)
from webapp.domain.precision import ClockRange, precision_of

START = datetime(2026, 3, 14, 7, 12, tzinfo=UTC)
MINUTE = ClockRange(START, START + timedelta(minutes=1))
SECOND_ID, MINUTE_ID, HOUR_ID, DAY_ID = 0, 1, 2, 5

STATUSES = [
    (1, "Go", "●", False, True),
    (2, "To be determined", "○", False, False),
    (3, "Success", "✓", True, True),
    (4, "Failure", "✕", True, True),
    (5, "On hold", "‖", False, False),
    (6, "In flight", "↗", False, True),
    (7, "Partial failure", "◪", True, True),
    (8, "To be confirmed", "◐", False, False),
    (9, "Payload deployed", "✓", True, True),
]


@pytest.mark.parametrize(("status_id", "words", "shape", "is_outcome", "takes_place"), STATUSES)
def test_a_status_has_words_and_a_shape_and_may_be_an_outcome(
    status_id: int, words: str, shape: str, *, is_outcome: bool, takes_place: bool
) -> None:
    status = LaunchStatus(status_id, "The source's name", "abbrev")
    assert (status.kind, status.words, status.shape.value) == (status_id, words, shape)
    assert (status.is_outcome, status.is_confirmed) == (is_outcome, takes_place)


def test_every_kind_of_status_is_in_the_table() -> None:
    assert {StatusKind(status_id) for status_id, *_ in STATUSES} == set(StatusKind) - {StatusKind.OTHER}


@pytest.mark.parametrize("status_id", [0, 10, 99, -1])
@pytest.mark.parametrize(("name", "words"), [("Scrubbed", "Scrubbed"), ("", "Unknown")])
def test_an_unknown_status_goes_by_its_own_name_and_says_nothing_else(status_id: int, name: str, words: str) -> None:
    status = LaunchStatus(status_id, name, "")
    assert (status.kind, status.words, status.shape) == (StatusKind.OTHER, words, StatusShape.DASH)
    assert (status.is_outcome, status.is_confirmed) == (False, False)


@pytest.mark.parametrize("status_id", [1, 3, 4, 6, 7, 9])
@pytest.mark.parametrize(
    ("precision_id", "confirmed"),
    [(SECOND_ID, True), (MINUTE_ID, True), (HOUR_ID, False), (DAY_ID, False), (14, False), (None, False), (99, False)],
)
def test_what_takes_place_is_confirmed_where_its_minute_is_known(
    status_id: int, precision_id: int | None, *, confirmed: bool
) -> None:
    assert is_confirmed(LaunchStatus(status_id, "", ""), precision_of(precision_id)) == confirmed


@pytest.mark.parametrize("status", [None, *(LaunchStatus(status_id, "", "") for status_id in (0, 2, 5, 8, 99))])
@pytest.mark.parametrize("precision_id", [SECOND_ID, MINUTE_ID, HOUR_ID, DAY_ID, None])
def test_what_is_not_sure_to_take_place_is_tentative(status: LaunchStatus | None, precision_id: int | None) -> None:
    assert not is_confirmed(status, precision_of(precision_id))


@pytest.mark.parametrize(
    ("length", "lasts"),
    [
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(days=1), timedelta(days=1)),
        (timedelta(days=1, seconds=1), timedelta(minutes=1)),
        (timedelta(seconds=30), timedelta(minutes=1)),
        (timedelta(0), timedelta(minutes=1)),
        (timedelta(hours=-1), timedelta(minutes=1)),
    ],
)
def test_a_clock_time_lasts_until_its_window_ends(length: timedelta, lasts: timedelta) -> None:
    window = LaunchWindow(START - timedelta(hours=2), START + length)
    assert with_window(MINUTE, window) == ClockRange(START, START + lasts)
    assert with_window(MINUTE, None) == MINUTE


@given(dates(), dates(), dates(), st.sampled_from((SECOND_ID, MINUTE_ID, HOUR_ID)))
def test_a_window_never_shortens_a_time_nor_moves_it(one: datetime, two: datetime, date: datetime, known: int) -> None:
    date_range = precision_of(known).date_range(date)
    assert isinstance(date_range, ClockRange)
    found = with_window(date_range, LaunchWindow(min(one, two), max(one, two)))
    assert (found.start, found.first_date, found.last_date) == (date_range.start, date.date(), date.date())
    assert date_range.end <= found.end


CREWED, EMPTY = SpacecraftFlight(1, "Capsule", 1, is_crewed=True), SpacecraftFlight(2, "Tanker", 2, is_crewed=False)


@pytest.mark.parametrize(
    ("mission_type", "spacecraft", "is_crewed"),
    [
        ("Human Exploration", (), True),
        ("Tourism", (), True),
        ("Test Flight", (), False),
        ("Test Flight", (EMPTY, CREWED), True),
        ("Human Exploration", (EMPTY,), True),
        ("Resupply", (EMPTY,), False),
    ],
)
def test_a_launch_is_crewed_by_its_spacecraft_or_its_mission(
    mission_type: str, spacecraft: tuple[SpacecraftFlight, ...], *, is_crewed: bool
) -> None:
    launch = LaunchDetail(mission=Mission("Meridian", mission_type, None), spacecraft=spacecraft)
    assert launch.is_crewed is is_crewed


def test_without_a_mission_a_launch_is_neither_crewed_nor_suborbital() -> None:
    assert (LaunchDetail().is_crewed, LaunchDetail().is_suborbital) == (False, False)


@pytest.mark.parametrize(
    ("orbit", "is_suborbital"),
    [
        (Orbit(15, "Suborbital", ""), True),
        (Orbit(99, "Hop", "Sub"), True),
        (Orbit(8, "Low Earth Orbit", "LEO"), False),
        (None, False),
    ],
)
def test_a_launch_is_suborbital_by_its_orbit(orbit: Orbit | None, *, is_suborbital: bool) -> None:
    assert LaunchDetail(mission=Mission("Meridian", "", orbit)).is_suborbital is is_suborbital
