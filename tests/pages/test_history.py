from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.clock import NOW
from webapp.domain.changes import Change, ChangeKind, KnownDate, StoredChange
from webapp.domain.entry import Update
from webapp.pages.history import History, HistoryEntry, present_history
from webapp.rendering.moments import Moment

HOUR = timedelta(hours=1)


def changed(number: int, seen_at: datetime, kind: ChangeKind = ChangeKind.GONE_LIVE) -> StoredChange:
    return StoredChange(number, 7, number, seen_at, Change(kind))


def update(number: int, created_on: datetime | None, comment: str = "Said.", url: str | None = None) -> Update:
    return Update(number, comment, "Ada", created_on, url)


def test_changes_and_updates_are_one_history_the_latest_first_and_the_undated_last() -> None:
    changes = [changed(9, NOW), changed(8, NOW - 2 * HOUR, ChangeKind.ENDED)]
    updates = [update(1, None), update(2, NOW - HOUR), update(3, NOW + HOUR)]
    found = present_history(changes, updates).entries
    assert [(entry.kind, entry.mark, entry.at.clock if entry.at else None) for entry in found] == [
        ("update", "update", "10:30"),
        ("gone_live", "live", "09:30"),
        ("update", "update", "08:30"),
        ("ended", "ended", "07:30"),
        ("update", "update", None),
    ]


def test_of_one_moment_the_last_remembered_comes_first_and_changes_before_updates() -> None:
    changes = [changed(2, NOW, ChangeKind.EDITED), changed(1, NOW)]
    found = present_history(changes, [update(1, NOW), update(2, NOW)]).entries
    assert [entry.kind for entry in found] == ["edited", "gone_live", "update", "update"]


def test_an_entry_says_when_and_what_and_an_update_who_and_where() -> None:
    at = Moment("2026-03-01T09:30:00Z", "1 March 2026", "09:30")
    found = present_history([changed(1, NOW)], [update(4, NOW, "One.\nTwo.\n\nThree.", "https://x.example/")])
    assert found.entries == (
        HistoryEntry("gone_live", "live", at, [["The webcast went live."]]),
        HistoryEntry("update", "update", at, [["One.", "Two."], ["Three."]], "Ada", "https://x.example/"),
    )


def test_the_dates_of_a_change_are_told_in_the_zone() -> None:
    before, after = (KnownDate(datetime(2026, 4, 10, hour, tzinfo=UTC), 1) for hour in (2, 14))
    slipped = StoredChange(1, 7, 1, NOW, Change(ChangeKind.SLIPPED, before, after))
    (told,) = present_history([slipped], [], zone=ZoneInfo("America/New_York")).entries
    assert told.paragraphs[0][0].replace("\u00a0", " ") == (
        "Delayed by 12 h, from 9 April 2026, 22:00 EDT to 10 April 2026, 10:00 EDT."
    )


def test_that_updates_came_is_told_by_the_updates_alone() -> None:
    edits = [("updates",), ("updates", "description"), ("description",)]
    changes = [
        StoredChange(number, 7, number, NOW, Change(ChangeKind.EDITED, fields=fields))
        for number, fields in enumerate(edits)
    ]
    found = present_history(changes, [update(1, NOW - HOUR)]).entries
    assert [entry.paragraphs for entry in found] == [
        [["Edited: description."]],
        [["Edited: description."]],
        [["Said."]],
    ]


def test_an_event_without_either_has_none() -> None:
    assert present_history([], []) == History((), 0)
