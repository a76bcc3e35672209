"""The real events of 39 days and the real launches of 2026, replayed: who is told what, against a reading of the files.

Each subscriber has a webhook, a chat and a browser over real HTTP. `make soak` replays all four months of launches.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fake_ll2 import make_record
from tests.fake_ll2.daily import Day, daily_snapshots
from tests.fake_ll2.launch_moments import BEGINNING, LaunchMoment, launch_moments
from tests.fake_ll2.shapes import Record
from tests.notify.inboxes import Told, subscribed
from tests.notify.stage import Stage, make_stage
from tests.soak import length
from tests.sync.launch_reading import CLOCK_LENGTHS, IN_FLIGHT, OUTCOMES, ChangeFacts, differences, span
from tests.sync.launch_reading import facts_of_listed as listed_facts
from tests.sync.test_launch_replay import WITHOUT_LIMIT, carry_out, library, serve, sync_completely
from tests.sync.test_replay import compared
from webapp.domain.notices import Lead
from webapp.ll2.parse import parse_event
from webapp.sync.situation import Task

pytestmark = [pytest.mark.slow, pytest.mark.campaign]

EVENT_DAYS, LAUNCH_DAYS = length(14, long=39), timedelta(days=length(1, long=105))
HOUR, STEP, LONGEST_SILENT_MOVE = timedelta(hours=1), timedelta(minutes=5), timedelta(minutes=10)
STARLINK = 25
ON_HOLD, TO_BE_DETERMINED, GO = 5, 2, 1
MOVES, DATED = {"slipped", "refined", "vaguer"}, {"slipped", "refined", "vaguer", "added"}


def notices_of(changes: Mapping[str, list[str]]) -> list[Told]:
    """Give the notices of the changes that one sync found, by what they are about."""
    if len(changes) > 5:
        return [("digest", sorted(kind for kinds in changes.values() for kind in kinds))]
    return [(about, sorted(kinds)) for about, kinds in changes.items()]


def test_of_the_39_days_each_subscriber_is_told_exactly_what_their_lists_say(tmp_path: Path) -> None:
    days = daily_snapshots()[:EVENT_DAYS]
    types = {record["id"]: record["type"]["id"] for day in days for record in day.raw}
    one = next(id_ for _, facts in compared(days) for id_, kind, _ in facts if kind == "slipped")
    wanted: dict[str, Callable[[int], bool]] = {
        "everything": lambda _: True,
        "spacewalks": lambda id_: types[id_] == 3,
        "dockings": lambda id_: types[id_] == 2,
        "one": lambda id_: id_ == one,
    }
    total: Counter[str] = Counter()
    queries = {"everything": "", "spacewalks": "?type__ids=3", "dockings": "?type__ids=2", "one": f"?id={one}"}
    with make_stage(tmp_path) as stage:
        take_in(stage, days[0])
        with subscribed(tmp_path, stage.store, stage.lease, stage.clock, queries=queries, lead=None) as inboxes:
            for day, (_, facts) in list(zip(days, compared(days), strict=True))[1:]:
                take_in(stage, day)
                inboxes.settle()
                told = inboxes.take()
                for name, is_wanted in wanted.items():
                    changes: dict[str, list[str]] = {}
                    for id_, kind, _ in facts:
                        if is_wanted(id_) and kind in DATED | {"webcast_added"}:
                            changes.setdefault(str(id_), []).append(kind)
                    assert told.get(name, []) == sorted(notices_of(changes), key=str), (day.day, name)
                    total[name] += len(told.get(name, []))
    # Of spacewalks nothing that is told changed in these days.
    assert list(total.values()) == length([14, 0, 3, 2], long=[38, 0, 5, 2])
    assert inboxes.counts == dict.fromkeys(("webhook", "chat", "push"), total.total())


def take_in(stage: Stage, day: Day) -> None:
    stage.clock.now = datetime.combine(day.day, time(6), UTC)
    stage.receive(*(parse_event(record) for record in day.listed))


def test_of_the_launches_each_subscriber_is_told_exactly_what_their_facts_say(tmp_path: Path) -> None:
    moments = list(launch_moments(BEGINNING + LAUNCH_DAYS))
    one = most_moved(moments)
    queries = {"everything": "", "one": f"?id={one}", "without": f"?not_program__ids={STARLINK}"}
    readings = {
        "everything": Reading(lambda _id, _facts: True),
        "one": Reading(lambda id_, _facts: id_ == one),
        "without": Reading(lambda _id, facts: STARLINK not in facts["program"]),
    }
    with library(moments[0], tmp_path) as (stage, _):
        stage.fake.records[:] = [make_record(1, date="2030-01-01T00:00:00Z")]  # Of events nothing is told here.
        stage.engine = engine = stage.make_engine(budget=WITHOUT_LIMIT)
        engine.import_everything(lambda _: None)
        carry_out(stage, engine, Task.LAUNCHES_HISTORY)
        with subscribed(tmp_path, stage.store, engine.lease, stage.clock, queries=queries, lead=Lead.HOUR) as inboxes:
            known: dict[str, Record] = dict(listed_facts(moments[0]))
            for moment in moments[1:]:
                while stage.clock.now + STEP < moment.at:
                    stage.clock.advance(STEP)
                    inboxes.settle()
                    check(inboxes.take(), readings, NewLook(stage.clock.now, [], known))
                serve(stage, moment)
                sync_completely(stage, engine)
                found = list(changes_at(moment.at, listed_facts(moment), known))
                inboxes.settle()
                check(inboxes.take(), readings, NewLook(moment.at, found, known))
    told = sum(reading.notices + reading.reminders for reading in readings.values())
    assert inboxes.counts == dict.fromkeys(("webhook", "chat", "push"), told)
    for name, reading in readings.items():
        assert reading.notices, name
        assert reading.reminders or name == "one"


def check(told: Mapping[str, list[Told]], readings: Mapping[str, "Reading"], look: "NewLook") -> None:
    for name, reading in readings.items():
        assert told.get(name, []) == sorted(reading.tell(look), key=str), (look.at, name)


def most_moved(moments: Iterable[LaunchMoment]) -> str:
    known: dict[str, Record] = {}
    moves: Counter[str] = Counter()
    for moment in moments:
        for _, id_, kind, _ in changes_at(moment.at, listed_facts(moment), known):
            moves[id_] += kind in MOVES
    ((id_, _),) = moves.most_common(1)
    return id_


def changes_at(at: datetime, facts: Mapping[str, Record], known: dict[str, Record]) -> Iterator[ChangeFacts]:
    """Compare what is listed with what was known, which it becomes."""
    is_first = not known
    for id_, seen in facts.items():
        if id_ in known:
            yield from ((at, id_, *change) for change in differences(known[id_], seen))
        elif not is_first:
            yield at, id_, "added", None
        known[id_] = seen


@dataclass(frozen=True)
class NewLook:
    """What was found at an instant, and what is known of all launches since then."""

    at: datetime
    found: list[ChangeFacts]
    known: Mapping[str, Record]


@dataclass
class Reading:
    """What one subscriber is to be told, read from the facts with nothing of Perigee's."""

    is_wanted: Callable[[str, Record], bool]
    notices: int = 0
    reminders: int = 0
    reminded: dict[str, list[datetime]] = field(default_factory=dict)

    def tell(self, look: NewLook) -> list[Told]:
        changes: dict[str, list[str]] = {}
        for _, id_, kind, detail in look.found:
            if self.is_wanted(id_, look.known[id_]) and is_told(kind, detail):
                changes.setdefault(id_, []).append(kind)
        notices = notices_of(changes)
        self.notices += len(notices)
        is_digest = len(changes) > 5
        is_taken = {id_ for _, id_, kind, detail in look.found if kind == "status" and is_taken_back(*detail)}
        dated = {id_ for id_, kinds in changes.items() if set(kinds) & DATED or id_ in is_taken}
        reminders = list(self._remind(look.at, look.known, set() if is_digest else dated))
        self.reminders += len(reminders)
        return notices + reminders

    def _remind(self, now: datetime, known: Mapping[str, Record], dated: set[str]) -> Iterator[Told]:
        for id_, facts in known.items():
            if not self.is_wanted(id_, facts) or facts["prec"] not in CLOCK_LENGTHS:
                continue
            start, _ = span(facts)
            is_off = facts["status_id"] in {ON_HOLD, TO_BE_DETERMINED, IN_FLIGHT, *OUTCOMES}
            # What was due before anybody subscribed is left out.
            if is_off or not start - HOUR <= now < start or start - HOUR <= BEGINNING:
                continue
            before = self.reminded.setdefault(id_, [])
            if any(abs(start - one) < LONGEST_SILENT_MOVE for one in before):
                continue
            before.append(start)
            if id_ not in dated:
                yield id_, start


def is_told(kind: str, detail: Any) -> bool:
    if kind != "status":
        return kind in DATED | {"webcast_added", "gone_live"}
    return detail[1] in {IN_FLIGHT, *OUTCOMES} or is_taken_back(*detail)


def is_taken_back(old: int, new: int) -> bool:
    if new in {IN_FLIGHT, *OUTCOMES}:
        return False
    return ON_HOLD in {old, new} or (old in {GO, IN_FLIGHT, *OUTCOMES} and new not in {GO, IN_FLIGHT, *OUTCOMES})
