"""Addresses that were published once. Never take one from this list: somebody's calendar still asks for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fake_ll2 import make_launch, make_record
from tests.site import Site

PUBLISHED = {
    # 0.1.0
    "/feeds/events.ics": "text/calendar",
    "/feeds/events.ics?vague=span&past=90": "text/calendar",
    "/feeds/events.ics?vague=marker&alarm=15&busy=true&cancelled=drop": "text/calendar",
    "/feeds/events.ics?type__ids=2,8&agency__ids=44&program=17&q=crew": "text/calendar",
    "/feeds/events.rss": "application/rss+xml",
    "/feeds/events.atom": "application/atom+xml",
    "/feeds/events.json": "application/feed+json",
    "/feeds/changes.rss": "application/rss+xml",
    "/feeds/changes.atom": "application/atom+xml",
    "/feeds/changes.json?kind=slipped,withdrawn": "application/feed+json",
    "/feeds/changes.json?change=slipped,withdrawn": "application/feed+json",
    "/feeds.opml": "text/x-opml",
    "/events/7.ics": "text/calendar",
    "/cards/type-2.png": "image/png",
    "/cards/events.png": "image/png",
    "/launches/00000000-0000-4000-8000-000000000007.ics": "text/calendar",
    "/launches/00000000-0000-4000-8000-000000000007.ics?alarm=15": "text/calendar",
}


@pytest.mark.parametrize(("address", "content_type"), PUBLISHED.items())
def test_a_published_address_never_breaks(site: Callable[..., Site], address: str, content_type: str) -> None:
    one = site(make_record(7, date="2026-03-10T12:00:00Z"), make_launch(7))
    with one.client.get(address, follow_redirects=True) as answer:
        assert (answer.status_code, answer.mimetype) == (200, content_type)
        assert "Perigee-Ignored-Parameters" not in answer.headers
        assert len(answer.data) > 300


def test_the_list_of_feeds_is_the_same_all_day(site: Callable[..., Site]) -> None:
    """Feeds are kept until an event changes or the day does; on the next day what is over has left."""
    one = site(make_record(7, date="2026-03-01T09:40:00Z"))
    listed = one.get("/feeds.opml")
    one.clock.advance(timedelta(hours=6))
    one.put(make_record(8, date="2025-03-01T12:00:00Z"))
    assert one.get("/feeds.opml") == listed
    one.clock.advance(timedelta(days=1))
    assert one.get("/feeds.opml") != listed


def test_the_list_of_feeds_leads_to_feeds(site: Callable[..., Site]) -> None:
    one = site(make_record(7, date="2026-03-10T12:00:00Z"))
    text = one.get("/feeds.opml")[1]
    addresses = [part.split('"')[0] for part in text.split('xmlUrl="')[1:]]
    assert len(addresses) > 8
    for address in addresses:
        assert one.get(address.replace("&amp;", "&").removeprefix("http://localhost"))[0] == 200, address
