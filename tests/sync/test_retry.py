from datetime import timedelta

import pytest

from tests.clock import NOW
from webapp.ll2.errors import MalformedError, SourceError, ThrottledError, UnavailableError
from webapp.sync.retry import retry_at


@pytest.mark.parametrize(
    ("error", "failures", "chance", "minutes"),
    [
        (UnavailableError("x"), 1, 0.0, 1),
        (UnavailableError("x"), 1, 1.0, 0.75),
        (MalformedError("x"), 2, 0.0, 2),
        (UnavailableError("x"), 7, 0.0, 2),
        (UnavailableError("x"), 8, 0.0, 4),
        (UnavailableError("x"), 9, 0.0, 8),
        (UnavailableError("x"), 10, 0.0, 15),
        (UnavailableError("x"), 5000, 0.5, 13.125),
        (ThrottledError(None), 1, 0.0, 5),
        (ThrottledError(None), 3, 0.0, 20),
        (ThrottledError(None), 9, 0.0, 60),
        (ThrottledError(timedelta(minutes=20)), 1, 0.0, 20),
        (ThrottledError(timedelta(minutes=20)), 9, 0.5, 20 + 2.5 / 60),
    ],
)
def test_when_to_try_again(error: SourceError, failures: int, chance: float, minutes: float) -> None:
    assert retry_at(error, failures, NOW, chance=chance) == NOW + timedelta(minutes=minutes)


def test_an_hours_outage_leaves_the_budget_enough_for_its_end() -> None:
    tried, at = 1, NOW
    while (at := retry_at(UnavailableError("x"), tried, at, chance=0.5)) < NOW + timedelta(hours=1):
        tried += 1
    assert tried == 12
