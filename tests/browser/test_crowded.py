"""A thousand events of every precision: lists fit, name no landmark twice, and please axe and the HTML checker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visitor
from tests.browser.judges import ask_axe, ask_checker
from tests.crowded import running_crowded_server
from tests.processes import Server
from tests.soak import every_day

pytestmark = pytest.mark.browser

PAGES = ("/", "/?offset=100&limit=100", "/past", "/past?limit=100", "/past?offset=50", "/past?ordering=-date",
         "/?tz=Pacific/Kiritimati&limit=100", "/calendar/", "/horizon", "/wall")  # fmt: skip
JUDGED = ("/", "/?offset=25", "/past", "/past?offset=50", "/past?ordering=-date", "/calendar/")
WIDTHS = (320, 390, 1280)


@pytest.fixture(scope="module")
def crowded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_crowded_server(Path(tmp_path_factory.mktemp("crowded"))) as server:
        yield server


@pytest.mark.parametrize("path", every_day(PAGES, one_of=2))
def test_a_crowded_list_fits_and_names_everything_once(crowded_server: Server, look: Visitor, path: str) -> None:
    page = look(crowded_server.url + path).page
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert (width, page.evaluate("document.documentElement.scrollWidth")) == (width, width)
    clashes: dict[str, Any] = page.evaluate(
        """() => {
            const repeated = (list) => list.filter((one, place) => list.indexOf(one) !== place);
            const named = (one) => one.ariaLabelledByElements.map((by) => by.innerText).join(" ");
            return {
                ids: repeated([...document.querySelectorAll("[id]")].map((one) => one.id)),
                landmarks: repeated([...document.querySelectorAll("section[aria-labelledby]")].map(named)),
                trays: repeated([...document.querySelectorAll(".tray-words")].map((one) => one.innerText)),
            };
        }"""
    )
    assert clashes == {"ids": [], "landmarks": [], "trays": []}


def test_what_is_appended_names_everything_once_too(crowded_server: Server, visit: Visitor) -> None:
    page = visit(crowded_server.url + "/past").page
    for shown in (50, 75, 100):
        page.locator("#more-link").click()
        page.wait_for_function(
            "count => document.querySelectorAll('.entry').length === count && !document.querySelector('.htmx-added')",
            arg=shown,
        )
    headings = page.locator("section.group[aria-labelledby] .group-date").all_inner_texts()
    assert len(headings) > 10
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("path", every_day(JUDGED, one_of=2))
def test_axe_finds_no_violation_in_a_crowded_list(crowded_server: Server, look: Visitor, path: str) -> None:
    assert ask_axe(look(crowded_server.url + path, bypass_csp=True).page) == []


def test_the_nu_html_checker_finds_nothing_in_crowded_lists(crowded_server: Server, tmp_path: Path) -> None:
    assert ask_checker(crowded_server.url, PAGES, tmp_path) == []
