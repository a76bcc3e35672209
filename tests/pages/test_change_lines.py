from datetime import UTC, datetime

import pytest

from tests.html import read
from webapp import paths
from webapp.domain.change_words import KIND_WORDS, change_words, ordinal
from webapp.domain.changes import Change, ChangeKind, KnownDate
from webapp.domain.launch import LaunchStatus
from webapp.domain.zones import UTC_ZONE
from webapp.pages.change_lines import (
    ChangeLine,
    ListedChange,
    mark_of,
    present_change,
    present_listed,
    unbroken,
)

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


def listed(change: Change) -> ListedChange:
    return present_listed(change, UTC_ZONE, EARLY_NOW)


EARLY_NOW = datetime(2026, 9, 1, tzinfo=UTC)
SOON_AFTER = KnownDate(datetime(2026, 10, 5, 9, 34, tzinfo=UTC), 1)
OLD, NEW = "Sat\u00a03, 14:00", "Mon\u00a05\u00a0Oct, 09:30\u00a0UTC"
SHIFT = "1\u00a0d\u00a019\u00a0h\u00a030\u00a0min"
NO_DATE = KnownDate(None, None)
DAY = KnownDate(datetime(2026, 10, 5, tzinfo=UTC), 5)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            Change(ChangeKind.SLIPPED, EARLY, LATE, slip_number=4),
            ListedChange("slipped", "later", "Moved later", OLD, NEW, (f"+{SHIFT}", f"{ordinal(4)} date change")),
        ),
        (
            Change(ChangeKind.SLIPPED, LATE, EARLY),
            ListedChange(
                "slipped", "earlier", "Moved earlier", "Mon\u00a05, 09:30", "Sat\u00a03\u00a0Oct, 14:00\u00a0UTC",
                (f"\u2212{SHIFT}",),
            ),
        ),
        (
            Change(ChangeKind.SLIPPED, DAY, NO_DATE, slip_number=1),
            ListedChange(
                "slipped", "later", KIND_WORDS[ChangeKind.SLIPPED], "Mon\u00a05\u00a0Oct", "No date",
                (f"{ordinal(1)} date change",),
            ),
        ),
        (
            Change(ChangeKind.REFINED, DAY, LATE),
            ListedChange(
                "refined", "refined", KIND_WORDS[ChangeKind.REFINED], "Mon\u00a05\u00a0Oct", "09:30\u00a0UTC",
                ("more precise",),
            ),
        ),
        (
            Change(ChangeKind.VAGUER, DAY, NO_DATE),
            ListedChange("vaguer", "vaguer", KIND_WORDS[ChangeKind.VAGUER], "Mon\u00a05\u00a0Oct", "No date"),
        ),
        (
            Change(ChangeKind.SLIPPED, EARLY, LATE, slip_number=4, scrub_number=2),
            ListedChange(
                "slipped", "later", "Moved later", OLD, NEW,
                (f"+{SHIFT}", f"{ordinal(4)} date change", f"{ordinal(2)} scrub"),
            ),
        ),
        (
            Change(ChangeKind.ADJUSTED, LATE, SOON_AFTER),
            ListedChange(
                "adjusted", "adjusted", KIND_WORDS[ChangeKind.ADJUSTED], "Mon\u00a05\u00a0Oct, 09:30",
                "09:34\u00a0UTC", ("+4\u00a0min",),
            ),
        ),
        (
            Change(ChangeKind.STATUS, old_status=LaunchStatus(8, "", ""), new_status=LaunchStatus(1, "", "")),
            ListedChange("status", "status", KIND_WORDS[ChangeKind.STATUS], "To be confirmed", "Go"),
        ),
        (
            Change(ChangeKind.ADDED, after=LATE),
            ListedChange("added", "added", KIND_WORDS[ChangeKind.ADDED], after=NEW),
        ),
        (
            Change(ChangeKind.RETURNED, after=NO_DATE),
            ListedChange("returned", "returned", KIND_WORDS[ChangeKind.RETURNED]),
        ),
        (
            Change(ChangeKind.WITHDRAWN, before=DAY),
            ListedChange("withdrawn", "withdrawn", change_words(Change(ChangeKind.WITHDRAWN))),
        ),
    ],
)  # fmt: skip
def test_in_the_list_a_move_has_both_dates_and_what_is_new_its_own(change: Change, expected: ListedChange) -> None:
    assert listed(change) == expected


@pytest.mark.parametrize("kind", ChangeKind)
def test_a_change_without_details_has_a_line_all_the_same(kind: ChangeKind) -> None:
    line = listed(Change(kind))
    assert (line.kind, line.before, line.after, line.notes) == (kind.value, "", "", ())
    assert line.words


@pytest.mark.parametrize(
    ("text", "kept"),
    [("1 d 5 h 30 min 2 s", "1\u00a0d 5\u00a0h 30\u00a0min 2\u00a0s"), ("Falcon 9 docks", "Falcon 9 docks"), ("", "")],
)
def test_only_units_are_kept_with_numbers(text: str, kept: str) -> None:
    assert unbroken(text) == kept
