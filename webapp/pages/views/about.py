"""The address of what Perigee is."""

from flask import Response

from webapp.pages.views.blueprint import blueprint
from webapp.rendering.pages import render_bare
from webapp.web.addresses import ABOUT_PATH


@blueprint.get(ABOUT_PATH)
def about() -> Response:
    """Say what Perigee is, where the data come from, and what becomes of a visitor's: nothing."""
    return render_bare("about.html", canonical=ABOUT_PATH)
