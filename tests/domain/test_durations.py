from datetime import timedelta

import pytest

from webapp.domain.durations import BY_TYPE, usual_duration


@pytest.mark.parametrize(
    ("type_id", "minutes"),
    [
        (2, 60), (3, 390), (4, 60), (5, 30), (7, 60), (8, 30), (9, 60), (11, 180), (12, 30), (13, 30), (14, 120),
        (15, 30), (18, 180), (20, 60), (22, 360), (24, 60), (28, 120),
    ],
)  # fmt: skip
def test_each_type_lasts_as_long_as_it_usually_does(type_id: int, minutes: int) -> None:
    assert usual_duration(type_id) == timedelta(minutes=minutes)


@pytest.mark.parametrize("type_id", [1, 6, 0, -1, 9999])
def test_any_other_type_lasts_an_hour(type_id: int) -> None:
    assert usual_duration(type_id) == timedelta(hours=1)


def test_no_type_lasts_nothing_or_longer_than_a_working_day() -> None:
    assert [length for length in BY_TYPE.values() if not timedelta(0) < length <= timedelta(hours=8)] == []
