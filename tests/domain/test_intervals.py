import pytest

from webapp.domain.intervals import SMALLEST_SAMPLE, Share


@pytest.mark.parametrize(
    ("count", "total", "low", "high"), [(38, 41, 0.8057, 0.9748), (0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0)]
)
def test_the_wilson_interval(count: int, total: int, low: float, high: float) -> None:
    assert Share(count, total).interval == pytest.approx((low, high), abs=1e-4)


def test_of_no_case_at_all_the_interval_is_everything() -> None:
    assert (Share(0, 0).interval, Share(0, 0).value) == ((0.0, 1.0), 0.0)


def test_a_share_is_said_of_twenty_cases_and_more() -> None:
    assert [Share(1, total).is_enough for total in (SMALLEST_SAMPLE - 1, SMALLEST_SAMPLE)] == [False, True]


def test_the_80_per_cent_interval_is_narrower() -> None:
    assert Share(50, 100).likely_interval == pytest.approx((0.4364, 0.5636), abs=1e-4)
