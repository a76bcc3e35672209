"""What crawlers are told: where they may go, and what there is."""

from xml.sax.saxutils import escape

from flask import Response

from webapp.domain.instants import iso_utc
from webapp.domain.parameters import Ordering
from webapp.domain.query import Filter, View
from webapp.domain.scopes import EVERYTHING
from webapp.instance.site import current_edition, site
from webapp.pages.views.blueprint import blueprint
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import cacheable_response
from webapp.web.addresses import (
    ABOUT_PATH,
    CHANGES_PATH,
    HORIZON_PATH,
    PAST_PATH,
    STATISTICS_PATH,
    STATUS_PATH,
    entry_path,
)

_SITEMAP_PATH = "/sitemap.xml"
_MOST_EVENTS = 1000
_PAGES = ("/", HORIZON_PATH, PAST_PATH, CHANGES_PATH, STATISTICS_PATH, STATUS_PATH, ABOUT_PATH)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let crawlers read everything but the endless combinations of filters.

    Services that fetch feeds heed this too, and a feed with a filter is one that somebody follows. The longest rule
    that matches decides (RFC 9309, 2.2.2); crawlers that go by the first find it first.
    """
    address, base = site().address(), site().base_path
    allowed = [f"Allow: {base}{path}" for path in ("/feeds", "/events/*.ics", "/launches/*.ics")]
    lines = ["User-agent: *", *allowed, f"Disallow: {base}/*?", f"Sitemap: {address}{_SITEMAP_PATH}", ""]
    return cacheable_response(
        "\n".join(lines).encode(), "text/plain", edition=None, freshness=Freshness.PAGE, modified=None
    )


@blueprint.get(_SITEMAP_PATH)
def sitemap() -> Response:
    """List the pages, and those of the thousand events that changed last."""
    edition, address = current_edition(), site().address()
    urls = [f"<url><loc>{escape(address + path)}</loc></url>" for path in _PAGES]
    latest = View(limit=_MOST_EVENTS, ordering=Ordering.LAST_UPDATED_DESCENDING)
    with edition.store.read() as snapshot:
        entries = [stored.entry for stored in snapshot.list_entries(Filter(), EVERYTHING, latest)]
    for entry in entries:
        modified = f"<lastmod>{iso_utc(entry.last_updated)}</lastmod>" if entry.last_updated else ""
        urls.append(f"<url><loc>{escape(address + entry_path(entry))}</loc>{modified}</url>")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    body = "\n".join([*lines, *urls, "</urlset>", ""]).encode()
    return cacheable_response(body, "application/xml", edition=edition, freshness=Freshness.PAGE, modified=None)
