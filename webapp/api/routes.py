"""The addresses of the API, its description and its documentation."""

from collections.abc import Callable
from functools import partial, update_wrapper

from flask import Blueprint, Response

from webapp.admission.rate_limits import Allowance
from webapp.api.chain import CHAIN_PATH, show_chain
from webapp.api.collection import COLLECTIONS
from webapp.api.config_lists import CONFIG_LISTS
from webapp.api.config_views import list_config
from webapp.api.description import show_docs, show_openapi
from webapp.api.views import list_collection, show_entry, show_index, show_throttle
from webapp.web.addresses import API_PATH, DOCS_PATH, OPENAPI_PATH

METHODS = ("GET", "HEAD", "OPTIONS")


def make_blueprint(allowance: Callable[[], Allowance | None]) -> Blueprint:
    """Make the blueprint; `allowance` gives how much the present visitor may ask."""
    blueprint = Blueprint("api", __name__)
    _route(blueprint, API_PATH, "index", show_index)
    _route(blueprint, f"{API_PATH}api-throttle/", "throttle", _given(show_throttle, allowance))
    _route(blueprint, CHAIN_PATH, "chain", show_chain)
    for collection in COLLECTIONS:
        name = collection.path.removeprefix(API_PATH).strip("/").replace("/", "-")
        _route(blueprint, collection.path, name, _given(list_collection, collection))
        _route(blueprint, f"{collection.path}<source_id>/", f"{name}-one", _given(show_entry, collection))
    for listed in CONFIG_LISTS:
        _route(blueprint, listed.path, listed.vocabulary.value, _given(list_config, listed))
    blueprint.add_url_rule(OPENAPI_PATH, "openapi", show_openapi)
    blueprint.add_url_rule(DOCS_PATH, "docs", show_docs)
    return blueprint


def _route(blueprint: Blueprint, path: str, name: str, view: Callable[..., Response]) -> None:
    blueprint.add_url_rule(path, name, view, methods=["GET"], provide_automatic_options=False)
    blueprint.add_url_rule(path, f"{name}-options", _options, methods=["OPTIONS"])


def _given(view: Callable[..., Response], given: object) -> Callable[..., Response]:
    """Give a view its first argument, and leave it its name: what counts requests knows views by that."""
    return update_wrapper(partial(view, given), view)


def _options(**_: str) -> Response:
    """Say what can be done here. Nothing can be sent, so there is nothing to describe."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    response.headers["Allow"] = ", ".join(METHODS)
    return response
