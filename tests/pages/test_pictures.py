"""The picture of an entry on pages: where it stands, and what stands there without one."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fake_ll2 import make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.html import Part, read
from tests.pictured import COLOR, FILES, LICENCE_URL, SHOWN, URL, image_record, put_picture
from tests.site import Site
from webapp.domain.entry import EntryKind
from webapp.domain.picture_words import Caption
from webapp.domain.pictures import PictureUse
from webapp.pages.pictures import PictureSource, PictureView, present_picture

MakeSite = Callable[..., Site]
AVIF, WEBP, JPEG = ([f"/pictures/{file.path} {file.width}w" for file in FILES[at : at + 3]] for at in (0, 3, 6))
ADDRESS = "https://events.example.org"


def record(number: int, now: Any, **more: Any) -> dict[str, Any]:
    values = {
        "date": stamp(now + timedelta(days=number)),
        "date_precision": precision(1),
        "name": f"Event {number}",
        "slug": f"event-{number}",
    }
    return make_record(number, **{**values, "image": image_record(), **more})


def pictured(site: MakeSite, clock: Any, *records: dict[str, Any], **environ: str) -> Site:
    one = site(*(records or (record(1, clock()), record(2, clock()))), **environ)
    put_picture(one.store, clock(), [1, 2])
    return one


def page_of(one: Site, address: str) -> Part:
    status, html = one.get(address)
    assert status == 200
    return read(html)


def test_a_view_has_its_files_by_type_and_no_wide_ones_for_a_phone() -> None:
    assert present_picture(SHOWN, EntryKind.EVENT) == PictureView(
        alternative="Photograph: A <docking>",
        caption=Caption("Photo: NASA/Joel Kowsky", "NASA/Joel Kowsky", "CC BY-NC 2.0", LICENCE_URL),
        sources=(
            PictureSource("image/avif", ", ".join(AVIF), ", ".join(AVIF[:2])),
            PictureSource("image/webp", ", ".join(WEBP), ", ".join(WEBP[:2])),
            PictureSource("image/jpeg", ", ".join(JPEG), ", ".join(JPEG[:2])),
        ),
        path=f"/pictures/{FILES[8].path}",
        width=1280,
        height=640,
        color=COLOR,
        may_crop=True,
    )


def test_one_that_allows_no_changes_is_not_cropped() -> None:
    view = present_picture(replace(SHOWN, use=PictureUse.SCALE), EntryKind.EVENT)
    assert view is not None
    assert not view.may_crop


def test_one_of_which_there_is_one_wide_file_alone_has_it_on_a_phone_too() -> None:
    view = present_picture(replace(SHOWN, files=FILES[8:]), EntryKind.EVENT)
    assert view is not None
    assert view.sources == (PictureSource("image/jpeg", JPEG[2], JPEG[2]),)


@pytest.mark.parametrize(("address", "is_urgent"), [("/", True), ("/events/1/event-1", False)])
def test_hero_and_entry_page_show_it_with_its_caption(
    site: MakeSite, clock: Any, address: str, *, is_urgent: bool
) -> None:
    page = page_of(pictured(site, clock), address)
    picture = page.only("figure.picture")
    image = picture.only("img")
    assert (image["alt"], image["width"], image["height"]) == ("Photograph: A <docking>", "1280", "640")
    assert ("fetchpriority" in image) == is_urgent
    assert picture.only("figcaption").text == "Photo: NASA/Joel Kowsky · CC BY-NC 2.0 · resized"
    link = picture.only("figcaption a")
    assert (link["href"], link["rel"]) == (LICENCE_URL, "noopener external")
    assert picture.only(".picture-color rect")["fill"] == COLOR
    assert picture.select("[title], [style]") == []
    assert len(page.select("img")) == 1  # Rows of lists carry none.


def test_other_pages_show_none(site: MakeSite, clock: Any) -> None:
    one = pictured(site, clock)
    for address in ("/?offset=1", "/past", "/horizon", "/calendar/2026/03", "/changes"):
        assert page_of(one, address).select("img, figure") == []


def test_the_entry_that_is_told_first_is_the_one_whose_picture_is_shown(site: MakeSite, clock: Any) -> None:
    one = pictured(site, clock, record(1, clock(), image=None), record(2, clock()))
    assert page_of(one, "/").select("figure") == []
    assert len(page_of(one, "/events/2/event-2").select("figure")) == 1


@pytest.mark.parametrize(
    ("license_name", "environ", "is_shown"),
    [
        ("Unknown", {}, False),
        ("Unknown", {"PERIGEE_PICTURES": "all"}, True),
        ("CC0", {"PERIGEE_PICTURES": "off"}, False),
        ("ESA Standard Licence", {}, True),
    ],
)
def test_without_leave_there_is_the_drawing_and_a_link(
    site: MakeSite, clock: Any, license_name: str, environ: dict[str, str], *, is_shown: bool
) -> None:
    one = pictured(site, clock, record(1, clock(), image=image_record(license_name)), **environ)
    for address in ("/", "/events/1/event-1"):
        page = page_of(one, address)
        assert len(page.select("figure.picture")) == is_shown
        assert len(page.select(".picture.is-drawn .plate")) == (not is_shown)
        assert page.select("figure.may-crop") == []
    (link,) = [link for link in page.select("a") if link.text == "Picture at its source"]
    assert (link["href"], link["rel"]) == (URL, "noopener external")


def test_until_it_is_there_the_drawing_stands_in_its_place(site: MakeSite, clock: Any) -> None:
    one = site(record(1, clock()))
    for address in ("/", "/events/1/event-1"):
        page = page_of(one, address)
        assert page.select("figure, img") == []
        assert len(page.select(".picture.is-drawn .plate")) == 1
    put_picture(one.store, clock(), [1])
    for address in ("/", "/events/1/event-1"):
        assert len(page_of(one, address).select("figure.picture")) == 1


def test_one_whose_licence_is_taken_back_is_gone_at_once(site: MakeSite, clock: Any) -> None:
    one = pictured(site, clock)
    assert len(page_of(one, "/").select("figure")) == 1
    one.put(record(1, clock(), image=image_record("Unknown")))
    for address in ("/", "/events/1/event-1"):
        assert page_of(one, address).select("figure") == []
    assert "/pictures/" not in one.get("/feeds/events.rss?id=1")[1]


def test_a_link_that_is_shared_shows_the_card_of_the_entry_or_else_of_its_type(site: MakeSite, clock: Any) -> None:
    one = pictured(site, clock, PERIGEE_PUBLIC_URL=ADDRESS)
    assert card(page_of(one, "/events/1/event-1")) == (
        f"{ADDRESS}/cards/type-2.png",
        "A drawing for events of the type Docking",
    )
    path = f"{'c' * 20}.png"
    with one.store.write() as writer:
        writer.pictures.put_card(1, "digest", path, b"card")
        writer.note_pictured([1], now=clock())
    words = "Event 1, 2 March 2026, 09:30 UTC"
    assert card(page_of(one, "/events/1/event-1")) == (f"{ADDRESS}/pictures/{path}", words)
    assert card(page_of(one, "/"))[0] == f"{ADDRESS}/cards/events.png"


def test_search_engines_are_told_of_the_picture_or_else_of_the_card(site: MakeSite, clock: Any) -> None:
    one = site(record(1, clock()), PERIGEE_PUBLIC_URL=ADDRESS)
    assert image_told(page_of(one, "/events/1/event-1")) == f"{ADDRESS}/cards/type-2.png"
    put_picture(one.store, clock(), [1])
    assert image_told(page_of(one, "/events/1/event-1")) == {
        "@type": "ImageObject",
        "contentUrl": f"{ADDRESS}/pictures/{FILES[8].path}",
        "width": 1280,
        "height": 640,
        "creditText": "NASA/Joel Kowsky",
        "license": LICENCE_URL,
    }


def card(page: Part) -> tuple[str, str]:
    sizes = page.values('meta[property="og:image:width"], meta[property="og:image:height"]', "content")
    assert sizes == ["1200", "630"]
    (address,) = page.values('meta[property="og:image"]', "content")
    (words,) = page.values('meta[property="og:image:alt"]', "content")
    return address, words


def image_told(page: Part) -> Any:
    return json.loads(page.only('script[type="application/ld+json"]').source)["image"]
