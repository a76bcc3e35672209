"""Launches of the invented year that come in series, made by a rule: a constellation's, and those without a day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from webapp.demo.scenario import LaunchState, Scenario, Step, Video
from webapp.domain.entry import EntryKey, EntryKind

_FIRST: Final = datetime(2031, 1, 6, 5, 20, tzinfo=UTC)
_EVERY: Final = timedelta(days=15, hours=1, minutes=20)
_FLIGHTS: Final = 15
_WINDOW: Final = timedelta(hours=4)
_SKEIN: Final[dict[str, Any]] = {
    "rocket": "Marlin",
    "orbit": "Low",
    "mission_type": "Communications",
    "description": "Twenty-two more knots for Skein.",
    "programs": ("Skein",),
}
_TO_BE_DETERMINED, _SUCCESS, _IN_FLIGHT, _GO, _TO_BE_CONFIRMED = 2, 3, 6, 1, 8

_PLANNED: Final = (
    # Until when (the last day of the period, as the source has it), its precision, and how many of which.
    ("2031-09-30", 7, 3, "Skein 12", _SKEIN),
    ("2031-10-31", 7, 3, "Skein 13", _SKEIN),
    ("2031-11-30", 7, 3, "Skein 14", _SKEIN),
    ("2031-12-31", 7, 14, "Skein 15", _SKEIN),
    ("2031-12-31", 11, 5, "Weathervane, block", {"rocket": "Ibis", "orbit": "Polar", "mission_type": "Earth Science"}),
    ("2031-12-31", 14, 12, "Lamplighter", {"rocket": "Corvid", "orbit": "Transfer", "mission_type": "Communications"}),
    ("2032-12-31", 14, 9, "Selene cargo", {"rocket": "Corvid Heavy", "orbit": "Moon", "programs": ("Selene",)}),
)


def recurring_launches() -> Iterator[Scenario]:
    """Give the scenarios of a launch of the constellation each fortnight, and of many that have no day yet."""
    yield from map(_flight, range(_FLIGHTS))
    for series, (until, precision, count, mission, fields) in enumerate(_PLANNED):
        for number in range(count):
            pad = "Raft" if number % 3 else "Grebe"
            state = LaunchState(
                mission=f"{mission}-{number + 1}",
                date=f"{until}T00:00",
                precision=precision,
                status=_TO_BE_DETERMINED,
                **{"pad": pad} | fields,
            )
            yield Scenario(_key(1000 + 100 * series + number), state)


def _flight(number: int) -> Scenario:
    """Give one flight: listed for its month, then timed, confirmed, flown; every third a day later than planned."""
    at = _FIRST + number * _EVERY
    last_day = (at.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    state = LaunchState(
        mission=f"Skein 11-{number + 1}",
        date=_encode(last_day.replace(hour=0, minute=0)),
        precision=7,
        status=_TO_BE_DETERMINED,
        pad="Raft" if number % 2 else "Grebe",
        **_SKEIN,
    )
    steps = [
        Step(_encode(at - timedelta(days=14)), _timed(at) | {"status": _TO_BE_CONFIRMED}),
        Step(_encode(at - timedelta(days=6)), {"status": _GO, "probability": 80}),
    ]
    if number % 3 == 1:
        late = at + timedelta(days=1, minutes=-20)
        steps.append(Step(_encode(at - timedelta(hours=3)), _timed(late) | {"probability": 60}))
        at = late
    return Scenario(_key(number + 1), state, [*steps, *_flown(at, number)])


def _flown(at: datetime, number: int) -> Iterator[Step]:
    lift_off = at + timedelta(minutes=number % 5, seconds=7)
    again = Video(
        f"https://www.youtube.com/watch?v=inventeds{number:02}", f"Skein 11-{number + 1} again", "Tidewater Live",
        kind=4, priority=7,
    )  # fmt: skip
    flying = {"date": lift_off.replace(tzinfo=None).isoformat(), "precision": 0, "status": _IN_FLIGHT}
    yield Step(_encode(lift_off + timedelta(minutes=5)), flying)
    yield Step(_encode(lift_off + timedelta(minutes=75)), {"status": _SUCCESS, "videos": (again,)})


def _timed(at: datetime) -> dict[str, Any]:
    return {"date": _encode(at), "precision": 1, "window": (_encode(at), _encode(at + _WINDOW))}


def _key(number: int) -> EntryKey:
    return EntryKey(EntryKind.LAUNCH, f"7c1b0100-0000-4000-8000-{number:012}")


def _encode(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")
