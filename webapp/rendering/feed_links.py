"""The feeds that a page invites to: what it shows, with another path."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.domain.query import Query
from webapp.feeds.formats import CHANGE_FORMATS, EVENT_FORMATS, FeedFormat
from webapp.instance.site import site
from webapp.web.addresses import (
    CHANGES_FEED,
    CHANGES_PATH,
    EVENTS_FEED,
    changes_path,
    events_feed_query,
    notices_path,
    subscribe_path,
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed in one format, and its absolute address."""

    format: FeedFormat
    url: str


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """Where to subscribe; `title` says to what. All feeds have the same query string, which may be empty.

    `subscribe_path` leads to the page that helps to subscribe, `notices_path` to the one that turns on notices.
    """

    title: str
    feeds: tuple[FeedLink, ...]
    query_string: str
    subscribe_path: str | None = None
    notices_path: str | None = None

    @property
    def calendar_url(self) -> str | None:
        """The address of the calendar, if there is one: changes are in none."""
        return next((feed.url for feed in self.feeds if feed.format.is_calendar), None)

    @property
    def webcal_url(self) -> str | None:
        """The same as calendar apps of a desktop or a phone know it: a click on it subscribes."""
        return None if self.calendar_url is None else "webcal:" + self.calendar_url.partition(":")[2]

    @property
    def readers(self) -> tuple[FeedLink, ...]:
        """The feeds for feed readers, the most usual first."""
        return tuple(feed for feed in self.feeds if not feed.format.is_calendar)


def feed_links(query: Query, *, title: str = "Subscribe to these events") -> FeedLinks:
    """Give the addresses of the feeds of a query."""
    asked = events_feed_query(query).to_query_string()
    return FeedLinks(
        title, _feeds(EVENTS_FEED, EVENT_FORMATS, asked), asked, subscribe_path(query), notices_path(query)
    )


def change_feed_links(query: Query) -> FeedLinks:
    """Give the addresses of the feeds of the changes of a query."""
    asked = changes_path(Query(query.filter, options=query.options)).removeprefix(CHANGES_PATH)
    feeds = _feeds(CHANGES_FEED, CHANGE_FORMATS, asked)
    return FeedLinks("Follow these changes", feeds, asked, notices_path=notices_path(query))


def _feeds(path: str, formats: Sequence[FeedFormat], asked: str) -> tuple[FeedLink, ...]:
    address = site().address()
    return tuple(FeedLink(form, f"{address}{path}.{form.suffix}{asked}") for form in formats)
