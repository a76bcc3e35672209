"""Rendering a page: its shell around its content."""

from flask import Response, render_template

from webapp import __version__
from webapp.domain.query import EventQuery, Part
from webapp.domain.words import day_words
from webapp.edge.caching import PAGE_CACHE, conditional
from webapp.edge.edition import Edition, FirstImportPendingError
from webapp.edge.errors import ErrorAnswer
from webapp.edge.links import ICAL_PATH, RSS_PATH
from webapp.edge.site import current_edition, site
from webapp.pages.moments import present_instant
from webapp.pages.shell import FeedLinks, SampleNotice, Shell
from webapp.store import StoreState, StoreUnavailableError


def render_page(
    template: str, page: object, edition: Edition, state: StoreState, *, canonical: str, feeds: FeedLinks
) -> Response:
    """Render a page that answers conditional requests. `canonical` is its path; `feeds` is what it invites to."""
    shell = _shell(edition, state, canonical_url=site().address() + canonical, feeds=feeds)
    body = render_template(template, shell=shell, page=page).encode()
    return conditional(body, "text/html", edition=edition, cache=PAGE_CACHE, modified=None)


def render_error(answer: ErrorAnswer) -> Response:
    """Render an error as a page, whether or not the store can be read."""
    try:
        edition = current_edition()
        with edition.store.read() as snapshot:
            shell = _shell(edition, snapshot.state)
    except (FirstImportPendingError, StoreUnavailableError):
        shell = _shell(None, StoreState())
    return Response(render_template("error.html", shell=shell, error=answer), content_type="text/html; charset=utf-8")


def feed_links(query: EventQuery, *, title: str = "Subscribe to what you see here") -> FeedLinks:
    """Give the addresses of the feeds of a query: what the page shows, with another path."""
    asked = query.without(Part.VIEW).to_query_string()
    address = site().address()
    ical = f"{address}{ICAL_PATH}{asked}"
    return FeedLinks(title, ical, "webcal:" + ical.partition(":")[2], f"{address}{RSS_PATH}{asked}")


def _shell(
    edition: Edition | None, state: StoreState, *, canonical_url: str | None = None, feeds: FeedLinks | None = None
) -> Shell:
    return Shell(
        canonical_url=canonical_url,
        feeds=feeds,
        sample=_sample_notice(edition) if edition else None,
        refreshed=None if state.reached_at is None else present_instant(state.reached_at),
        version=__version__,
    )


def _sample_notice(edition: Edition) -> SampleNotice | None:
    if edition.sample_reason is None:
        return None
    return SampleNotice(day_words(edition.clock().date()), edition.sample_reason, edition.clock_offset)
