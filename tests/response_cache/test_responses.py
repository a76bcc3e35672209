from datetime import datetime, time, timedelta

import pytest

from webapp import RELEASED_AT
from webapp.domain.clock import utc_midnight
from webapp.response_cache.responses import last_modified
from webapp.store import StoreState

NOW = datetime.combine(RELEASED_AT.date() + timedelta(days=99), time(9, 30), RELEASED_AT.tzinfo)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("committed", "modified"),
    [(NOW - HOUR, NOW - HOUR), (NOW - 24 * HOUR, utc_midnight(NOW.date())), (NOW + 9600 * HOUR, NOW)],
)
def test_nothing_was_modified_later_than_now_or_before_the_day_began(committed: datetime, modified: datetime) -> None:
    assert last_modified(StoreState(committed_at=committed), NOW) == modified
