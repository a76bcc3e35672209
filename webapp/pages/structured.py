"""What search engines are told of an event: schema.org's Event, as JSON-LD, where a date can be told without a lie."""

import json
from typing import Any

from markupsafe import Markup

from webapp.domain.changes import Change
from webapp.domain.event import Event, StoredEvent
from webapp.domain.precision import Certainty, ClockWindow
from webapp.domain.text import one_line
from webapp.domain.webcasts import ranked
from webapp.domain.words import MOST_LISTED
from webapp.edge.moments import iso_utc

_SCHEMA = "https://schema.org"


def structured_data(stored: StoredEvent, *, page_url: str, slip: Change | None) -> Markup | None:
    """Write it, ready to stand in a script element; `None` where the day is not known, since `startDate` needs one.

    `page_url` is absolute; `slip` is the event's latest. Nothing in it can end the element: `<`, `>` and `&` are
    escaped as JSON allows.
    """
    event = stored.event
    start = _start(event)
    if start is None:
        return None
    former = _former_start(slip)
    status = "Cancelled" if stored.withdrawn_at else "Rescheduled" if former else "Scheduled"
    document: dict[str, Any] = {
        "@context": _SCHEMA,
        "@type": "Event",
        "name": one_line(event.name),
        "url": page_url,
        "startDate": start,
        "eventStatus": f"{_SCHEMA}/Event{status}",
        "eventAttendanceMode": f"{_SCHEMA}/OnlineEventAttendanceMode",
        "location": _locations(event, page_url),
    }
    if former and status == "Rescheduled":
        document["previousStartDate"] = former
    if event.description.strip():
        document["description"] = one_line(event.description)[:1000]
    if agencies := event.agencies[:MOST_LISTED]:
        document["organizer"] = [{"@type": "Organization", "name": one_line(one.name)} for one in agencies]
    text = json.dumps(document, ensure_ascii=False, indent=2)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - escaped just above for where it stands


def _start(event: Event) -> str | None:
    window = event.window
    if isinstance(window, ClockWindow):
        return iso_utc(window.start)
    if window is None or event.precision.certainty is not Certainty.DAY or event.precision.rank > 0:
        return None
    return window.first_date.isoformat()


def _former_start(slip: Change | None) -> str | None:
    window = slip.before.window if slip is not None and slip.before is not None else None
    if isinstance(window, ClockWindow):
        return iso_utc(window.start)
    return window.first_date.isoformat() if window is not None and window.first_date == window.last_date else None


def _locations(event: Event, page_url: str) -> list[dict[str, str]]:
    url = ranked(event.webcasts)[0].url if event.webcasts else page_url
    found = [{"@type": "VirtualLocation", "url": url}]
    if event.location.strip():
        found.append({"@type": "Place", "name": one_line(event.location), "address": one_line(event.location)})
    return found
