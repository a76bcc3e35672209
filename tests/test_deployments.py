"""What runs Perigee elsewhere: each file is read by the program that it is for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.manual import ROOT

_BIN = Path(sys.executable).parent
# Debian 12's podman has none; the gate takes it from Debian 13's.
_QUADLETS = [Path("/usr/libexec/podman/quadlet"), ROOT / "build" / "podman" / "usr" / "libexec" / "podman" / "quadlet"]


def _run(*command: str | Path, **environ: str) -> str:
    done = subprocess.run(
        command, env=os.environ | environ, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_compose_is_what_its_specification_allows() -> None:
    assert _run(_BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def test_the_procfile_is_one() -> None:
    assert "Valid procfile detected (release, web, worker)" in _run(_BIN / "honcho", "check")


def test_quadlet_makes_a_unit_of_perigee_container(tmp_path: Path) -> None:
    quadlet = next(filter(Path.exists, _QUADLETS), None)
    if quadlet is None:
        pytest.skip("podman's quadlet is missing")
    (tmp_path / "perigee.container").write_text((ROOT / "perigee.container").read_text("utf-8"))
    made = _run(quadlet, "-dryrun", QUADLET_UNIT_DIRS=f"{tmp_path}")
    (started,) = re.findall(r"^ExecStart=.*$", made, re.MULTILINE)
    for flag in ("--read-only", "--cap-drop all", "-v perigee-data:/data", "--publish 127.0.0.1:8000:8000"):
        assert f" {flag} " in started
    assert started.endswith(" localhost/perigee:latest")
