"""The Nu HTML checker finds no error on any page."""

import subprocess
from pathlib import Path

from tests.browser.judges import PAGES, ask_checker, judge, program
from tests.processes import Server


def test_the_nu_html_checker_finds_nothing(demo_server: Server, tmp_path: Path) -> None:
    assert ask_checker(demo_server.url, PAGES, tmp_path) == []


def test_the_checker_would_find_something(tmp_path: Path) -> None:
    checker, java = judge("vnu-jar/build/dist/vnu.jar"), program("java")
    bad = tmp_path / "bad.html"
    bad.write_text("<!doctype html><html lang=en><title>Bad</title><p><table></p>", "utf-8")
    found = subprocess.run([java, "-jar", checker, bad], capture_output=True, check=False)
    assert found.returncode == 1
