"""A server with as many launches as the source lists ahead: a few with a day, in every status, and the rest without."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.fake_ll2 import Record, make_launch, make_record
from tests.fake_ll2.catalogue import precision
from tests.fake_ll2.launches import launch_id, launch_status
from tests.fake_ll2.moments import stamp
from tests.processes import Server, running_server
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.ll2.parse import parse_event, serialize_record
from webapp.ll2.parse_launch import parse_launch
from webapp.runtime import utc_now
from webapp.store import Store

LISTED = 362
FLYING, ON_HOLD, FAILED, CREWED, WITH_WEATHER = range(1, 6)
MANY_A_DAY = range(10, 17)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SECOND, _MINUTE, _ONE_DAY, _MONTH, _YEAR = (precision(number) for number in (0, 1, 5, 7, 14))


@contextmanager
def running_launch_server(data: Path) -> Iterator[Server]:
    """Run a server whose store holds them, with some events beside, and whose source is silent."""
    now = utc_now().replace(second=0, microsecond=0)
    store = Store(f"sqlite:///{data / 'perigee.db'}")
    store.migrate()
    launches = [ReceivedEntry(parse_launch(one), serialize_record(one)) for one in launches_around(now)]
    events = [ReceivedEntry(parse_event(one), serialize_record(one)) for one in events_around(now)]
    with store.write() as writer:
        writer.upsert_entries([*launches, *events], now=now)
        for kind in EntryKind:
            writer.update_progress(kind, imported_at=now)
        writer.update_state(reached_at=now)
    store.close()
    with running_server(data, PERIGEE_LL2_URL="http://127.0.0.1:9/") as server:
        yield server


def launches_around(now: datetime) -> list[Record]:
    """Give the launches: one that has failed, and `LISTED` to come."""
    mission = make_launch(CREWED)["mission"] | {"type": "Human Exploration"}
    dated = [
        _launch(FLYING, now - _HOUR / 4, _SECOND, 6, webcast_live=True),
        _launch(ON_HOLD, now + _HOUR / 4, _MINUTE, 5),
        _launch(CREWED, now + 6 * _DAY, _MINUTE, 1, mission=mission, program=[]),
        _launch(WITH_WEATHER, now + 2 * _DAY, _MINUTE, 8, probability=70, weather_concerns="Anvil Cloud Rules"),
        *(_launch(number, now.replace(hour=number) + 4 * _DAY, _MINUTE, 1) for number in MANY_A_DAY),
        *(_launch(20 + number, now + number * 3 * _DAY, _ONE_DAY, 1) for number in range(3, 8)),
    ]
    vague = LISTED - len(dated)
    return [
        _launch(FAILED, now - 3 * _DAY, _SECOND, 4),
        *dated,
        *(_vague(100 + number, now, number % 14) for number in range(vague)),
    ]


def events_around(now: datetime) -> list[Record]:
    """Give the events: the docking and the hatch opening of the crewed launch, and a few others."""
    crewed = make_launch(CREWED)
    named = {"launches": [{"id": launch_id(CREWED), "name": crewed["name"], "status": launch_status(1)}], "program": []}
    docking, hatch = {"id": 2, "name": "Docking"}, {"id": 12, "name": "Hatch Opening"}
    return [
        _event(1, "Meridian 4 Docking", now + 7 * _DAY, type=docking, **named),
        _event(2, "Meridian 4 Hatch Opening", now + 7 * _DAY + 2 * _HOUR, type=hatch, **named),
        *(_event(number, f"Halcyon {number} Undocking", now + number * _DAY, launches=[]) for number in range(3, 40)),
    ]


def _launch(number: int, at: datetime, known: Record, status_id: int, **record: Any) -> Record:
    given = {"net": stamp(at), "window_start": stamp(at), "window_end": stamp(at + _HOUR), "net_precision": known}
    return make_launch(number, **given, status=launch_status(status_id), **record)


def _vague(number: int, now: datetime, months: int) -> Record:
    """Give a launch that is known to a month, or, for the last of them, to the year."""
    if months > 12:
        at = datetime(now.year + 1, 12, 31, tzinfo=now.tzinfo)
        return _launch(number, at, _YEAR, 2)
    first = date(now.year + (now.month + months) // 12, (now.month + months) % 12 + 1, 1)
    at = datetime(first.year, first.month, first.day, tzinfo=now.tzinfo) - _DAY
    return _launch(number, at, _MONTH, 2)


def _event(number: int, name: str, at: datetime, **record: Any) -> Record:
    slug = name.lower().replace(" ", "-")
    return make_record(number, name=name, slug=slug, date=stamp(at), date_precision=_MINUTE, **record)
