"""The page context: what every page shows around its own content."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp import __version__
from webapp.domain.clock import believed
from webapp.domain.words import day_words
from webapp.domain.zones import UTC_ZONE
from webapp.instance.editions import Edition
from webapp.instance.site import site
from webapp.instance.staleness import is_stale
from webapp.rendering.feed_links import FeedLinks
from webapp.rendering.moments import Moment, present_instant
from webapp.rendering.navigation import NavigationLink, navigation_links
from webapp.store import StoreState
from webapp.web.addresses import DOCS_PATH


@dataclass(frozen=True, slots=True)
class StandInNotice:
    """Said on every page of what stands in for real data. `clock_offset` is added to the viewer's clock, seconds."""

    name: str
    lead: str
    content: str
    title: str
    as_of: str
    reason: str
    is_invented: bool
    clock_offset: int


@dataclass(frozen=True, slots=True)
class StaleNotice:
    """Said on every page while the data may be out of date: since when, and since when and why calls fail, if they do.

    Where a clock was wrong it is not known since when.
    """

    kept_from: Moment | None
    failing_since: Moment | None
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """When Launch Library was last reached, if ever, and the notice that this has failed for long, if it has.

    `links` is how many other Perigees pass its data on to this one.
    """

    refreshed: Moment | None
    stale: StaleNotice | None
    links: int = 0


@dataclass(frozen=True, slots=True)
class PageContext:
    """What templates know as `context`. `address` is the site's, without a slash at its end.

    `canonical_url` is absolute, `feeds` is what the page invites to, and `source` is `None` where its words are put in
    after the page was rendered. `docs_path` leads to the documentation of the API, where it is served.
    `ignored_parameters` names those of the address that mean nothing here; `navigation` leads to the other pages.
    """

    address: str
    canonical_url: str | None
    feeds: FeedLinks | None
    stand_in: StandInNotice | None
    source: Source | None
    version: str
    docs_path: str | None
    ignored_parameters: tuple[str, ...] = ()
    navigation: tuple[NavigationLink, ...] = ()


def make_page_context(
    edition: Edition | None,
    state: StoreState | None,
    *,
    canonical_url: str | None = None,
    feeds: FeedLinks | None = None,
    ignored_parameters: tuple[str, ...] = (),
    zone: ZoneInfo = UTC_ZONE,
) -> PageContext:
    """Make the context of a page about an edition, if about any; without a `state` its `source` is left out.

    The links of its navigation carry the zone along.
    """
    return PageContext(
        address=site().address() if canonical_url else "",
        canonical_url=canonical_url,
        feeds=feeds,
        stand_in=_stand_in_notice(edition) if edition else None,
        source=None if state is None else _source(edition, state),
        version=__version__,
        docs_path=DOCS_PATH if site().has_api else None,
        ignored_parameters=ignored_parameters,
        navigation=navigation_links(zone, feeds),
    )


def _source(edition: Edition | None, state: StoreState) -> Source:
    return Source(
        refreshed=_optional(believed(state.data_reached_at, edition.clock()) if edition else state.data_reached_at),
        stale=_stale_notice(edition, state) if edition else None,
        links=state.origin.links if state.origin else 0,
    )


def _stale_notice(edition: Edition, state: StoreState) -> StaleNotice | None:
    """Say since when the data have been as they are, if they may be out of date; never beside a stand-in."""
    now = edition.clock()
    if edition.stand_in is not None or not is_stale(state, now):
        return None
    return StaleNotice(
        kept_from=_optional(believed(state.data_reached_at, now)),
        failing_since=_optional(believed(state.data_failing_since, now)),
        reason=(state.fault or "").rstrip(". ") if state.failing_since else "",
    )


def _optional(moment: datetime | None) -> Moment | None:
    return None if moment is None else present_instant(moment)


def _stand_in_notice(edition: Edition) -> StandInNotice | None:
    words = edition.stand_in
    if words is None:
        return None
    as_of = day_words(edition.clock().date())
    return StandInNotice(
        words.name, words.lead, words.content, words.title, as_of, words.reason, words.is_invented, edition.clock_offset
    )
