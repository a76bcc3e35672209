import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import make_entry
from tests.fake_ll2.data import data_folder
from tests.whole_entry import WHOLE_LAUNCH
from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail, LaunchStatus
from webapp.domain.modes import Mode
from webapp.domain.partial_records import completed, patched
from webapp.ll2.parse_launch import parse_launch


def converted(mode: Mode) -> list[Entry]:
    """Give the hundred real launches as they come in a mode."""
    name = f"upcoming-2026-08-22-{mode.value}.json"
    document = json.loads((data_folder() / "launches" / "converted-2.3.0" / name).read_text("utf-8"))
    return [parse_launch(record) for record in document["results"]]


@pytest.mark.parametrize("mode", [Mode.LIST, Mode.NORMAL])
def test_what_a_lesser_record_leaves_out_is_taken_from_the_full_one_and_nothing_else_is(mode: Mode) -> None:
    lesser, full = converted(mode), converted(Mode.DETAILED)
    assert [entry.key for entry in lesser] == [entry.key for entry in full]
    assert lesser != full
    assert [completed(one, mode, other) for one, other in zip(lesser, full, strict=True)] == full


@pytest.mark.parametrize("mode", [Mode.LIST, Mode.NORMAL])
def test_what_a_lesser_record_holds_stands(mode: Mode) -> None:
    assert isinstance(WHOLE_LAUNCH.detail, LaunchDetail)
    hold = LaunchStatus(5, "On Hold", "Hold")
    moved = replace(
        WHOLE_LAUNCH, name="Another", date=(WHOLE_LAUNCH.date or None) and WHOLE_LAUNCH.date + timedelta(days=1),
        detail=replace(WHOLE_LAUNCH.detail, status=hold, timeline=(), patches=()), webcasts=(), links=(), updates=(),
    )  # fmt: skip
    whole = completed(moved, mode, WHOLE_LAUNCH)
    assert isinstance(whole.detail, LaunchDetail)
    assert (whole.name, whole.date, whole.detail.status) == (moved.name, moved.date, hold)
    assert (whole.webcasts, whole.updates) == (WHOLE_LAUNCH.webcasts, WHOLE_LAUNCH.updates)
    assert whole.detail.timeline == WHOLE_LAUNCH.detail.timeline


def test_full_records_and_events_need_no_completion() -> None:
    bare = replace(WHOLE_LAUNCH, webcasts=())
    assert completed(bare, Mode.DETAILED, WHOLE_LAUNCH) is bare
    event = make_entry(name="One")
    assert completed(event, Mode.LIST, make_entry(name="Other")) is event


def test_a_partial_record_changes_what_it_holds_in_a_fuller_one_and_takes_nothing_away() -> None:
    full = {"id": 1, "response_mode": "detailed", "net": "a", "status": {"id": 1}, "pad": {"id": 1, "agencies": [2]}}
    partial = {"id": 1, "response_mode": "list", "net": "b", "status": {"id": 5}, "pad": {"id": 3}, "new": None}
    found = json.loads(patched(json.dumps(full), json.dumps(partial)))
    assert found == full | {"net": "b", "status": {"id": 5}, "new": None}
