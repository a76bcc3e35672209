import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from tests.databases import demo_store
from webapp.demo.picture_originals import list_originals
from webapp.demo.replay import DEMO_INSTANT
from webapp.domain.entry import EntryKind, StoredEntry
from webapp.domain.pictures import PictureUse, use_allowed_by
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope, upcoming_scope
from webapp.store import Store

MOST_BYTES = 120_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The demo as it begins."""
    with closing(demo_store(tmp_path / "demo.db")) as store:
        yield store


def listed(store: Store, scope: Scope) -> list[StoredEntry]:
    with store.read() as snapshot:
        return snapshot.list_entries(Filter(), scope)


def test_each_original_is_a_photograph_of_its_size() -> None:
    for content in list_originals().values():
        assert len(content) <= MOST_BYTES
        image = Image.open(io.BytesIO(content))
        assert (image.format, image.size) == ("JPEG", (1600, 1067))


def test_what_records_name_is_there(store: Store) -> None:
    named = {known.entry.picture.url for known in listed(store, Scope(withdrawn=True)) if known.entry.picture}
    assert named == set(list_originals())


def test_what_comes_next_is_shown_with_pictures_and_every_licence_has_its_case(store: Store) -> None:
    upcoming = listed(store, upcoming_scope(DEMO_INSTANT))
    pictures = [(known.entry.key.kind, known.entry.picture) for known in upcoming if known.entry.picture]
    uses = [(kind, use_allowed_by(picture.license_name)) for kind, picture in pictures]
    assert {use for _, use in uses} == set(PictureUse)
    assert uses[0] == (EntryKind.EVENT, PictureUse.ADAPT)
    assert upcoming[0].entry.picture is not None
    assert sum(use is not PictureUse.LINK for _, use in uses) >= 8
    assert {kind for kind, use in uses if use is not PictureUse.LINK} == set(EntryKind)
    assert all(picture.credit and picture.license_url for _, picture in pictures if picture.license_name != "Unknown")
