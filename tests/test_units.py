"""The systemd unit of the manual is one that systemd takes, and that may do little."""

import re
import subprocess
from pathlib import Path

from tests.manual import program, recipe, replaced

_UNIT = "# /etc/systemd/system/perigee.service"


def _analyze(*arguments: str | Path) -> str:
    command = [program("systemd-analyze"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "perigee.service"
    unit.write_text(replaced(recipe(_UNIT), {"/opt/perigee/bin/perigee": "/bin/true"}))
    assert "perigee.service" not in _analyze("verify", "--man=no", unit)


def test_the_unit_may_do_little(tmp_path: Path) -> None:
    unit = tmp_path / "perigee.service"
    unit.write_text(recipe(_UNIT))
    told = _analyze("security", "--offline=yes", "--no-pager", unit)
    (exposure,) = re.findall(r"Overall exposure level for perigee\.service: (\d+\.\d+)", told)
    assert exposure == "1.4"  # As the manual says.
