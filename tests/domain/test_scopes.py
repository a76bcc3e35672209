from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.parameters import Vague
from webapp.domain.query import Options, Query, View
from webapp.domain.scopes import (
    EVERYTHING,
    Scope,
    api_previous_scope,
    api_upcoming_scope,
    calendar_scope,
    feed_scope,
    past_scope,
    upcoming_scope,
)

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)


def query(**values: str) -> Query:
    return Query.parse(values.items())


def test_everything_has_no_condition() -> None:
    assert Scope(None, None, None, None, None, None, dated=False, withdrawn=False) == EVERYTHING


def test_the_timeline_shows_what_is_not_over() -> None:
    assert upcoming_scope(NOW) == Scope(without_repeats=True, over_after=NOW, live_after=NOW - timedelta(hours=24))


def test_what_is_past_is_over() -> None:
    assert past_scope(NOW) == Scope(
        without_repeats=True, over_before=NOW, live_after=NOW - timedelta(hours=24), latest_first=True
    )


def test_a_feed_goes_back_whole_days_from_utc_midnight() -> None:
    assert feed_scope(query(past="0").options, NOW) == Scope(
        without_repeats=True, over_after=MIDNIGHT, largest_launch_rank=0
    )
    assert feed_scope(Options(), NOW) == Scope(
        without_repeats=True, over_after=MIDNIGHT - timedelta(days=30), largest_launch_rank=0
    )


@pytest.mark.parametrize("vague", ["span", "marker"])
def test_a_feed_has_launches_without_a_day_only_if_asked(vague: str) -> None:
    assert feed_scope(query(past="0", vague=vague).options, NOW) == Scope(without_repeats=True, over_after=MIDNIGHT)


@given(st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 1, 23, 59, 59, 999_999), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_feed_is_the_same_all_day(now: datetime) -> None:
    assert feed_scope(Options(), now) == feed_scope(Options(), NOW)
    assert calendar_scope(Options(vague=Vague.SPAN), now) == calendar_scope(Options(vague=Vague.SPAN), NOW)


@pytest.mark.parametrize(
    ("vague", "largest_rank", "largest_launch_rank"), [("omit", 1, 0), ("span", None, None), ("marker", None, None)]
)
def test_a_calendar_takes_what_is_dated_and_what_is_coarse_only_if_asked(
    vague: str, largest_rank: int | None, largest_launch_rank: int | None
) -> None:
    scope = calendar_scope(query(past="7", vague=vague).options, NOW)
    over_after = MIDNIGHT - timedelta(days=7)
    gone_after = MIDNIGHT - timedelta(days=14)
    kept = Scope(
        without_repeats=True, over_after=over_after, largest_rank=largest_rank,
        largest_launch_rank=largest_launch_rank, dated=True,
    )  # fmt: skip
    assert scope == replace(kept, withdrawn=True, withdrawn_after=gone_after)
    assert calendar_scope(query(past="7", vague=vague, cancelled="drop").options, NOW) == kept


def test_the_apis_upcoming_holds_the_last_day_unless_told_otherwise() -> None:
    assert api_upcoming_scope(View(), NOW) == Scope(date_from=NOW - timedelta(hours=24))
    assert api_upcoming_scope(query(hide_recent_previous="true").view, NOW) == Scope(date_from=NOW)
    assert api_upcoming_scope(query(hide_recent_previous="false").view, NOW) == Scope(
        date_from=NOW - timedelta(hours=24)
    )


def test_the_apis_previous_is_up_to_now() -> None:
    assert api_previous_scope(NOW) == Scope(date_to=NOW)
