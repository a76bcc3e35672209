"""The demo's pictures: from originals at hand, through the same engine as real ones."""

from pathlib import Path

import pytest

from tests.databases import demo_store
from webapp.demo.picture_engine import make_demo_pictures
from webapp.demo.picture_originals import list_originals
from webapp.demo.replay import DEMO_INSTANT
from webapp.domain.pictures import PicturePolicy

pytest.importorskip("PIL")


@pytest.mark.slow
def test_the_demo_has_pictures_and_cards_and_asks_nobody(tmp_path: Path) -> None:
    store = demo_store(tmp_path / "demo.db")
    try:
        engine = make_demo_pictures(store, lambda: DEMO_INSTANT, policy=PicturePolicy.LICENSED, most_bytes=200 * 2**20)
        while engine.step():
            pass
        with store.read() as snapshot:
            counts, states = snapshot.pictures.count(), snapshot.pictures.list_states()
    finally:
        store.close()
    assert states.keys() <= list_originals().keys()
    assert (counts.pictures, counts.failing) == (len(states), 0)
    assert counts.pictures >= 3
    assert counts.cards == 20
