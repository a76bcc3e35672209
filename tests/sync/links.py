"""Perigees in a chain: each a store, an engine, and a server on loopback that the next one has for its source."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Thread

import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.clock import ManualClock
from tests.site import Site, make_site
from webapp.domain.entry import EntryKind
from webapp.ll2.client import LaunchLibrary
from webapp.settings import Settings
from webapp.store import Store, StoreState
from webapp.sync.engine import Engine, Report
from webapp.sync.situation import Plan


@dataclass
class Link:
    """One Perigee, at `url`. `reports` are those of all its calls."""

    site: Site
    engine: Engine
    url: str
    reports: list[Report] = field(default_factory=list)
    is_running: bool = True

    @property
    def store(self) -> Store:
        return self.site.store

    @property
    def state(self) -> StoreState:
        with self.store.read() as snapshot:
            return snapshot.state

    def get(self, path: str) -> str:
        """Ask as a reader would, and give the body without the server's own address."""
        response = requests.get(self.url + path, timeout=20)
        assert response.status_code == 200, response.text
        body = response.text.replace("\r\n ", "")  # Long lines of calendars are folded wherever the address ends.
        return body.replace(self.url, "https://perigee.example")

    def calls(self, task: str) -> list[Report]:
        """Give the reports of one task."""
        return [one for one in self.reports if one.planned.task.value == task]


@dataclass
class Chain:
    """Links from the first one, which asks Launch Library, to the last."""

    clock: ManualClock
    links: list[Link]

    def run(self, length: timedelta) -> None:
        """Let all of them make the calls that are due within so long."""
        end = self.clock.now + length
        while self.clock.now < end:
            due = [end]
            for link in self.links:
                if not link.is_running:
                    continue
                while isinstance(done := link.engine.step(), Report):
                    link.reports.append(done)
                assert isinstance(done, Plan)
                due.append(done.at)
            self.clock.now = max(min(due), self.clock.now)


@contextmanager
def make_link(
    folder: Path, source_url: str, clock: ManualClock, *, name: str, kinds: Sequence[EntryKind] = tuple(EntryKind),
    database_url: str = "",
) -> Iterator[Link]:  # fmt: skip
    """Make a Perigee with its files in a folder, which has the service at `source_url` for its source."""
    environ = {"PERIGEE_DATA_DIR": str(folder), "PERIGEE_SAMPLE": "off", "PERIGEE_PICTURES": "off"}
    if database_url:
        environ["DATABASE_URL"] = database_url
    site = make_site(Settings.load(environ | {"PERIGEE_LL2_URL": source_url}), clock)
    with (
        LaunchLibrary(
            source_url, cache=folder / "cache", clock=clock, user_agent="Perigee/test", deadline=10
        ) as source,
        served(site, clock) as url,
    ):
        engine = Engine(site.store, source, clock, budget=3600, name=name, chance=lambda: 0.0, kinds=kinds)
        yield Link(site, engine, url)
    site.close()


@contextmanager
def make_chain(folder: Path, source_url: str, clock: ManualClock, *, length: int = 3) -> Iterator[Chain]:
    """Make a chain of Perigees, the first of which has the service at `source_url` for its source."""
    with ExitStack() as stack:
        chain = Chain(clock, [])
        for number in range(length):
            name, url = f"link {number + 1}", f"{chain.links[-1].url}/2.3.0/" if chain.links else source_url
            chain.links.append(stack.enter_context(make_link(folder / name, url, clock, name=name)))
        yield chain


@contextmanager
def served(site: Site, clock: ManualClock) -> Iterator[str]:
    """Serve a site on loopback. Its answers are dated by the clock."""

    class Handler(WSGIRequestHandler):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(clock().timestamp() if timestamp is None else timestamp)

        def log_request(self, *_: object) -> None:
            """Nothing: the tests ask the application itself."""

    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="link")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
