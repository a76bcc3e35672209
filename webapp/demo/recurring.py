"""Recurring scenarios of the invented year: what comes back every week or two, made by a rule instead of by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from webapp.demo.scenario import Scenario, State, Step, Video
from webapp.domain.entry import EntryKey

_FIRST_BRIEFING: Final = datetime(2030, 6, 5, 14, tzinfo=UTC)
_BRIEFINGS: Final = 54
_FIRST_PASS: Final = datetime(2030, 12, 1, 6, tzinfo=UTC)
_PASSES: Final = 14


def recurring_scenarios() -> Iterator[Scenario]:
    """Give the scenarios of a briefing each Wednesday, and of a pass over a comet every other Sunday."""
    yield from map(_briefing, range(_BRIEFINGS))
    yield from map(_pass, range(_PASSES))


def _briefing(number: int) -> Scenario:
    at, name = _FIRST_BRIEFING + timedelta(weeks=number), f"Lantern weekly briefing {number + 84}"
    recap = Video(f"https://www.youtube.com/watch?v=inventedb{number:02}", name, "Tidewater Live", kind=6)
    state = State(
        20,
        name,
        _encode(at),
        1,
        place="Tidewater press hall",
        description="What was done this week, what broke, and what the loom made.",
        agencies=("Tidewater",),
        programs=("Lantern",),
        videos=(recap,) if number % 2 else (),
    )
    later = Step(_encode(at - timedelta(days=2)), {"date": _encode(at + timedelta(hours=2))})
    return Scenario(
        EntryKey.of_event(900400 + number), state, (later,) if number % 7 == 0 else (), _encode(at - timedelta(days=12))
    )


def _pass(number: int) -> Scenario:
    side = ("night", "day")[number % 2]
    state = State(
        23,
        f"Cinder passes over the comet's {side} side",
        _encode(_FIRST_PASS + timedelta(weeks=2 * number)),
        1 + number % 2,
        place="Comet Abara",
        agencies=("Lyra",),
        programs=("Far Shore",),
        picture="Comet",
    )
    return Scenario(EntryKey.of_event(900500 + number), state)


def _encode(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")
