"""Rendering a page: its shell around its content."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Response, render_template

from webapp import __version__
from webapp.domain.clock import believed
from webapp.domain.query import Query
from webapp.domain.words import day_words
from webapp.edge.edition import Edition, FirstImportPendingError
from webapp.edge.errors import ErrorAnswer
from webapp.edge.ignored import ignored_here, with_ignored
from webapp.edge.links import (
    CHANGES_FEED,
    CHANGES_PATH,
    DOCS_PATH,
    EVENTS_FEED,
    changes_path,
    events_feed_query,
    subscribe_path,
)
from webapp.edge.moments import Moment, present_instant
from webapp.edge.shell import FeedLink, FeedLinks, Shell, Source, StaleNotice, StandInNotice
from webapp.edge.site import site
from webapp.edge.staleness import is_stale
from webapp.feeds.formats import CHANGE_FORMATS, EVENT_FORMATS, FeedFormat
from webapp.response_cache.caches import caches
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import cacheable_response
from webapp.store import Snapshot, StoreState, StoreUnavailableError


def render_page(
    template: str, page: object, edition: Edition, state: StoreState, *, canonical: str, feeds: FeedLinks | None = None,
    freshness: Freshness = Freshness.PAGE,
) -> Response:  # fmt: skip
    """Render a page that answers conditional requests. `canonical` is its path; `feeds` is what it invites to."""
    ignored = ignored_here()
    shell = _shell(edition, state, canonical_url=site().address() + canonical, feeds=feeds, ignored=ignored)
    body = render_template(template, shell=shell, page=page).encode()
    response = cacheable_response(body, "text/html", edition=edition, freshness=freshness, modified=None)
    return with_ignored(response, ignored)


def render_list(
    template: str,
    query: Query,
    read: Callable[[Snapshot, datetime], object],
    *,
    canonical: str,
    feeds: Callable[[Query], FeedLinks] | None = None,
) -> Response:
    """Render a page that lists what a query asks for; what was rendered of it is kept until events or time change it.

    `read` gives what the template shows, and may look at nothing but the query, the snapshot and the instant. `feeds`
    gives what the page invites to.
    """
    here, kept, ignored = site(), caches(), ignored_here()
    versions = kept.versions.current()
    edition, state = versions.edition, versions.state
    key = (template, canonical, query, here.address(), ignored, versions.lists)
    # Several clients may ask for the same page at once, each in an encoding of its own.
    with kept.rendering.lock(key):
        body = kept.lists.get(key)
        if body is None:
            with edition.store.read() as snapshot:
                page, state = read(snapshot, edition.clock()), snapshot.state
            links = None if feeds is None else feeds(query)
            shell = _shell(edition, None, canonical_url=here.address() + canonical, feeds=links, ignored=ignored)
            body = render_template(template, shell=shell, page=page).encode()
            if state.generation == versions.state.generation:
                kept.lists.put(key, body, len(body))
    body = _filled(body, _shell(edition, state))
    response = cacheable_response(body, "text/html", edition=edition, freshness=Freshness.PAGE, modified=None)
    return with_ignored(response, ignored)


def render_bare(template: str, *, canonical: str) -> Response:
    """Render a page that shows nothing of the store, and so is there whether or not the store can be read."""
    shell = bare_shell(canonical_url=site().address() + canonical)
    body = render_template(template, shell=shell).encode()
    return cacheable_response(body, "text/html", edition=None, freshness=Freshness.PAGE, modified=None)


def render_error(answer: ErrorAnswer) -> Response:
    """Render an error as a page, whether or not the store can be read."""
    page = render_template("error.html", shell=bare_shell(), error=answer)
    return Response(page, content_type="text/html; charset=utf-8")


def bare_shell(*, canonical_url: str | None = None) -> Shell:
    """Make the shell of a page that shows nothing of the store, whether or not the store can be read."""
    try:
        versions = caches().versions.current()
    except (FirstImportPendingError, StoreUnavailableError):
        return _shell(None, StoreState(), canonical_url=canonical_url)
    return _shell(versions.edition, versions.state, canonical_url=canonical_url)


def feed_links(query: Query, *, title: str = "Subscribe to what you see here") -> FeedLinks:
    """Give the addresses of the feeds of a query: what the page shows, with another path."""
    asked = events_feed_query(query).to_query_string()
    return FeedLinks(title, _feeds(EVENTS_FEED, EVENT_FORMATS, asked), subscribe_path(query))


def change_feed_links(query: Query) -> FeedLinks:
    """Give the addresses of the feeds of the changes of a query."""
    asked = changes_path(Query(query.filter, options=query.options)).removeprefix(CHANGES_PATH)
    return FeedLinks("Follow these changes", _feeds(CHANGES_FEED, CHANGE_FORMATS, asked))


def _feeds(feed: str, formats: Sequence[FeedFormat], asked: str) -> tuple[FeedLink, ...]:
    address = site().address()
    return tuple(FeedLink(one, f"{address}{feed}.{one.suffix}{asked}") for one in formats)


def _filled(body: bytes, shell: Shell) -> bytes:
    """Put the words about the source into a page that was rendered without them.

    They stand where comments do, which no text of anyone else's can forge: it is escaped.
    """
    for name in ("notice", "age"):
        body = body.replace(b"<!--%s-->" % name.encode(), render_template(f"_{name}.html", shell=shell).encode())
    return body


def _shell(
    edition: Edition | None,
    state: StoreState | None,
    *,
    canonical_url: str | None = None,
    feeds: FeedLinks | None = None,
    ignored: tuple[str, ...] = (),
) -> Shell:
    return Shell(
        address=site().address() if canonical_url else "",
        canonical_url=canonical_url,
        feeds=feeds,
        stand_in=_stand_in_notice(edition) if edition else None,
        source=None if state is None else _source(edition, state),
        version=__version__,
        docs_path=DOCS_PATH if site().has_api else None,
        ignored=ignored,
    )


def _source(edition: Edition | None, state: StoreState) -> Source:
    return Source(
        refreshed=_optional(believed(state.reached_at, edition.clock()) if edition else state.reached_at),
        stale=_stale_notice(edition, state) if edition else None,
    )


def _stale_notice(edition: Edition, state: StoreState) -> StaleNotice | None:
    """Say since when the data have been as they are, if they may be out of date; never beside a stand-in."""
    now = edition.clock()
    if edition.stand_in is not None or not is_stale(state, now):
        return None
    return StaleNotice(
        kept_from=_optional(believed(state.reached_at, now)),
        failing_since=_optional(believed(state.failing_since, now)),
        reason=(state.fault or "").rstrip(". ") if state.failing_since else "",
    )


def _optional(moment: datetime | None) -> Moment | None:
    return None if moment is None else present_instant(moment)


def _stand_in_notice(edition: Edition) -> StandInNotice | None:
    one = edition.stand_in
    if one is None:
        return None
    as_of = day_words(edition.clock().date())
    return StandInNotice(one.lead, one.content, one.title, as_of, one.reason, one.is_invented, edition.clock_offset)
