"""axe finds nothing to complain of, on any page, in either scheme, on a phone and on a desk."""

import pytest

from tests.browser.conftest import Visitor
from tests.browser.judges import PAGES, ask_axe
from tests.processes import Server


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(demo_server: Server, look: Visitor, path: str) -> None:
    # The page's own policy would not let a stranger's script in.
    page = look(demo_server.url + path, bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert ask_axe(page) == []
