"""The API's description in OpenAPI 3.1, made from the table of parameters that the parser reads."""

from typing import Any

from webapp import __version__
from webapp.api.collection import COLLECTIONS, UPCOMING, Collection
from webapp.api.schemas import make_schemas
from webapp.domain.parameter_types import LARGEST_ID, MOST_IDS
from webapp.domain.parameters import PARAMETERS, Parameter, Part
from webapp.web.addresses import API_PATH

Json = dict[str, Any]

_DESCRIPTION = (
    "Space events in the dialect of Launch Library 2.3.0, from this server's own store, with filters of its own. "
    "A client written for Launch Library works with its base address changed. "
    "The data come from Launch Library 2 by The Space Devs: https://thespacedevs.com/llapi"
)
_HEADERS = {
    "Perigee-Attribution": "Whose data these are.",
    "Perigee-Ignored-Parameters": "The parameters that had no effect, percent-encoded, separated by commas.",
    "Perigee-Sample": "There while the shipped sample stands in for real data: the day it is shown as of.",
}


def describe_api(address: str) -> Json:
    """Describe the API that is served at a public address."""
    paths: Json = {
        API_PATH: {"get": _operation("index", "What there is", "Index")},
        f"{API_PATH}api-throttle/": {"get": _operation("api_throttle", "How much one may ask", "Throttle")},
    }
    for collection in COLLECTIONS:
        paths[collection.path] = {"get": _list_operation(collection)}
        paths[f"{collection.path}{{id}}/"] = {"get": _event_operation(collection)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Perigee", "version": __version__, "description": _DESCRIPTION},
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": make_schemas()},
    }


def _list_operation(collection: Collection) -> Json:
    operation = _operation(_name(collection), collection.title, "EventPage", with_data=True)
    operation["description"] = collection.meaning
    operation["parameters"] = [_parameter(parameter) for parameter in PARAMETERS if _has(collection, parameter)]
    operation["responses"]["414"] = {"description": "The address is longer than the server takes"}
    operation["responses"]["429"] = {"description": "More was asked for in a minute than is made for one address"}
    operation["responses"]["431"] = {"description": "The head of the request is so large that nothing of it was read"}
    operation["responses"]["400"] = _response("A parameter makes no sense: each with its complaints", "Faults")
    return operation


def _event_operation(collection: Collection) -> Json:
    operation = _operation(
        f"{_name(collection)}_one", f"{collection.title}: one of them", "EventDetailed", with_data=True
    )
    number = {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}
    operation["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": number}]
    operation["parameters"] += [_parameter(parameter) for parameter in PARAMETERS if parameter.name == "format"]
    operation["responses"]["404"] = _response("There is no such event in this list", "Detail")
    return operation


def _operation(name: str, summary: str, schema: str, *, with_data: bool = False) -> Json:
    responses = {"200": _response(summary, schema)}
    if with_data:
        responses["200"]["headers"] = {
            header: {"description": meaning, "schema": {"type": "string"}} for header, meaning in _HEADERS.items()
        }
        responses["304"] = {"description": "Nothing is new since the If-None-Match or If-Modified-Since of the request"}
        responses["503"] = _response("The first import is still under way", "Detail")
    return {"operationId": name, "summary": summary, "responses": responses}


def _response(meaning: str, schema: str) -> Json:
    content = {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        "text/html": {"schema": {"type": "string"}},
    }
    return {"description": meaning, "content": content}


def _parameter(parameter: Parameter) -> Json:
    schema = {"type": "string", **(parameter.type.schema or {})}
    described: Json = {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.meaning} Takes {parameter.type.expected}.{_others(parameter)}",
        "schema": schema,
        "example": _example(parameter),
    }
    if parameter.type.is_list:
        described["schema"] = {"type": "array", "items": schema, "maxItems": MOST_IDS}
        described |= {"style": "form", "explode": False}
    return described


def _example(parameter: Parameter) -> object:
    is_number = (parameter.type.schema or {}).get("type") == "integer"
    pieces = parameter.example.split(",") if parameter.type.is_list else [parameter.example]
    values: list[object] = [int(piece) if is_number else piece for piece in pieces]
    if (parameter.type.schema or {}).get("type") == "boolean":
        return parameter.example == "true"
    return values if parameter.type.is_list else values[0]


def _others(parameter: Parameter) -> str:
    return f" Also spelled {', '.join(parameter.aliases)}." if parameter.aliases else ""


def _has(collection: Collection, parameter: Parameter) -> bool:
    if parameter.part is Part.OPTION or parameter.only_pages:
        return False
    return parameter.name != "hide_recent_previous" or collection is UPCOMING


def _name(collection: Collection) -> str:
    return collection.path.removeprefix(API_PATH).strip("/").replace("/", "_")
