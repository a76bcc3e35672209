"""How quick a page is on a phone: Lighthouse's mark and times, and first paint on a slow line, each the median of five.

    python bench/pages.py [--write FILE]

Needs Chromium, Node, and what `npm install --no-package-lock --prefix tests/browser` installs. Exits with 1 if the
median mark of a page is below 97 of 100, or the first paint of `/` on the slow line later than 1.6 s.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from _pytest.outcomes import Skipped
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch
from tests.browser.judges import ask_lighthouse
from tests.crowded import running_crowded_server
from tests.processes import running_server

PATHS = ("/", "/events/900301", "/past", "/calendar/2031/05", "/horizon", "/changes", "/subscribe")
CROWDED_PATHS = ("/", "/past", "/calendar/")
"""Of a thousand events of every precision."""
ROUNDS = 5
ENOUGH = 0.97
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""400 kbit/s, and 400 ms to the server and back."""
LATEST_PAINT = 1.6
TIMES = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "speed-index": "speed index",
}


def main() -> int:
    """Measure each page and print a line for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", type=Path, help="a file that the lines are written to as well")
    asked, lines, is_enough = parser.parse_args(), [], True
    with TemporaryDirectory() as data:
        for line, is_quick in _measure(Path(data)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            lines.append(line)
            is_enough &= is_quick
    if asked.write:
        asked.write.write_text("\n".join(lines) + "\n", "utf-8")
    return 0 if is_enough else 1


def _measure(folder: Path) -> Iterator[tuple[str, bool]]:
    demo, crowded = folder / "demo", folder / "crowded"
    demo.mkdir()
    crowded.mkdir()
    with running_server(demo, "--demo") as server:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            yield from _slow_line(browser, server.url)
            browser.close()
        yield from _marks(server.url, PATHS, folder)
    with running_crowded_server(crowded) as server:
        yield from _marks(server.url, CROWDED_PATHS, folder, "a thousand events, ")


def _slow_line(browser: Browser, url: str) -> Iterator[tuple[str, bool]]:
    for name, zone in (("in UTC", "UTC"), ("in New York, which asks for its own zone first", "America/New_York")):
        paints = [_first_paint(browser, f"{url}/", zone) for _ in range(ROUNDS)]
        is_quick = zone != "UTC" or median(paints) <= LATEST_PAINT
        yield f"/ on a slow line {name}: first paint {median(paints):.2f} s", is_quick


def _first_paint(browser: Browser, url: str, zone: str) -> float:
    context = browser.new_context(viewport={"width": 390, "height": 844}, timezone_id=zone)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    begun = page.evaluate("Date.now()")
    page.goto(url, wait_until="networkidle")
    painted: float = page.evaluate(
        "performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )
    context.close()
    return (painted - begun) / 1000


def _marks(url: str, paths: Sequence[str], folder: Path, what: str = "") -> Iterator[tuple[str, bool]]:
    for path in paths:
        reports = [ask_lighthouse(url + path, ("performance",), folder) for _ in range(ROUNDS)]
        mark = median(one["categories"]["performance"]["score"] for one in reports)
        times = {
            words: median(one["audits"][name]["numericValue"] for one in reports) / 1000
            for name, words in TIMES.items()
        }
        shift = max(one["audits"]["cumulative-layout-shift"]["numericValue"] for one in reports)
        times_words = ", ".join(f"{words} {seconds:.1f} s" for words, seconds in times.items())
        yield f"{what + path:28} {mark * 100:3.0f} of 100: {times_words}, layout shift {shift:.3f}", mark >= ENOUGH


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Skipped as reason:
        sys.exit(f"cannot be measured here: {reason}")
