"""How quick a page is on a phone, as Lighthouse sees it: the median of five marks, and what it is made of.

    python bench/pages.py

Needs Chromium, Node, and what `npm install --no-package-lock --prefix tests/browser` installs. Exits with 1 if the
median of a page is below 95 of 100.
"""

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from _pytest.outcomes import Skipped

from tests.browser.judges import ask_lighthouse
from tests.processes import running_server

PATHS = ("/", "/horizon", "/calendar/2031/05", "/events/900301")
ROUNDS = 5
ENOUGH = 0.95
TIMES = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "speed-index": "speed index",
}


def main() -> int:
    """Measure each page and print a line for it."""
    is_enough = True
    with TemporaryDirectory() as data, running_server(Path(data), "--demo") as server:
        for path in PATHS:
            reports = [ask_lighthouse(server.url + path, ("performance",), Path(data)) for _ in range(ROUNDS)]
            mark = median(one["categories"]["performance"]["score"] for one in reports)
            times = {
                words: median(one["audits"][name]["numericValue"] for one in reports) / 1000
                for name, words in TIMES.items()
            }
            shift = max(one["audits"]["cumulative-layout-shift"]["numericValue"] for one in reports)
            times_words = ", ".join(f"{words} {seconds:.1f} s" for words, seconds in times.items())
            sys.stdout.write(f"{path:20} {mark * 100:3.0f} of 100: {times_words}, layout shift {shift:.3f}" + "\n")
            is_enough &= mark >= ENOUGH
    return 0 if is_enough else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Skipped as reason:
        sys.exit(f"cannot be measured here: {reason}")
