from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser.chromium import find_chromium, launch
from tests.processes import Server, running_server


@dataclass
class Visit:
    """An open page, what its console complained of, and every request it made to another host."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


Visitor = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        pytest.skip("no Chromium on this machine: install one, or name it in PERIGEE_CHROMIUM")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sample_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(Path(tmp_path_factory.mktemp("sample")), "--sample") as server:
        yield server


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(Path(tmp_path_factory.mktemp("demo")), "--demo") as server:
        yield server


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visitor]:
    """Open an address; keywords are those of a browser context. Other hosts are noted, and answered with a stub."""
    contexts = []

    def open_page(address: str, **options: Any) -> Visit:
        context = browser.new_context(**{"reduced_motion": "reduce", "timezone_id": "UTC", **options})
        contexts.append(context)
        visited = Visit(context.new_page())
        own = address.split("/", 3)[2]

        def elsewhere(route: Route) -> None:
            visited.foreign.append(route.request.url)
            route.fulfill(body="<!doctype html><title>player</title>", content_type="text/html")

        context.route(lambda url: url.split("/", 3)[2:3] != [own], elsewhere)
        visited.page.on("console", lambda said: visited.complaints.append(said.text) if said.type == "error" else None)
        visited.page.on("pageerror", lambda error: visited.complaints.append(str(error)))
        visited.page.goto(address)
        return visited

    yield open_page
    for context in contexts:
        context.close()
