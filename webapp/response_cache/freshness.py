"""Freshness: how long a response stays right, here in the response cache and, by its `Cache-Control`, elsewhere."""

from enum import Enum

_FIVE_MINUTES = "public, max-age=300, s-maxage=300, stale-while-revalidate=3600, stale-if-error=604800"
_ONE_MINUTE = "public, max-age=60, s-maxage=60, stale-while-revalidate=600, stale-if-error=604800"


class Freshness(Enum):
    """How long a response stays right. The view that makes it says so, once; header and invalidation follow.

    The value is the name, since two members have the same header, and the `Cache-Control` line.
    """

    FEED = "feed", _FIVE_MINUTES
    """Until the data change or a day begins in UTC: feeds count their days from midnight there."""

    API = "api", _ONE_MINUTE
    """As `FEED`, and until the passing of time changes what is upcoming, live or past."""

    PAGE = "page", _ONE_MINUTE
    """As `API`, and until the source is reached or fails: every page shows when that last was."""

    NEVER = "never", "no-cache"
    """Not at all: the response is made anew for every request."""

    @property
    def cache_control(self) -> str:
        """The `Cache-Control` line of such a response."""
        return self.value[1]
