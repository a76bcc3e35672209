"""axe finds nothing to complain of, on any page, in either scheme, on a phone and on a desk.

`make soak` looks at every page in all four ways. The short form takes two of them, and the other two for the next page.
"""

import pytest

from tests.browser.conftest import Visitor
from tests.browser.judges import LOOKS, PAGES, ask_axe
from tests.processes import Server
from tests.soak import length


@pytest.mark.campaign
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(demo_server: Server, look: Visitor, path: str) -> None:
    half = LOOKS[:2] if PAGES.index(path) % 2 else LOOKS[2:]
    # The page's own policy would not let a stranger's script in.
    page = look(demo_server.url + path, bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert ask_axe(page, length(half, long=LOOKS)) == []
