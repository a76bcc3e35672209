import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.fake_ll2 import make_record
from tests.site import Site

MakeSite = Callable[..., Site]


def may_fetch(robots: str, address: str) -> bool:
    """Decide as RFC 9309, 2.2.2 and 2.2.3 have it: the longest match counts, of two equally long ones the allowance."""
    rules = re.findall(r"^(Allow|Disallow): *(\S+)$", robots, re.MULTILINE)
    matching = [(len(path), kind == "Allow") for kind, path in rules if as_pattern(path).match(address)]
    return max(matching, default=(0, True))[1]


def as_pattern(path: str) -> re.Pattern[str]:
    end = "$" if path.endswith("$") else ""
    return re.compile(".*".join(map(re.escape, path.removesuffix("$").split("*"))) + end)


@pytest.mark.parametrize(
    ("robots", "address", "expected"),
    [
        ("Disallow: /*?", "/past", True),
        ("Disallow: /*?", "/past?q=x", False),
        ("Allow: /a\nDisallow: /a", "/a", True),
        ("Disallow: /a/b\nAllow: /a", "/a/bc", False),
        ("Allow: /*.ics$\nDisallow: /", "/a.ics", True),
        ("Allow: /*.ics$\nDisallow: /", "/a.ics?b", False),
    ],
)
def test_the_rules_are_read_as_crawlers_read_them(robots: str, address: str, expected: bool) -> None:  # noqa: FBT001
    assert may_fetch(robots, address) is expected


def test_robots_may_read_every_feed_and_every_page_but_filtered_pages(site: MakeSite) -> None:
    one = site(make_record(7), PERIGEE_PUBLIC_URL="https://perigee.example")
    answer = one.client.get("/robots.txt")
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    robots = answer.get_data(as_text=True)
    assert robots.endswith("\nSitemap: https://perigee.example/sitemap.xml\n")
    rules = [rule for rule in one.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    feeds = {re.sub("<.*?>", "7", rule.rule) for rule in rules if rule.endpoint.startswith("subscriptions.")}
    pages = {re.sub("<.*?>", "7", rule.rule) for rule in rules if rule.endpoint.startswith("pages.")}
    assert len(feeds) >= 9 <= len(pages)
    for path in feeds | pages:
        assert may_fetch(robots, path)
        assert may_fetch(robots, f"{path}?type__ids=2&q=crew") is (path in feeds), path


def test_robots_may_read_whatever_a_visitor_was_told_to_follow(site: MakeSite) -> None:
    one = site(make_record(7), PERIGEE_PUBLIC_URL="https://perigee.example")
    html = unescape(one.get("/subscribe?type__ids=2&q=crew")[1])
    feeds = set(re.findall(r"(?:webcal|https)://perigee\.example(/feeds[^\"<\s]*)", html))
    assert {path.partition("?")[0] for path in feeds} >= {
        "/feeds/events.ics",
        "/feeds/events.rss",
        "/feeds/events.atom",
    }
    assert [path for path in feeds if "?" not in path] == []
    robots = one.get("/robots.txt")[1]
    assert [path for path in feeds if not may_fetch(robots, path)] == []
