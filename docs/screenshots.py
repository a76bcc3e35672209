"""Take pictures of every page, in a real Chromium, from a server of its own that shows the demo.

Usage: python docs/screenshots.py. The best few go to docs/img, for the README; all of them to build/screenshots, to be
looked at. Needs the development environment and a Chromium (PERIGEE_CHROMIUM names it).
"""

import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any, Literal

import requests
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.browser.chromium import launch
from tests.html import read
from tests.processes import running_server, wait_until

ROOT = Path(__file__).parent.parent
Scheme = Literal["light", "dark"]

BEST: tuple[tuple[str, str, int, int, Scheme], ...] = (
    ("timeline", "/", 1280, 900, "light"),
    ("timeline-phone", "/", 390, 844, "dark"),
    ("event", "/events/900302", 1280, 900, "dark"),
    ("wall", "/wall", 1920, 1080, "dark"),
    ("horizon", "/horizon?span=year", 1280, 900, "light"),
    ("calendar", "/calendar/2031/05", 1280, 900, "light"),
)
"""For the README: name, path, width and height in CSS pixels, scheme."""

PAGES = {
    "home": "/",
    "filtered": "/?webcast=true&tz=Asia/Kathmandu",
    "empty": "/?q=hatch&webcast=true",
    "horizon-week": "/horizon?span=week",
    "horizon-month": "/horizon?span=month",
    "horizon-quarter": "/horizon",
    "horizon-year": "/horizon?span=year",
    "wall": "/wall",
    "calendar": "/calendar/2031/05",
    "calendar-empty": "/calendar/2035/02",
    "past": "/past",
    "subscribe": "/subscribe",
    "notices": "/notices?type__ids=2,3",
    "changes": "/changes",
    "changes-moved": "/changes?change=slipped,refined,vaguer&since=7",
    "history": "/history/900301",
    "statistics": "/statistics",
    "statistics-empty": "/statistics?q=nothing-at-all",
    "status": "/status",
    "about": "/about",
    "docs": "/docs",
    "api": "/2.3.0/events/upcoming/?format=api",
    "event-live": "/events/900301",
    "event-soon": "/events/900302",
    "event-vague": "/events/900321",
    "event-undated": "/events/900338",
    "event-withdrawn": "/events/900340",
    "launches": "/?kind=launch",
    "planned": "/planned/2031-06-01/2031-06-30",
    "launch-in-flight": "/launches/7c1b0014-0000-4000-8000-000000009514",
    "launch-on-hold": "/launches/7c1b0015-0000-4000-8000-000000009515",
    "launch-failed": "/launches/7c1b0012-0000-4000-8000-000000009512",
    "launch-crewed": "/launches/7c1b0001-0000-4000-8000-000000009501",
    "error-not-found": "/nowhere",
    "error-bad-filter": "/?limit=-1",
}
WIDTHS = {390: 844, 768: 1024, 1280: 900, 1920: 1080}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOOKS: dict[str, dict[str, Any]] = {
    **{scheme: {"color_scheme": scheme} for scheme in SCHEMES},
    "forced": {"forced_colors": "active"},
    "print": {"media": "print"},
}
"""How a page is looked at, as Playwright emulates it."""


def main() -> None:
    """Take every picture."""
    pictures, everything = ROOT / "docs" / "img", ROOT / "build" / "screenshots"
    pictures.mkdir(exist_ok=True)
    everything.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        running_server(Path(data), "--demo") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        _take_notice(browser, server.url, pictures / "notice.png")
        _await_pictures(server.url)
        (pictures / "card.jpg").write_bytes(_card_of(f"{server.url}/events/900301"))
        for name, path, width, height, scheme in BEST:
            _take(browser, server.url + path, pictures / f"{name}.png", (width, height), scheme, is_whole=False)
        for (name, path), width, look in product(PAGES.items(), WIDTHS, LOOKS):
            file = everything / f"{name}-{width}-{look}.png"
            _take(browser, server.url + path, file, (width, WIDTHS[width]), look, is_whole=True)
        browser.close()


def _await_pictures(url: str) -> None:
    """Wait until the demo has made its pictures and drawn its cards, as it does once it serves."""
    wait_until(lambda: '<figure class="picture' in requests.get(url, timeout=10).text)
    wait_until(lambda: "/pictures/" in _card_address(f"{url}/events/900301"))


def _card_of(url: str) -> bytes:
    return requests.get(_card_address(url), timeout=10).content


def _card_address(url: str) -> str:
    return read(requests.get(url, timeout=10).text).values('meta[property="og:image"]', "content")[0]


def _take(browser: Browser, url: str, file: Path, size: tuple[int, int], look: str, *, is_whole: bool) -> None:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, timezone_id="Europe/Paris")
    page = context.new_page()
    page.emulate_media(**{"reduced_motion": "reduce", **LOOKS[look]})
    page.goto(url, wait_until="networkidle")
    page.screenshot(path=file, full_page=is_whole)
    context.close()


def _take_notice(browser: Browser, url: str, file: Path) -> None:
    """Turn notices on, and wait for the first: the demo's next change comes within four minutes of its start."""
    size = {"width": 390, "height": 844}
    context = browser.new_context(viewport=size, timezone_id="Europe/Paris", permissions=["notifications"])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{url}/notices", wait_until="networkidle")
    page.get_by_role("button", name="Turn on").click()
    page.locator("#notices-shown a").first.wait_for(timeout=240_000)
    page.screenshot(path=file)
    context.close()


if __name__ == "__main__":
    main()
