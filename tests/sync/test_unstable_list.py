"""A list that moves while an import walks through it: what came is shown, and nothing of it is a failure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from tests.clock import NOW
from tests.fake_ll2 import Record, make_records, routes
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.paging import ordered
from tests.keys import event_keys
from tests.sync.conftest import Stage
from webapp.domain.changes import ChangeKind
from webapp.domain.entry import EntryKey, EntryKind
from webapp.store import LIST_ALERT, Snapshot
from webapp.sync.engine import Report
from webapp.sync.situation import Task

HOUR = timedelta(hours=1)
LACK = "Launch Library reports 250 events but returned 249"


class Seam:
    """Where two pages meet. While `is_swapped`, the last record of one and the first of the next change places."""

    def __init__(self) -> None:
        self.is_swapped = False

    def order(self, records: Iterable[Record], *how: Any) -> list[Record]:
        """Order records as the service does, but for the seam."""
        found = ordered(records, *how)
        if self.is_swapped and len(found) > 100:
            found[99], found[100] = found[100], found[99]
        return found


@pytest.fixture
def seam(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Seam:
    """Give the seam of a list of 250 events; nothing is imported yet."""
    stage.fake.records[:] = make_records(250, now=NOW)
    seam = Seam()
    monkeypatch.setattr(routes, "ordered", seam.order)
    return seam


def next_import(stage: Stage) -> Report:
    while (report := stage.step()).planned.task is not Task.IMPORT:
        assert report.fault is None
    return report


def walk(stage: Stage, seam: Seam, *, swaps: bool) -> Report:
    """Let an import go once through the list, which is swapped after its first page, or is not."""
    seam.is_swapped = False
    next_import(stage)
    seam.is_swapped = swaps
    next_import(stage)
    last = next_import(stage)
    assert (last.fault, stage.progress.import_offset) == (None, 0)
    return last


def standing(snapshot: Snapshot) -> set[EntryKey]:
    return snapshot.sync.list_keys_from(EntryKind.EVENT, None)


def stored(stage: Stage) -> int:
    return len(stage.read(standing))


def test_an_import_that_missed_one_at_the_seam_is_shown_and_says_what_it_lacks(stage: Stage, seam: Seam) -> None:
    assert stage.site.get("/")[0] == 503
    last = walk(stage, seam, swaps=True)
    assert last.outcome is not None
    assert (last.outcome.words, last.outcome.lack) == ("50 events, 50 new, of 250: incomplete", LACK)
    assert (stored(stage), stage.state.imported_at) == (249, stage.clock.now)
    status = stage.status()
    assert (stage.site.get("/")[0], status["alerts"]) == (200, {LIST_ALERT: LACK})
    assert (status["tasks"]["import"]["fault"], status["fault"], status["failures"]) == (None, None, 0)
    page = stage.site.get("/status")[1]
    assert f"The data is incomplete. {LACK}. The next full import will fetch the rest." in page
    assert "Last import (incomplete)" in page


def test_the_next_import_brings_the_rest_which_is_no_news(stage: Stage, seam: Seam) -> None:
    walk(stage, seam, swaps=True)
    last = walk(stage, seam, swaps=False)
    assert last.outcome is not None
    assert last.outcome.words == "50 events, nothing new, complete"
    assert (stored(stage), stage.status()["alerts"]) == (250, {})
    assert stage.read(lambda snapshot: snapshot.count_all().changes) == 0


def test_what_the_source_adds_meanwhile_is_news(stage: Stage, seam: Seam) -> None:
    last = walk(stage, seam, swaps=True)
    (record,) = [one for one in stage.fake.records if one["id"] == 250]
    stage.fake.put(record | {"id": 9000, "date": stamp(NOW + 9 * HOUR), "last_updated": stamp(last.at + HOUR)})
    stage.run(3 * HOUR)
    assert [one.change.kind for one in stage.history(9000)] == [ChangeKind.ADDED]


def test_a_list_that_never_keeps_its_order_is_told_of_until_all_are_stored_and_doubts_nobody(
    stage: Stage, seam: Seam
) -> None:
    walk(stage, seam, swaps=False)
    stage.fake.remove(3)
    for _ in range(2):
        last = walk(stage, seam, swaps=True)
        assert last.outcome is not None
        assert last.outcome.words == "49 events, nothing new, of 249: incomplete"
        assert stage.status()["alerts"] == {}, "all that are counted are stored"
    assert stage.read(lambda snapshot: snapshot.sync.list_doubts()) == []
    walk(stage, seam, swaps=False)
    stage.run(2 * HOUR)
    assert [one.change.kind for one in stage.history(3)] == [ChangeKind.WITHDRAWN]


@pytest.mark.parametrize(("gone", "left"), [(60, 190), (160, 90)])
def test_a_list_that_shrank_below_the_place_is_gone_back_in(stage: Stage, seam: Seam, gone: int, left: int) -> None:
    assert seam.is_swapped is False
    next_import(stage)
    next_import(stage)
    for record in ordered(stage.fake.records, "date", "date", ("date",))[:gone]:
        stage.fake.remove(record["id"])
    back = next_import(stage)
    assert back.outcome is not None
    assert (back.fault, back.outcome.words) == (None, f"list shrank to {left}: going back")
    last = next_import(stage)
    assert (last.fault, stage.progress.import_offset) == (None, 0)
    listed = set(event_keys(record["id"] for record in stage.fake.records))
    assert listed <= stage.read(standing), "none that stands is missing"
    assert [call.fault for call in stage.read(lambda snapshot: snapshot.sync.list_calls())] == [None] * 5


def test_a_list_that_grows_is_walked_to_its_new_end(stage: Stage, seam: Seam) -> None:
    assert seam.is_swapped is False
    next_import(stage)
    for record in make_records(320, now=NOW)[250:]:
        stage.fake.put(record | {"date": stamp(NOW + 900 * HOUR)})
    next_import(stage)
    next_import(stage)
    last = next_import(stage)
    assert last.outcome is not None
    assert (stored(stage), last.outcome.words) == (320, "20 events, 20 new, complete")
