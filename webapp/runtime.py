"""What the commands and the web app are made of, put together from the settings."""

import os
import secrets
import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

from sqlalchemy.engine import make_url

from webapp import __version__, paths
from webapp.domain.clock import Clock, shifted_clock
from webapp.edge.edition import Edition, Editions
from webapp.ll2.client import LaunchLibrary
from webapp.settings import Settings
from webapp.store import Store, StoreUnavailableError
from webapp.sync.diagnosis import Finding, Level, examine_schema, examine_source, examine_space, examine_store
from webapp.sync.engine import Engine
from webapp.sync.sample import SAMPLE_INSTANT, fill_sample

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


def open_store(settings: Settings) -> Store:
    """Open a store that is there. Raises `StoreUnavailableError` where there is none of the newest schema."""
    store = Store(settings.database_url)
    present, newest = store.schema_revisions() if _exists(settings) else (None, "")
    if present != newest:
        store.close()
        raise StoreUnavailableError("the database is not ready: run `perigee migrate`, or start `perigee serve`")
    return store


def examine(settings: Settings, *, offline: bool) -> list[Finding]:
    """Look for what is wrong with the store, the syncing and the source."""
    now, store = utc_now(), Store(settings.database_url)
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    findings = [examine_space(shutil.disk_usage(folder).free)]
    try:
        present, newest = store.schema_revisions() if _exists(settings) else (None, "")
        findings.append(examine_schema(present, newest or ""))
        if present == newest:
            with store.read() as snapshot:
                findings += examine_store(snapshot, budget=settings.ll2_hourly_budget, now=now)
    except StoreUnavailableError as error:
        findings.append(Finding(Level.WRONG, f"The database cannot be used: {error}.", "Look at DATABASE_URL."))
    finally:
        store.close()
    if not offline:
        with _open_source(settings, utc_now) as source:
            findings.append(examine_source(source))
    return findings


def _exists(settings: Settings) -> bool:
    """Whether the database can be looked at without making it: SQLite makes a file of whatever is opened."""
    url = make_url(settings.database_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def _open_source(settings: Settings, clock: Clock) -> LaunchLibrary:
    cache, token = settings.http_cache, settings.ll2_token
    return LaunchLibrary(settings.ll2_url, cache=cache, clock=clock, user_agent=_USER_AGENT, token=token)


def make_engine(settings: Settings, clock: Clock) -> Engine:
    """Make what syncs. Each process makes its own, after it forked."""
    source = _open_source(settings, clock)
    # Two processes may have one number, on two machines or one after the other: chance tells them apart.
    name = f"{socket.gethostname()}, process {os.getpid()}, {secrets.token_hex(4)}"
    return Engine(
        Store(settings.database_url),
        source,
        clock,
        budget=settings.ll2_hourly_budget,
        name=name,
        chance=SystemRandom().random,
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
