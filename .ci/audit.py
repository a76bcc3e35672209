"""Looks for known weaknesses in what is installed, where the package registry can tell of them.

Exits with 1 if there are any. A registry that tells of none, as many a mirror does, is named and fails nothing.
"""

import json
import subprocess
import sys
from pathlib import Path

_WITHIN_SECONDS = 120


def main() -> int:
    """Ask, and tell."""
    command = [
        Path(sys.executable).with_name("pip-audit"),
        "--format",
        "json",
        "--progress-spinner",
        "off",
        "--skip-editable",
    ]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_WITHIN_SECONDS)
        found = json.loads(run.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, OSError, json.JSONDecodeError) as error:
        sys.stdout.write(f"Nothing was audited: the registry does not answer ({type(error).__name__}).\n")
        return 0
    audited = [one for one in found if "skip_reason" not in one]
    weak = [(one, weakness) for one in audited for weakness in one["vulns"]]
    for one, weakness in weak:
        mended = ", ".join(weakness["fix_versions"]) or "no version yet"
        sys.stdout.write(f"{one['name']} {one['version']}: {weakness['id']}, mended in {mended}\n")
    sys.stdout.write(f"{len(audited)} of {len(found)} packages audited, {len(weak)} known weaknesses.\n")
    if not audited:
        sys.stdout.write("The registry here tells of no weaknesses at all: audit where it does.\n")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
