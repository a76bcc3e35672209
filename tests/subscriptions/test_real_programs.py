"""Real programs take the feeds of both kinds from a real server: khal, vdirsyncer and newsboat."""

import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, Record, make_launch, make_record
from tests.fake_ll2.launches import launch_status
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.processes import PERIGEE, Server, running_server
from webapp.runtime import utc_now

pytestmark = pytest.mark.service

EVENTS = 12
# The status of each launch, and what its name begins with in a calendar.
STATUSES = {1: "", 2: "", 5: "On hold: ", 8: "To be confirmed: "}
ENTRIES = EVENTS + len(STATUSES)
# In the morning: khal lists what goes on past midnight on both of its days.
SOON = (utc_now() + timedelta(days=20)).replace(hour=9, minute=30, second=0, microsecond=0)


def record(number: int, *, hours: int = 0, updated: int = 0) -> Record:
    """Give an event of the days to come, moved by so many hours; every third is known to the day alone."""
    date = SOON + timedelta(days=number, hours=hours)
    return make_record(
        number,
        date=stamp(date),
        date_precision=precision(5 if number % 3 == 0 else 1),
        description='Semicolons; commas, "quotes", \\n and\r\nlines; 虚构事件, حدث, 👩🏽‍🚀.',
        last_updated=stamp(utc_now() + timedelta(minutes=updated)),
    )


def launch(status_id: int) -> Record:
    """Give a launch of the days to come: to the minute, or to the day where it is to be determined."""
    net = stamp(launch_date(status_id))
    return make_launch(
        status_id,
        net=net,
        net_precision=precision(5 if status_id == 2 else 1),
        window_end=stamp(launch_date(status_id) + timedelta(hours=1)),
        status=launch_status(status_id),
        last_updated=stamp(utc_now()),
    )


def launch_date(status_id: int) -> datetime:
    return SOON + timedelta(days=status_id, hours=2)


def launches() -> list[Record]:
    """Give the launches, one of which has no day."""
    vague = make_launch(99, net=stamp(SOON), net_precision=precision(7), status=launch_status(2))
    return [*map(launch, STATUSES), vague]


@dataclass
class Feeds:
    """A running server with its Launch Library, and a home folder for whoever subscribes."""

    server: Server
    fake: FakeLaunchLibrary
    data: Path
    home: Path

    def sync(self) -> None:
        """Let the server's store take in what Launch Library has now."""
        clean = {"PATH": os.environ["PATH"], "PERIGEE_DATA_DIR": str(self.data), "PERIGEE_LL2_URL": self.fake.url}
        subprocess.run([PERIGEE, "sync", "--once"], env=clean, check=True, capture_output=True)

    def slip(self) -> None:
        """Let the second event move by five hours."""
        self.fake.records = [record(n, hours=5 * (n == 2), updated=n == 2) for n in range(1, EVENTS + 1)]
        self.sync()
        time.sleep(1.1)  # For a second the server may still give what it gave.

    def run(self, name: str, *arguments: str, stdin: str = "") -> str:
        """Run a program, or skip the test where there is none; give what it says."""
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"no {name} on this machine")
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [found, *arguments], env=environ, input=stdin, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def feeds(tmp_path: Path) -> Iterator[Feeds]:
    home, data = tmp_path / "home", tmp_path / "data"
    home.mkdir()
    with (
        FakeLaunchLibrary([record(number) for number in range(1, EVENTS + 1)], launches=launches()) as fake,
        running_server(data, "--no-sync", PERIGEE_LL2_URL=fake.url) as server,
    ):
        made = Feeds(server, fake, data, home)
        made.sync()
        yield made


def test_khal_imports_the_calendar(feeds: Feeds) -> None:
    calendar, config = feeds.home / "calendar", feeds.home / "khal.conf"
    calendar.mkdir()
    config.write_text(
        f"[calendars]\n[[space]]\npath = {calendar}\ntype = calendar\n"
        "[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "local_timezone = UTC\ndefault_timezone = UTC\n"
        f"[sqlite]\npath = {feeds.home / 'khal.db'}\n"
    )
    file = feeds.home / "events.ics"
    file.write_bytes(requests.get(feeds.server.url + "/feeds/events.ics?alarm=15", timeout=10).content)
    feeds.run("khal", "-c", str(config), "import", "--batch", "-a", "space", str(file))
    shown = feeds.run(
        "khal", "-c", str(config), "list", "--format", "{title}|{start}|{all-day}",
        f"{SOON:%Y-%m-%d}", f"{SOON + timedelta(days=EVENTS + 1):%Y-%m-%d}",
    )  # fmt: skip
    rows = sorted(line for line in shown.splitlines() if "|" in line)
    expected = []
    for number in range(1, EVENTS + 1):
        date, name = SOON + timedelta(days=number), record(number)["name"]
        is_day = number % 3 == 0
        expected.append(f"{name}|{date:%Y-%m-%d}" + ("|True" if is_day else f" {date:%H:%M}|False"))
    for status_id, lead in STATUSES.items():
        at = (
            f"{launch_date(status_id):%Y-%m-%d}|True"
            if status_id == 2
            else f"{launch_date(status_id):%Y-%m-%d %H:%M}|False"
        )
        expected.append(f"{lead}{launch(status_id)['name']}|{at}")
    assert rows == sorted(expected)


def test_vdirsyncer_finds_nothing_new_the_second_time_and_one_event_after_a_slip(feeds: Feeds) -> None:
    items, config = feeds.home / "items", feeds.home / "vdirsyncer.conf"
    items.mkdir()
    config.write_text(
        f'[general]\nstatus_path = "{feeds.home / "status"}"\n'
        '[pair space]\na = "here"\nb = "there"\ncollections = null\nconflict_resolution = "b wins"\n'
        f'[storage here]\ntype = "filesystem"\npath = "{items}"\nfileext = ".ics"\n'
        f'[storage there]\ntype = "http"\nurl = "{feeds.server.url}/feeds/events.ics"\n'
    )
    feeds.run("vdirsyncer", "-c", str(config), "discover", stdin="y\ny\n")

    def synced() -> list[str]:
        return re.findall(r"(Copying|Deleting)", feeds.run("vdirsyncer", "-c", str(config), "sync"))

    assert synced() == ["Copying"] * ENTRIES
    assert synced() == []
    feeds.slip()
    # It knows an event from the web by its content: what has changed is another, and the old one goes.
    assert sorted(synced()) == ["Copying", "Deleting"]
    assert len(list(items.glob("*.ics"))) == ENTRIES


def test_newsboat_marks_nothing_unread_that_did_not_change(feeds: Feeds) -> None:
    urls, cache, config = feeds.home / "urls", feeds.home / "cache.db", feeds.home / "config"
    paths = ("/feeds/events.rss", "/feeds/events.atom", "/feeds/changes.rss", "/feeds/changes.atom")
    urls.write_text("".join(f"{feeds.server.url}{path}\n" for path in paths))
    config.write_text("")

    def unread() -> dict[str, int]:
        files = ("-u", str(urls), "-c", str(cache), "-C", str(config))
        feeds.run("newsboat", *files, "-x", "reload")
        with sqlite3.connect(cache) as read:
            rows = read.execute("SELECT feedurl, SUM(unread) FROM rss_item GROUP BY feedurl").fetchall()
        return {url.removeprefix(feeds.server.url): count for url, count in rows}

    assert unread() == {"/feeds/events.rss": ENTRIES, "/feeds/events.atom": ENTRIES}
    with sqlite3.connect(cache) as everything:
        everything.execute("UPDATE rss_item SET unread = 0")
    assert set(unread().values()) == {0}
    feeds.slip()
    assert unread() == {
        "/feeds/events.rss": 0, "/feeds/events.atom": 0, "/feeds/changes.rss": 1, "/feeds/changes.atom": 1,
    }  # fmt: skip
