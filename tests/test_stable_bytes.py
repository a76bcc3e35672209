"""Feeds and API of one store at one time, byte for byte: what subscribers and programs have does not change unseen.

A digest that no longer fits is no fault by itself: look at what changed, and if it was meant, set the new one.
"""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_launch, make_records
from tests.fake_ll2.launches import launch_id, launch_status
from tests.fake_ll2.moments import stamp
from tests.keys import launch_key
from tests.site import Site, make_site
from tests.tricky_records import tricky_records
from webapp import __version__
from webapp.settings import Settings

DIGESTS = {
    "/feeds/events.ics": "5e7a57627e2c1197",
    "/feeds/events.ics?vague=span&alarm=15": "e9e0785320002a96",
    "/feeds/events.ics?vague=marker&busy=true&past=300&cancelled=drop": "6571c1255a9cf6a6",
    "/feeds/events.ics?q=nothingatall": "b290c20e51beb3e4",
    "/feeds/events.rss": "5bbd0c9b744f814c",
    "/feeds/events.rss?past=3000&typo=1": "9db9e35bb47521d5",
    "/feeds/events.atom": "2186ac96cfaf996b",
    "/feeds/events.atom?type__ids=2,8": "6910c4faa827135c",
    "/feeds/events.json": "d9b0742e21c8fc03",
    "/feeds/events.json?past=3000": "78779e67ce1c424d",
    "/feeds/changes.rss": "fb8f8728ada5e62c",
    "/feeds/changes.atom": "77ea6399b413c481",
    "/feeds/changes.json": "bc9990650a5f8e62",
    "/feeds.opml": "5008fc75c9f85293",
    "/events/1.ics": "f0147115687bafd4",
    "/2.3.0/events/?limit=50&mode=detailed": "53a7838a86b3fad9",
    "/2.3.0/events/upcoming/": "fd235dc82ed306e2",
    "/2.3.0/events/previous/?limit=5&ordering=date": "e075c136d9cb55cf",
    "/2.3.0/events/?mode=list&search=meridian&ordering=-last_updated": "6f470571ac4857d2",
    "/2.3.0/events/7/": "6da08db9d34fd72f",
}


DIGESTS_OF_LAUNCHES = {
    "/feeds/events.ics": "a9427b2a00e794f2",
    "/feeds/events.ics?vague=span&alarm=15": "8e076626a5e080df",
    "/feeds/events.rss": "fa81c84fefb83d71",
    "/feeds/events.atom?past=90": "79d9a9878691b1ba",
    "/feeds/events.json?vague=marker": "aa62c372d757f82c",
    "/feeds/changes.rss?change=status,adjusted,slipped,edited": "b79c07010fffc949",
    "/feeds.opml": "c1b0e752d41b6b3d",
    f"/launches/{launch_id(60)}.ics": "e996dbcc6c2fbe44",
}


def digest_of(body: bytes) -> str:
    """Digest a body as the release 0.1.0 would have sent it: calendars name the release that made them."""
    return sha256(body.replace(f"Space events {__version__}//".encode(), b"Space events 0.1.0//")).hexdigest()[:16]


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
    assert (answer.status_code, digest_of(answer.data)) == (200, DIGESTS[address])


@pytest.fixture(scope="module")
def site_of_launches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a site of launches of every status, some of which moved or failed."""
    settings = Settings.load(
        {"PERIGEE_DATA_DIR": str(tmp_path_factory.mktemp("data")), "PERIGEE_PUBLIC_URL": "https://space.example"}
    )
    records = [make_launch(number) for number in range(30, 90)]
    site = make_site(settings, ManualClock(), records)
    for number, record in enumerate(records[:20]):
        updated = stamp(NOW + timedelta(seconds=number))
        moved = stamp(NOW + timedelta(days=number, minutes=3))
        site.put(record | {"net": moved, "status": launch_status(number % 9 + 1), "last_updated": updated})
    site.withdraw(launch_key(80))
    yield site
    site.close()


@pytest.mark.parametrize("address", DIGESTS_OF_LAUNCHES)
def test_the_bytes_of_launches_are_those_of_before(site_of_launches: Site, address: str) -> None:
    answer = site_of_launches.client.get(address)
    assert (answer.status_code, digest_of(answer.data)) == (200, DIGESTS_OF_LAUNCHES[address])
