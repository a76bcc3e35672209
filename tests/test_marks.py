"""Whoever starts a service is marked for it, so that `make test-quick` starts none; long tests begin first."""

from collections import Counter

import pytest

from tests.marks import Guard, in_parts


def test_a_test_that_starts_a_service_without_the_mark_fails(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Guard.running is request.node
    with pytest.raises(pytest.fail.Exception, match="mark it with"):
        Guard.claim_service()
    monkeypatch.setattr(Guard, "running", None)
    Guard.claim_service()


@pytest.mark.service
def test_with_the_mark_it_may(request: pytest.FixtureRequest) -> None:
    assert Guard.running is request.node
    Guard.claim_service()


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7])
def test_each_worker_begins_with_its_share_of_the_long_ones_and_none_is_lost(
    request: pytest.FixtureRequest, workers: int
) -> None:
    items = request.session.items
    ordered = in_parts(items, workers)
    assert Counter(ordered) == Counter(items)
    begin, is_long = 0, [bool({"slow", "campaign"} & {mark.name for mark in item.iter_markers()}) for item in ordered]
    for left in range(workers, 0, -1):
        part = is_long[begin : begin + (len(items) - begin) // left]
        assert part == sorted(part, reverse=True)
        begin += len(part)
