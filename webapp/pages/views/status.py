"""The addresses of the sync status."""

import json

from flask import Response

from webapp.instance.site import site
from webapp.instance.status import current_status, status_document
from webapp.pages.status_words import present_status
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.pages import render_page
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import JSON, cacheable_response
from webapp.web.addresses import STATUS_PATH


@blueprint.get(STATUS_PATH)
def status() -> Response:
    """Show the data status."""
    current = current_status()
    page = present_status(current)
    # The page context is the real edition's too, so that it can be read before there is anything else to show.
    real = site().editions.real
    return render_page("status.html", page, real, current.state, canonical=STATUS_PATH, freshness=Freshness.NEVER)


@blueprint.get(f"{STATUS_PATH}.json")
def status_json() -> Response:
    """Say the same to programs."""
    body = json.dumps(status_document(current_status()), indent=2).encode()
    return cacheable_response(body, JSON, edition=None, freshness=Freshness.NEVER, modified=None)
