"""A hundred hostile texts in every field that holds one: nothing runs, nothing breaks, nobody else is asked."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.browser.conftest import Visit, Visitor
from tests.browser.hostile_texts import ADDRESSES, TEXTS
from tests.fake_ll2 import FakeLaunchLibrary, Record, make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.processes import Server, running_server, wait_until
from webapp.runtime import utc_now


def hostile_record(number: int, text: str) -> Record:
    """Put a text into every field of a record, and an address that should not be followed into every address."""
    address = ADDRESSES[number % len(ADDRESSES)]
    # Above 28 days, so that most stand on the first page; each of the precisions in turn.
    date = utc_now() + timedelta(days=number % 60, hours=3)
    link = {"url": address, "title": text, "description": text, "source": text, "publisher": text, "priority": 1,
            "type": {"id": 1, "name": text}, "language": {"id": 1, "name": text, "code": text}}  # fmt: skip
    named = {"id": number, "name": text, "abbrev": text, "description": text, "orbit": text, "agency": {"name": text}}
    return make_record(
        number,
        name=f"{number} {text}",
        slug=text,
        date=stamp(date),
        date_precision=precision(number % 17),
        description=text,
        location=text,
        webcast_live=number % 9 == 0,
        duration=text,
        type={"id": 40 + number % 5, "name": text},
        image={
            "image_url": address,
            "thumbnail_url": address,
            "credit": text,
            "license": {"name": text, "link": address},
        },
        vid_urls=[link | {"live": True}, link | {"url": f"https://example.org/{number}"}],
        info_urls=[link, link | {"url": f"https://example.org/{number}"}],
        updates=[{"id": number, "comment": text, "created_by": text, "info_url": address, "created_on": stamp(date)}],
        agencies=[named],
        program=[named],
        launches=[named | {"id": text or "1", "net": stamp(date), "status": {"name": text}}],
        spacestations=[named],
        expeditions=[named],
        astronauts=[named],
    )


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server that has imported a record for each text, from a Launch Library."""
    records = [hostile_record(number, text) for number, text in enumerate(TEXTS, start=1)]
    data = Path(tmp_path_factory.mktemp("hostile"))
    with FakeLaunchLibrary(records) as fake, running_server(data, PERIGEE_LL2_URL=fake.url) as server:
        wait_until(lambda: "This is a sample" not in requests.get(server.url, timeout=10).text)
        yield server


def test_there_are_a_hundred_of_them() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 100


WIDTHS = (320, 1280)
LISTS = (
    "/",
    "/?offset=25",
    "/?offset=50",
    "/horizon",
    "/horizon?span=year",
    "/calendar/",
    "/past",
    "/changes?change=edited",
)
WHOLE: dict[str, Any] = {"ran": None, "strangers": [], "addresses": [], "isWide": False, "isWhole": True}


@pytest.mark.parametrize("path", LISTS)
def test_they_run_nothing_and_break_no_list(hostile_server: Server, look: Visitor, path: str) -> None:
    found = look(hostile_server.url + path)
    assert [condition(found, width) for width in WIDTHS] == [WHOLE, WHOLE]
    assert (found.complaints, found.foreign) == ([], [])


def test_they_run_nothing_and_break_no_page_of_their_own(hostile_server: Server, look: Visitor) -> None:
    found = look(hostile_server.url)
    for number in range(1, len(TEXTS) + 1):
        found.page.goto(f"{hostile_server.url}/events/{number}")
        assert (number, [condition(found, width) for width in WIDTHS]) == (number, [WHOLE, WHOLE])
        assert (number, found.complaints, found.foreign) == (number, [], [])


def condition(found: Visit, width: int) -> dict[str, Any]:
    """Say what has become of the page: what ran would say so, what was taken for markup would be there."""
    found.page.set_viewport_size({"width": width, "height": 800})
    measured: dict[str, Any] = found.page.evaluate(
        """() => ({
            ran: window.ran ?? null,
            strangers: [...document.querySelectorAll("main :is(script, style, iframe, object, embed, base, meta)")]
                .map((one) => one.outerHTML),
            addresses: [...document.querySelectorAll("a[href]")]
                .map((one) => new URL(one.getAttribute("href"), location.href).protocol)
                .filter((one) => !["http:", "https:", "webcal:", "mailto:"].includes(one)),
            isWide: document.documentElement.scrollWidth > innerWidth,
            isWhole: document.querySelectorAll("body > main, body > footer").length === 2,
        })"""
    )
    return measured
