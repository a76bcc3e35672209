"""The picture of an entry in every format, with whose it is beside it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from icalendar import Calendar

from tests.factories import hostile_texts, make_entry, make_info, make_launch_entry, make_published, make_stored
from tests.feeds.readers import check_json_feed, read_xml
from tests.feeds.writing import write_feed
from tests.html import read
from tests.pictured import FILES, LICENCE_URL, PICTURE
from webapp.domain.entry import EntryKind
from webapp.domain.picture_words import alternative_of, caption_of
from webapp.domain.text import one_line
from webapp.feeds.about import PublishedEntry, PublishedPicture
from webapp.feeds.formats import ATOM, EVENT_FORMATS, ICALENDAR, JSON_FEED, RSS, FeedFormat

URL = "https://space.example/pictures/file.jpg?a=1&b=2"
CARD = "https://space.example/cards/type-2.png"
CAPTION = "Photo: NASA/Joel Kowsky · CC BY-NC 2.0 · resized"
MEDIA = "{http://search.yahoo.com/mrss/}"
PLAIN = replace(make_published(make_stored(make_entry(description="A text."))), card_url=CARD)
PUBLISHED = replace(
    PLAIN,
    picture=PublishedPicture(FILES[8], URL, alternative_of(PICTURE), caption_of(PICTURE, EntryKind.EVENT)),
)


def render(form: FeedFormat, *entries: PublishedEntry) -> bytes:
    return write_feed(form, entries, make_info())


def elements(form: FeedFormat, published: PublishedEntry, name: str) -> Sequence[ET.Element]:
    return list(ET.fromstring(render(form, published)).iter(name))  # noqa: S314 - our own bytes


def html_of(form: FeedFormat) -> str:
    written = render(form, PUBLISHED)
    if form is JSON_FEED:
        return str(json.loads(written)["items"][0]["content_html"])
    found = read_xml(written).entries[0]
    return str(found.content[0].value if form is ATOM else found.description)


@pytest.mark.parametrize("form", [RSS, ATOM])
def test_media_rss_says_what_it_is_and_whose(form: FeedFormat) -> None:
    (content,) = elements(form, PUBLISHED, f"{MEDIA}content")
    assert content.attrib == {
        "url": URL,
        "type": "image/jpeg",
        "medium": "image",
        "width": "1280",
        "height": "640",
        "fileSize": "70000",
    }
    assert [(child.tag.removeprefix(MEDIA), child.text, child.attrib) for child in content] == [
        ("description", "Photograph: A <docking>", {"type": "plain"}),
        ("credit", "NASA/Joel Kowsky", {}),
        ("license", "CC BY-NC 2.0", {"type": "text/html", "href": LICENCE_URL}),
    ]


def test_it_is_enclosed_with_its_true_length_and_type() -> None:
    (enclosure,) = elements(RSS, PUBLISHED, "enclosure")
    assert enclosure.attrib == {"url": URL, "length": "70000", "type": "image/jpeg"}
    (link,) = [one for one in read_xml(render(ATOM, PUBLISHED)).entries[0].links if one.rel == "enclosure"]
    assert (link.href, link.length, link.type) == (URL, "70000", "image/jpeg")


def test_a_json_feed_has_it_as_image_and_says_whose_it_is() -> None:
    document = json.loads(render(JSON_FEED, PUBLISHED))
    check_json_feed(document)
    (item,) = document["items"]
    assert item["image"] == URL
    assert item["_perigee"]["picture"] == {
        "credit": "NASA/Joel Kowsky",
        "license": "CC BY-NC 2.0",
        "license_url": LICENCE_URL,
        "caption": CAPTION,
    }


def test_a_calendar_has_it_as_image_and_its_caption_in_the_description() -> None:
    (event,) = event_of(PUBLISHED)
    assert (str(event["IMAGE"]), event["IMAGE"].params) == (
        URL,
        {"VALUE": "URI", "DISPLAY": "FULLSIZE", "FMTTYPE": "image/jpeg"},
    )
    assert f"\n\n{CAPTION}\n{LICENCE_URL}\n\n" in str(event["DESCRIPTION"])


@pytest.mark.parametrize("form", [RSS, ATOM, JSON_FEED])
def test_the_text_of_an_item_shows_it_with_the_caption_of_pages(form: FeedFormat) -> None:
    body = read(html_of(form))
    image = body.only("img")
    assert (image["src"], image["alt"]) == (URL, "Photograph: A <docking>")
    assert (image["width"], image["height"]) == ("1280", "640")
    assert CAPTION in body.texts("small")
    assert body.only("small a")["href"] == LICENCE_URL


@pytest.mark.parametrize("form", [RSS, ATOM])
def test_without_one_there_is_the_drawing_of_the_type_and_no_enclosure(form: FeedFormat) -> None:
    (content,) = elements(form, PLAIN, f"{MEDIA}content")
    assert content.attrib == {"url": CARD, "type": "image/png", "medium": "image"}
    assert b"enclosure" not in render(form, PLAIN)


def test_without_one_json_feed_and_calendar_have_the_drawing_too() -> None:
    (item,) = json.loads(render(JSON_FEED, PLAIN))["items"]
    assert (item["image"], "picture" in item["_perigee"]) == (CARD, False)
    (event,) = event_of(PLAIN)
    assert (str(event["IMAGE"]), event["IMAGE"].params["DISPLAY"]) == (CARD, "BADGE")


def test_one_without_a_maker_or_a_link_names_none() -> None:
    bare = replace(PICTURE, credit="", license_name="", license_url=None, name="")
    picture = PublishedPicture(FILES[8], URL, alternative_of(bare), caption_of(bare, EntryKind.EVENT))
    (content,) = elements(RSS, replace(PLAIN, picture=picture), f"{MEDIA}content")
    assert [(child.tag.removeprefix(MEDIA), child.text, child.attrib) for child in content] == [
        ("description", "Photograph", {"type": "plain"}),
        ("license", "licence unknown", {}),
    ]
    assert "Photo · licence unknown · resized" in str(event_of(replace(PLAIN, picture=picture))[0]["DESCRIPTION"])


def test_that_of_a_rocket_in_general_is_called_a_file_photo_everywhere() -> None:
    stored = make_stored(make_launch_entry())
    picture = PublishedPicture(FILES[8], URL, "Photograph", caption_of(PICTURE, EntryKind.LAUNCH))
    published = replace(make_published(stored), picture=picture)
    for form in EVENT_FORMATS:
        text = render(form, published).replace(b"\r\n ", b"").decode()
        assert "File photo: NASA/Joel Kowsky" in text


@settings(max_examples=25, deadline=None)
@given(hostile_texts().map(one_line), hostile_texts().map(one_line), hostile_texts().map(one_line))
def test_hostile_words_beside_it_are_escaped_exactly_once(name: str, credit: str, license_name: str) -> None:
    hostile = replace(PICTURE, name=name, credit=credit, license_name=license_name)
    caption = caption_of(hostile, EntryKind.EVENT)
    picture = PublishedPicture(FILES[8], URL, alternative_of(hostile), caption)
    published = replace(PLAIN, picture=picture)
    for form in (RSS, ATOM):
        (content,) = elements(form, published, f"{MEDIA}content")
        assert content.findtext(f"{MEDIA}description") == picture.alternative
        assert content.findtext(f"{MEDIA}credit", "") == caption.credit
        assert content.findtext(f"{MEDIA}license") == caption.license_words
    body = read(json.loads(render(JSON_FEED, published))["items"][0]["content_html"])
    assert body.only("img")["alt"] == picture.alternative
    assert body.select("script") == []
    assert "".join(body.only("p:has(img) small").source.split()) == "".join(str(caption).split())
    assert str(caption) in str(event_of(published)[0]["DESCRIPTION"])


def test_a_picture_changes_nothing_that_a_calendar_app_goes_by() -> None:
    before, after = (event_of(one)[0] for one in (PLAIN, PUBLISHED))
    for name in ("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY"):
        assert before[name].to_ical() == after[name].to_ical()


def event_of(published: PublishedEntry) -> list[Any]:
    calendar = Calendar.from_ical(render(ICALENDAR, published))
    assert [component.errors for component in calendar.walk()] == [[]] * len(calendar.walk())
    return calendar.walk("VEVENT")
