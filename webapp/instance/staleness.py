"""When pages give notice that the data may be out of date: after an hour of failures, or two hours of silence."""

from datetime import datetime, timedelta

from webapp.domain.clock import believed
from webapp.store import StoreState

_FAILING_FOR = timedelta(hours=1)
_SILENT_FOR = timedelta(hours=2)


def is_stale(state: StoreState, now: datetime) -> bool:
    """Whether calls have failed for an hour, or more than two have passed without contact or at an unknown time.

    Of a chain it is all links that count, up to Launch Library.
    Before the first import is complete there is nothing yet that could be out of date.
    """
    if state.imported_at is None or state.data_reached_at is None:
        return False
    is_failing = state.data_failing_since is not None and now - state.data_failing_since >= _FAILING_FOR
    reached_at = believed(state.data_reached_at, now)
    return is_failing or reached_at is None or now - reached_at > _SILENT_FOR


def next_notice(state: StoreState, now: datetime) -> datetime | None:
    """Give the next instant at which `is_stale` may become true by the passing of time alone, if there is one."""
    notices = []
    if state.data_reached_at is not None:
        notices.append(state.data_reached_at + _SILENT_FOR + timedelta(microseconds=1))
    if state.data_failing_since is not None:
        notices.append(state.data_failing_since + _FAILING_FOR)
    return min((notice for notice in notices if notice > now), default=None)
