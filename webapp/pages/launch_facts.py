"""What lines and pages show of a launch beside what every entry has: its status, launch window, weather and flight."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail, LaunchStatus, LaunchWindow, StatusKind, TimelineStep
from webapp.domain.precision import ClockRange
from webapp.domain.text import isolated, paragraphs, shortened
from webapp.domain.words import MOST_LISTED
from webapp.domain.zones import UTC_ZONE, in_zone, zone_named
from webapp.rendering.moments import Moment, present_entry_time, present_instant

_UNNAMED = "unknown payload"
_LONGEST_REASON = 5_000
_BEFORE = "\u2212"


@dataclass(frozen=True, slots=True)
class StatusMark:
    """A launch's status in words and as a shape (`status-<shape>`). `is_now` says that it is in flight."""

    words: str
    shape: str
    is_now: bool
    is_outcome: bool


@dataclass(frozen=True, slots=True)
class WindowBar:
    """A launch window in words, and where in it T-0 lies, in per cent; `None` for an instantaneous one."""

    words: str
    tick: int | None


@dataclass(frozen=True, slots=True)
class LaunchLine:
    """What a line in a list shows of a launch."""

    status: StatusMark | None
    rocket: str
    window: str
    weather: str


@dataclass(frozen=True, slots=True)
class FlightStep:
    """A step of the countdown or the flight: `at` is its time from lift-off, such as T-38:00."""

    at: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class LaunchFacts:
    """What the page of a launch shows of it. `summary` are its rocket, unless its heading names that, and who launches.

    `at_pad` is its time at the pad, where that is told in another zone. `outcome_reason` says in paragraphs why it
    failed. Of a long timeline the first steps stand here.
    """

    line: LaunchLine
    summary: tuple[str, ...]
    window: WindowBar | None
    at_pad: Moment | None
    concerns: str
    outcome_reason: list[list[str]]
    steps: tuple[FlightStep, ...]
    more_steps: int


def launch_title(entry: Entry) -> str:
    """Name a launch by its mission alone, since its rocket stands beside it; any other entry by its name.

    A payload that is not known names nothing.
    """
    rocket, separator, mission = entry.name.partition(" | ")
    if not isinstance(entry.detail, LaunchDetail) or not separator or entry.detail.rocket is None:
        return isolated(entry.name)
    known = {entry.detail.rocket.full_name, entry.detail.rocket.name}
    return isolated(mission if rocket in known and mission.casefold() != _UNNAMED else entry.name)


def present_status(status: LaunchStatus | None) -> StatusMark | None:
    """Say how a launch stands; nothing where the source does not."""
    if status is None:
        return None
    is_now = status.kind is StatusKind.IN_FLIGHT
    return StatusMark(isolated(status.words), status.shape.name.casefold(), is_now, status.is_outcome)


def present_launch_line(entry: Entry, zone: ZoneInfo) -> LaunchLine | None:
    """Say what a line shows of a launch, clock times in this zone; nothing of any other entry."""
    detail = entry.detail
    if not isinstance(detail, LaunchDetail):
        return None
    window = present_window(entry, zone)
    return LaunchLine(
        status=present_status(detail.status),
        rocket=isolated(detail.rocket.full_name) if detail.rocket else "",
        # Where it is instantaneous, the time beside it says all.
        window="" if window is None or window.tick is None or entry.has_outcome else window.words,
        weather=_weather(entry, detail),
    )


def present_launch(entry: Entry, zone: ZoneInfo) -> LaunchFacts | None:
    """Say what the page of a launch shows of it, times in this zone; nothing of any other entry."""
    line, detail = present_launch_line(entry, zone), entry.detail
    if line is None or not isinstance(detail, LaunchDetail):
        return None
    steps = sorted(detail.timeline, key=lambda step: step.at)
    return LaunchFacts(
        line=line,
        summary=tuple(_summary(entry, line)),
        window=present_window(entry, zone),
        at_pad=_at_pad(entry, detail, zone),
        concerns="" if entry.has_outcome else isolated(detail.weather_concerns),
        outcome_reason=paragraphs(shortened(detail.outcome_reason, _LONGEST_REASON)),
        steps=tuple(_present_step(step) for step in steps[:MOST_LISTED]),
        more_steps=max(len(steps) - MOST_LISTED, 0),
    )


def present_window(entry: Entry, zone: ZoneInfo) -> WindowBar | None:
    """Say from when until when a launch may lift off; nothing where its date carries no clock time."""
    window = entry.detail.window if isinstance(entry.detail, LaunchDetail) else None
    if window is None or not isinstance(entry.date_range, ClockRange):
        return None
    if window.start == window.end:
        return WindowBar("Instantaneous window", None)
    passed = (entry.date_range.start - window.start) / (window.end - window.start)
    return WindowBar(f"Window {_span_words(window, zone)}", min(max(round(100 * passed), 0), 100))


def _span_words(window: LaunchWindow, zone: ZoneInfo) -> str:
    start, end = (in_zone(moment, zone) for moment in (window.start, window.end))
    if end - start < timedelta(days=1):
        return f"{start:%H:%M} to {end:%H:%M}"
    return f"{present_instant(window.start, zone).words} to {present_instant(window.end, zone).words}"


def _weather(entry: Entry, detail: LaunchDetail) -> str:
    """Say the forecast; once the launch is over it tells nothing."""
    return "" if detail.probability is None or entry.has_outcome else f"Weather {detail.probability}\u00a0% favourable"


def _summary(entry: Entry, line: LaunchLine) -> Iterator[str]:
    if line.rocket and line.rocket not in launch_title(entry):
        yield line.rocket
    if entry.provider and entry.provider.name:
        yield isolated(entry.provider.name)


def _at_pad(entry: Entry, detail: LaunchDetail, zone: ZoneInfo) -> Moment | None:
    place = detail.pad.place if detail.pad else None
    if place is None or not place.zone_name:
        return None
    there, here = present_entry_time(entry, zone_named(place.zone_name)), present_entry_time(entry, zone)
    utc = present_entry_time(entry, UTC_ZONE)
    shown = {(one.day, one.clock) for one in (here, utc) if one is not None}
    return None if there is None or (there.day, there.clock) in shown else there


def _present_step(step: TimelineStep) -> FlightStep:
    seconds = round(abs(step.at).total_seconds())
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    name, description = isolated(step.name), isolated(step.description)
    sign = _BEFORE if step.at < timedelta(0) else "+"
    return FlightStep(f"T{sign}{clock}", name, "" if description == name else description)
