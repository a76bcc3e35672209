"""Launch Library's own launch filters that only the API's launch paths understand: rows of the table of parameters."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from webapp.domain.parameter import LAUNCH_FACTS, ON_LAUNCHES, Parameter, Part
from webapp.domain.parameter_types import (
    LARGEST_ID,
    MOMENT,
    ParameterType,
    number_list_type,
    number_type,
    text_list_type,
    text_type,
)


class LaunchFact(NamedTuple):
    """A filter of the API's launch paths: the name of its parameter, and the value asked for."""

    name: str
    value: int | str | datetime | tuple[int, ...] | tuple[str, ...]


COMPARISONS = {"__gt": "more than", "__gte": "at least", "__lt": "less than", "__lte": "at most"}
"""The endings of parameters that compare, and what they mean of numbers."""

ATTEMPT_COUNTS = {
    "orbital": "orbital launch attempts",
    "location": "launch attempts at its site",
    "pad": "launch attempts at its pad",
    "agency": "launch attempts of its provider",
}
WINDOW_ENDS = {"window_start": "The launch window opens", "window_end": "The launch window closes"}
_MOMENTS = {"__gt": "after this", "__gte": "at this time or later", "__lt": "before this", "__lte": "by this time"}
_COUNT = number_type(0, LARGEST_ID)
_LATER = "known once details have been fetched"


def _filter(name: str, kind: ParameterType, meaning: str, example: str) -> Parameter:
    return Parameter(name, LAUNCH_FACTS, Part.FILTER, kind, meaning, example, surfaces=ON_LAUNCHES)


def _one(of: str) -> ParameterType:
    return number_type(0, LARGEST_ID, of=of)


def _several(of: str, example: str) -> ParameterType:
    return number_list_type(0, LARGEST_ID, of=of, example=example)


def _counts() -> Iterator[Parameter]:
    for name, counted in ATTEMPT_COUNTS.items():
        for ending, when in (("", "ever"), ("_year", "of its year")):
            parameter = f"{name}_launch_attempt_count{ending}"
            what = f"this one included, the {counted} {when}"
            yield _filter(parameter, _COUNT, f"Counted with {what}, are this many.", "7")
            for comparison, words in COMPARISONS.items():
                yield _filter(f"{parameter}{comparison}", _COUNT, f"Counted with {what}, are {words} this many.", "7")


def _windows() -> Iterator[Parameter]:
    for name, words in WINDOW_ENDS.items():
        for comparison, when in _MOMENTS.items():
            yield _filter(f"{name}{comparison}", MOMENT, f"{words} {when}.", "2026-07-19T12:00:00Z")


LAUNCH_PARAMETERS = (
    _filter("name", text_type("a name"), "The launch with exactly this name.", "Falcon 9 Block 5 | CRS-33"),
    _filter(
        "lsp__name", text_list_type("names of agencies"), "Launched by an agency with any of these names.", "SpaceX"
    ),
    _filter(
        "related_lsp__id", _several("agency ids", "44,121"), "Launched by any of these agencies, or for them.", "44,121"
    ),
    _filter(
        "related_lsp__name", text_list_type("names of agencies"),
        "Launched by, or for, an agency with any of these names.", "SpaceX",
    ),
    _filter("pad__location", _one("a site id"), "From this site.", "12"),
    _filter(
        "pad__location__celestial_body__id", _one("the id of a celestial body"), "From this celestial body.", "1"
    ),
    _filter(
        "mission__orbit__celestial_body__id", _one("the id of a celestial body"), "To an orbit of this body.", "1"
    ),
    _filter("rocket__configuration__id", _one("a rocket id"), "With this rocket.", "164"),
    _filter(
        "rocket__configuration__name", text_type("a name"), "With the rocket of exactly this name.", "Falcon 9"
    ),
    _filter(
        "rocket__configuration__full_name", text_type("a name"),
        "With the rocket of exactly this full name.", "Falcon 9 Block 5",
    ),
    _filter(
        "rocket__configuration__full_name__icontains", text_type("a text"),
        "The rocket’s full name contains this, in any case.", "falcon",
    ),
    _filter(
        "rocket__configuration__manufacturer__name", text_type("a name"),
        f"The rocket’s maker has exactly this name ({_LATER}).", "SpaceX",
    ),
    _filter(
        "rocket__configuration__manufacturer__name__icontains", text_type("a text"),
        f"The name of the rocket’s maker contains this, in any case ({_LATER}).", "space",
    ),
    _filter(
        "rocket__spacecraftflight__spacecraft__id", _one("a spacecraft id"), f"With this spacecraft ({_LATER}).", "4"
    ),
    _filter(
        "rocket__spacecraftflight__spacecraft__name", text_type("a name"),
        f"With the spacecraft of exactly this name ({_LATER}).", "Dragon CRS-2 SpX-33",
    ),
    _filter(
        "rocket__spacecraftflight__spacecraft__name__icontains", text_type("a text"),
        f"The name of a spacecraft contains this, in any case ({_LATER}).", "dragon",
    ),
    _filter(
        "spacecraft_config__ids", _several("spacecraft model ids", "6,22"),
        f"With a spacecraft of any of these models ({_LATER}).", "6,22",
    ),
    _filter(
        "serial_number", text_list_type("serial numbers"),
        f"With any of these first-stage boosters ({_LATER}).", "B1067,B1080",
    ),
    _filter(
        "launch_designator", text_list_type("international designators"),
        "The launch with any of these designators, given after flight.", "1957-001,1957-002",
    ),
    *_windows(),
    *_counts(),
)  # fmt: skip
