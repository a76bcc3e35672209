import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_records
from tests.fake_ll2.library import system_clock
from tests.processes import PERIGEE, running_server, wait_until
from webapp.settings import OPTIONS


def perigee(*arguments: str, data: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in an environment of its own."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(data), "PERIGEE_DATA_DIR": str(data)}
    return subprocess.run(
        [PERIGEE, *arguments], env=clean | environ, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def fake() -> Iterator[FakeLaunchLibrary]:
    with FakeLaunchLibrary(make_records(1017, now=system_clock())) as fake:
        yield fake


def test_help_teaches_each_command(tmp_path: Path) -> None:
    found = perigee("--help", data=tmp_path)
    assert found.returncode == 0
    assert re.findall(r"^  (\w+)  ", found.stdout, re.MULTILINE) == ["config", "migrate", "serve", "sync"]
    for command in ("config", "migrate", "serve", "sync"):
        assert perigee(command, "--help", data=tmp_path).stdout.startswith(f"Usage: perigee {command}")


def test_config_shows_every_setting_and_masks_secrets(tmp_path: Path) -> None:
    found = perigee("config", data=tmp_path, PERIGEE_LL2_TOKEN="s3cr3t", PORT="8123")
    lines = [line for line in found.stdout.splitlines() if not line.startswith(" ")]
    assert found.returncode == 0
    assert "s3cr3t" not in found.stdout + found.stderr
    assert lines[:2] == ["HOST = 127.0.0.1  [default]", "PORT = 8123  [environment]"]
    assert "PERIGEE_LL2_TOKEN = ********  [environment]" in lines
    assert [line.split()[0] for line in lines] == [option.name for option in OPTIONS]


def test_config_names_what_cannot_be_used(tmp_path: Path) -> None:
    found = perigee("config", data=tmp_path, PORT="many")
    assert found.returncode == 1
    assert "    This cannot be used: expected a port from 1 to 65535." in found.stdout.splitlines()


@pytest.mark.parametrize("command", ["serve", "sync", "migrate"])
def test_a_bad_configuration_is_refused_with_every_fault(tmp_path: Path, command: str) -> None:
    found = perigee(command, data=tmp_path, PORT="many", PERIGEE_SYNC_MINUTES="1")
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.splitlines() == [
        "Error: the settings cannot be used:",
        "PORT: expected a port from 1 to 65535",
        "PERIGEE_SYNC_MINUTES: expected a number of minutes from 60 to 10080",
    ]


def test_migrate_can_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        found = perigee("migrate", data=tmp_path)
        assert (found.returncode, found.stdout) == (0, "The database is ready.\n")


def test_sync_imports_everything_once_and_again_changes_nothing(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    first = perigee("sync", "--once", data=tmp_path, PERIGEE_LL2_URL=fake.url)
    assert (first.returncode, len(fake.requests)) == (0, 11)
    assert first.stdout.splitlines()[-1] == "Import complete: 1017 events in 11 requests: 1017 new, 0 changed."
    second = perigee("sync", data=tmp_path, PERIGEE_LL2_URL=fake.url)
    assert second.stdout.splitlines()[-1] == "Import complete: 1017 events in 11 requests: 0 new, 0 changed."


def test_sync_tells_plainly_what_went_wrong(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    fake.fail(Fault.THROTTLED, retry_after=99)
    found = perigee("sync", data=tmp_path, PERIGEE_LL2_URL=fake.url, PERIGEE_LL2_TOKEN="s3cr3t")
    assert found.returncode == 1
    assert found.stderr.splitlines()[-1] == "Error: Launch Library throttles us, for another 99 s"
    assert "s3cr3t" not in found.stdout + found.stderr


def test_watching_syncs_and_stops_on_a_signal(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PERIGEE_DATA_DIR": str(tmp_path)}
    with subprocess.Popen(
        [PERIGEE, "sync", "--watch"], env=environ | {"PERIGEE_LL2_URL": fake.url}, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "import complete" in line)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert told.rstrip().endswith("import complete: 1017 events in 11 requests: 1017 new, 0 changed")


def test_serve_says_where_to_look_shows_the_sample_and_turns_to_the_real_data(
    tmp_path: Path, fake: FakeLaunchLibrary
) -> None:
    fake.stop()
    with running_server(tmp_path, "--no-sync", PERIGEE_LL2_URL=fake.url) as server:
        assert server.output[0].startswith("Perigee ")
        assert server.output[0].endswith(f" is at {server.url}/")
        assert "This is a sample" in requests.get(server.url, timeout=10).text
        fake.start()
        assert perigee("sync", data=tmp_path, PERIGEE_LL2_URL=fake.url).returncode == 0
        html = requests.get(server.url, timeout=10).text
        assert ("This is a sample" in html, "Meridian" in html) == (False, True)


def test_serve_syncs_in_the_background(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    with running_server(tmp_path, PERIGEE_LL2_URL=fake.url) as server:
        wait_until(lambda: "This is a sample" not in requests.get(server.url, timeout=10).text)
        assert len(fake.requests) == 11
    with running_server(tmp_path, PERIGEE_LL2_URL=fake.url) as server:
        assert "This is a sample" not in requests.get(server.url, timeout=10).text
        time.sleep(1.5)
        assert len(fake.requests) == 11, "a restart does not sync before it is due"


def test_serve_without_syncing_asks_nothing(tmp_path: Path, fake: FakeLaunchLibrary) -> None:
    for flag in ("--no-sync", "--sample"):
        with running_server(tmp_path, flag, PERIGEE_LL2_URL=fake.url) as server:
            requests.get(server.url, timeout=10)
            time.sleep(1)
    assert fake.requests == []


def test_the_sample_is_not_for_a_public_address(tmp_path: Path) -> None:
    found = perigee("serve", "--sample", data=tmp_path, PERIGEE_PUBLIC_URL="https://events.example.org")
    assert found.returncode == 2
    assert "unset PERIGEE_PUBLIC_URL first" in found.stderr


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with running_server(tmp_path / "one", "--no-sync") as server:
        found = perigee("serve", "--no-sync", data=tmp_path / "two", PORT=str(server.port))
    assert found.returncode == 1
    assert str(server.port) in found.stderr
