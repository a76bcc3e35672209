"""What the first import takes: memory at its most, and CPU for each thousand records.

    python bench/imports.py [--write FILE] [SIZE ...]      (10000 and 30000 unless said)

100000 take ten minutes, most of it the pretended service's own.

`perigee sync --once`, in a process of its own, imports from a Launch Library that is pretended on loopback. Exits with
1 if the largest takes 300 MiB or more, or half as much CPU again for each record as the smallest.
"""

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.servers import machine
from tests.fake_ll2 import FakeLaunchLibrary, make_records
from webapp.runtime import utc_now

MOST_MIB, MOST_GROWTH = 300, 1.5


def main() -> int:
    """Measure each size and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 30_000], metavar="SIZE")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    lines = [machine(), "", f"{'records':>10}{'MiB at most':>14}{'CPU s':>10}{'CPU s for 1,000':>18}"]
    sys.stdout.write("\n".join(lines) + "\n")
    per_thousand, memory = list[float](), 0.0
    for size in arguments.sizes:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        memory = _import(size)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        per_thousand.append(cpu / size * 1000)
        lines.append(f"{size:10,}{memory:14.0f}{cpu:10.1f}{per_thousand[-1]:18.3f}")
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    if arguments.write:
        arguments.write.write_text("\n".join(lines) + "\n", "utf-8")
    return 0 if memory < MOST_MIB and per_thousand[-1] <= MOST_GROWTH * per_thousand[0] else 1


def _import(size: int) -> float:
    """Import so many, and give the MiB that it took at its most."""
    with tempfile.TemporaryDirectory() as folder, FakeLaunchLibrary(make_records(size, now=utc_now())) as fake:
        environ = {"PERIGEE_DATA_DIR": folder, "PERIGEE_LL2_URL": fake.url, "PERIGEE_LL2_HOURLY_BUDGET": "3600"}
        command = [Path(sys.executable).with_name("perigee"), "sync", "--once"]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        most = 0.0
        # What the system counts for a child that ended has in it what its parent took when it was forked.
        while process.poll() is None:
            found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
            most = max(most, int(found.group(1)) / 1024 if found else 0)
            time.sleep(0.05)
        if process.returncode:
            raise RuntimeError(f"the import of {size} ended with {process.returncode}")
        return most


if __name__ == "__main__":
    sys.exit(main())
