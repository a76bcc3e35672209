"""What a feed says of itself, and how events are known in feeds for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.domain.event import Event, StoredEvent

REFRESH_EVERY = timedelta(hours=1)
"""How often we ask clients to come back. They come when they please."""


@dataclass(frozen=True, slots=True)
class FeedInfo:
    """What a feed says of itself: addresses are absolute; `updated`, in UTC, is when its data last changed."""

    title: str
    description: str
    self_url: str
    page_url: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An event in a feed, and the absolute address of its page."""

    stored: StoredEvent
    page_url: str


def feed_id(event: Event) -> str:
    """Give the id that an event keeps in every feed for ever: of its LL2 id alone, never of a host."""
    return f"ll2-event-{event.id}"
