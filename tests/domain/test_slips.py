from datetime import UTC, datetime, timedelta

import pytest

from webapp.domain.changes import Change, ChangeKind, KnownDate
from webapp.domain.slips import Slip, SlipSize, SlipTime, slip_of

MINUTE, MONTH = 1, 7
NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)


def slipped(by: timedelta, precision: int = MINUTE) -> Change:
    return Change(ChangeKind.SLIPPED, KnownDate(NOON, MINUTE), KnownDate(NOON + by, precision))


@pytest.mark.parametrize(
    ("by", "ahead", "size", "time"),
    [
        (timedelta(hours=1), timedelta(0), SlipSize.HOUR, SlipTime.PASSED),
        (timedelta(hours=-2), timedelta(minutes=1), SlipSize.SIX_HOURS, SlipTime.HOUR),
        (timedelta(hours=19), timedelta(hours=2), SlipSize.TWENTY_HOURS, SlipTime.SIX_HOURS),
        (timedelta(days=1), timedelta(hours=7), SlipSize.DAY, SlipTime.DAY),
        (timedelta(days=2), timedelta(days=2), SlipSize.THREE_DAYS, SlipTime.THREE_DAYS),
        (timedelta(days=14), timedelta(days=7), SlipSize.TWO_WEEKS, SlipTime.WEEK),
        (timedelta(days=-20), timedelta(days=8), SlipSize.MORE, SlipTime.MORE),
    ],
)
def test_a_slip_has_a_size_and_a_time(by: timedelta, ahead: timedelta, size: SlipSize, time: SlipTime) -> None:
    slip = slip_of(slipped(by), NOON - ahead)
    assert slip == Slip(by, ahead, size, time)
    assert slip.is_later is (by > timedelta(0))


def test_a_slip_to_a_month_has_no_size() -> None:
    slip = slip_of(slipped(timedelta(days=30), MONTH), NOON)
    assert slip is not None
    assert slip.size is SlipSize.VAGUE


@pytest.mark.parametrize(
    "change",
    [
        Change(ChangeKind.ADJUSTED, KnownDate(NOON, MINUTE), KnownDate(NOON, MINUTE)),
        Change(ChangeKind.SLIPPED, KnownDate(NOON, MINUTE), KnownDate(None, None)),
        Change(ChangeKind.RENAMED),
    ],
)
def test_other_changes_are_no_slips(change: Change) -> None:
    assert slip_of(change, NOON) is None
