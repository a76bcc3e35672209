from datetime import UTC, datetime

import pytest

from tests.html import read
from webapp import paths
from webapp.domain.changes import Change, ChangeKind, KnownDate
from webapp.pages.change_lines import ChangeLine, mark_of, present_change, unbroken

EARLY = KnownDate(datetime(2026, 10, 3, 14, tzinfo=UTC), 1)
LATE = KnownDate(datetime(2026, 10, 5, 9, 30, tzinfo=UTC), 1)


def drawings() -> set[str]:
    sprite = (paths.static() / "img" / "glyphs.svg").read_text("utf-8")
    return {name.removeprefix("icon-") for name in read(sprite).values('symbol[id^="icon-"]', "id")}


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        (Change(ChangeKind.SLIPPED, EARLY, LATE), "later"),
        (Change(ChangeKind.SLIPPED, LATE, EARLY), "earlier"),
        (Change(ChangeKind.SLIPPED), "later"),
        (Change(ChangeKind.WEBCAST_ADDED), "webcast"),
        (Change(ChangeKind.GONE_LIVE), "live"),
        (Change(ChangeKind.WITHDRAWN), "withdrawn"),
    ],
)
def test_the_mark_of_a_slip_points_the_way_the_date_went(change: Change, mark: str) -> None:
    assert mark_of(change) == mark


def test_every_mark_is_drawn_and_each_kind_has_its_own() -> None:
    marks = [mark_of(Change(kind)) for kind in ChangeKind]
    assert len(set(marks)) == len(marks)
    assert {*marks, "earlier", "update"} - drawings() == set()


def test_a_line_keeps_numbers_with_their_units() -> None:
    assert present_change(Change(ChangeKind.SLIPPED, EARLY, LATE, slip_number=2)) == ChangeLine(
        "slipped",
        "later",
        "Delayed by 1\u00a0d 19\u00a0h 30\u00a0min, "
        "from 3 October 2026, 14:00\u00a0UTC to 5 October 2026, 09:30\u00a0UTC "
        "(second date change).",
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [("1 d 5 h 30 min 2 s", "1\u00a0d 5\u00a0h 30\u00a0min 2\u00a0s"), ("Falcon 9 docks", "Falcon 9 docks"), ("", "")],
)
def test_only_units_are_kept_with_numbers(text: str, kept: str) -> None:
    assert unbroken(text) == kept
