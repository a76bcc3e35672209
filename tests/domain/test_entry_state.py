from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.factories import make_entry
from tests.keys import launch_key
from webapp.domain.entry import Entry
from webapp.domain.entry_state import EntryState, state_of
from webapp.domain.launch import LaunchDetail, LaunchStatus, LaunchWindow

DATE = datetime(2026, 3, 14, 7, 12, tzinfo=UTC)
MINUTE, MONTH = 1, 7
GO, SUCCESS, ON_HOLD, IN_FLIGHT = 1, 3, 5, 6


def launch(status_id: int, **overrides: Any) -> Entry:
    detail = LaunchDetail(status=LaunchStatus(status_id, "", ""), window=LaunchWindow(DATE, DATE + timedelta(hours=3)))
    return make_entry(**{"key": launch_key(1), "date": DATE, "precision_id": MINUTE, "detail": detail} | overrides)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(seconds=-1), None),
        (timedelta(0), EntryState.DUE),
        (timedelta(minutes=59), EntryState.DUE),
        (timedelta(hours=1), EntryState.ENDED),
    ],
)
def test_an_event_is_due_for_its_usual_duration(after: timedelta, state: EntryState | None) -> None:
    assert state_of(make_entry(date=DATE, precision_id=MINUTE), DATE + after) is state


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(seconds=-1), None),
        (timedelta(0), EntryState.DUE),
        (timedelta(hours=26, minutes=59), EntryState.DUE),
        (timedelta(hours=27), EntryState.ENDED),
    ],
)
def test_a_launch_is_due_until_a_day_after_its_window(after: timedelta, state: EntryState | None) -> None:
    assert state_of(launch(GO), DATE + after) is state


@pytest.mark.parametrize(("status_id", "state"), [(ON_HOLD, EntryState.ON_HOLD), (IN_FLIGHT, EntryState.LIVE)])
@pytest.mark.parametrize("webcast_live", [False, True])
def test_a_launch_on_hold_or_in_flight_is_so_until_it_is_over(
    status_id: int, state: EntryState, *, webcast_live: bool
) -> None:
    entry = launch(status_id, webcast_live=webcast_live)
    hours = (-1, 1, 26)
    assert [state_of(entry, DATE + timedelta(hours=each)) for each in hours] == [state] * 3
    ended = EntryState.LIVE if webcast_live else EntryState.ENDED
    assert state_of(entry, DATE + timedelta(hours=27)) is ended


@pytest.mark.parametrize("precision_id", [MINUTE, MONTH, None])
@pytest.mark.parametrize("after", [timedelta(hours=-1), timedelta(minutes=5), timedelta(days=90)])
def test_a_launch_with_an_outcome_has_ended(precision_id: int | None, after: timedelta) -> None:
    assert state_of(launch(SUCCESS, precision_id=precision_id), DATE + after) is EntryState.ENDED
    live = launch(SUCCESS, precision_id=MONTH, webcast_live=True)
    assert state_of(live, DATE + after) is EntryState.LIVE


def test_a_launch_known_to_the_month_ends_a_day_after_it() -> None:
    entry = launch(GO, precision_id=MONTH)
    ended = datetime(2026, 4, 2, 12, tzinfo=UTC)
    assert (state_of(entry, ended - timedelta(seconds=1)), state_of(entry, ended)) == (None, EntryState.ENDED)
