"""When time alone changes what is upcoming, live or past."""

from datetime import datetime, timedelta
from random import Random

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_records
from tests.fake_ll2.records import precision
from webapp.domain.entry import Entry, ReceivedEntry
from webapp.domain.query import Filter, View
from webapp.domain.scopes import Scope, api_previous_scope, api_upcoming_scope, past_scope, upcoming_scope
from webapp.ll2.parse import parse_event, serialize_record
from webapp.store import Store

QUARTER, MICROSECOND = timedelta(minutes=15), timedelta(microseconds=1)
WITHOUT_RECENT = View(hide_recent_previous=True)


@pytest.fixture
def filled(store: Store) -> Store:
    """Forty events around now, of every precision, some of them live."""
    chance = Random(7)  # noqa: S311 - not for secrets
    arrived = []
    for record in make_records(40, now=NOW):
        moment = NOW + timedelta(minutes=chance.randint(-3000, 3000))
        record |= {"date": f"{moment:%Y-%m-%dT%H:%M:00Z}", "webcast_live": chance.random() < 0.3}
        record["date_precision"] = precision(chance.choice([0, 1, 2, 3, 4, 5]))
        arrived.append(ReceivedEntry(parse_event(record), serialize_record(record)))
    with store.write() as writer:
        writer.upsert_entries(arrived, now=NOW)
    return store


@pytest.mark.slow
def test_between_turns_every_list_stays_and_at_a_turn_one_changes(filled: Store) -> None:
    moment, end, turns = NOW, NOW + timedelta(hours=24), 0
    while moment < end:
        with filled.read() as snapshot:
            turn = snapshot.next_expiry(moment, before=moment + QUARTER)
        until = turn or moment + QUARTER
        before = lists_at(filled, moment)
        assert lists_at(filled, until - MICROSECOND) == before
        if turn is not None:
            turns += 1
        moment = until
    assert turns > 10


def test_what_turns(store: Store) -> None:
    record = make_records(1, now=NOW)[0]
    record |= {"date": f"{NOW + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}", "date_precision": precision(1)}
    event = parse_event(record)
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(event, serialize_record(record))], now=NOW)
    assert turns_from(store, NOW, NOW + timedelta(days=2)) == sorted(
        moment + delay for delay in (timedelta(0), timedelta(days=1)) for moment in instants(event)
    )


def test_an_empty_store_never_turns(store: Store) -> None:
    assert turns_from(store, NOW, NOW + timedelta(days=2)) == []


def turns_from(store: Store, start: datetime, end: datetime) -> list[datetime]:
    found = []
    with store.read() as snapshot:
        while (turn := snapshot.next_expiry(start, before=end)) is not None:
            found.append(turn)
            start = turn
    return found


def instants(event: Entry) -> list[datetime]:
    """When a range is over, and when its date comes, and has just passed."""
    assert event.date_range is not None
    assert event.date is not None
    return [event.date_range.over_at, event.date, event.date + MICROSECOND]


def lists_at(store: Store, moment: datetime) -> list[list[int]]:
    def scopes() -> list[Scope]:
        return [
            upcoming_scope(moment),
            past_scope(moment),
            api_upcoming_scope(View(), moment),
            api_upcoming_scope(WITHOUT_RECENT, moment),
            api_previous_scope(moment),
        ]

    with store.read() as snapshot:
        return [
            [stored.id for stored in snapshot.list_entries(Filter(), scope, View(limit=1000))] for scope in scopes()
        ]
