"""axe finds nothing to complain of, on any page, in either scheme, on a phone and on a desk."""

import pytest

from tests.browser.conftest import Visitor
from tests.browser.judges import PAGES, judge
from tests.processes import Server

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(demo_server: Server, visit: Visitor, path: str, width: int, scheme: str) -> None:
    axe = judge("axe-core/axe.min.js").read_text("utf-8")
    # The page's own policy would not let a stranger's script in.
    page = visit(
        demo_server.url + path, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    ).page
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert len(found["passes"]) > 10
