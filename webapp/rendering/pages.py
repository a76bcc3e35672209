"""Rendering a page: its content within the page context, as a response that can be cached."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, render_template

from webapp.domain.query import Query
from webapp.domain.zones import UTC_ZONE
from webapp.instance.editions import Edition, FirstImportPendingError
from webapp.instance.site import site
from webapp.rendering.feed_links import FeedLinks
from webapp.rendering.page_context import PageContext, make_page_context
from webapp.response_cache.caches import current_caches
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import cacheable_response
from webapp.store import Snapshot, StoreState, StoreUnavailableError
from webapp.web.errors import ErrorAnswer
from webapp.web.ignored_parameters import add_ignored_header, ignored_parameters


def render_page(
    template: str, page: object, edition: Edition, state: StoreState, *, canonical: str, feeds: FeedLinks | None = None,
    freshness: Freshness = Freshness.PAGE, zone: ZoneInfo = UTC_ZONE,
) -> Response:  # fmt: skip
    """Render a page that answers conditional requests. `canonical` is its path; `feeds` is what it invites to.

    `zone` is the one in which it tells times.
    """
    ignored = ignored_parameters()
    url = site().address() + canonical
    context = make_page_context(edition, state, canonical_url=url, feeds=feeds, ignored_parameters=ignored, zone=zone)
    body = render_template(template, context=context, page=page).encode()
    response = cacheable_response(body, "text/html", edition=edition, freshness=freshness, modified=None)
    return add_ignored_header(response, ignored)


def render_list(
    template: str,
    query: Query,
    read: Callable[[Snapshot, datetime], object],
    *,
    path_of: Callable[[Query], str],
    feeds: Callable[[Query], FeedLinks] | None = None,
) -> Response:
    """Render a page that lists what a query asks for; its HTML is cached until events or time change the list.

    `read` gives what the template shows, and may look at nothing but the query, the snapshot, the instant, and what
    the site is set to as long as it runs. `path_of` gives the page's address for a query, and `feeds` what it invites
    to.
    """
    caches, ignored = current_caches(), ignored_parameters()
    versions = caches.versions.current()
    edition, state = versions.edition, versions.state
    key = (template, path_of(query), query, site().address(), ignored, versions.lists)
    # Several clients may ask for the same page at once, each in an encoding of its own.
    with caches.rendering.lock(key):
        body = caches.lists.get(key)
        if body is None:
            with edition.store.read() as snapshot:
                page, state = read(snapshot, edition.clock()), snapshot.state
            # Whoever shares the page shares no zone: it is its reader's own.
            url = site().address() + path_of(replace(query, view=replace(query.view, zone=UTC_ZONE)))
            context = make_page_context(
                edition, None, canonical_url=url, feeds=None if feeds is None else feeds(query),
                ignored_parameters=ignored, zone=query.view.zone,
            )  # fmt: skip
            body = render_template(template, context=context, page=page).encode()
            if state.generation == versions.state.generation:
                caches.lists.put(key, body, len(body))
    body = _with_source(body, make_page_context(edition, state))
    response = cacheable_response(body, "text/html", edition=edition, freshness=Freshness.PAGE, modified=None)
    return add_ignored_header(response, ignored)


def render_bare(template: str, *, canonical: str) -> Response:
    """Render a page that shows nothing of the store, and so is there whether or not the store can be read."""
    context = bare_context(canonical_url=site().address() + canonical)
    body = render_template(template, context=context).encode()
    return cacheable_response(body, "text/html", edition=None, freshness=Freshness.PAGE, modified=None)


def render_error(answer: ErrorAnswer) -> Response:
    """Render an error as a page, whether or not the store can be read."""
    page = render_template("error.html", context=bare_context(), error=answer)
    return Response(page, content_type="text/html; charset=utf-8")


def bare_context(*, canonical_url: str | None = None) -> PageContext:
    """Make the context of a page that shows nothing of the store, whether or not the store can be read."""
    try:
        versions = current_caches().versions.current()
    except (FirstImportPendingError, StoreUnavailableError):
        return make_page_context(None, StoreState(), canonical_url=canonical_url)
    return make_page_context(versions.edition, versions.state, canonical_url=canonical_url)


def _with_source(body: bytes, context: PageContext) -> bytes:
    """Put the words about the source into a page that was rendered without them.

    They stand where comments do, which no text of anyone else's can forge: it is escaped.
    """
    for name in ("notice", "age"):
        words = render_template(f"_{name}.html", context=context).encode()
        body = body.replace(b"<!--%s-->" % name.encode(), words)
    return body
