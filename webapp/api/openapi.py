"""The API's description in OpenAPI 3.1, made from the table of parameters that the parser reads."""

from typing import Any

from webapp import __version__
from webapp.api.chain import CHAIN_PATH
from webapp.api.collection import COLLECTIONS, Collection
from webapp.api.config_lists import CONFIG_LISTS, UNDERSTOOD, ConfigList
from webapp.api.schemas import make_schemas
from webapp.domain.entry import EntryKind
from webapp.domain.parameter_types import MOST_IDS, ParameterType
from webapp.domain.parameters import PARAMETERS, Parameter, Surface
from webapp.web.addresses import API_PATH

Json = dict[str, Any]

_DESCRIPTION = (
    "Space events and launches from this server’s own database, compatible with Launch Library 2.3.0, with extra "
    "filters. "
    "Clients written for Launch Library work once you change their base URL. "
    "Data from Launch Library 2 by The Space Devs: https://thespacedevs.com/llapi"
)
_HEADERS = {
    "Perigee-Attribution": "Where the data comes from.",
    "Perigee-Chain": "Says that this is a Perigee, which tells of its source at chain/.",
    "Perigee-Ignored-Parameters": "Parameters that had no effect, percent-encoded, separated by commas.",
    "Perigee-Sample": "Present while the bundled sample is shown instead of real data: the sample’s current day.",
}


def describe_api(address: str) -> Json:
    """Describe the API that is served at a public address."""
    paths: Json = {
        API_PATH: {"get": _operation("index", "API index", "Index")},
        CHAIN_PATH: {"get": _chain_operation()},
        f"{API_PATH}api-throttle/": {"get": _operation("api_throttle", "Rate limit", "Throttle")},
    }
    for collection in COLLECTIONS:
        paths[collection.path] = {"get": _list_operation(collection)}
        paths[f"{collection.path}{{id}}/"] = {"get": _entry_operation(collection)}
    paths |= {listed.path: {"get": _config_operation(listed)} for listed in CONFIG_LISTS}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Perigee", "version": __version__, "description": _DESCRIPTION},
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": make_schemas()},
    }


def _list_operation(collection: Collection) -> Json:
    schema = f"{collection.kind.value.title()}Page"
    operation = _operation(_name(collection), collection.title, schema, with_data=True)
    operation["description"] = collection.meaning
    operation["parameters"] = [
        _parameter(parameter, collection.surface) for parameter in PARAMETERS if _has(collection, parameter)
    ]
    return _with_refusals(operation)


def _config_operation(listed: ConfigList) -> Json:
    name = listed.vocabulary.value
    operation = _operation(f"config_{name}", listed.title, "TermPage", with_data=True)
    operation["description"] = listed.meaning
    operation["parameters"] = [
        _parameter(parameter, Surface.LAUNCHES_API) for parameter in PARAMETERS if parameter.name in UNDERSTOOD
    ]
    return _with_refusals(operation)


def _chain_operation() -> Json:
    operation = _operation("chain", "Source and histories, for other Perigees", "Chain", with_data=True)
    operation["parameters"] = [
        {"name": "after", "in": "query", "description": "The cursor of the page before.", "schema": {"type": "string"}}
    ]
    return _with_refusals(operation)


def _with_refusals(operation: Json) -> Json:
    operation["responses"]["414"] = {"description": "The address is too long"}
    operation["responses"]["429"] = {"description": "Too many requests from this IP address"}
    operation["responses"]["431"] = {"description": "The request headers are too large"}
    operation["responses"]["400"] = _response("Invalid parameters, each with its errors", "Faults")
    return operation


def _entry_operation(collection: Collection) -> Json:
    kind, surface = collection.kind, collection.surface
    schema = "Launch" if kind is EntryKind.LAUNCH else "EventDetailed"
    operation = _operation(
        f"{_name(collection)}_one", f"{collection.title}: a single {kind.value}", schema, with_data=True
    )
    ids = next(parameter for parameter in PARAMETERS if parameter.name == "id").type_on(surface).schema
    operation["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": ids}]
    operation["parameters"] += [
        _parameter(parameter, surface) for parameter in PARAMETERS if parameter.name == "format"
    ]
    operation["responses"]["404"] = _response(f"No such {kind.value} in this list", "Detail")
    return operation


def _operation(name: str, summary: str, schema: str, *, with_data: bool = False) -> Json:
    responses = {"200": _response(summary, schema)}
    if with_data:
        responses["200"]["headers"] = {
            header: {"description": meaning, "schema": {"type": "string"}} for header, meaning in _HEADERS.items()
        }
        responses["304"] = {"description": "Nothing has changed since the ETag or date in the request"}
        responses["503"] = _response("The first import isn’t finished yet", "Detail")
    return {"operationId": name, "summary": summary, "responses": responses}


def _response(meaning: str, schema: str) -> Json:
    content = {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        "text/html": {"schema": {"type": "string"}},
    }
    return {"description": meaning, "content": content}


def _parameter(parameter: Parameter, surface: Surface) -> Json:
    taken = parameter.type_on(surface)
    schema = {"type": "string", **(taken.schema or {})}
    described: Json = {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.meaning} Value: {taken.expected}.{_others(parameter)}",
        "schema": schema,
        "example": _example(taken, parameter.example_on(surface)),
    }
    if taken.is_list:
        described["schema"] = {"type": "array", "items": schema, "maxItems": MOST_IDS}
        described |= {"style": "form", "explode": False}
    return described


def _example(taken: ParameterType, example: str) -> object:
    is_number = (taken.schema or {}).get("type") == "integer"
    pieces = example.split(",") if taken.is_list else [example]
    values: list[object] = [int(piece) if is_number else piece for piece in pieces]
    if (taken.schema or {}).get("type") == "boolean":
        return example == "true"
    return values if taken.is_list else values[0]


def _others(parameter: Parameter) -> str:
    return f" Also spelled {', '.join(parameter.aliases)}." if parameter.aliases else ""


def _has(collection: Collection, parameter: Parameter) -> bool:
    if collection.surface not in parameter.surfaces:
        return False
    return parameter.name != "hide_recent_previous" or collection.has_recent_previous


def _name(collection: Collection) -> str:
    return collection.path.removeprefix(API_PATH).strip("/").replace("/", "_")
