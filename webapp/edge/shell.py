"""What every page has around its content."""

from dataclasses import dataclass

from webapp.edge.moments import Moment


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
    """Said on every page while the data are kept from before: since when, and since when and why calls fail, if so."""

    kept_from: Moment
    failing_since: Moment | None
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """How the source stands: when it was last reached, if ever, and what is said of one that has failed us for long."""

    refreshed: Moment | None
    stale: StaleNotice | None


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """Where to subscribe, in absolute addresses; `title` says to what. Changes are in no calendar.

    `subscribe_path` leads to the page that helps with it.
    """

    title: str
    rss_url: str
    atom_url: str
    json_url: str
    ical_url: str | None = None
    webcal_url: str | None = None
    subscribe_path: str | None = None


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
