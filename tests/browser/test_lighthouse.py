"""Lighthouse gives full marks for what does not depend on the machine's speed."""

from pathlib import Path

import pytest

from tests.browser.judges import ask_lighthouse
from tests.processes import Server
from tests.soak import length

CATEGORIES = ("accessibility", "best-practices", "seo")


PATHS = ("/", "/events/900301", "/calendar/2031/05", "/past", "/horizon", "/changes", "/subscribe")


@pytest.mark.campaign
@pytest.mark.parametrize("path", PATHS[: length(2, long=len(PATHS))])
def test_lighthouse_gives_full_marks(demo_server: Server, tmp_path: Path, path: str) -> None:
    found = ask_lighthouse(demo_server.url + path, CATEGORIES, tmp_path)
    faults = {
        name: audit["title"]
        for name, audit in found["audits"].items()
        if audit["scoreDisplayMode"] == "binary" and audit["score"] == 0
    }
    assert ({name: found["categories"][name]["score"] for name in CATEGORIES}, faults) == (
        dict.fromkeys(CATEGORIES, 1),
        {},
    )
