"""What happens upstream in a campaign, the same at every run: first records of both kinds, then stage after stage."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from tests.clock import NOW
from tests.fake_ll2 import Record, make_launch, make_record, make_records
from tests.fake_ll2.launches import launch_status
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.parts import webcast
from tests.fake_ll2.records import precision
from tests.keys import event_key, launch_key
from webapp.domain.entry import EntryKey, EntryKind

Stage = Mapping[EntryKey, Record | None]
"""What changes upstream at once: records by their keys, `None` for one that is withdrawn."""

Turn = Callable[[Record, int], Record | None]

STAGES = 18
PAST_EVENTS, EVENT_ACTORS = 90, 30
LAUNCH_ACTORS, PLACEHOLDERS = 12, 90
"""More upcoming launches than a page of a sweep holds."""

GO, TBD, SUCCESS, FAILURE, HOLD, IN_FLIGHT, TBC = 1, 2, 3, 4, 5, 6, 8

_UPDATED = NOW - timedelta(days=1)
_PAST_EDITED_AT = (1, 13)
_UNNOTICED = event_key(71)  # The past event that is withdrawn: only reading all events can tell.
_SCRUBBED = launch_key(50)
# When the launch that is scrubbed is due, by the stage from which on. A scrub is one within a day of its time only, so
# each of these stages has to come then.
_SCRUBS = {1: timedelta(hours=22), 5: timedelta(hours=42), 14: timedelta(hours=70)}
VANISHING = tuple(launch_key(number) for number in (101, 102, 103))
"""Launches of which only a sweep can tell that they are gone: all go at once, and nothing else happens then."""

_VANISH_AT, _RETURN_AT = 9, 12


def first_events() -> list[Record]:
    """Give the events of the first import: a past of twenty years, and those upcoming that will change."""
    # As of a year ago, so that no date comes near: each would lead to a call every five minutes.
    past = make_records(PAST_EVENTS, now=_UPDATED - timedelta(days=366))
    upcoming = [
        make_record(1000 + number, date=stamp(NOW + timedelta(days=60 + number)), last_updated=stamp(_UPDATED))
        for number in range(EVENT_ACTORS)
    ]
    return past + upcoming


UPCOMING_AT_FIRST = {event_key(record["id"]) for record in first_events() if (record["date"] or "") >= stamp(NOW)}
"""The keys of the events that are upcoming when the first import begins."""


def first_launches() -> list[Record]:
    """Give the launches of the first import: those that will change, placeholders, some that flew, some long ago."""
    actors = [_launch(number, timedelta(days=60 + number), GO, 1) for number in range(1, LAUNCH_ACTORS + 1)]
    scrubbed = _launch(50, timedelta(hours=-2), GO, 1)
    placeholders = [_launch(100 + number, timedelta(days=90 + number), TBD, 7) for number in range(PLACEHOLDERS)]
    flown = [_launch(200 + number, -timedelta(days=30 + 90 * number), SUCCESS, 0) for number in range(12)]
    return [*actors, scrubbed, *placeholders, *flown]


def make_stages() -> list[Stage]:
    """Give all that happens: some upcoming ones of each kind at a time, and more now and then."""
    known: dict[EntryKey, Record | None] = {event_key(record["id"]): record for record in first_events()}
    known |= {EntryKey(EntryKind.LAUNCH, record["id"]): record for record in first_launches()}
    last = {key: record for key, record in known.items() if record}
    stages: list[Stage] = []
    for number in range(STAGES):
        # What went live in the stage before has ended.
        stage = {key: _live(record, number) for key, record in known.items() if record and record["webcast_live"]}
        if number not in {_VANISH_AT, STAGES - 1}:
            busy = number - (number > _VANISH_AT)
            for key, turn in [*_event_turns(busy), *_launch_turns(busy)]:
                stage[key] = turn(last[key], number) if known[key] else last[key]
        stage |= _more_events(last, number) | _more_launches(last, number)
        updated = {"last_updated": stamp(_UPDATED + timedelta(minutes=number + 1))}
        stages.append({key: record and record | updated for key, record in stage.items()})
        known |= stages[-1]
        last |= {key: record for key, record in stages[-1].items() if record}
    return stages


def _launch(number: int, due_in: timedelta, status_id: int, precision_id: int) -> Record:
    net = stamp(NOW + due_in)
    return make_launch(number) | {
        "net": net, "window_start": net, "window_end": net, "net_precision": precision(precision_id),
        "status": launch_status(status_id), "webcast_live": False, "last_updated": stamp(_UPDATED - timedelta(days=9)),
    }  # fmt: skip


def _event_turns(number: int) -> list[tuple[EntryKey, Turn]]:
    touched = [(number * 4 + place) % EVENT_ACTORS for place in range(4)]
    return [(event_key(1000 + one), _turn(_EVENT_TURNS, number * 4 // EVENT_ACTORS + 1000 + one)) for one in touched]


def _launch_turns(number: int) -> list[tuple[EntryKey, Turn]]:
    touched = [(number * 3 + place) % LAUNCH_ACTORS + 1 for place in range(3)]
    return [(launch_key(one), _turn(_LAUNCH_TURNS, number * 3 // LAUNCH_ACTORS + one)) for one in touched]


def _turn(turns: Sequence[Turn], number: int) -> Turn:
    return turns[number % len(turns)]


def _more_events(last: Mapping[EntryKey, Record], number: int) -> dict[EntryKey, Record | None]:
    stage: dict[EntryKey, Record | None] = {}
    if number in _PAST_EDITED_AT:
        stage[event_key(number + 1)] = _edited(last[event_key(number + 1)], number)
    if number % 5 == 2:
        stage[event_key(2000 + number)] = make_record(2000 + number, date=stamp(NOW + timedelta(days=50, hours=number)))
    if number == _VANISH_AT:
        stage[_UNNOTICED] = None
    return stage


def _more_launches(last: Mapping[EntryKey, Record], number: int) -> dict[EntryKey, Record | None]:
    stage: dict[EntryKey, Record | None] = {}
    if number % 5 == 3:
        stage[launch_key(300 + number)] = _launch(300 + number, timedelta(days=50, hours=number), GO, 1)
    if number in _SCRUBS:
        stage[_SCRUBBED] = last[_SCRUBBED] | _net(NOW + _SCRUBS[number])
    if number == _VANISH_AT:
        stage |= dict.fromkeys(VANISHING)
    if number == _RETURN_AT:
        stage |= {key: last[key] for key in VANISHING[1:]}
    return stage


def _net(moment: datetime) -> Record:
    return dict.fromkeys(("net", "window_start", "window_end"), stamp(moment))


def _slipped(record: Record, number: int) -> Record | None:
    return record | {"date": stamp(NOW + timedelta(days=70 + number)), "date_precision": precision(1)}


def _renamed(record: Record, number: int) -> Record | None:
    return record | {"name": f"{record['name'].split(' (')[0]} (renamed {number})"}


def _with_webcast(record: Record, number: int) -> Record | None:
    start = record["net" if "net" in record else "date"]
    added = webcast(f"https://www.youtube.com/watch?v=added{number}", f"Added {number}", start=start)
    return record | {"vid_urls": [*record["vid_urls"], added]}


def _live(record: Record, _number: int) -> Record | None:
    return record | {"webcast_live": not record["webcast_live"]}


def _edited(record: Record, number: int) -> Record | None:
    return record | {"description": f"Edited {number}."}


def _vague(record: Record, _number: int) -> Record | None:
    return record | {"date": f"{record['date'][:7]}-01T00:00:00Z", "date_precision": precision(7)}


def _refined(record: Record, number: int) -> Record | None:
    return record | {"date": f"{record['date'][:7]}-{number % 28 + 1:02}T15:00:00Z", "date_precision": precision(1)}


def _over(record: Record, number: int) -> Record | None:
    # The upcoming list lacks it from now on, and the source stands by it.
    return record | {"date": stamp(NOW - timedelta(days=20 + number)), "date_precision": precision(1)}


def _withdrawn(_record: Record, _number: int) -> Record | None:
    return None


_EVENT_TURNS = (
    _slipped, _renamed, _with_webcast, _live, _edited, _vague, _refined, _over, _slipped, _withdrawn, _edited,
)  # fmt: skip


def _postponed(record: Record, number: int) -> Record | None:
    firm = {"status": launch_status(GO), "net_precision": precision(1)}
    return record | firm | _net(NOW + timedelta(days=70, hours=number))


def _nudged(record: Record, _number: int) -> Record | None:
    moved = datetime.fromisoformat(record["net"]) + timedelta(minutes=4)
    return record | _net(moved)


def _called_off(record: Record, _number: int) -> Record | None:
    # The list of those with a known time lacks it from now on.
    month = datetime.fromisoformat(record["net"]).replace(day=28, hour=0, minute=0, second=0)
    return record | {"status": launch_status(TBD), "net_precision": precision(7)} | _net(month)


def _unconfirmed(record: Record, _number: int) -> Record | None:
    return record | {"status": launch_status(TBC if record["status"]["id"] == HOLD else HOLD)}


def _in_flight(record: Record, _number: int) -> Record | None:
    return record | {"status": launch_status(IN_FLIGHT)}


def _flown(record: Record, number: int) -> Record | None:
    over = {"status": launch_status(SUCCESS), "net_precision": precision(0)}
    return record | over | _net(NOW - timedelta(days=20 + number))


def _failed(record: Record, number: int) -> Record | None:
    over = {"status": launch_status(FAILURE), "net_precision": precision(0), "failreason": f"It failed, {number}."}
    return record | over | _net(NOW - timedelta(days=20 + number))


def _on_another_rocket(record: Record, number: int) -> Record | None:
    others = (make_launch(one)["rocket"] for one in range(number, number + 9))
    return record | {"rocket": next(one for one in others if one["configuration"] != record["rocket"]["configuration"])}


def _with_weather(record: Record, number: int) -> Record | None:
    return record | {"probability": 10 + number, "weather_concerns": f"Clouds {number}"}


_LAUNCH_TURNS = (
    _postponed, _renamed, _with_webcast, _live, _nudged, _unconfirmed, _with_weather, _called_off, _postponed,
    _on_another_rocket, _in_flight, _flown, _postponed, _failed,
)  # fmt: skip
