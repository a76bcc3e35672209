"""The judges of pages that come from npm: found where `npm install --prefix tests/browser` has put them."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import FLAGS, find_chromium

PAGES = (
    "/",
    "/?q=nothing-at-all&webcast=true",
    "/?tz=Asia/Kathmandu&type__ids=2,20",
    "/?offset=25",
    "/horizon",
    "/horizon?span=year",
    "/calendar/2031/05",
    "/past",
    "/subscribe",
    "/subscribe?type__ids=2,3&vague=span&alarm=15",
    "/changes",
    "/status",
    "/about",
    "/docs",
    "/2.3.0/events/?format=api",
    "/events/900301",
    "/events/900302",
    "/events/900321",
    "/events/900338",
    "/events/900340",
    "/nowhere",
    "/?limit=-1",
)
"""Every page of the demo, with events live, near, vague, undated and withdrawn, an empty list, and two errors."""

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
