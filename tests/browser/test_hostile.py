"""A hundred hostile texts in every field that holds one: nothing runs, nothing breaks, nobody else is asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest
import requests

from tests.browser.conftest import Visit, Visitor
from tests.browser.hostile_texts import ADDRESSES, TEXTS
from tests.clean_texts import launch_record_of
from tests.fake_ll2 import FakeLaunchLibrary, Record, make_record
from tests.fake_ll2.launches import launch_id
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.processes import Server, running_server, wait_until
from tests.soak import every_day, length
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


def hostile_launch(number: int, text: str) -> Record:
    """Do the same with a launch; each of the statuses in turn."""
    address = ADDRESSES[number % len(ADDRESSES)]
    net = stamp(utc_now() + timedelta(days=number % 60, hours=4))
    record = launch_record_of(text)
    links = [link | {"url": url} for link in record["vid_urls"] for url in (address, f"https://example.org/{number}")]
    return record | {
        "id": launch_id(number),
        "name": f"{number} {text}",
        "net": net,
        "window_start": net,
        "window_end": stamp(utc_now() + timedelta(days=number % 60, hours=6)),
        "net_precision": precision(number % 17),
        "status": record["status"] | {"id": number % 9 + 1},
        "webcast_live": number % 9 == 0,
        "image": record["image"] | {"image_url": address, "thumbnail_url": address},
        "vid_urls": links,
        "info_urls": links,
        "last_updated": stamp(utc_now() - timedelta(days=40)),
    }


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server that has imported an event and a launch for each text, from a Launch Library."""
    events = [hostile_record(number, text) for number, text in enumerate(TEXTS, start=1)]
    launches = [hostile_launch(number, text) for number, text in enumerate(TEXTS, start=1)]
    data = Path(tmp_path_factory.mktemp("hostile"))
    with (
        FakeLaunchLibrary(events, launches=launches) as fake,
        # All of it at once: the launches come in full in pages of 25.
        running_server(data, PERIGEE_LL2_URL=fake.url, PERIGEE_LL2_HOURLY_BUDGET="60") as server,
    ):
        wait_until(lambda: "This is a sample" not in requests.get(server.url, timeout=10).text)
        wait_until(lambda: is_whole(server))
        yield server


def is_whole(server: Server) -> bool:
    """Whether all of both kinds is there, and nothing more is asked for at once, such as launches' full records."""
    status = requests.get(f"{server.url}/status.json", timeout=10).json()
    is_all = status["counts"]["events"] + status["counts"]["launches"] == 2 * len(TEXTS)
    next_at = status["next_call"]["at"]
    return is_all and next_at is not None and datetime.fromisoformat(next_at) > utc_now() + timedelta(seconds=10)


def test_there_are_a_hundred_of_them() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 100


WIDTHS = (320, 1280)
LISTS = (
    "/",
    "/?offset=25",
    "/?offset=50",
    "/horizon",
    "/horizon?span=year",
    "/wall",
    "/calendar/",
    "/past",
    "/changes?change=edited",
    "/?kind=launch",
    "/past?kind=launch",
)
WHOLE: dict[str, Any] = {"ran": None, "strangers": [], "addresses": [], "isWide": False, "isWhole": True}


@pytest.mark.parametrize("path", every_day(LISTS, one_of=2))
def test_they_run_nothing_and_break_no_list(hostile_server: Server, look: Visitor, path: str) -> None:
    found = look(hostile_server.url + path)
    assert [condition(found, width) for width in WIDTHS] == [WHOLE, WHOLE]
    assert (found.complaints, found.foreign) == ([], [])


@pytest.mark.campaign
def test_they_run_nothing_and_break_no_page_of_their_own(hostile_server: Server, look: Visitor) -> None:
    found = look(hostile_server.url)
    # Launches are shown by the same means: with their own facts, every third text does.
    launches = set(range(1, len(TEXTS) + 1, 3))
    events = set(range(1, len(TEXTS) + 1))
    paths = [f"/events/{number}" for number in sorted(length(events - launches, long=events))]
    paths += [f"/launches/{launch_id(number)}" for number in sorted(launches)]
    for path in paths:
        found.page.goto(hostile_server.url + path)
        assert (path, [condition(found, width) for width in WIDTHS]) == (path, [WHOLE, WHOLE])
        assert (path, found.complaints, found.foreign) == (path, [], [])


def test_they_break_no_feed_and_no_answer_of_the_api(hostile_server: Server) -> None:
    def get(path: str) -> requests.Response:
        answer = requests.get(hostile_server.url + path, timeout=20)
        assert answer.status_code == 200
        return answer

    launches = get("/2.3.0/launches/?mode=detailed&limit=100").json()["results"]
    assert {record["response_mode"] for record in launches} == {"detailed"}
    launches += get("/2.3.0/launches/?mode=detailed&limit=100&offset=100").json()["results"]
    texts = {launch_id(number): text for number, text in enumerate(TEXTS, start=1)}
    assert {record["id"]: record["failreason"] for record in launches} == texts, "as the source sent them"
    asked = "?kind=launch&vague=span&past=90"
    calendar = icalendar.Calendar.from_ical(get(f"/feeds/events.ics{asked}").content)
    shown = {str(entry["UID"]).split("@")[0].removeprefix("ll2-launch-") for entry in calendar.walk("VEVENT")}
    items = [item["title"] for item in get(f"/feeds/events.json{asked}").json()["items"]]
    rss = ET.fromstring(get(f"/feeds/events.rss{asked}").content)  # noqa: S314 - our own bytes
    atom = ET.fromstring(get(f"/feeds/events.atom{asked}").content)  # noqa: S314 - our own bytes
    # Some are known to a quarter that is over by now.
    assert (shown <= texts.keys(), len(shown) > 80) == (True, True)
    assert [item.findtext("title") for item in rss.iter("item")] == items
    assert [title.text for title in atom.findall("{*}entry/{*}title")] == items


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
