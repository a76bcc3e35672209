from datetime import date

import pytest

from webapp.domain.precision import Step
from webapp.domain.query import Filter
from webapp.pages.narrower_filters import known_to_the_day, within_days

FIRST, INSIDE, LAST = date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 31)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Filter(words="a"), Filter(words="a", from_date=FIRST, to_date=LAST)),
        (Filter(from_date=INSIDE), Filter(from_date=INSIDE, to_date=LAST)),
        (Filter(to_date=INSIDE), Filter(from_date=FIRST, to_date=INSIDE)),
        (Filter(from_date=date(2025, 1, 1), to_date=date(2027, 1, 1)), Filter(from_date=FIRST, to_date=LAST)),
    ],
)
def test_days_only_narrow_a_filter(asked: Filter, expected: Filter) -> None:
    assert within_days(asked, first=FIRST, last=LAST) == expected
    assert within_days(asked) == asked


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(None, Step.DAY), (Step.YEAR, Step.DAY), (Step.DAY, Step.DAY), (Step.MINUTE, Step.MINUTE)],
)
def test_a_filter_known_to_the_day_stays_finer_where_it_was(asked: Step | None, expected: Step) -> None:
    assert known_to_the_day(Filter(precision=asked)) == Filter(precision=expected)
