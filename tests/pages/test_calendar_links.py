from urllib.parse import parse_qs, urlsplit

import pytest

from tests.pages.test_timeline import event
from webapp.pages.calendar_links import present_calendar_links

PAGE = "https://events.example.org/events/7/seven"
HOSTILE = 'Seven & "eight" <b>\r\nBEGIN:VEVENT 名前'


def asked(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_clock_time_is_put_there_in_utc_with_the_usual_length() -> None:
    kind = {"id": 3, "name": "EVA"}
    one = event(7, "2026-11-15T10:20:30Z", 1, name=HOSTILE, description="Long.", location="A & B", type=kind)
    found = present_calendar_links(one, page_url=PAGE)
    assert found is not None
    assert (found.ical_path, found.reminder_path) == ("/events/7.ics", "/events/7.ics?alarm=30")
    google, outlook = asked(found.google_url), asked(found.outlook_url)
    assert (google["text"], google["dates"], google["location"]) == (
        'Seven & "eight" <b> BEGIN:VEVENT 名前',
        "20261115T102000Z/20261115T165000Z",
        "A & B",
    )
    assert (outlook["startdt"], outlook["enddt"]) == ("2026-11-15T10:20:00Z", "2026-11-15T16:50:00Z")
    details = " ".join(f"15 November 2026, 10:20 UTC. {one.date_reason} Long.".split())
    assert google["details"] == outlook["body"] == f"{details}\n{PAGE}"
    assert "allday" not in outlook


@pytest.mark.parametrize(
    ("date", "precision_id", "name", "dates", "days"),
    [
        ("2026-11-15T10:20:30Z", 5, "Seven", "20261115/20261116", ("2026-11-15", "2026-11-16")),
        ("2026-11-15T10:20:30Z", 7, "Seven (November 2026)", "20261101/20261201", ("2026-11-01", "2026-12-01")),
        ("2026-11-15T10:20:30Z", 14, "Seven (2026)", "20260101/20270101", ("2026-01-01", "2027-01-01")),
    ],
)
def test_other_dates_are_whole_days_and_say_how_vague_they_are(
    date: str, precision_id: int, name: str, dates: str, days: tuple[str, str]
) -> None:
    found = present_calendar_links(event(7, date, precision_id, name="Seven"), page_url=PAGE)
    assert found is not None
    google, outlook = asked(found.google_url), asked(found.outlook_url)
    assert (google["text"], google["dates"], outlook["subject"]) == (name, dates, name)
    assert found.reminder_path is None
    assert (outlook["startdt"], outlook["enddt"], outlook["allday"]) == (*days, "true")


def test_what_has_no_date_has_no_place_in_a_calendar() -> None:
    assert present_calendar_links(event(7, None, None), page_url=PAGE) is None
