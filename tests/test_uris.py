"""Every address, in every output, is a URI: whatever the records hold, and whatever earlier versions stored of them."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from tests.clock import NOW
from tests.domain.test_uris import TOUGH, URI
from tests.fake_ll2 import Record, make_record
from tests.feeds.readers import read_xml
from tests.keys import event_key
from tests.site import Site
from tests.soak import every_day
from webapp.domain.changes import ChangeKind
from webapp.domain.entry import ReceivedEntry
from webapp.ll2.parse import parse_event, serialize_record
from webapp.store.schema import entry_bodies

WRITTEN = set(TOUGH.values())
PUBLIC = "https://xn--raumfhre-4za.example"
PATHS = (
    "/events/1/docking", "/", "/past", "/changes?change=webcast_added", "/subscribe", "/feeds/events.ics",
    "/events/1.ics", "/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json", "/feeds/changes.rss",
    "/feeds.opml", "/2.3.0/events/", "/2.3.0/events/?mode=detailed", "/2.3.0/events/1/", "/2.3.0/events/1/?format=api",
)  # fmt: skip


def tough_record(**more: Any) -> Record:
    """Give a record with an address of each tough kind wherever one can stand."""
    return make_record(
        1,
        slug="docking",
        date=NOW.isoformat(),
        vid_urls=[{"url": url, "title": "Watch", "priority": number} for number, url in enumerate(TOUGH)],
        info_urls=[{"url": url, "title": "Read"} for url in TOUGH],
        updates=[{"id": 1, "comment": "Said.", "info_url": next(iter(TOUGH)), "created_on": NOW.isoformat()}],
        image={"image_url": "https://é.example/a b.png", "license": {"name": "CC", "link": "https://é.example/ü"}},
        **more,
    )


def as_stored_before(one: Site) -> None:
    """Put the addresses into the store as they arrived, as earlier versions did."""
    with one.store._engine.begin() as connection:  # noqa: SLF001 - no version of today writes such a row
        parts = json.loads(connection.scalars(select(entry_bodies.c.parts)).one())
        for name in ("webcasts", "links"):
            for part, url in zip(parts[name], TOUGH, strict=True):
                part["url"] = url
        parts["updates"][0]["url"] = next(iter(TOUGH))
        parts["picture"] |= {"url": "https://é.example/a b.png", "license_url": "https://é.example/ü"}
        connection.execute(update(entry_bodies).values(parts=json.dumps(parts)))


@pytest.fixture(params=[False, True], ids=["stored now", "stored before"])
def one(site: Callable[..., Site], request: pytest.FixtureRequest) -> Site:
    made = site(tough_record(), PERIGEE_PUBLIC_URL="https://raumfähre.example")
    if request.param:
        as_stored_before(made)
    return made


def addresses(text: str) -> set[str]:
    """Find what a reader takes for an address: all from its scheme to what ends it in HTML, XML and running text."""
    return set(re.findall(r"https?://[^\s\"<>]*", unescape(text), re.IGNORECASE))


def without_escapes(path: str, text: str) -> str:
    """Give a text without what iCalendar and JSON, beyond HTML and XML, put before some characters."""
    if path.endswith(".ics"):
        return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], re.sub(r"\r\n[ \t]", "", text))
    if text.startswith("{"):
        return "\n".join(strings(json.loads(text)))
    return text


def strings(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from strings(one)


@pytest.mark.parametrize("path", every_day(PATHS, one_of=2))
def test_every_address_is_a_uri(one: Site, path: str) -> None:
    status, text = one.get(path)
    found = addresses(without_escapes(path, text))
    assert (status, {url for url in found if not URI.fullmatch(url)}) == (200, set())
    assert any(url.startswith(PUBLIC) for url in found)


def test_none_is_lost_on_the_way(one: Site) -> None:
    event = json.loads(one.get("/feeds/events.json")[1])["items"][0]
    assert set(event["_perigee"]["webcasts"]) == WRITTEN
    record = json.loads(one.get("/2.3.0/events/1/")[1])
    assert {part["url"] for name in ("vid_urls", "info_urls") for part in record[name]} == WRITTEN
    assert (record["image"]["image_url"], record["image"]["license"]["link"]) == (
        "https://xn--9ca.example/a%20b.png",
        "https://xn--9ca.example/%C3%BC",
    )
    assert addresses(one.get("/events/1/docking")[1]) >= WRITTEN
    (calendar,) = Calendar.from_ical(one.get("/feeds/events.ics")[1], multiple=True)
    (entry,) = calendar.walk("VEVENT")
    assert entry["CONFERENCE"] == next(iter(TOUGH.values()))
    for name in ("rss", "atom"):
        (item,) = read_xml(one.get(f"/feeds/events.{name}")[1].encode()).entries
        assert item.link == f"{PUBLIC}/events/1/docking"


def test_another_spelling_of_the_same_addresses_is_no_change(one: Site) -> None:
    later = tough_record(description="Another.", last_updated=NOW.isoformat())
    with one.store.write() as writer:
        writer.upsert_entries([ReceivedEntry(parse_event(later), serialize_record(later))], now=NOW)
    with one.store.read() as snapshot:
        history = snapshot.list_history(event_key(1))
    assert [(one.change.kind, one.change.fields) for one in history] == [(ChangeKind.EDITED, ("description",))]


def test_an_event_is_found_by_a_webcast_as_the_source_spells_it_and_as_we_do(one: Site) -> None:
    for url in ("https://пример.example/эфир", "https://xn--e1afmkfd.example/%D1%8D%D1%84%D0%B8%D1%80"):
        found = one.get(f"/2.3.0/events/?video_url={quote(url)}")[1]
        assert json.loads(found)["count"] == 1
    assert json.loads(one.get("/2.3.0/events/?video_url=https://example.org/other")[1])["count"] == 0


def test_a_host_that_is_trusted_is_named_as_it_was_asked(site: Callable[..., Site]) -> None:
    one = site(tough_record(), PERIGEE_TRUSTED_HOSTS="raumfähre.example")
    document = json.loads(one.get("/feeds/events.json", Host="xn--raumfhre-4za.example:8000")[1])
    assert document["feed_url"] == "http://xn--raumfhre-4za.example:8000/feeds/events.json"
