from datetime import datetime, timedelta

import pytest

from tests.clock import NOW
from tests.factories import make_entry, make_stored
from tests.keys import event_key
from webapp.domain.change_words import KIND_WORDS
from webapp.domain.changes import Change, ChangeKind, StoredChange
from webapp.domain.query import Query
from webapp.pages.changes import ChangesPage, KindChoice, present_changes
from webapp.pages.timeline import Heading

ENTRIES = {number: make_stored(make_entry(key=event_key(number), name=f"Event {number}", slug="")) for number in (1, 2)}
MIDNIGHT = NOW.replace(hour=0, minute=0)
SUNDAY = Heading("Sunday", "March 2026", number="1", iso="2026-03-01")
SATURDAY = Heading("Saturday", "February 2026", number="28", iso="2026-02-28")


def seen(number: int, at: datetime, entry_id: int = 1, kind: ChangeKind = ChangeKind.GONE_LIVE) -> StoredChange:
    return StoredChange(number, entry_id, number, at, Change(kind))


def page_of(
    *changes: StoredChange, asked: str = "", before: StoredChange | None = None, total: int | None = None
) -> ChangesPage:
    query = Query.parse([tuple(pair.split("=")) for pair in asked.split("&") if pair])  # type: ignore[misc]
    total = len(changes) if total is None else total
    return present_changes(changes, ENTRIES, before=before, total=total, query=query)


def test_changes_stand_under_the_utc_day_on_which_they_were_seen() -> None:
    page = page_of(seen(3, NOW), seen(2, MIDNIGHT, entry_id=2), seen(1, MIDNIGHT - timedelta(seconds=1)))
    assert [(day.heading, [entry.at.clock for entry in day.entries]) for day in page.days] == [
        (SUNDAY, ["09:30", "00:00"]),
        (SATURDAY, ["23:59"]),
    ]
    assert (page.first, page.last, page.total) == (1, 3, 3)


def test_what_was_seen_of_one_event_at_once_is_told_together() -> None:
    together = seen(4, NOW), seen(3, NOW, kind=ChangeKind.RENAMED)
    page = page_of(*together, seen(2, NOW, entry_id=2), seen(1, NOW - timedelta(minutes=1), entry_id=2))
    (day,) = page.days
    assert [(entry.name, entry.path, [line.kind for line in entry.lines]) for entry in day.entries] == [
        ("Event 1", "/events/1/event-1", ["gone_live", "renamed"]),
        ("Event 2", "/events/2/event-2", ["gone_live"]),
        ("Event 2", "/events/2/event-2", ["gone_live"]),
    ]


def test_a_day_that_an_earlier_page_began_is_continued() -> None:
    page = page_of(seen(1, NOW), asked="offset=1", before=seen(2, NOW + timedelta(hours=1)), total=2)
    assert [(day.heading, day.continued) for day in page.days] == [(SUNDAY, True)]
    page = page_of(seen(1, NOW), asked="offset=1", before=seen(2, NOW + timedelta(days=1)), total=2)
    assert [(day.heading, day.continued) for day in page.days] == [(SUNDAY, False)]


def test_paths_lead_on_and_back_and_keep_what_was_asked() -> None:
    page = page_of(seen(2, NOW), seen(1, NOW), asked="kind=slipped&limit=2&offset=4&type__ids=2", total=7)
    assert (page.first, page.last, page.total) == (5, 6, 7)
    assert page.more_path == "/changes?type__ids=2&limit=2&offset=6&change=slipped"
    assert page.start_path == "/changes?type__ids=2&limit=2&change=slipped"
    assert page.upcoming_path == "/?type__ids=2"
    assert page_of(seen(1, NOW), asked="offset=6", total=7).more_path is None


def test_what_only_feeds_understand_filters_nothing_here() -> None:
    page = page_of(asked="past=7&vague=span")
    assert (page.loosened, page.upcoming_path) == ((), None)
    assert page.choices[0] == KindChoice("All but edits", "/changes", is_chosen=True)


def test_kinds_are_chosen_by_links() -> None:
    usual = page_of(asked="type__ids=2&offset=50").choices
    assert [choice.label for choice in usual] == ["All but edits", *(KIND_WORDS[kind] for kind in ChangeKind)]
    assert [choice.label for choice in usual if choice.is_chosen] == ["All but edits"]
    assert {choice.label: choice.path for choice in usual}["Edited"] == "/changes?type__ids=2&change=edited"
    chosen = page_of(asked="change=withdrawn,edited").choices
    assert [choice.label for choice in chosen if choice.is_chosen] == ["Edited", "Withdrawn"]
    assert chosen[0].path == "/changes"


@pytest.mark.parametrize(
    ("asked", "loosened"),
    [
        ("", ()),
        ("limit=5&offset=5", ()),
        ("q=docking", (("All changes of all events", "/changes"),)),
        ("change=slipped", (("All changes of all events", "/changes"),)),
        (
            "q=docking&change=slipped&limit=5",
            (
                ("The same events, all changes", "/changes?q=docking"),
                ("All events, the same kinds of change", "/changes?change=slipped"),
                ("All changes of all events", "/changes"),
            ),
        ),
    ],
)
def test_what_was_asked_for_can_be_loosened(asked: str, loosened: tuple[tuple[str, str], ...]) -> None:
    assert page_of(asked=asked).loosened == loosened


def test_an_empty_page_counts_nothing_and_leads_nowhere() -> None:
    page = page_of()
    assert (page.days, page.first, page.last, page.more_path, page.start_path) == ((), 0, 0, None, None)
