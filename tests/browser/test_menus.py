"""Menus that lie over the page: Escape closes them, and the focus goes back to what opened them."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.processes import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("path", "menu"), [("/", "#zone-menu"), ("/calendar/", "#week-menu")])
def test_escape_closes_a_menu(demo_server: Server, visit: Visitor, path: str, menu: str) -> None:
    page = visit(demo_server.url + path).page
    summary = page.locator(f"{menu} > summary")
    summary.press("Enter")
    page.locator(f"{menu} a:visible, {menu} input:visible").first.focus()
    page.keyboard.press("Escape")
    assert page.locator(menu).get_attribute("open") is None
    expect(summary).to_be_focused()
