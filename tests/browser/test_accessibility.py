"""axe finds nothing to complain of, on any page, in either scheme, on a phone and on a desk."""

from itertools import product
from typing import Literal

import pytest

from tests.browser.conftest import Visitor
from tests.browser.judges import PAGES, judge
from tests.processes import Server

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(demo_server: Server, visit: Visitor, path: str) -> None:
    axe = judge("axe-core/axe.min.js").read_text("utf-8")
    # The page's own policy would not let a stranger's script in.
    page = visit(demo_server.url + path, bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.evaluate(axe)
    for width, scheme in product((390, 1280), SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
        violations = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
        assert (width, scheme, violations) == (width, scheme, [])
        assert len(found["passes"]) > 10
