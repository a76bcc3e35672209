"""What can go wrong between us and Launch Library, as one small tree."""

from datetime import timedelta


class SourceError(Exception):
    """Launch Library gave nothing that can be used. The message says why, for a log or the status page."""


class ThrottledError(SourceError):
    """We have asked too often (429). `wait` is how long to stay away, if the source said so."""

    def __init__(self, wait: timedelta | None) -> None:
        wait_words = "for an unknown time" if wait is None else f"for {wait.total_seconds():.0f} s more"
        super().__init__(f"Launch Library is throttling requests, {wait_words}")
        self.wait = wait


class UnavailableError(SourceError):
    """No usable answer came: no connection, a time-out, or a status that speaks of trouble."""


class TimedOutError(UnavailableError):
    """No answer came in time, to us or to a gateway before the service. A smaller page may."""

    def __init__(self, message: str = "Launch Library did not answer in time") -> None:
        super().__init__(message)


class MalformedError(SourceError):
    """An answer came, and it is not what Launch Library documents."""
