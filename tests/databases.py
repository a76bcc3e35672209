"""SQLite stores that are migrated, or filled with the sample, once in a process, and copied for each test."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from webapp import paths
from webapp.store import Store
from webapp.sync.sample import fill_sample


def migrated_store(file: Path) -> Store:
    """Make an empty, migrated store in a file that does not exist yet, and open it."""
    file.write_bytes(_migrated(is_sample=False))
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
        file = Path(folder) / "store.db"
        store = Store(f"sqlite:///{file}")
        store.migrate()
        if is_sample:
            fill_sample(store, paths.sample_page())
        store.close()
        if rest := [one.name for one in Path(folder).iterdir() if one != file]:
            raise AssertionError(f"the copy would lack what stands in {rest}")
        return file.read_bytes()
