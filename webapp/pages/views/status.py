"""The addresses of how syncing stands."""

import json

from flask import Response

from webapp.edge.caching import JSON, NO_CACHE, conditional
from webapp.edge.frame import render_page
from webapp.edge.links import STATUS_PATH
from webapp.edge.site import site
from webapp.edge.status import current_status, status_document
from webapp.pages.status_words import present_status
from webapp.pages.views.blueprint import blueprint


@blueprint.get(STATUS_PATH)
def status() -> Response:
    """Say how syncing stands."""
    found = current_status()
    page = present_status(found)
    # The frame is the real edition's too, so that it can be read before there is anything else to show.
    real = site().editions.real
    return render_page("status.html", page, real, found.state, canonical=STATUS_PATH, cache=NO_CACHE)


@blueprint.get(f"{STATUS_PATH}.json")
def status_json() -> Response:
    """Say the same to programs."""
    body = json.dumps(status_document(current_status()), indent=2).encode()
    return conditional(body, JSON, edition=None, cache=NO_CACHE, modified=None)
