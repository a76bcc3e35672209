"""The horizon in a real browser: no label meets another, the axis stays in view, the keyboard passes the drawing by."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor
from tests.browser.judges import ask_axe
from tests.processes import Server

SPANS = ("week", "month", "quarter", "year")

_OVERLAPS = """() => {
    const drawing = document.querySelector(".horizon-drawing");
    const boxes = [...drawing.querySelectorAll(".horizon-label, .horizon-dot, .horizon-bar, .horizon-ring")];
    const found = [];
    const meets = (one, other) => one.left < other.right && other.left < one.right
        && one.top + 4 < other.bottom && other.top + 4 < one.bottom;
    for (const one of boxes) {
        for (const other of boxes) {
            if (one.closest("a") === other.closest("a")) continue;
            if (!meets(one.getBoundingClientRect(), other.getBoundingClientRect())) continue;
            found.push([one.textContent, other.textContent]);
        }
    }
    return found;
}"""


@pytest.mark.parametrize("span", SPANS)
def test_no_label_of_the_drawing_meets_another_mark(demo_server: Server, look: Visitor, span: str) -> None:
    page = look(f"{demo_server.url}/horizon?span={span}").page
    assert page.locator(".horizon-label").count() > 5
    assert page.evaluate(_OVERLAPS) == []


@pytest.mark.parametrize("span", SPANS)
def test_labels_are_as_wide_as_they_were_taken_to_be(demo_server: Server, look: Visitor, span: str) -> None:
    page = look(f"{demo_server.url}/horizon?span={span}").page
    excess: list[float] = page.evaluate(
        """() => [...document.querySelectorAll(".horizon-mark")].map((mark) => {
            const target = mark.querySelector(".horizon-target").getBBox();
            const label = mark.querySelector(".horizon-label").getBBox();
            return Math.max(label.x + label.width - target.x - target.width, target.x - label.x);
        })"""
    )
    assert max(excess) <= 1


def test_the_axis_stays_in_view_on_a_phone(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/horizon", viewport={"width": 390, "height": 844}).page
    assert not page.locator(".horizon-drawing").is_visible()
    page.locator(".horizon-list .entry").nth(15).scroll_into_view_if_needed()
    axis, strip = page.locator(".horizon-axis").bounding_box(), page.locator(".strip").nth(15).bounding_box()
    assert axis is not None
    assert strip is not None
    assert (axis["y"], axis["x"], axis["width"]) == (0, strip["x"], strip["width"])


def test_the_keyboard_passes_the_drawing_by(demo_server: Server, look: Visitor) -> None:
    page = look(demo_server.url + "/horizon").page
    reached: list[Any] = []
    page.locator("#quick-9").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('.horizon, .entry')?.classList[0]"))
    assert reached == ["entry", "entry", "entry"]


def test_what_is_vaguest_opens_in_place(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/horizon", viewport={"width": 390, "height": 844}).page
    vaguest = page.locator("#horizon-vaguer .entry").first
    assert not vaguest.is_visible()
    page.locator("#horizon-vaguer > summary").click()
    assert vaguest.is_visible()


def test_another_span_is_taken_in_place_and_keeps_the_focus(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/horizon").page
    page.evaluate("window.isTheSame = true")
    page.locator("#zoom-1").click()
    page.wait_for_url("**/horizon?span=week")
    page.wait_for_function("document.activeElement.id === 'zoom-1'")
    assert page.evaluate("window.isTheSame")
    assert page.locator("#zoom-1").get_attribute("aria-current") == "true"


def test_axe_finds_no_violation_in_a_week(demo_server: Server, look: Visitor) -> None:
    page = look(demo_server.url + "/horizon?span=week", bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert ask_axe(page) == []
