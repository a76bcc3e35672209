"""Lighthouse gives full marks for what does not depend on the machine's speed."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.judges import judge, program
from tests.processes import Server

pytestmark = pytest.mark.browser

CATEGORIES = ("accessibility", "best-practices", "seo")


@pytest.mark.parametrize("path", ["/", "/events/900301"])
def test_lighthouse_gives_full_marks(demo_server: Server, tmp_path: Path, path: str) -> None:
    node, lighthouse, chromium = program("node"), judge("lighthouse/cli/index.js"), find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on this machine: install one, or name it in PERIGEE_CHROMIUM")
    report = tmp_path / "report.json"
    subprocess.run(
        [
            node, lighthouse, demo_server.url + path, "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(('--headless=new', *FLAGS))}",
        ],
        env={**os.environ, "CHROME_PATH": chromium},
        check=True,
        capture_output=True,
        timeout=180,
    )  # fmt: skip
    found = json.loads(report.read_text("utf-8"))
    faults = {
        name: audit["title"]
        for name, audit in found["audits"].items()
        if audit["score"] is not None and audit["score"] < 1 and audit["scoreDisplayMode"] == "binary"
    }
    assert ({name: found["categories"][name]["score"] for name in CATEGORIES}, faults) == (
        dict.fromkeys(CATEGORIES, 1),
        {},
    )
