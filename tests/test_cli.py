import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
import requests

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, Record, make_record, make_records
from tests.fake_ll2.launches import launch_id, make_launches
from tests.fake_ll2.library import system_clock
from tests.processes import PERIGEE, run_here, run_process, running_server, wait_until
from tests.site import make_site
from webapp.settings import OPTIONS, Settings

pytestmark = pytest.mark.slow

COMMANDS = ["backup", "config", "doctor", "health", "history", "migrate", "notify", "restore", "serve", "sync"]


def calls_in(fake: FakeLaunchLibrary) -> int:
    """Count the calls that cost something."""
    return sum(request.path.startswith(("/2.3.0/events/", "/2.3.0/launches/")) for request in fake.requests)


@pytest.fixture(scope="module")
def catalogue() -> tuple[list[Record], list[Record]]:
    """Make events and launches once: nobody changes a record."""
    now = system_clock()
    return make_records(1017, now=now), make_launches(30, now=now)


@pytest.fixture
def fake(catalogue: tuple[list[Record], list[Record]]) -> Iterator[FakeLaunchLibrary]:
    events, launches = catalogue
    with FakeLaunchLibrary(events, launches=launches) as fake:
        yield fake


def test_help_teaches_each_command(tmp_path: Path) -> None:
    found = run_process("--help", data=tmp_path)
    assert found.returncode == 0
    assert re.findall(r"^  (\w+)  ", found.stdout, re.MULTILINE) == COMMANDS
    for command in COMMANDS:
        assert run_here(command, "--help", data=tmp_path).stdout.startswith(f"Usage: perigee {command}")


def test_config_shows_every_setting_and_masks_secrets(tmp_path: Path) -> None:
    found = run_here("config", data=tmp_path, PERIGEE_LL2_TOKEN="s3cr3t", PORT="8123")
    lines = [line for line in found.stdout.splitlines() if not line.startswith(" ")]
    assert found.returncode == 0
    assert "s3cr3t" not in found.stdout + found.stderr
    assert lines[:2] == ["HOST = 127.0.0.1  [default]", "PORT = 8123  [environment]"]
    assert "PERIGEE_LL2_TOKEN = ********  [environment]" in lines
    assert [line.split()[0] for line in lines] == [option.name for option in OPTIONS]


def test_config_names_what_cannot_be_used(tmp_path: Path) -> None:
    found = run_process("config", data=tmp_path, PORT="many")
    assert found.returncode == 1
    assert "    Invalid: expected a port from 1 to 65535." in found.stdout.splitlines()


@pytest.mark.parametrize("command", ["serve", "sync", "migrate", "doctor"])
def test_a_bad_configuration_is_refused_with_every_fault(tmp_path: Path, command: str) -> None:
    run = run_process if command == "serve" else run_here
    found = run(command, data=tmp_path, PORT="many", PERIGEE_LL2_HOURLY_BUDGET="0")
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.splitlines() == [
        "Error: invalid settings:",
        "PORT: expected a port from 1 to 65535",
        "PERIGEE_LL2_HOURLY_BUDGET: expected a number of calls from 1 to 3600",
    ]


def test_a_name_that_is_no_setting_is_told_by_every_command(tmp_path: Path) -> None:
    words = "PERIGEE_KIND is not a setting. Did you mean PERIGEE_KINDS?"
    found = run_here("config", data=tmp_path, PERIGEE_KIND="event")
    assert (found.returncode, found.stdout.splitlines()[-1]) == (0, words)
    logged = run_process("migrate", data=tmp_path, PERIGEE_KIND="event").stderr.splitlines()
    assert [line.split(" ", 1)[1] for line in logged] == [f"WARNING webapp.cli: {words}"]


def test_what_it_keeps_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a?b"
    for command in (("migrate",), ("backup", str(tmp_path / "copy.db"))):
        assert run_process(*command, data=folder).returncode == 0
    modes = {
        path.name: stat.filemode(path.stat().st_mode) for path in (folder, folder / "perigee.db", tmp_path / "copy.db")
    }
    assert modes == {"a?b": "drwx------", "perigee.db": "-rw-------", "copy.db": "-rw-------"}


def test_a_user_without_a_home_needs_but_a_data_folder(tmp_path: Path) -> None:
    stranger = """
import pwd

def is_unknown(uid):
    raise KeyError(uid)

pwd.getpwuid = is_unknown
from webapp.cli import main
main()
"""
    environ = {"PATH": os.environ["PATH"], "PERIGEE_DATA_DIR": str(tmp_path)}
    python = [sys.executable, "-c", stranger]
    found, lost = (
        subprocess.run([*python, "migrate"], env=env, capture_output=True, text=True, check=False)
        for env in (environ, {"PATH": environ["PATH"]})
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "The database is ready.\n", "")
    assert (lost.returncode, lost.stdout) == (1, "")
    expected = "PERIGEE_DATA_DIR: expected a folder (there is no usual one for a user without a home)"
    assert lost.stderr == f"Error: invalid settings:\n{expected}\n"


def test_migrate_can_be_repeated(tmp_path: Path) -> None:
    for run in (run_process, run_here):
        found = run("migrate", data=tmp_path)
        assert (found.returncode, found.stdout) == (0, "The database is ready.\n")


def test_sync_imports_everything_once_and_again_changes_nothing(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    first = run_here("sync", "--once", data=tmp_path, PERIGEE_LL2_URL=fake.url)
    assert (first.returncode, len(fake.requests)) == (0, 12)
    assert first.stdout.splitlines() == ["Import complete: 1017 events and 30 launches, 0 changes recorded."]
    second = run_here("sync", data=tmp_path, PERIGEE_LL2_URL=fake.url, PERIGEE_LL2_HOURLY_BUDGET="24")
    assert second.stdout.splitlines() == ["Import complete: 1017 events and 30 launches, 0 changes recorded."]


def test_sync_stops_where_the_budget_ends_and_goes_on_there(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    first = run_here("sync", data=tmp_path, PERIGEE_LL2_URL=fake.url, PERIGEE_LL2_HOURLY_BUDGET="4")
    assert (first.returncode, len(fake.requests)) == (1, 4)
    assert re.fullmatch(
        r"Error: no call to Launch Library is allowed before (\d+ \w+ \d{4}, )?\d\d:\d\d:\d\d UTC",
        first.stderr.splitlines()[-1],
    )
    second = run_here("sync", data=tmp_path, PERIGEE_LL2_URL=fake.url)
    assert (second.returncode, len(fake.requests)) == (0, 12)


def test_history_tells_what_changed_about_an_event(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    fake.records[:] = [make_record(7, name="Meridian 7 Docking", date="2031-03-14T07:12:00Z")]
    calm = {"PERIGEE_LL2_URL": fake.url, "PERIGEE_LL2_HOURLY_BUDGET": "22"}
    assert run_here("sync", data=tmp_path, **calm).returncode == 0
    quiet = run_here("history", "7", data=tmp_path).stdout.splitlines()
    assert quiet[0] == "Meridian 7 Docking  (14 March 2031, 07:12 UTC)"
    assert quiet[1].startswith("  No changes since it was first seen on ")
    fake.records[:] = [make_record(7, name="Meridian 7 Docking", date="2031-03-15T09:12:00Z")]
    assert run_here("sync", data=tmp_path, **calm).returncode == 0
    lines = run_here("history", "7", data=tmp_path).stdout.splitlines()
    assert lines[0] == "Meridian 7 Docking  (15 March 2031, 09:12 UTC)"
    assert len(lines) == 2
    assert lines[1].endswith(
        "Delayed by 1 d 2 h, from 14 March 2031, 07:12 UTC to 15 March 2031, 09:12 UTC (first date change)."
    )
    missing = run_here("history", "8", data=tmp_path)
    assert (missing.returncode, missing.stderr) == (1, "Error: event 8 is not in the database\n")
    launch = run_here("history", launch_id(1).upper(), data=tmp_path).stdout.splitlines()
    assert launch[0].startswith("Starship V3 | Meridian 1  (")
    nonsense = run_here("history", "seven", data=tmp_path)
    assert nonsense.returncode == 2
    assert nonsense.stderr.splitlines()[-1] == (
        "Error: Invalid value for ID: expected an event's number or a launch's UUID"
    )


def test_history_makes_no_database(tmp_path: Path) -> None:
    found = run_process("history", "7", data=tmp_path)
    assert found.returncode == 1
    assert found.stderr == f"Error: {tmp_path / 'perigee.db'} is not ready: run `perigee migrate` or `perigee serve`\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.service
def test_the_doctor_explains_what_is_wrong(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    del fake.records[:-100]
    here = {"data": tmp_path, "PERIGEE_LL2_URL": fake.url, "PERIGEE_LL2_TOKEN": "s3cr3t"}
    empty = run_here("doctor", **here)  # type: ignore[arg-type] # one mapping for both
    assert empty.returncode == 1
    assert "ERROR  The database has no tables yet." in empty.stdout
    assert run_here("sync", **here).returncode == 0  # type: ignore[arg-type] # as above
    idle = run_here("doctor", **here)  # type: ignore[arg-type] # as above
    assert idle.returncode == 1
    assert "ERROR  Nothing is syncing." in idle.stdout
    assert idle.stdout.splitlines()[-1] == "1 problem found."
    with running_server(tmp_path, PERIGEE_LL2_URL=fake.url):
        wait_until(lambda: run_here("doctor", **here).returncode == 0)  # type: ignore[arg-type] # as above
        fine = run_process("doctor", **here)  # type: ignore[arg-type] # as above
    assert fine.stdout.splitlines()[-1] == "No problems found."
    fake.stop()
    cut_off = run_here("doctor", **here)  # type: ignore[arg-type] # as above
    assert "ERROR  Launch Library could not be reached." in cut_off.stdout
    assert "s3cr3t" not in empty.stdout + idle.stdout + fine.stdout + cut_off.stdout
    offline = run_here("doctor", "--offline", **here)  # type: ignore[arg-type] # as above
    assert "could not be reached" not in offline.stdout


def test_sync_tells_plainly_what_went_wrong(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    fake.fail(Fault.THROTTLED, retry_after=99)
    found = run_here("sync", data=tmp_path, PERIGEE_LL2_URL=fake.url, PERIGEE_LL2_TOKEN="s3cr3t")
    assert found.returncode == 1
    assert found.stderr.splitlines()[-1] == "Error: Launch Library is throttling requests, for 99 s more"
    assert "s3cr3t" not in found.stdout + found.stderr


def test_watching_tells_a_line_for_each_call_and_stops_on_a_signal(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PERIGEE_DATA_DIR": str(tmp_path)}
    with subprocess.Popen(
        [PERIGEE, "sync", "--watch"], env=environ | {"PERIGEE_LL2_URL": fake.url}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip().partition(" UTC ")[2])
            if line.startswith("next: "):
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert lines == [
        "call limit (the call limit may have changed): 1000000 calls an hour allowed, 0 used",
        "upcoming events (the first import begins): 29 events, 29 new",
        "all upcoming launches (the first import begins): 30 launches, 30 new, complete",
        "launches with a known time (it was never fetched): 25 launches, 25 changed, of 30: incomplete",
        "changed events (they were never fetched): 6 events, nothing new",
        "all events (the first import goes on with the past): 100 events, 100 new",
        "changed launches (they were never fetched): 0 launches, nothing new",
        "details of launches (records are incomplete): 5 launches, 5 changed",
        "past launches (the background import continues): 0 launches, nothing new",
        "(it is time to look again)",
    ]


@pytest.mark.service
def test_serve_says_where_to_look_shows_the_sample_asks_nothing_if_told_so_and_turns_to_the_real_data(
    tmp_path: Path, fake: FakeLaunchLibrary
) -> None:
    del fake.records[:-100]
    with running_server(tmp_path, "--no-sync", PERIGEE_LL2_URL=fake.url) as server:
        assert server.output[0].startswith("Perigee ")
        assert server.output[0].endswith(f" is running at {server.url}/")
        assert "This is a sample" in requests.get(server.url, timeout=10).text
        time.sleep(1)
        assert fake.requests == []
        assert run_process("sync", data=tmp_path, PERIGEE_LL2_URL=fake.url).returncode == 0
        html = requests.get(server.url, timeout=10).text
        assert ("This is a sample" in html, "Meridian" in html) == (False, True)


@pytest.mark.service
def test_serve_syncs_in_the_background(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    with running_server(tmp_path, PERIGEE_LL2_URL=fake.url) as server:
        wait_until(lambda: "This is a sample" not in requests.get(server.url, timeout=10).text)
        wait_until(lambda: calls_in(fake) == 8)
    with running_server(tmp_path, PERIGEE_LL2_URL=fake.url) as server:
        assert "This is a sample" not in requests.get(server.url, timeout=10).text
        time.sleep(1.5)
        assert calls_in(fake) == 8, "a restart does not sync before it is due"


@pytest.mark.service
def test_serving_the_sample_asks_nothing(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    with running_server(tmp_path, "--sample", PERIGEE_LL2_URL=fake.url) as server:
        requests.get(server.url, timeout=10)
        time.sleep(1)
    assert fake.requests == []


@pytest.mark.service
def test_the_demo_begins_anew_at_each_start_says_so_everywhere_and_asks_nothing(
    tmp_path: Path, fake: FakeLaunchLibrary
) -> None:
    for _ in range(2):
        with running_server(tmp_path, "--demo", PERIGEE_LL2_URL=fake.url, PERIGEE_PICTURES="off") as server:
            for path in ("/", "/horizon", "/wall", "/changes", "/past", "/about", "/events/900301"):
                assert requests.get(server.url + path, timeout=10).text.count("This is a demo") == 1
            calendar = requests.get(server.url + "/feeds/events.ics", timeout=10).text
            assert "X-WR-CALNAME:Space events (demo)" in calendar
    assert fake.requests == []


@pytest.mark.parametrize("flag", ["--sample", "--demo"])
def test_what_stands_in_for_real_data_is_not_for_a_public_address(tmp_path: Path, flag: str) -> None:
    run = run_process if flag == "--sample" else run_here
    found = run("serve", flag, data=tmp_path, PERIGEE_PUBLIC_URL="https://events.example.org")
    assert found.returncode == 2
    assert f"{flag} can't be used with a public address: unset PERIGEE_PUBLIC_URL first" in found.stderr


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = run_process("serve", "--no-sync", data=tmp_path, PORT=port)
    assert found.returncode == 1
    assert port in found.stderr


@pytest.mark.service
def test_a_copy_made_while_others_write_is_whole_and_starts_another_server(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    copy.mkdir()
    settings = Settings.load({"PERIGEE_DATA_DIR": str(data), "PERIGEE_SAMPLE": "off"})
    site = make_site(settings, ManualClock(system_clock()), make_records(500, now=system_clock()))
    stop = Event()

    def mark(number: int) -> None:
        site.put(*({**record, "name": f"Mark {number}"} for record in make_records(500, now=system_clock())))

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            mark(number)

    mark(0)
    writing = Thread(target=write)
    writing.start()
    try:
        found = run_process("backup", str(copy / "perigee.db"), data=data)
    finally:
        stop.set()
        writing.join()
        site.close()
    assert (found.returncode, found.stdout) == (0, f"Backed up to {copy / 'perigee.db'}.\n")
    with running_server(copy, "--no-sync", PERIGEE_SAMPLE="off") as server:
        calendar = requests.get(f"{server.url}/feeds/events.ics?past=365", timeout=10).text
        counted = requests.get(f"{server.url}/status.json", timeout=10).json()["counts"]["events"]
    assert (len(set(re.findall(r"SUMMARY:(Mark \d+)", calendar))), counted) == (1, 500)


def test_a_copy_overwrites_nothing_and_says_so(tmp_path: Path) -> None:
    assert run_here("migrate", data=tmp_path).returncode == 0
    (tmp_path / "there").write_text("dear")
    found = run_here("backup", str(tmp_path / "there"), data=tmp_path)
    assert (found.returncode, (tmp_path / "there").read_text()) == (1, "dear")
    assert found.stderr == f"Error: {tmp_path / 'there'} already exists\n"


@pytest.mark.service
def test_a_copy_is_put_back_once_nobody_uses_the_database(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    assert run_here("migrate", data=data).returncode == 0
    assert run_here("backup", str(copy), data=data).returncode == 0
    assert run_here("sync", data=data, PERIGEE_LL2_URL=fake.url).returncode == 0
    with running_server(data, "--no-sync"):
        refused = run_process("restore", str(copy), data=data)
    assert (refused.returncode, refused.stderr) == (1, f"Error: {data / 'perigee.db'} is in use: stop Perigee first\n")
    done = run_process("restore", str(copy), data=data)
    (kept,) = data.glob("perigee.db.*Z")
    expected = f"Restored from {copy}. The database that was there is now {kept}.\n"
    assert (done.returncode, done.stdout) == (0, expected)
    nothing = "event 1 is not in the database"
    assert nothing in run_here("history", "1", data=data).stderr
    assert run_here("restore", str(kept), data=data).returncode == 0
    assert run_here("history", "1", data=data).stderr == ""


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_file_that_cannot_be_is_named(tmp_path: Path, command: str) -> None:
    assert run_here("migrate", data=tmp_path).returncode == 0
    nowhere = tmp_path / "nowhere" / "copy.db"
    found = run_here(command, str(nowhere), data=tmp_path)
    words = {
        "backup": f"{nowhere.parent} is no folder: create it first",
        "restore": f"{nowhere} is no file: give one that `perigee backup` has written",
    }[command]
    assert (found.returncode, found.stderr) == (1, f"Error: {words}\n")
