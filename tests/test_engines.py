"""Every page, feed and list says the same, to the last byte, whichever engine keeps the store."""

from collections.abc import Callable

import pytest

from tests.clock import NOW
from tests.edge.test_front import KEPT
from tests.fake_ll2 import make_records
from tests.postgres import Postgres
from tests.site import Site

MakeSite = Callable[..., Site]
FILTERS = ("?q=meridian", "?type__ids=2,8&webcast=true", "?precision=day&from=2026-03-01", "?location=house&limit=7")


def test_all_say_the_same(site: MakeSite, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> None:
    records = make_records(120, now=NOW)
    moved = [{**record, "date": "2026-04-01T12:00:00Z"} for record in records[:10]]
    with postgres.database() as url:
        one = site(*records)
        other = site(*records, DATABASE_URL=url, PERIGEE_DATA_DIR=str(tmp_path_factory.mktemp("other")))
        for each in (one, other):
            each.put(*moved)
            each.withdraw(7)
            with each.store.write() as writer:
                writer.update_state(committed_at=NOW)
        asked = [
            *KEPT,
            "/events/1",
            "/events/1.ics",
            *(path + part for path in ("/", "/past", "/changes") for part in FILTERS),
        ]
        for path in asked:
            assert one.get(path) == other.get(path), path
