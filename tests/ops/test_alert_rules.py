"""The alert rules of the manual: they name metrics that exist, and alert when they should, by Prometheus's own tool."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site import Site

MANUAL = Path(__file__).parents[2] / "docs" / "operating.md"


def alert_rules() -> str:
    """Give the rules as the manual prints them."""
    (rules,) = re.findall(r"^```yaml\n(groups:\n.*?)^```$", MANUAL.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(rules)


@pytest.fixture
def promtool() -> str:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian's package prometheus has it)")
    return program


@pytest.fixture
def exposition(site: Callable[..., Site]) -> str:
    """Give what `/metrics` says of a server that was asked for a page, but has never reached its source."""
    one = site()
    one.client.get("/")
    return str(one.client.get("/metrics").text)


def test_every_metric_that_a_rule_names_exists_before_the_first_success(exposition: str) -> None:
    named = set(re.findall(r"perigee_\w+", alert_rules()))
    there = set(re.findall(r"^(perigee_\w+)", exposition, re.MULTILINE))
    assert named == {
        "perigee_build_info", "perigee_last_success_timestamp_seconds", "perigee_syncing", "perigee_requests_total",
        "perigee_request_seconds_bucket", "perigee_records_rejected",
    }  # fmt: skip
    assert named <= there


def test_promtool_finds_nothing_wrong_with_the_metrics(promtool: str, exposition: str) -> None:
    found = subprocess.run(
        [promtool, "check", "metrics"], input=exposition, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout + found.stderr) == (0, "")


def test_the_rules_alert_when_they_should(promtool: str, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(alert_rules())
    shutil.copy(Path(__file__).with_name("alert_rules_test.yaml"), tmp_path)
    for command in (("check", "rules", "rules.yaml"), ("test", "rules", "alert_rules_test.yaml")):
        found = subprocess.run([promtool, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout + found.stderr
