"""A scenario: how an invented event stood when it was first listed, and the steps that changed it since."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Video:
    """A webcast. `kind` is 1 for an official one, 3 for an unofficial one, 6 for a recap; `start` is in UTC.

    `language` is its code and its name.
    """

    url: str
    title: str
    publisher: str
    kind: int = 1
    language: Sequence[str] = ("en", "English")
    start: str | None = None
    priority: int = 10


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of the editors. `at` is in UTC."""

    at: str
    comment: str


@dataclass(frozen=True, slots=True)
class State:
    """The state of an event between two steps. Moments are UTC, such as `2031-05-16T19:12`.

    The names of agencies, programs, launches, crew and station are those of `webapp.demo.reference_data`.
    """

    type_id: int
    name: str
    date: str | None = None
    precision: int | None = None
    place: str = ""
    description: str = ""
    agencies: Sequence[str] = ()
    programs: Sequence[str] = ()
    launches: Sequence[str] = ()
    crew: Sequence[str] = ()
    station: str | None = None
    videos: Sequence[Video] = ()
    links: Sequence[Sequence[str]] = ()
    notes: Sequence[Note] = ()
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A change of an event at a moment, in UTC: new values of fields of its `State`, or that it is no longer listed."""

    at: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Scenario:
    """The scenario of one invented event. `listed` is when it was first listed, in UTC."""

    id: int
    state: State
    steps: Sequence[Step] = ()
    listed: str = "2030-12-18T09:00"


def read_scenarios(year: Path) -> list[Scenario]:
    """Read the scenarios of a year from its file (TOML). Raises `TypeError` for an unknown field."""
    return [_scenario(table) for table in tomllib.loads(year.read_text("utf-8"))["event"]]


def _scenario(table: Mapping[str, Any]) -> Scenario:
    fields = dict(table)
    number, listed, steps = fields.pop("id"), fields.pop("listed"), fields.pop("step", ())
    return Scenario(number, State(**_parts(fields)), [_step(step) for step in steps], listed)


def _step(table: Mapping[str, Any]) -> Step:
    fields = dict(table)
    at, is_listed = fields.pop("at"), fields.pop("is_listed", True)
    return Step(at, _parts(fields), is_listed=is_listed)


def _parts(fields: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {"videos": Video, "notes": Note}
    return {name: [kinds[name](**part) for part in value] if name in kinds else value for name, value in fields.items()}
