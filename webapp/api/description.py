"""The API's description, for programs and for people."""

from flask import Response, render_template

from webapp import RELEASED_AT
from webapp.api.examples import make_examples
from webapp.api.guide import present_guide
from webapp.api.openapi import describe_api
from webapp.api.text import serialize
from webapp.instance.site import site
from webapp.rendering.pages import bare_context
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import JSON, cacheable_response
from webapp.web.addresses import DOCS_PATH


def show_openapi() -> Response:
    """Give the description in OpenAPI 3.1."""
    body = serialize(describe_api(site().address())).encode()
    return cacheable_response(body, JSON, edition=None, freshness=Freshness.API, modified=RELEASED_AT)


def show_docs() -> Response:
    """Give the documentation."""
    address = site().address()
    context = bare_context(canonical_url=address + DOCS_PATH)
    page = render_template("docs.html", context=context, guide=present_guide(), examples=make_examples(address))
    freshness = Freshness.NEVER if context.stand_in else Freshness.PAGE
    return cacheable_response(page.encode(), "text/html", edition=None, freshness=freshness, modified=None)
