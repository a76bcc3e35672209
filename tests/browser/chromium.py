"""A real Chromium, wherever it is."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # Tests may run as root; they open no page but ours.
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Routes that answer in place of others would pass every request through Python, and switch the cache off.
_NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def find_chromium() -> str | None:
    """Give the path of an installed Chromium: `PERIGEE_CHROMIUM`, or one by its usual names."""
    return os.environ.get("PERIGEE_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start it, headless, and unable to reach any other machine."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, _NO_OTHER_HOST])
