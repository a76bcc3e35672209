"""What the commands and the web app are made of, put together from the settings."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from webapp import paths
from webapp.demo.replay import DEMO_INSTANT, keep_replaying, replay_until
from webapp.domain.clock import Clock, shifted_clock
from webapp.instance.editions import DEMO, SAMPLE, Edition, Editions, StandIn
from webapp.rendering.assets import Assets
from webapp.settings import Settings
from webapp.store import CopyError, NoBackupError, Store, StoreUnavailableError, check_file, put_back
from webapp.sync.sample import SAMPLE_INSTANT, fill_sample

if TYPE_CHECKING:
    from webapp.pictures.engine import PictureEngine


def utc_now() -> datetime:
    """Read the clock: the one place in Perigee that does."""
    return datetime.now(UTC)


def migrate_store(settings: Settings) -> None:
    """Create the data folder and the store, or bring the store to the newest schema."""
    _make_data_folder(settings)
    _with_store(settings.database_url)


def prepare_static(settings: Settings) -> None:
    """Encode the static files for transfer, if this version of them is not encoded yet."""
    Assets(paths.static(), settings.static_folder).prepare()


def prepare_sample(settings: Settings) -> None:
    """Create the sample's own database, or bring it up to date."""
    _make_data_folder(settings)
    try:
        _with_store(settings.sample_database_url, fill=True)
    except StoreUnavailableError as error:
        file = settings.data_dir / "sample.db"
        raise StoreUnavailableError(f"{file}: {error.public} (delete it: Perigee makes it anew)") from error


def prepare_demo(settings: Settings) -> None:
    """Make the demo's own database anew: its clock begins again whenever the server starts."""
    _make_data_folder(settings)
    for end in ("", "-wal", "-shm"):
        Path(f"{settings.demo_file}{end}").unlink(missing_ok=True)
    store = Store(settings.demo_database_url)
    try:
        store.migrate()
        replay_until(store, DEMO_INSTANT)
    finally:
        store.close()


def open_store(settings: Settings) -> Store:
    """Open a store that is there. Raises `StoreUnavailableError` where there is none of the newest schema."""
    store = Store(settings.database_url)
    present, newest = store.schema_revisions() if store_exists(settings) else (None, "")
    if present != newest:
        store.close()
        raise StoreUnavailableError(f"{store.place} is not ready: run `perigee migrate` or `perigee serve`")
    return store


def store_exists(settings: Settings) -> bool:
    """Whether the database can be looked at without making it: SQLite makes a file of whatever is opened."""
    url = make_url(settings.database_url)
    try:
        return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()
    except PermissionError:
        return True  # Whoever opens it learns why it can't be used.


def restore_store(settings: Settings, copy: Path, *, now: datetime) -> Path | None:
    """Put a copy in the place of the database; give where the present one is kept, if there is one.

    Raises `CopyError` for a copy that is corrupt or newer than this version, and while the database is in use;
    `NoBackupError` where it is no SQLite file.
    """
    from webapp.store.migrate import known_revisions  # noqa: PLC0415 - Alembic is large, and serving needs none of it

    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or url.database is None:
        raise NoBackupError("this only works with SQLite; use PostgreSQL's pg_restore instead")
    revision = check_file(copy)
    if revision not in known_revisions():
        raise CopyError(
            f"{copy} is newer than this version of Perigee (its schema is {revision}): upgrade Perigee first"
        )
    return put_back(copy, Path(url.database), now=now)


def make_editions(settings: Settings, clock: Clock, *, started_at: datetime, forced: StandIn | None) -> Editions:
    """Make the choice between the real store and what may stand in for it: what was asked for, or else the sample."""
    real = Edition(Store(settings.database_url, kinds=settings.kinds), clock)
    if forced != DEMO and (forced or settings.may_show_sample):
        store = Store(settings.sample_database_url)
        return Editions(real, _stand_in(SAMPLE, store, clock, SAMPLE_INSTANT - started_at), is_forced=bool(forced))
    if forced == DEMO:
        store = Store(settings.demo_database_url)
        return Editions(real, _stand_in(DEMO, store, clock, DEMO_INSTANT - started_at), is_forced=True)
    return Editions(real, None, is_forced=False)


def _stand_in(words: StandIn, store: Store, clock: Clock, ahead: timedelta) -> Edition:
    return Edition(store, shifted_clock(clock, ahead), words, clock_offset=round(ahead.total_seconds()))


def replay_demo(settings: Settings, clock: Clock, *, started_at: datetime, stop: threading.Event) -> None:
    """Let the demo go on as its clock goes, which said what `DEMO_INSTANT` is at `started_at`, until stopped."""
    store = Store(settings.demo_database_url)
    try:
        keep_replaying(store, shifted_clock(clock, DEMO_INSTANT - started_at), stop)
    finally:
        store.close()


def make_demo_pictures(settings: Settings, clock: Clock, *, started_at: datetime) -> "PictureEngine":
    """Make what gives the demo its pictures and cards, by the demo's own clock."""
    # Imported here: a process that shows no demo is smaller without it.
    from webapp.demo.picture_engine import make_demo_pictures  # noqa: PLC0415

    return make_demo_pictures(
        Store(settings.demo_database_url),
        shifted_clock(clock, DEMO_INSTANT - started_at),
        policy=settings.pictures,
        most_bytes=settings.pictures_mib * 2**20,
    )


def _make_data_folder(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        words = f"{settings.data_dir} can't be the data folder: {error.strerror}"
        raise StoreUnavailableError(f"{words} (set PERIGEE_DATA_DIR to a folder where this user may write)") from error


def _with_store(url: str, *, fill: bool = False) -> None:
    store = Store(url)
    try:
        store.migrate()
        if fill:
            fill_sample(store, paths.sample_page())
    finally:
        store.close()
