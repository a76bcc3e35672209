"""The Nu HTML checker finds no error on any page."""

import json
import subprocess
from pathlib import Path

import requests

from tests.browser.judges import PAGES, judge, program
from tests.processes import Server


def test_the_nu_html_checker_finds_nothing(demo_server: Server, tmp_path: Path) -> None:
    checker, java = judge("vnu-jar/build/dist/vnu.jar"), program("java")
    for number, path in enumerate(PAGES):
        answer = requests.get(demo_server.url + path, headers={"Accept": "text/html"}, timeout=10)
        (tmp_path / f"{number:02}.html").write_bytes(answer.content)
    found = subprocess.run(
        [java, "-jar", checker, "--format", "json", *sorted(tmp_path.glob("*.html"))],
        capture_output=True,
        check=False,
        text=True,
    )
    messages = json.loads(found.stderr)["messages"]
    assert [(PAGES[int(Path(one["url"]).stem)], one["lastLine"], one["message"]) for one in messages] == []


def test_the_checker_would_find_something(tmp_path: Path) -> None:
    checker, java = judge("vnu-jar/build/dist/vnu.jar"), program("java")
    bad = tmp_path / "bad.html"
    bad.write_text("<!doctype html><html lang=en><title>Bad</title><p><table></p>", "utf-8")
    found = subprocess.run([java, "-jar", checker, bad], capture_output=True, check=False)
    assert found.returncode == 1
