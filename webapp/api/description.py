"""The API's description, for programs and for people."""

from flask import Response, render_template

from webapp import RELEASED_AT
from webapp.api.examples import make_examples
from webapp.api.guide import present_guide
from webapp.api.openapi import describe_api
from webapp.api.text import spell
from webapp.edge.caching import API_CACHE, JSON, PAGE_CACHE, SAMPLE_CACHE, conditional
from webapp.edge.frame import bare_shell
from webapp.edge.links import DOCS_PATH
from webapp.edge.site import site


def show_openapi() -> Response:
    """Give the description in OpenAPI 3.1."""
    body = spell(describe_api(site().address())).encode()
    return conditional(body, JSON, edition=None, cache=API_CACHE, modified=RELEASED_AT)


def show_docs() -> Response:
    """Give the documentation."""
    address = site().address()
    shell = bare_shell(canonical_url=address + DOCS_PATH)
    page = render_template("docs.html", shell=shell, guide=present_guide(), examples=make_examples(address))
    return conditional(
        page.encode(), "text/html", edition=None, cache=SAMPLE_CACHE if shell.stand_in else PAGE_CACHE, modified=None
    )
