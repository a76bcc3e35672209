"""Feeds and API of one store at one time, byte for byte: what subscribers and programs have does not change unseen.

A digest that no longer fits is no fault by itself: look at what changed, and if it was meant, set the new one.
"""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_records
from tests.fake_ll2.moments import stamp
from tests.site import Site, make_site
from tests.tricky_records import tricky_records
from webapp.settings import Settings

DIGESTS = {
    "/feeds/events.ics": "10e26e1bee731e37",
    "/feeds/events.ics?vague=span&alarm=15": "9f772c42eb21d91e",
    "/feeds/events.ics?vague=marker&busy=true&past=300&cancelled=drop": "753428a58a0197e5",
    "/feeds/events.ics?q=nothingatall": "ffd47f8735ce560c",
    "/feeds/events.rss": "6135a2012bc91ad1",
    "/feeds/events.rss?past=3000&typo=1": "02537c25e76a87e9",
    "/feeds/events.atom": "4e7ce99082f2d9fa",
    "/feeds/events.atom?type__ids=2,8": "2b389dbca034bc00",
    "/feeds/events.json": "a70b762254b8046b",
    "/feeds/events.json?past=3000": "0216b1ccd63dca7a",
    "/feeds/changes.rss": "608ad5c92f4af449",
    "/feeds/changes.atom": "f5cb1ffa9666dfa0",
    "/feeds/changes.json": "de6b0a187ec3614c",
    "/feeds.opml": "71f014b7e7e6693c",
    "/events/1.ics": "4def8c4620d90abd",
    "/2.3.0/events/?limit=50&mode=detailed": "53a7838a86b3fad9",
    "/2.3.0/events/upcoming/": "fd235dc82ed306e2",
    "/2.3.0/events/previous/?limit=5&ordering=date": "e075c136d9cb55cf",
    "/2.3.0/events/?mode=list&search=meridian&ordering=-last_updated": "6f470571ac4857d2",
    "/2.3.0/events/7/": "6da08db9d34fd72f",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a site of every kind of record, some of which moved, were renamed, withdrawn."""
    settings = Settings.load(
        {"PERIGEE_DATA_DIR": str(tmp_path_factory.mktemp("data")), "PERIGEE_PUBLIC_URL": "https://space.example"}
    )
    records = make_records(120, now=NOW) + tricky_records()
    site = make_site(settings, ManualClock(), records)
    for number, record in enumerate(records[:15]):
        moved = stamp(NOW + timedelta(days=number, hours=2))
        updated = stamp(NOW + timedelta(seconds=number))
        site.put(record | {"name": f"{record['name']} again", "date": moved, "last_updated": updated})
    site.withdraw(records[20]["id"])
    yield site
    site.close()


@pytest.mark.parametrize("address", DIGESTS)
def test_the_bytes_are_those_of_before(site: Site, address: str) -> None:
    answer = site.client.get(address)
    assert (answer.status_code, sha256(answer.data).hexdigest()[:16]) == (200, DIGESTS[address])
