"""Every page, feed and list says the same, to the last byte, whichever engine keeps the store."""

from collections.abc import Callable

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_launch, make_records
from tests.fake_ll2.launches import launch_id
from tests.postgres import Postgres
from tests.response_cache.test_middleware import KEPT
from tests.site import Site

MakeSite = Callable[..., Site]
FILTERS = ("?q=meridian", "?type__ids=2,8&webcast=true", "?precision=day&from=2026-03-01", "?location=house&limit=7")

ASKED = (
    *KEPT, "/events/1", "/events/1.ics", "/events/7", f"/launches/{launch_id(70)}.ics", "/feeds/events.ics?vague=span",
    "/feeds/events.rss?kind=launch", "/feeds/events.json?vague=marker&past=90",
    *(path + part for path in ("/", "/past", "/changes") for part in FILTERS),
)  # fmt: skip


def test_all_say_the_same(site: MakeSite, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> None:
    records = [*make_records(120, now=NOW), *map(make_launch, range(30, 90))]
    moved = [{**record, "date": "2026-04-01T12:00:00Z"} for record in records[:10]]
    with postgres.database() as url:
        one = site(*records)
        other = site(*records, DATABASE_URL=url, PERIGEE_DATA_DIR=str(tmp_path_factory.mktemp("other")))
        for each in (one, other):
            each.put(*moved)
            each.withdraw(7)
            with each.store.write() as writer:
                writer.update_state(committed_at=NOW)
        for path in ASKED:
            assert one.get(path) == other.get(path), path


def test_a_dump_of_postgresql_brings_all_back(
    site: MakeSite, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The commands are those that `docs/operating.md` gives."""
    records = [*make_records(60, now=NOW), *map(make_launch, range(60, 90))]
    moved = [{**record, "date": "2026-04-01T12:00:00Z"} for record in records[:10]]
    dump = str(tmp_path_factory.mktemp("dump") / "perigee.dump")
    with postgres.database() as url, postgres.database(migrated=False) as empty_url:
        one = site(*records, DATABASE_URL=url, PERIGEE_DATA_DIR=str(tmp_path_factory.mktemp("one")))
        one.put(*moved)
        one.withdraw(7)
        postgres.run("pg_dump", "--format=custom", f"--file={dump}", url)
        lost = {**records[20], "name": "Renamed after the copy was made"}
        before = [one.get(path) for path in ASKED]
        one.put(lost)
        postgres.run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={empty_url}", dump)
        other = site(DATABASE_URL=empty_url, PERIGEE_DATA_DIR=str(tmp_path_factory.mktemp("other")))
        assert [other.get(path) for path in ASKED] == before
        # What was lost is learned anew, and told as the next of all changes.
        other.put(lost)
        assert [other.get(path) for path in ASKED] == [one.get(path) for path in ASKED]
