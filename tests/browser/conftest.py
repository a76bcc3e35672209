from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.chromium import find_chromium, launch
from tests.fake_ll2 import Record
from tests.processes import Server, running_server
from tests.site import parse_record
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.ll2.parse import serialize_record
from webapp.runtime import utc_now
from webapp.store import Store


@dataclass
class Visit:
    """An open page, what its console complained of, and every request it made to another host."""

    page: Page
    host: str = ""
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Open an address, and forget what was noted before."""
        self.host = _host(address)
        self.complaints.clear()
        self.foreign.clear()
        self.page.goto(address)

    def note(self, request: Request) -> None:
        """Note a request if it is to another host; none is answered."""
        if _host(request.url) != self.host:
            self.foreign.append(request.url)

    def hear(self, message: ConsoleMessage) -> None:
        """Note a complaint. That there is no icon for what is no page, such as JSON, is the browser's own."""
        if message.type == "error" and urlsplit(message.location["url"]).path != "/favicon.ico":
            self.complaints.append(message.text)


Visitor = Callable[..., Visit]
Put = Callable[..., None]


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
    """Open an address in a context of its own, as a first visit; keywords are those of a browser context."""
    contexts = []

    def open_page(address: str, **options: Any) -> Visit:
        visited = _new_visit(browser, **options)
        contexts.append(visited.page.context)
        visited.open(address)
        return visited

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def look(browser: Browser) -> Iterator[Visitor]:
    """Open an address in a page that other tests use too, for those that only look: a new context costs a second."""
    kept: dict[bool, Visit] = {}

    def open_page(address: str, *, bypass_csp: bool = False) -> Visit:
        if bypass_csp not in kept:
            kept[bypass_csp] = _new_visit(browser, bypass_csp=bypass_csp)
            kept[bypass_csp].page.add_init_script("localStorage.clear()")
        visited = kept[bypass_csp]
        visited.page.set_viewport_size({"width": 1280, "height": 720})
        visited.page.emulate_media(media="null", color_scheme="light", reduced_motion="reduce", forced_colors="none")
        visited.open(address)
        return visited

    yield open_page
    for visited in kept.values():
        visited.page.context.close()


@pytest.fixture
def live_store(tmp_path: Path) -> Iterator[Put]:
    """Put records of either kind into the store that a server reads, as a sync that heard of them just now, or then."""
    store = Store(f"sqlite:///{tmp_path / 'perigee.db'}")
    store.migrate()

    def put(*records: Record, reached_at: datetime | None = None) -> None:
        now = utc_now()
        received = [ReceivedEntry(parse_record(one), serialize_record(one)) for one in records]
        with store.write() as writer:
            writer.upsert_entries(received, now=now)
            for kind in {EntryKind.EVENT, *(one.entry.key.kind for one in received)}:
                writer.update_progress(kind, imported_at=now)
            writer.update_state(reached_at=reached_at or now)

    yield put
    store.close()


def _new_visit(browser: Browser, **options: Any) -> Visit:
    """Open an empty page, and begin to note."""
    context = browser.new_context(**{"reduced_motion": "reduce", "timezone_id": "UTC", **options})
    visited = Visit(context.new_page())
    context.on("request", visited.note)
    visited.page.on("console", visited.hear)
    visited.page.on("pageerror", lambda error: visited.complaints.append(str(error)))
    return visited


def _host(address: str) -> str:
    """Give the host and port of an address."""
    return urlsplit(address).netloc
