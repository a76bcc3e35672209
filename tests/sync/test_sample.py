from pathlib import Path

from tests.databases import migrated_store
from tests.fake_ll2.records import seed_records
from webapp import paths
from webapp.domain.query import Filter
from webapp.domain.scopes import upcoming_scope
from webapp.store import Counts, Store
from webapp.sync.sample import SAMPLE_INSTANT, fill_sample


def test_the_sample_shows_what_was_upcoming_in_july_2025_and_can_be_filled_again(store: Store) -> None:
    fill_sample(store, paths.sample_page())
    with store.read() as snapshot:
        first = snapshot.state
        shown = snapshot.list_entries(Filter(), upcoming_scope(SAMPLE_INSTANT))
        assert snapshot.count_all() == Counts(entries=10, withdrawn=0, changes=0)
    assert [(one.id, one.entry.date_words) for one in shown] == [
        (1216, "21 July 2025, 16:00 UTC"),
        (1211, "2 August 2025, 07:12 UTC"),
        (1212, "5 August 2025"),
        (1016, "August 2025"),
        (362, "2025"),
        (414, "2025"),
    ]
    fill_sample(store, paths.sample_page())
    with store.read() as snapshot:
        assert snapshot.state == first


def test_the_sample_is_the_sources_own_page(tmp_path: Path) -> None:
    store = migrated_store(tmp_path / "sample.db")
    fill_sample(store, paths.sample_page())
    with store.read() as snapshot:
        assert len(snapshot.get_records([record["id"] for record in seed_records()])) == 10
    store.close()
