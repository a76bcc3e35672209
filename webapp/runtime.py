"""What the commands and the web app are made of, put together from the settings."""

from datetime import UTC, datetime, timedelta

from webapp import __version__, paths
from webapp.domain.clock import Clock, shifted_clock
from webapp.edge.edition import Edition, Editions
from webapp.ll2.client import LaunchLibrary
from webapp.settings import Settings
from webapp.store import Store
from webapp.sync.sample import SAMPLE_INSTANT, fill_sample
from webapp.sync.watch import Importer

_USER_AGENT = f"Perigee/{__version__} (a self-hosted calendar of space events)"


def utc_now() -> datetime:
    """Read the clock: the one place in Perigee that does."""
    return datetime.now(UTC)


def migrate_store(settings: Settings) -> None:
    """Create the data folder and the store, or bring the store to the newest schema."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _with_store(settings.database_url)


def prepare_sample(settings: Settings) -> None:
    """Create the sample's own database, or bring it up to date."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _with_store(settings.sample_database_url, fill=True)


def make_importer(settings: Settings, clock: Clock) -> Importer:
    """Make what `perigee sync` and the background thread import with. Each process makes its own."""

    def open_source() -> LaunchLibrary:
        cache, token = settings.http_cache, settings.ll2_token
        return LaunchLibrary(settings.ll2_url, cache=cache, clock=clock, user_agent=_USER_AGENT, token=token)

    return Importer(
        open_source=open_source,
        store=Store(settings.database_url),
        clock=clock,
        interval=timedelta(minutes=settings.sync_minutes),
        lock_file=settings.data_dir / "sync.lock",
    )


def make_editions(settings: Settings, clock: Clock, *, started_at: datetime, is_sample_forced: bool) -> Editions:
    """Make the choice between the real store and the sample, whose clock said noon on 19 July 2025 at `started_at`."""
    real = Edition(Store(settings.database_url), clock)
    sample = None
    if is_sample_forced or settings.may_show_sample:
        ahead = SAMPLE_INSTANT - started_at
        sample = Edition(
            Store(settings.sample_database_url),
            shifted_clock(clock, ahead),
            sample_reason="It was asked for when this server was started.",
            clock_offset=round(ahead.total_seconds()),
        )
    return Editions(real, sample, is_sample_forced=is_sample_forced)


def _with_store(url: str, *, fill: bool = False) -> None:
    store = Store(url)
    try:
        store.migrate()
        if fill:
            fill_sample(store, paths.sample_page())
    finally:
        store.close()
