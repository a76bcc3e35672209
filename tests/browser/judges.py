"""The judges of pages that come from npm: found where `npm install --prefix tests/browser` has put them."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
import requests
from playwright.sync_api import Page

from tests.browser.chromium import FLAGS, find_chromium

PAGES = (
    "/",
    "/?q=nothing-at-all&webcast=true",
    "/?tz=Asia/Kathmandu&type__ids=2,20",
    "/?offset=25",
    "/horizon",
    "/horizon?span=year",
    "/wall",
    "/wall?q=nothing-at-all",
    "/wall?kind=launch&tz=Asia/Kathmandu",
    "/calendar/2031/05",
    "/past",
    "/past?year=2031&month=5",
    "/subscribe",
    "/subscribe?type__ids=2,3&vague=span&alarm=15",
    "/notices",
    "/notices?id=900302",
    "/changes",
    "/changes?since=30&change=slipped,refined,vaguer",
    "/statistics",
    "/statistics?kind=launch&q=nothing-at-all",
    "/status",
    "/about",
    "/docs",
    "/2.3.0/events/?format=api",
    "/events/900301",
    "/events/900302",
    "/events/900321",
    "/events/900338",
    "/events/900340",
    "/?kind=launch",
    "/planned/2031-06-01/2031-06-30",
    "/launches/7c1b0014-0000-4000-8000-000000009514",
    "/launches/7c1b0015-0000-4000-8000-000000009515",
    "/launches/7c1b0012-0000-4000-8000-000000009512",
    "/launches/7c1b0001-0000-4000-8000-000000009501",
    "/history/900301",
    "/nowhere",
    "/?limit=-1",
)
"""Every page of the demo: events live, near, vague, undated and withdrawn; launches in flight, on hold, failed and of a
mission; an empty list, and two errors."""

Scheme = Literal["light", "dark"]
Look = tuple[int, Scheme]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOOKS: tuple[Look, ...] = ((390, "light"), (1280, "dark"), (390, "dark"), (1280, "light"))
"""A phone and a desk, in either scheme. The first two and the last two each have both widths and both schemes."""

_AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What axe would tell of all that passes costs more than its rules do.
_RUN_AXE = """async (rules) => {
    const found = await axe.run({ runOnly: rules, resultTypes: ["violations"], selectors: false });
    return {
        violations: found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
        passed: found.passes.length,
    };
}"""
_MODULES = Path(os.environ.get("PERIGEE_NODE_MODULES") or Path(__file__).parent / "node_modules")


def judge(path: str) -> Path:
    """Give the file of a judge, or skip the test, with the reason, where it is not installed."""
    found = _MODULES / path
    if not found.exists():
        pytest.skip("not installed: run npm install --no-package-lock --prefix tests/browser")
    return found


def program(name: str) -> str:
    """Give the path of a program that a judge needs, or skip the test, with the reason, where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on this machine")
    return found


def ask_axe(page: Page, looks: Iterable[Look] = LOOKS) -> list[Any]:
    """Give axe's violations on an open page whose policy is bypassed, at each of these widths and in its scheme."""
    page.evaluate(judge("axe-core/axe.min.js").read_text("utf-8"))
    violations = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = page.evaluate(_RUN_AXE, _AXE_RULES)
        violations += [(width, scheme, *one) for one in found["violations"]]
        assert found["passed"] > 10
    return violations


def ask_checker(server_url: str, paths: Sequence[str], folder: Path) -> list[Any]:
    """Give what the Nu HTML checker says of these pages, which are kept in a folder."""
    checker, java = judge("vnu-jar/build/dist/vnu.jar"), program("java")
    for number, path in enumerate(paths):
        answer = requests.get(server_url + path, headers={"Accept": "text/html"}, timeout=10)
        (folder / f"{number:02}.html").write_bytes(answer.content)
    found = subprocess.run(
        [java, "-jar", checker, "--format", "json", *sorted(folder.glob("*.html"))],
        capture_output=True,
        check=False,
        text=True,
    )
    messages = json.loads(found.stderr)["messages"]
    return [(paths[int(Path(one["url"]).stem)], one["lastLine"], one["message"]) for one in messages]


def ask_lighthouse(url: str, categories: Sequence[str], folder: Path) -> dict[str, Any]:
    """Give Lighthouse's report on a page in these categories, under its settings for a phone."""
    node, lighthouse, chromium = program("node"), judge("lighthouse/cli/index.js"), find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on this machine: install one, or name it in PERIGEE_CHROMIUM")
    report = folder / "report.json"
    command: list[str | Path] = [
        node, lighthouse, url, "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(categories)}", f"--chrome-flags={' '.join(('--headless=new', *FLAGS))}",
    ]  # fmt: skip
    complaint = ""
    # Now and then its launcher fails to reach the Chromium it has started, before any page is asked for.
    for _ in range(3):
        run = subprocess.run(
            command,
            check=False,
            env={**os.environ, "CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            timeout=180,
        )
        if run.returncode == 0:
            found: dict[str, Any] = json.loads(report.read_text("utf-8"))
            return found
        complaint = run.stderr
    raise RuntimeError(f"Lighthouse failed three times, at last with: {complaint}")
