"""The clock that tests move."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by
