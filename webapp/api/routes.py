"""The addresses of the API, its description and its documentation."""

from collections.abc import Callable
from functools import partial, update_wrapper

from flask import Blueprint, Response

from webapp.api.collection import COLLECTIONS, Collection
from webapp.api.description import show_docs, show_openapi
from webapp.api.views import list_collection, show_event, show_index, show_throttle
from webapp.edge.links import API_PATH, DOCS_PATH, OPENAPI_PATH

METHODS = ("GET", "HEAD", "OPTIONS")


def make_blueprint() -> Blueprint:
    """Make the blueprint."""
    blueprint = Blueprint("api", __name__)
    _route(blueprint, API_PATH, "index", show_index)
    _route(blueprint, f"{API_PATH}api-throttle/", "throttle", show_throttle)
    for one in COLLECTIONS:
        name = one.path.removeprefix(API_PATH).strip("/").replace("/", "-")
        _route(blueprint, one.path, name, _of(one, list_collection))
        _route(blueprint, f"{one.path}<event_id>/", f"{name}-one", _of(one, show_event))
    blueprint.add_url_rule(OPENAPI_PATH, "openapi", show_openapi)
    blueprint.add_url_rule(DOCS_PATH, "docs", show_docs)
    return blueprint


def _route(blueprint: Blueprint, path: str, name: str, view: Callable[..., Response]) -> None:
    blueprint.add_url_rule(path, name, view, methods=["GET"], provide_automatic_options=False)
    blueprint.add_url_rule(path, f"{name}-options", _options, methods=["OPTIONS"])


def _of(collection: Collection, view: Callable[..., Response]) -> Callable[..., Response]:
    """Give a view of this collection, under the name of the view of any: what counts requests knows them by name."""
    return update_wrapper(partial(view, collection), view)


def _options(**_: str) -> Response:
    """Say what can be done here. Nothing can be sent, so there is nothing to describe."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    response.headers["Allow"] = ", ".join(METHODS)
    return response
