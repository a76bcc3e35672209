"""What comes back every week or two in the invented year: told by a rule rather than by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from webapp.demo.plot import Plot, State, Turn, Video

_FIRST_BRIEFING: Final = datetime(2030, 6, 5, 14, tzinfo=UTC)
_BRIEFINGS: Final = 54
_FIRST_PASS: Final = datetime(2030, 12, 1, 6, tzinfo=UTC)
_PASSES: Final = 14


def routine() -> Iterator[Plot]:
    """Give a briefing for each Wednesday, and a pass over a comet for every other Sunday."""
    yield from map(_briefing, range(_BRIEFINGS))
    yield from map(_pass, range(_PASSES))


def _briefing(number: int) -> Plot:
    at, name = _FIRST_BRIEFING + timedelta(weeks=number), f"Lantern weekly briefing {number + 84}"
    recap = Video(f"https://www.youtube.com/watch?v=inventedb{number:02}", name, "Tidewater Live", kind=6)
    state = State(
        20,
        name,
        _spell(at),
        1,
        place="Tidewater press hall",
        told="What was done this week, what broke, and what the loom made.",
        agencies=("Tidewater",),
        programs=("Lantern",),
        videos=(recap,) if number % 2 else (),
    )
    later = Turn(_spell(at - timedelta(days=2)), {"date": _spell(at + timedelta(hours=2))})
    return Plot(900400 + number, state, (later,) if number % 7 == 0 else (), _spell(at - timedelta(days=12)))


def _pass(number: int) -> Plot:
    side = ("night", "day")[number % 2]
    state = State(
        23,
        f"Cinder passes over the comet's {side} side",
        _spell(_FIRST_PASS + timedelta(weeks=2 * number)),
        1 + number % 2,
        place="Comet Abara",
        agencies=("Lyra",),
        programs=("Far Shore",),
    )
    return Plot(900500 + number, state)


def _spell(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")
