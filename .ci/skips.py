"""Print every test that was skipped, and fail on one that the list of allowed skips does not hold.

Usage: skips.py JUNIT_XML ALLOWED. A line of ALLOWED is a test's name, white space, and why it may be skipped.
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(report: str, allowed_file: str) -> int:
    """Compare the report with the list; give the exit status."""
    lines = [line.split("#")[0].split(maxsplit=1) for line in Path(allowed_file).read_text().splitlines()]
    allowed = {line[0]: line[-1].strip() for line in lines if line}
    skipped = {
        f"{case.get('classname')}.{case.get('name')}": skip.get("message", "")
        for case in ET.parse(report).iter("testcase")  # noqa: S314 - our own report
        for skip in case.findall("skipped")
    }
    for name, reason in sorted(skipped.items()):
        verdict = f"allowed: {allowed[name]}" if name in allowed else "NOT ALLOWED"
        sys.stdout.write(f"skipped {name} ({reason}): {verdict}\n")
    refused = skipped.keys() - allowed.keys()
    sys.stdout.write(f"{len(skipped)} skipped, {len(refused)} of them not allowed\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
