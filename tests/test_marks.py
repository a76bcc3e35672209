"""Whoever starts a service is marked for it, so that `make test-quick` starts none."""

import pytest

from tests.marks import Guard


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
