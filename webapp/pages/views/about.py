"""The address of what Perigee is."""

from flask import Response

from webapp.edge.frame import render_bare
from webapp.edge.links import ABOUT_PATH
from webapp.pages.views.blueprint import blueprint


@blueprint.get(ABOUT_PATH)
def about() -> Response:
    """Say what Perigee is, where the data come from, and what becomes of a visitor's: nothing."""
    return render_bare("about.html", canonical=ABOUT_PATH)
