"""What search engines are told of an entry: schema.org's Event, as JSON-LD, where a date can be told without a lie."""

import json
from typing import Any

from markupsafe import Markup

from webapp.domain.changes import Change
from webapp.domain.entry import Entry, StoredEntry
from webapp.domain.instants import iso_utc
from webapp.domain.pictures import ShownPicture
from webapp.domain.precision import Certainty, ClockRange
from webapp.domain.text import one_line
from webapp.domain.webcasts import ranked
from webapp.domain.words import MOST_LISTED
from webapp.web.addresses import picture_address

_SCHEMA = "https://schema.org"


def structured_data(
    stored: StoredEntry, *, page_url: str, slip: Change | None, address: str = "",
    picture: ShownPicture | None = None, card_path: str = "",
) -> Markup | None:  # fmt: skip
    """Write it, ready to stand in a script element; `None` where the day is not known, since `startDate` needs one.

    `page_url` is absolute, `address` is the site's; `slip` is the event's latest. Its image is its picture, or else its
    card. Nothing in it can end the element: `<`, `>` and `&` are escaped as JSON allows.
    """
    entry = stored.entry
    start = _start(entry)
    if start is None:
        return None
    former = _former_start(slip)
    status = "Cancelled" if stored.withdrawn_at else "Rescheduled" if former else "Scheduled"
    document: dict[str, Any] = {
        "@context": _SCHEMA,
        "@type": "Event",
        "name": entry.name,
        "url": page_url,
        "startDate": start,
        "eventStatus": f"{_SCHEMA}/Event{status}",
        "eventAttendanceMode": f"{_SCHEMA}/OnlineEventAttendanceMode",
        "location": _locations(entry, page_url),
    }
    if former and status == "Rescheduled":
        document["previousStartDate"] = former
    if picture or card_path:
        document["image"] = _image(picture, address) if picture else address + card_path
    if entry.description.strip():
        document["description"] = one_line(entry.description)[:1000]
    if agencies := entry.agencies[:MOST_LISTED]:
        document["organizer"] = [{"@type": "Organization", "name": agency.name} for agency in agencies]
    text = json.dumps(document, ensure_ascii=False, indent=2)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - escaped just above for where it stands


def _image(shown: ShownPicture, address: str) -> dict[str, Any]:
    file, picture = shown.widest, shown.picture
    url = address + picture_address(file.path)
    image = {"@type": "ImageObject", "contentUrl": url, "width": file.width, "height": file.height}
    rights = {"creditText": picture.credit, "license": picture.license_url}
    return image | {name: value for name, value in rights.items() if value}


def _start(entry: Entry) -> str | None:
    date_range = entry.date_range
    if isinstance(date_range, ClockRange):
        return iso_utc(date_range.start)
    if date_range is None or entry.precision.certainty is not Certainty.DAY or entry.precision.rank > 0:
        return None
    return date_range.first_date.isoformat()


def _former_start(slip: Change | None) -> str | None:
    date_range = slip.before.date_range if slip is not None and slip.before is not None else None
    if isinstance(date_range, ClockRange):
        return iso_utc(date_range.start)
    return (
        date_range.first_date.isoformat()
        if date_range is not None and date_range.first_date == date_range.last_date
        else None
    )


def _locations(entry: Entry, page_url: str) -> list[dict[str, str]]:
    url = ranked(entry.webcasts)[0].url if entry.webcasts else page_url
    places = [{"@type": "VirtualLocation", "url": url}]
    if entry.location:
        places.append({"@type": "Place", "name": entry.location, "address": entry.location})
    return places
