import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from tests.clock import NOW
from tests.factories import hostile_texts, make_stored
from tests.pages.test_timeline import event
from webapp.domain.changes import Change, ChangeKind, KnownDate
from webapp.domain.entry import StoredEntry
from webapp.pages.structured import structured_data

PAGE = "https://events.example.org/events/7/seven"


def read(stored: StoredEntry, slip: Change | None = None) -> dict[str, Any] | None:
    text = structured_data(stored, page_url=PAGE, slip=slip)
    return None if text is None else json.loads(text)


def stored(date: str | None, precision_id: int | None, **more: Any) -> StoredEntry:
    return make_stored(event(7, date, precision_id, **more), first_seen=NOW, changed_at=NOW)


def test_it_says_what_is_known() -> None:
    one = stored(
        "2026-11-15T10:20:30Z", 1, name="Seven", description="Long.", location="Here", vid_urls=[], agencies=[]
    )
    assert read(one) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Seven",
        "url": PAGE,
        "startDate": "2026-11-15T10:20:00Z",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": [
            {"@type": "VirtualLocation", "url": PAGE},
            {"@type": "Place", "name": "Here", "address": "Here"},
        ],
        "description": "Long.",
    }


@pytest.mark.parametrize(
    ("precision_id", "start"),
    [
        (0, "2026-11-15T10:20:30Z"),
        (2, "2026-11-15T10:00:00Z"),
        (3, "2026-11-15"),
        (5, "2026-11-15"),
        (None, "2026-11-15"),
    ],
)
def test_it_begins_as_exactly_as_is_known(precision_id: int | None, start: str) -> None:
    found = read(stored("2026-11-15T10:20:30Z", precision_id))
    assert found is not None
    assert found["startDate"] == start


@pytest.mark.parametrize("precision_id", range(6, 17))
def test_where_the_day_is_not_known_it_says_nothing(precision_id: int) -> None:
    assert read(stored("2026-11-15T10:20:30Z", precision_id)) is None
    assert read(stored(None, None)) is None


def test_a_slip_and_a_withdrawal_are_told() -> None:
    before = KnownDate(datetime(2026, 11, 1, 9, tzinfo=UTC), 1)
    slip = Change(ChangeKind.SLIPPED, before, KnownDate(datetime(2026, 11, 15, tzinfo=UTC), 1), 1)
    moved = read(stored("2026-11-15T10:20:30Z", 1), slip)
    assert moved is not None
    assert (moved["eventStatus"], moved["previousStartDate"]) == (
        "https://schema.org/EventRescheduled",
        "2026-11-01T09:00:00Z",
    )
    gone = read(replace(stored("2026-11-15T10:20:30Z", 1), withdrawn_at=NOW), slip)
    assert gone is not None
    assert (gone["eventStatus"], "previousStartDate" in gone) == ("https://schema.org/EventCancelled", False)


@given(hostile_texts(), hostile_texts())
def test_no_text_ends_the_element_that_it_stands_in(name: str, description: str) -> None:
    text = structured_data(
        stored("2026-11-15T10:20:30Z", 1, name=f"{name}</script><!--", description=description),
        page_url=PAGE,
        slip=None,
    )
    assert text is not None
    assert set(text) & set("<>&") == set()
    assert json.loads(text)["name"].endswith("</script><!--")
