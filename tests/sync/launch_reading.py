"""A reading of how launches changed, made from their facts alone, with nothing of Perigee's: what is to be found.

The facts are those of `tests/fake_ll2/launch_moments.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.fake_ll2.launch_moments import LaunchMoment
from tests.fake_ll2.shapes import Record

ChangeFacts = tuple[datetime, str, str, Any]
"""When it was noticed, of which launch, the change kind, and what it says."""

SECOND, MINUTE, HOUR, DAY, MONTH, YEAR = 0, 1, 2, 5, 7, 14
MONTHS_OF = {8: (1, 3), 9: (4, 6), 10: (7, 9), 11: (10, 12), 12: (1, 6), 13: (7, 12), YEAR: (1, 12)}
CLOCK_LENGTHS = {SECOND: timedelta(seconds=1), MINUTE: timedelta(minutes=1), HOUR: timedelta(hours=1)}
IN_FLIGHT, OUTCOMES = 6, {3, 4, 7}
REPEATS = {"Unofficial Re-stream", "Recap"}
IN_MODE = {
    "list": ("name", "status_id", "net", "prec"),
    "normal": ("name", "status_id", "net", "prec", "live"),
    "detailed": ("name", "status_id", "net", "prec", "live", "vids"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What was to be seen at an instant: facts of launches by their ids, as far as the mode shows them."""

    at: datetime
    mode: str
    facts: Mapping[str, Record]
    is_history: bool = False


def facts_of_listed(moment: LaunchMoment) -> dict[str, Record]:
    return {record["id"]: moment.facts[record["id"]] for record in moment.listed}


def changes_in(looks: Iterable[Look]) -> Iterator[ChangeFacts]:
    """Compare what each look shows with what was last seen of the same launch. The first look is the beginning."""
    known: dict[str, Record] = {}
    for look in looks:
        is_first = not known
        for id_, facts in look.facts.items():
            seen = {name: facts[name] for name in IN_MODE[look.mode]}
            if id_ in known:
                yield from ((look.at, id_, *change) for change in differences(known[id_], known[id_] | seen))
            elif not (is_first or look.is_history):
                yield look.at, id_, "added", None
            known[id_] = known.get(id_, {}) | seen


def differences(before: Record, after: Record) -> Iterator[tuple[str, Any]]:
    if before["status_id"] != after["status_id"]:
        yield "status", (before["status_id"], after["status_id"])
    if (kind := move(before, after)) is not None:
        yield kind, tuple((datetime.fromisoformat(one["net"]), one["prec"]) for one in (before, after))
    if before["name"] != after["name"]:
        yield "renamed", (before["name"], after["name"])
    if "vids" in before and (added := added_webcasts(before, after)):
        yield "webcast_added", frozenset(added)
    if "live" in before and before["live"] != after["live"]:
        yield "gone_live" if after["live"] else "ended", None


def added_webcasts(before: Record, after: Record) -> Iterable[str]:
    known = {address for address, *_ in before["vids"]}
    is_flown = after["status_id"] in OUTCOMES
    return [
        address for address, _, kind, _ in after["vids"] if address not in known and not (is_flown and kind in REPEATS)
    ]


def move(before: Record, after: Record) -> str | None:
    old, new = span(before), span(after)
    if old == new:
        return None
    is_clock = before["prec"] in CLOCK_LENGTHS and after["prec"] in CLOCK_LENGTHS
    by = abs(datetime.fromisoformat(after["net"]) - datetime.fromisoformat(before["net"]))
    if is_clock and (after["status_id"] in {IN_FLIGHT, *OUTCOMES} or timedelta(0) < by < timedelta(minutes=10)):
        return "adjusted"
    if old[0] <= new[0] and new[1] <= old[1]:
        return "refined"
    return "vaguer" if new[0] <= old[0] and old[1] <= new[1] else "slipped"


def span(facts: Record) -> tuple[datetime, datetime]:
    """From when until when the date may be, by its precision."""
    net, precision = datetime.fromisoformat(facts["net"]), facts["prec"]
    midnight = net.replace(hour=0, minute=0, second=0)
    if precision in CLOCK_LENGTHS:
        start = midnight + (net - midnight) // CLOCK_LENGTHS[precision] * CLOCK_LENGTHS[precision]
        return start, start + CLOCK_LENGTHS[precision]
    if precision == DAY:
        return midnight, midnight + timedelta(days=1)
    first, last = (net.month, net.month) if precision == MONTH else MONTHS_OF[precision]
    start, year = midnight.replace(day=1, month=first), net.year + last // 12
    return start, start.replace(year=year, month=last % 12 + 1)
