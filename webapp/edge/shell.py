"""What every page has around its content."""

from dataclasses import dataclass

from webapp.edge.moments import Moment
from webapp.feeds.formats import FeedFormat


@dataclass(frozen=True, slots=True)
class StandInNotice:
    """Said on every page of what stands in for real data. `clock_offset` is added to the viewer's clock, seconds."""

    lead: str
    content: str
    title: str
    as_of: str
    reason: str
    is_invented: bool
    clock_offset: int


@dataclass(frozen=True, slots=True)
class StaleNotice:
    """Said on every page while the data are kept from before: since when, and since when and why calls fail, if so.

    Where a clock was wrong it is not known since when.
    """

    kept_from: Moment | None
    failing_since: Moment | None
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """How the source stands: when it was last reached, if ever, and what is said of one that has failed us for long."""

    refreshed: Moment | None
    stale: StaleNotice | None


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed in one format, and its absolute address."""

    format: FeedFormat
    url: str


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """Where to subscribe; `title` says to what. `subscribe_path` leads to the page that helps with it."""

    title: str
    feeds: tuple[FeedLink, ...]
    subscribe_path: str | None = None

    @property
    def calendar_url(self) -> str | None:
        """The address of the calendar, if there is one: changes are in none."""
        return next((one.url for one in self.feeds if one.format.is_calendar), None)

    @property
    def webcal_url(self) -> str | None:
        """The same as calendar apps of a desktop or a phone know it: a click on it subscribes."""
        return None if self.calendar_url is None else "webcal:" + self.calendar_url.partition(":")[2]

    @property
    def readers(self) -> tuple[FeedLink, ...]:
        """The feeds for feed readers, the most usual first."""
        return tuple(one for one in self.feeds if not one.format.is_calendar)


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page. `address` is the site's, without a slash at its end, and `canonical_url` is absolute.

    `source` is `None` where its words are still to be put in. `docs_path` leads to the documentation of the API, where
    it is served. `ignored` names the parameters of the address that mean nothing here.
    """

    address: str
    canonical_url: str | None
    feeds: FeedLinks | None
    stand_in: StandInNotice | None
    source: Source | None
    version: str
    docs_path: str | None
    ignored: tuple[str, ...] = ()
