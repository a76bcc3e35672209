"""The examples of the documentation, run for real; and that the documentation tells everything."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.html import read
from tests.processes import Server
from webapp.api.examples import make_examples
from webapp.domain.parameters import PARAMETERS, Part, Surface

DOCUMENT = (Path(__file__).parent.parent.parent / "docs" / "api.md").read_text("utf-8")
NAMES = [example.name for example in make_examples("")]
HEADERS = ("Perigee-Attribution", "Perigee-Ignored-Parameters", "Perigee-Sample")


def listings(server: Server) -> dict[tuple[str, str], str]:
    """Give the listings as the page shows them, by example and language."""
    page = requests.get(f"{server.url}/docs", timeout=20).text
    found = {}
    for article in read(page).select('article[id^="example-"]'):
        name = article["id"].removeprefix("example-")
        for listing in article.select("[data-language]"):
            found[name, listing["data-language"]] = listing.only("code").source
    return found


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def checked(name: str, output: str, server: Server) -> None:
    if name == "next":
        events = requests.get(f"{server.url}/2.3.0/events/upcoming/?type__ids=2,8&limit=5", timeout=20).json()
        assert events["results"]
        assert all(event["name"] in output for event in events["results"])
    elif name == "all":
        total = requests.get(f"{server.url}/2.3.0/events/", timeout=20).json()["count"]
        assert total == 250, "more than a page"
        assert re.search(rf'(?:^|"count":){total}\b', output)
    else:
        assert output.strip() == "304"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("language", "command"),
    [
        ("curl", lambda text: ["sh", "-c", text]),
        ("Python", lambda text: [sys.executable, "-W", "error", "-c", text]),
        ("JavaScript", lambda text: ["node", "--input-type=module", "-e", text]),
    ],
)
def test_an_example_does_what_it_says(
    live: Server, tmp_path: Path, name: str, language: str, command: Callable[[str], list[str]]
) -> None:
    if shutil.which({"curl": "curl", "JavaScript": "node"}.get(language, sys.executable)) is None:
        pytest.skip(f"the program that runs {language} is not on this machine")
    checked(name, run(command(listings(live)[name, language]), tmp_path), live)


def test_every_parameter_and_header_is_documented() -> None:
    assert "(feeds.md#parameters)" in DOCUMENT, "the filters are listed there"
    rows = re.findall(r"^\| `(\w+)`", DOCUMENT, re.MULTILINE)
    expected = [one.name for one in PARAMETERS if one.part is Part.VIEW and Surface.EVENTS_API in one.surfaces]
    assert [name for name in rows if name in expected] == expected
    assert [name for name in HEADERS if f"`{name}`" not in DOCUMENT] == []


def test_the_page_tells_of_every_header(live: Server) -> None:
    page = requests.get(f"{live.url}/docs", timeout=20).text
    assert [name for name in HEADERS if f"<code>{name}</code>" not in page] == []
