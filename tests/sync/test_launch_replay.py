"""The real launches of 2026, replayed: what the engine remembers of them is what a reading of their facts finds.

`make soak` replays all four months. Beside the changes themselves it is tested that none is withdrawn which only fell
behind the hundredth row, since a withdrawal would be a change that the reading does not find.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.clock import ManualClock
from tests.date_ledger import Gap, Sight, read_ledger, sight_of_launch
from tests.fake_ll2 import FakeLaunchLibrary
from tests.fake_ll2.launch_moments import BEGINNING, LaunchMoment, launch_moments
from tests.fake_ll2.shapes import Answer, Record, Request
from tests.kept_ledger import kept_ledger
from tests.soak import IS_LONG, length
from tests.sync.conftest import Stage, make_stage, thirty_events
from tests.sync.launch_reading import ChangeFacts, Look, changes_in, facts_of_listed
from webapp.domain.changes import Change, ChangeKind
from webapp.domain.entry import EntryKey, EntryKind
from webapp.sync.apply_launches import ASK_AGAIN_AFTER
from webapp.sync.engine import Engine
from webapp.sync.fetch import DETAILED_FOR
from webapp.sync.intake import UNREAD, Outcome
from webapp.sync.plan import DOUBT_AGAIN_AFTER
from webapp.sync.situation import Plan, Task

pytestmark = [pytest.mark.slow, pytest.mark.campaign]

DAYS = timedelta(days=length(4, long=105))
DAYS_UNDER_BUDGET = timedelta(days=length(1, long=105))
BUDGET = 12
IN_ALL = Counter(
    slipped=297, status=290, webcast_added=171, added=115, adjusted=97, refined=78, gone_live=72, ended=72, renamed=40,
    vaguer=29,
)  # fmt: skip
IN_THE_FIRST_DAYS = Counter(
    status=11, added=7, adjusted=5, webcast_added=5, slipped=3, gone_live=2, ended=2, vaguer=2, renamed=2
)
CASES_IN_ALL, CASES_IN_THE_FIRST_DAYS = 242, 4
LONGEST_SILENCE = timedelta(hours=6)
WITHOUT_LIMIT = 1_000_000
DEADLINE = 60.0


def test_a_complete_sync_after_each_change_finds_exactly_what_there_was(tmp_path: Path) -> None:
    moments = list(launch_moments(BEGINNING + DAYS))
    with library(moments[0], tmp_path) as (stage, _):
        engine = stage.make_engine(budget=WITHOUT_LIMIT)
        engine.import_everything(lambda _: None)
        carry_out(stage, engine, Task.LAUNCHES_HISTORY)
        for moment in moments:
            serve(stage, moment)
            sync_completely(stage, engine)
        found = list(remembered(stage, moments[-1].facts))
        ledger = sorted(kept_ledger(stage.store), key=str)
    assert ledger == sorted(read_ledger(sights_of(moments), gaps_between(moments), moments[-1].at), key=str)
    assert len(ledger) == (CASES_IN_ALL if IS_LONG else CASES_IN_THE_FIRST_DAYS)
    fallen = {record["id"] for moment in moments for record in moment.unlisted}
    assert fallen
    assert {f"/2.3.0/launches/{id_}/" for id_ in fallen} <= {request.path for request in stage.fake.requests}
    assert_same(found, changes_in(Look(moment.at, "detailed", facts_of_listed(moment)) for moment in moments))
    assert Counter(kind for _, _, kind, _ in found) == (IN_ALL if IS_LONG else IN_THE_FIRST_DAYS)


def test_under_the_budget_are_found_exactly_the_changes_between_what_its_calls_saw(tmp_path: Path) -> None:
    moments = list(launch_moments(BEGINNING + DAYS_UNDER_BUDGET))
    with library(moments[0], tmp_path) as (stage, looks):
        stage.engine = stage.make_engine(budget=BUDGET)
        for moment in moments:
            stage.run(moment.at - stage.clock.now)
            serve(stage, moment)
        stage.run(timedelta(hours=1))
        found = list(remembered(stage, moments[-1].facts))
    assert {request.status for request in stage.fake.requests} <= {200, 304}
    assert_same(found, changes_in(looks))


def sights_of(moments: Iterable[LaunchMoment]) -> Iterator[Sight]:
    return (sight_of_launch(one.at, id_, facts) for one in moments for id_, facts in facts_of_listed(one).items())


def gaps_between(moments: Iterable[LaunchMoment]) -> list[Gap]:
    """Give when nothing was asked: each moment is read to its end, and then the next."""
    pairs = pairwise([BEGINNING, *(moment.at for moment in moments)])
    return [(before, after) for before, after in pairs if after - before > LONGEST_SILENCE]


def assert_same(found: Iterable[ChangeFacts], expected: Iterable[ChangeFacts]) -> None:
    found, expected = Counter(found), Counter(expected)
    assert {"adjusted", "renamed", "slipped", "status", "webcast_added"} <= {kind for _, _, kind, _ in expected}
    assert (sorted(found - expected, key=str), sorted(expected - found, key=str)) == ([], [])


@contextmanager
def library(first: LaunchMoment, folder: Path) -> Iterator[tuple[Stage, list[Look]]]:
    """Give an engine over the launches as they were at first, beside some events, and the looks that it takes."""
    clock = ManualClock(BEGINNING)
    with (
        WatchedLibrary(thirty_events(clock.now)[-5:], clock=clock) as fake,
        make_stage(folder, fake, clock, deadline=DEADLINE) as stage,
    ):
        stage.kinds = tuple(EntryKind)
        serve(stage, first)
        yield stage, fake.looks


def serve(stage: Stage, moment: LaunchMoment) -> None:
    assert isinstance(stage.fake, WatchedLibrary)
    stage.clock.now = moment.at
    stage.fake.launches[:] = moment.listed
    stage.fake.unlisted[:] = moment.unlisted
    stage.fake.facts = moment.facts


def sync_completely(stage: Stage, engine: Engine) -> None:
    """Make every sort of call about launches that there is, each until it has nothing more to ask."""
    carry_out(stage, engine, Task.LAUNCHES_SOON)
    while not carry_out(stage, engine, Task.LAUNCHES_CHANGED).is_done:
        pass
    carry_out(stage, engine, Task.LAUNCHES_SWEEP)
    while stage.state.progress_of(EntryKind.LAUNCH).sweep_offset:
        carry_out(stage, engine, Task.LAUNCHES_SWEEP)
    while has_partial(stage):
        carry_out(stage, engine, Task.LAUNCHES_DETAILS)
    for key in list_doubted(stage):
        carry_out(stage, engine, Task.DETAILS, key)


def carry_out(stage: Stage, engine: Engine, task: Task, key: EntryKey | None = None) -> Outcome:
    assert engine.lease.hold()
    report = engine.carry_out(Plan(task, stage.clock.now, "it is its turn", key))
    assert report.outcome is not None, report.fault
    assert UNREAD not in report.outcome.words
    return report.outcome


def has_partial(stage: Stage) -> bool:
    now = stage.clock.now
    dated_after, asked_before = now - DETAILED_FOR, now - ASK_AGAIN_AFTER
    with stage.store.read() as snapshot:
        return bool(snapshot.sync.list_partial(dated_after=dated_after, asked_before=asked_before, limit=1))


def list_doubted(stage: Stage) -> list[EntryKey]:
    due = stage.clock.now - DOUBT_AGAIN_AFTER
    with stage.store.read() as snapshot:
        return [key for key, _, asked_at in snapshot.sync.list_doubts() if asked_at is None or asked_at <= due]


def remembered(stage: Stage, launch_ids: Iterable[str]) -> Iterator[ChangeFacts]:
    """Give all changes of these launches that the store holds, but for edits."""
    with stage.store.read() as snapshot:
        histories = {id_: snapshot.list_history(EntryKey(EntryKind.LAUNCH, id_)) for id_ in launch_ids}
    for id_, history in histories.items():
        for stored in history:
            if stored.change.kind is not ChangeKind.EDITED:
                yield stored.seen_at, id_, stored.change.kind.value, detail_of(stored.change)


def detail_of(change: Change) -> Any:
    dates, statuses = (change.before, change.after), (change.old_status, change.new_status)
    match change.kind:
        case ChangeKind.SLIPPED | ChangeKind.REFINED | ChangeKind.VAGUER | ChangeKind.ADJUSTED:
            return tuple((known.date, known.precision_id) for known in dates if known is not None)
        case ChangeKind.STATUS:
            return tuple(status.id for status in statuses if status is not None)
        case ChangeKind.RENAMED:
            return change.old_name, change.new_name
        case ChangeKind.WEBCAST_ADDED:
            return frozenset(change.urls)
        case _:
            return None


class WatchedLibrary(FakeLaunchLibrary):
    """Notes which launches each of its answers showed. `facts` are those of all launches at present."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.facts: Mapping[str, Record] = {}
        self.looks: list[Look] = []
        self._shown: dict[tuple[object, ...], list[Record]] = {}

    def _answer(self, request: Request) -> Answer:
        answer = super()._answer(request)
        if request.endpoint.startswith("/launches/"):
            asked = (request.path, *request.query)
            if answer.status == 200:
                body = json.loads(answer.body)
                self._shown[asked] = body.get("results", [body])
            # What is answered with 304 was shown before.
            shown = {record["id"]: self.facts[record["id"]] for record in self._shown[asked]}
            mode = request.last("mode") or "detailed"  # One that is asked for by its address comes in full.
            self.looks.append(Look(self.clock(), mode, shown, is_history=request.endpoint == "/launches/previous/"))
        return answer
