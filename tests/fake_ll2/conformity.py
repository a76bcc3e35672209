"""How far a JSON value strays from the service's published schema: keys, their order, and plain types."""

from collections.abc import Iterator
from typing import Any

from tests.fake_ll2.shapes import Record

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def deviations(value: Any, name: str, document: Record) -> list[str]:
    """What is wrong with `value` as the schema `name` of the OpenAPI document, each with its path; [] if nothing is.

    The document lists the keys in the service's own order, so ours must come in it too.
    """
    return list(_of_schema(value, {"$ref": f"#/components/schemas/{name}"}, name, document))


def _of_schema(value: Any, schema: Record, path: str, document: Record) -> Iterator[str]:
    nullable = schema.get("nullable", False)
    reference = schema.get("$ref") or next((part["$ref"] for part in schema.get("allOf", [])), None)
    if reference:
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    if value is None:
        yield from [] if nullable else [f"{path} is null"]
    elif type(value) not in TYPES[schema["type"]]:
        yield f"{path} is not of type {schema['type']}"
    elif schema["type"] == "object":
        yield from _of_object(value, schema, path, document)
    elif schema["type"] == "array":
        for index, item in enumerate(value):
            yield from _of_schema(item, schema["items"], f"{path}[{index}]", document)


def _of_object(value: Record, schema: Record, path: str, document: Record) -> Iterator[str]:
    properties = schema["properties"]
    yield from (f"{path}.{key} is missing" for key in schema.get("required", []) if key not in value)
    yield from (f"{path}.{key} is unknown" for key in value if key not in properties)
    if [key for key in value if key in properties] != [key for key in properties if key in value]:
        yield f"{path} has its keys in another order"
    for key in [key for key in properties if key in value]:
        yield from _of_schema(value[key], properties[key], f"{path}.{key}", document)
