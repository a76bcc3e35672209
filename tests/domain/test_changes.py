from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_entry
from webapp.domain.changes import (
    Change,
    ChangeKind,
    Direction,
    KnownDate,
    Shift,
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
    assert numbered(Change(K.SLIPPED), 2) == Change(K.SLIPPED, slip_number=3)
    assert numbered(Change(K.REFINED), 2) == Change(K.REFINED)


def test_an_events_date_is_known_with_its_precision() -> None:
    event = make_entry()
    assert known_date(event) == KnownDate(event.date, event.precision_id)
