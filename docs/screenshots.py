"""Take the pictures of the README: the sample, in a real Chromium, from a server of its own.

Usage: python docs/screenshots.py. Needs the development environment and a Chromium (PERIGEE_CHROMIUM names it).
"""

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.browser.chromium import launch
from tests.processes import running_server

PICTURES = Path(__file__).parent / "img"
SHOTS: tuple[tuple[str, str, int, int, Literal["light", "dark"]], ...] = (
    ("timeline", "/", 1280, 900, "light"),
    ("timeline-phone", "/", 390, 844, "dark"),
    ("event", "/events/1211", 1280, 900, "dark"),
    ("horizon", "/horizon?span=year", 1280, 900, "light"),
    ("calendar", "/calendar/2025/08", 1280, 900, "light"),
)


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        running_server(Path(data), "--sample") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for name, path, width, height, scheme in SHOTS:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                timezone_id="Europe/Paris",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(server.url + path, wait_until="networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
