"""A scenario: how an invented entry stood when it was first listed, and the steps that changed it since."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webapp.domain.entry import EntryKey, EntryKind


@dataclass(frozen=True, slots=True)
class Video:
    """A webcast. `kind` is 1 for an official one, 3 an unofficial one, 4 a re-stream, 6 a recap; `start` is in UTC.

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

    The names of agencies, programs, launches, crew, station and picture are those of `webapp.demo.reference_data`.
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
    picture: str | None = None
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class LaunchState:
    """The state of a launch between two steps. Moments are UTC, such as `2031-05-16T19:12`.

    `status` is the id of one of Launch Library's. `window` is from when until when it may lift off; without one it is
    the moment of the date. `reason` says why it failed, and `timeline` pairs steps with their times from lift-off. The
    names of rocket, pad and orbit are those of `webapp.demo.launch_reference_data`, of the rest those of
    `webapp.demo.reference_data`.
    """

    rocket: str
    mission: str
    date: str
    precision: int | None
    status: int
    pad: str
    orbit: str
    mission_type: str = "Unknown"
    window: Sequence[str] | None = None
    description: str = ""
    agencies: Sequence[str] = ()
    programs: Sequence[str] = ()
    probability: int | None = None
    weather_concerns: str = ""
    reason: str = ""
    timeline: Sequence[Sequence[str]] = ()
    patches: Sequence[str] = ()
    videos: Sequence[Video] = ()
    links: Sequence[Sequence[str]] = ()
    notes: Sequence[Note] = ()
    picture: str | None = None
    is_live: bool = False

    @property
    def name(self) -> str:
        """The rocket and what it launches, as every launch is named."""
        return f"{self.rocket} | {self.mission}"


@dataclass(frozen=True, slots=True)
class Step:
    """A change of an entry at a moment, in UTC: new values of fields of its state, or that it is no longer listed."""

    at: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Scenario:
    """The scenario of one invented entry. `listed` is when it was first listed, in UTC."""

    key: EntryKey
    state: State | LaunchState
    steps: Sequence[Step] = ()
    listed: str = "2030-12-18T09:00"


def read_scenarios(events: Path, launches: Path) -> list[Scenario]:
    """Read the scenarios of a year from its two files (TOML). Raises `TypeError` for an unknown field."""
    return [
        *(_scenario(table, EntryKind.EVENT) for table in tomllib.loads(events.read_text("utf-8"))["event"]),
        *(_scenario(table, EntryKind.LAUNCH) for table in tomllib.loads(launches.read_text("utf-8"))["launch"]),
    ]


def _scenario(table: Mapping[str, Any], kind: EntryKind) -> Scenario:
    fields = dict(table)
    source_id, listed, steps = fields.pop("id"), fields.pop("listed"), fields.pop("step", ())
    make = LaunchState if kind is EntryKind.LAUNCH else State
    return Scenario(EntryKey(kind, str(source_id)), make(**_parts(fields)), [_step(step) for step in steps], listed)


def _step(table: Mapping[str, Any]) -> Step:
    fields = dict(table)
    at, is_listed = fields.pop("at"), fields.pop("is_listed", True)
    return Step(at, _parts(fields), is_listed=is_listed)


def _parts(fields: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {"videos": Video, "notes": Note}
    return {name: [kinds[name](**part) for part in value] if name in kinds else value for name, value in fields.items()}
