"""A ledger of dates made of raw facts alone, with nothing of Perigee's: what its own is to be, case by case."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.fake_ll2.shapes import Record
from tests.sync.launch_reading import CLOCK_LENGTHS, DAY, MINUTE, span

Row = tuple[str, int, datetime, int, int | None, str, int | None]
"""The source's id, the lead in hours, what was announced (date, precision, status), the outcome, the error in s."""

Gap = tuple[datetime, datetime]

HOURS = (1, 24, 3 * 24, 7 * 24, 14 * 24, 30 * 24, 60 * 24)
CLASSES = (("quarter_hour", 900), ("hour", 3600), ("day", 86_400), ("week", 604_800))
LIFTED_OFF = {3, 4, 6, 7, 9}


@dataclass(frozen=True)
class Sight:
    """What was read of one entry at an instant: from when until when its date may be, and when it is over."""

    at: datetime
    id: str
    start: datetime
    end: datetime
    precision: int
    status: int | None
    over: datetime


def sight_of_launch(at: datetime, id_: str, facts: Record) -> Sight:
    start, end = span(facts)
    over = end
    if facts["prec"] in CLOCK_LENGTHS:
        closes = datetime.fromisoformat(facts["we"])
        over = closes if end < closes <= start + timedelta(days=1) else end
    else:
        over = end + timedelta(hours=12)
    return Sight(at, id_, start, end, facts["prec"], facts["status_id"], over + timedelta(days=1))


def sight_of_event(at: datetime, record: Record) -> Sight:
    # Of the records of 2020, midnight is a day, and all else a minute.
    date = datetime.fromisoformat(record["date"])
    is_day = date.strftime("%H:%M:%S") == "00:00:00"
    start = date.replace(second=0)
    end = start + (timedelta(days=1) if is_day else timedelta(minutes=1))
    over = end + timedelta(hours=12) if is_day else end
    return Sight(at, str(record["id"]), start, end, DAY if is_day else MINUTE, None, over)


def read_ledger(sights: Iterable[Sight], gaps: Sequence[Gap], reached_at: datetime) -> Iterator[Row]:
    """Give the cases of which is known what came of them when the source was last reached."""
    seen: dict[str, list[Sight]] = {}
    for sight in sights:
        seen.setdefault(sight.id, []).append(sight)
    for id_, states in seen.items():
        last = states[-1]
        has_flown = last.status in LIFTED_OFF
        if not has_flown and last.over > reached_at:
            continue
        for hours in HOURS:
            stood = first_crossing(states, timedelta(hours=hours), gaps)
            if stood is not None:
                is_told = (last.status is None or has_flown) and last.end - last.start <= timedelta(days=1)
                outcome, error = judge(stood, last) if is_told else ("unknown", None)
                yield id_, hours, stood.start, stood.precision, stood.status, outcome, error


def first_crossing(states: Sequence[Sight], lead: timedelta, gaps: Sequence[Gap]) -> Sight | None:
    for place, state in enumerate(states):
        at = state.start - lead
        is_replaced = place + 1 < len(states) and states[place + 1].at <= at
        is_unseen = at < state.at or any(began <= at < ended for began, ended in gaps)
        if not (is_replaced or is_unseen or state.status in LIFTED_OFF):
            return state
    return None


def judge(stood: Sight, last: Sight) -> tuple[str, int]:
    """Compare what stood with what stood last: the error counts between the nearer ends of what is no clock time."""
    old_end = stood.start if stood.precision in CLOCK_LENGTHS else stood.end
    new_end = last.start if last.precision in CLOCK_LENGTHS else last.end
    error = 0
    if last.start > old_end:
        error = int((last.start - old_end).total_seconds())
    elif new_end < stood.start:
        error = -int((stood.start - new_end).total_seconds())
    finest = 0
    if stood.precision not in CLOCK_LENGTHS or last.precision not in CLOCK_LENGTHS:
        finest = 2 if stood.end - stood.start <= timedelta(days=1) else 3
    for name, most in CLASSES[finest:]:
        if abs(error) <= most:
            return name, error
    return ("later" if error > 0 else "earlier"), error
