from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_entry
from tests.whole_entry import WHOLE_LAUNCH
from webapp.domain.changes import (
    Change,
    ChangeKind,
    Direction,
    KnownDate,
    Shift,
    SlipCount,
    known_date,
    numbered,
    shift_between,
)

K = ChangeKind
MINUTE, DAY, WEEK, MONTH = 1, 5, 6, 7


def at(text: str | None, precision_id: int | None) -> KnownDate:
    return KnownDate(None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC), precision_id)


@pytest.mark.parametrize(
    ("before", "after", "shift"),
    [
        (at("2026-10-03T14:00", MINUTE), at("2026-10-05T09:30", MINUTE),
         Shift(Direction.LATER, amount=timedelta(days=1, hours=19, minutes=30))),
        (at("2026-10-05T09:30", MINUTE), at("2026-10-03T14:00", MINUTE),
         Shift(Direction.EARLIER, amount=timedelta(days=1, hours=19, minutes=30))),
        (at("2026-10-03T00:00", DAY), at("2026-10-08T00:00", DAY), Shift(Direction.LATER, amount=timedelta(days=5))),
        (at("2026-10-31T00:00", MONTH), at("2027-01-31T00:00", MONTH), Shift(Direction.LATER, months=3)),
        (at("2026-10-31T00:00", MONTH), at("2026-11-05T00:00", DAY),
         Shift(Direction.LATER, amount=timedelta(days=5), is_least=True)),
        (at("2026-10-31T00:00", MONTH), at("2026-09-28T12:00", MINUTE),
         Shift(Direction.EARLIER, amount=timedelta(days=3), is_least=True)),
        (at("2026-09-30T00:00", WEEK), at("2026-09-30T00:00", MONTH), Shift(Direction.EARLIER)),
        (at(None, None), at("2026-10-03T00:00", DAY), None),
    ],
)  # fmt: skip
def test_a_shift_says_only_as_much_as_both_dates_allow(
    before: KnownDate, after: KnownDate, shift: Shift | None
) -> None:
    assert shift_between(before, after) == shift


def test_only_slips_are_numbered() -> None:
    before = SlipCount(slips=2)
    assert numbered(Change(K.SLIPPED), before, make_entry(), AT) == Change(K.SLIPPED, slip_number=3)
    assert numbered(Change(K.REFINED), before, make_entry(), AT) == Change(K.REFINED)


AT = datetime(2026, 3, 14, 7, 12, tzinfo=UTC)
A_DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("seen_at", "moved_by", "precision_id", "is_scrub"),
    [
        (AT - HOUR, A_DAY, MINUTE, True),
        (AT - A_DAY, 20 * HOUR, MINUTE, True),
        (AT + A_DAY, 2 * A_DAY, MINUTE, True),
        (AT - A_DAY - timedelta(seconds=1), A_DAY, MINUTE, False),
        (AT + A_DAY + timedelta(seconds=1), A_DAY, MINUTE, False),
        (AT - HOUR, 19 * HOUR, MINUTE, False),
        (AT - HOUR, -A_DAY, MINUTE, False),
        (AT - HOUR, 30 * A_DAY, MONTH, False),
    ],
)
def test_a_launch_that_moves_by_a_day_within_a_day_of_its_time_was_scrubbed(
    seen_at: datetime, moved_by: timedelta, precision_id: int, *, is_scrub: bool
) -> None:
    slip = Change(K.SLIPPED, KnownDate(AT, MINUTE), KnownDate(AT + moved_by, precision_id))
    count = SlipCount(slips=4, scrubs=1)
    found = numbered(slip, count, WHOLE_LAUNCH, seen_at)
    assert found == replace(slip, slip_number=5, scrub_number=2 if is_scrub else None)
    assert numbered(slip, count, make_entry(), seen_at).scrub_number is None


def test_an_events_date_is_known_with_its_precision() -> None:
    event = make_entry()
    assert known_date(event) == KnownDate(event.date, event.precision_id)
