"""The judges of pages that come from npm: found where `npm install --prefix tests/browser` has put them."""

import os
import shutil
from pathlib import Path

import pytest

PAGES = (
    "/",
    "/?q=nothing-at-all&webcast=true",
    "/?tz=Asia/Kathmandu&type__ids=2,20",
    "/?offset=25",
    "/horizon",
    "/horizon?span=year",
    "/calendar/2031/05",
    "/past",
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
