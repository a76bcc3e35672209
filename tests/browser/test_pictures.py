"""Pictures as a reader meets them: in their place, whole, light, and from nobody but us."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.conftest import Visitor
from tests.browser.judges import ask_axe, ask_checker
from tests.fake_ll2 import Record, make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.pictured import image_record, make_files, put_picture
from tests.processes import Server, running_server
from tests.soak import every_day
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.ll2.parse import parse_event, serialize_record
from webapp.runtime import utc_now
from webapp.store import Store

pytestmark = pytest.mark.service

WIDTHS = (320, 390, 1280)
WIDE, SQUARE = "https://images.example.org/wide.jpg", "https://images.example.org/square.jpg"
PAGES = ("/", "/events/1/alpha", "/events/2/beta", "/events/3/gamma")
KILOBYTE = 1000
SHIFTS = """() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(0), 200);
})"""
"""Gives how far, in all, parts of the page have moved by themselves, as Chromium counts it."""
BOXES = """() => Object.fromEntries(["figure", ".picture-frame", "img", ".picture-scale", "figcaption"].map((one) => {
    const { x, y, width, height } = document.querySelector(one).getBoundingClientRect();
    return [one, { x, y, width, height }];
}))"""


def record(number: int, name: str, **more: Any) -> Record:
    date = stamp(utc_now() + timedelta(days=number))
    return make_record(
        number, name=name, slug=name.lower(), date=date, date_precision=precision(1), last_updated=stamp(utc_now()),
        **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve an event with a picture that may be cropped, one with a picture that may not, and one with none."""
    folder = Path(tmp_path_factory.mktemp("pictured"))
    store = Store(f"sqlite:///{folder / 'perigee.db'}")
    store.migrate()
    now = utc_now()
    records = (
        record(1, "Alpha", image=image_record(url=WIDE)),
        record(2, "Beta", image=image_record("ESA Standard Licence", url=SQUARE)),
        record(3, "Gamma", image=image_record("Unknown")),
    )
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(parse_event(one), serialize_record(one)) for one in records], now=now)
        writer.update_progress(EntryKind.EVENT, imported_at=now)
        writer.update_state(reached_at=now)
    put_picture(store, now, [1], make_files(1280, 720), WIDE)
    put_picture(store, now, [2], make_files(640, 640), SQUARE)
    store.close()
    with running_server(folder, "--no-sync", PERIGEE_LL2_URL="http://127.0.0.1:9/") as server:
        yield server


def wait_for_picture(page: Page) -> None:
    assert page.locator("figure img").evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") > 0


@pytest.mark.parametrize("width", every_day(WIDTHS, one_of=2))
@pytest.mark.parametrize("path", PAGES[:3])
def test_nothing_moves_when_a_picture_comes(server: Server, visit: Visitor, path: str, width: int) -> None:
    page = visit("about:blank", viewport={"width": width, "height": 844}).page
    held: list[Route] = []
    page.route("**/pictures/*", lambda route: held.append(route))  # noqa: PLW0108 - it cannot be told of a method
    page.goto(server.url + path, wait_until="domcontentloaded")
    page.locator(".countdown:visible").wait_for()  # By then the style sheet and the scripts are there.
    page.evaluate("document.fonts.ready.then(() => true)")
    before, shifted = page.evaluate(BOXES), page.evaluate(SHIFTS)
    (late,) = held
    late.continue_()
    wait_for_picture(page)
    assert page.evaluate(BOXES) == before
    assert page.evaluate(SHIFTS) == shifted


@pytest.mark.parametrize("width", every_day(WIDTHS, one_of=2))
@pytest.mark.parametrize("path", PAGES[:3])
def test_a_picture_has_its_place_and_its_caption_is_whole(
    server: Server, visit: Visitor, path: str, width: int
) -> None:
    visited = visit(server.url + path, viewport={"width": width, "height": 844})
    page = visited.page
    wait_for_picture(page)
    boxes = page.evaluate(BOXES)
    frame, caption = boxes[".picture-frame"], boxes["figcaption"]
    assert frame["height"] <= 200 if width < 640 else frame["height"] == pytest.approx(frame["width"] / 1.5, abs=1)
    assert frame["width"] == boxes[".picture-scale"]["width"] == boxes["figure"]["width"]
    assert caption["y"] >= frame["y"] + frame["height"]
    assert caption["x"] + caption["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    words = page.locator("figcaption")
    assert words.inner_text().replace("\xa0", " ").startswith("Photo: NASA/Joel Kowsky · ")
    assert words.evaluate("one => [one.scrollWidth <= one.clientWidth, getComputedStyle(one).overflow]") == [
        True,
        "visible",
    ]
    fit = page.locator("figure img").evaluate("one => getComputedStyle(one).objectFit")
    assert fit == ("contain" if path == PAGES[2] else "cover")
    assert (visited.foreign, visited.complaints) == ([], [])


def test_on_a_phone_it_stands_below_name_and_time(server: Server, visit: Visitor) -> None:
    page = visit(server.url + "/", viewport={"width": 390, "height": 844}).page
    places = [page.locator(one).bounding_box() for one in (".next-up-name", ".next-up-date", "figure", "#list-status")]
    tops = [box["y"] for box in places if box]
    assert tops == sorted(tops)
    assert len(tops) == 4


@pytest.mark.parametrize(
    ("width", "scale", "wanted"), [(390, 1, 640), (390, 3, 640), (320, 1, 320), (1280, 1, 640), (1280, 2, 1280)]
)
def test_a_screen_takes_the_file_that_suits_it(
    server: Server, visit: Visitor, width: int, scale: int, wanted: int
) -> None:
    page = visit(server.url + "/", viewport={"width": width, "height": 844}, device_scale_factor=scale).page
    wait_for_picture(page)
    written = page.evaluate("document.querySelector('figure img').currentSrc")
    offered = page.evaluate("[...document.querySelectorAll('source')].map(one => one.srcset).join()")
    assert f"{written.removeprefix(server.url)} {wanted}w" in offered


def test_on_a_phone_it_takes_at_most_90_kilobytes(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=3)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    pictures: list[str] = []
    weights: dict[str, float] = {}
    line.on(
        "Network.requestWillBeSent",
        lambda seen: pictures.append(seen["requestId"]) if "/pictures/" in seen["request"]["url"] else None,
    )
    line.on("Network.loadingFinished", lambda seen: weights.update({seen["requestId"]: seen["encodedDataLength"]}))
    page.goto(server.url + "/", wait_until="networkidle")
    context.close()
    assert len(pictures) == 1
    assert 0 < weights[pictures[0]] <= 90 * KILOBYTE


@pytest.mark.parametrize("path", every_day(PAGES, one_of=2))
def test_axe_finds_nothing(server: Server, look: Visitor, path: str) -> None:
    assert ask_axe(look(server.url + path, bypass_csp=True).page) == []


def test_the_checker_finds_nothing(server: Server, tmp_path: Path) -> None:
    assert ask_checker(server.url, PAGES, tmp_path) == []


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"media": "print"}], ids=["forced", "print"])
def test_no_colour_stands_beside_a_picture_that_the_reader_did_not_choose(
    server: Server, look: Visitor, media: dict[str, Any]
) -> None:
    page = look(server.url + PAGES[2]).page
    assert page.locator(".picture-color").is_visible()
    page.emulate_media(**media)
    assert not page.locator(".picture-color").is_visible()
    assert page.locator("figure img").is_visible()
    assert page.locator("figcaption").is_visible()


def test_without_one_the_drawing_stands_in_the_same_place(server: Server, look: Visitor) -> None:
    page = look(server.url + PAGES[1]).page
    pictured = page.locator(".picture-frame").bounding_box()
    page.goto(server.url + PAGES[3])
    drawn = page.locator(".picture-frame").bounding_box()
    assert pictured is not None
    assert drawn is not None
    assert (drawn["x"], drawn["width"], drawn["height"]) == (pictured["x"], pictured["width"], pictured["height"])
    assert page.locator(".picture .plate").is_visible()


@pytest.fixture
def sparing(browser: Browser) -> Iterator[Browser]:
    """Give a Chromium that knows `prefers-reduced-data`, which by itself it does not yet."""
    flags = [*FLAGS, "--enable-blink-features=PrefersReducedData"]
    sparing = browser.browser_type.launch(executable_path=find_chromium(), args=flags)
    yield sparing
    sparing.close()


def test_whoever_spares_data_is_shown_the_drawing_and_sent_no_picture(server: Server, sparing: Browser) -> None:
    page = sparing.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    features = [{"name": "prefers-reduced-data", "value": "reduce"}]
    page.context.new_cdp_session(page).send("Emulation.setEmulatedMedia", {"features": features})
    page.goto(server.url + "/", wait_until="networkidle")
    assert [url for url in asked if "/pictures/" in url] == []
    assert page.locator("figure .plate").is_visible()
    assert not page.locator("figcaption").is_visible()
