"""SQLite stores: migrated, or filled with the sample or the demo, once in a process, and copied for each test."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from webapp import paths
from webapp.demo.replay import DEMO_INSTANT, replay_until
from webapp.store import Store
from webapp.sync.sample import fill_sample


def migrated_store(file: Path) -> Store:
    """Make an empty, migrated store in a file that does not exist yet, and open it."""
    file.write_bytes(_migrated(is_sample=False))
    return Store(f"sqlite:///{file}")


def demo_store(file: Path) -> Store:
    """Make a store of the demo as it begins in a file that does not exist yet, and open it."""
    file.write_bytes(_replayed())
    return Store(f"sqlite:///{file}")


def ensure_migrated(url: str, *, is_sample: bool = False) -> None:
    """Make the database, filled with the sample on request, if its file does not exist yet; bring it up to date."""
    address = make_url(url)
    file = Path(address.database or "")
    if address.get_backend_name() == "sqlite" and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_migrated(is_sample=is_sample))
        return
    store = Store(url)
    try:
        store.migrate()
        if is_sample:
            fill_sample(store, paths.sample_page())
    finally:
        store.close()


@cache
def _migrated(*, is_sample: bool) -> bytes:
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/store.db")
        store.migrate()
        if is_sample:
            fill_sample(store, paths.sample_page())
        return _closed(store, Path(folder))


@cache
def _replayed() -> bytes:
    with TemporaryDirectory() as folder:
        store = migrated_store(Path(folder) / "store.db")
        replay_until(store, DEMO_INSTANT)
        return _closed(store, Path(folder))


def _closed(store: Store, folder: Path) -> bytes:
    """Close the store in `store.db`, which is alone in its folder, and give what the file holds."""
    store.close()
    (file,) = folder.iterdir()  # A copy would lack what stands in others.
    return file.read_bytes()
