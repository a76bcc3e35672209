"""What the commands and the web app are made of, put together from the settings."""

import os
import secrets
import shutil
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import SystemRandom

from sqlalchemy.engine import make_url

from webapp import __version__, paths
from webapp.demo.stage import DEMO_INSTANT, keep_playing, play_until
from webapp.domain.clock import Clock, shifted_clock
from webapp.edge.edition import DEMO, SAMPLE, Edition, Editions, StandIn
from webapp.edge.links import HUB_PATHS
from webapp.ll2.client import LaunchLibrary
from webapp.settings import Settings
from webapp.store import Store, StoreUnavailableError
from webapp.sync.diagnosis import Finding, Level, examine_schema, examine_source, examine_space, examine_store
from webapp.sync.engine import Engine
from webapp.sync.hub import Announcer
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


def prepare_demo(settings: Settings) -> None:
    """Make the demo's own database anew: its clock begins again whenever the server starts."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for end in ("", "-wal", "-shm"):
        Path(f"{settings.demo_file}{end}").unlink(missing_ok=True)
    store = Store(settings.demo_database_url)
    try:
        store.migrate()
        play_until(store, DEMO_INSTANT)
    finally:
        store.close()


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
    cache, token = settings.redis_url or settings.http_cache, settings.ll2_token
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


def make_announcing(settings: Settings, clock: Clock) -> Callable[[], object]:
    """Make what is to be called after each step of syncing: it tells the hub of new data, where one is named."""
    if settings.websub_hub is None or settings.public_url is None:
        return lambda: None
    topics = [settings.public_url + path for path in HUB_PATHS]
    return Announcer(settings.websub_hub, topics, Store(settings.database_url), clock, user_agent=_USER_AGENT).look


def make_editions(settings: Settings, clock: Clock, *, started_at: datetime, forced: StandIn | None) -> Editions:
    """Make the choice between the real store and what may stand in for it: what was asked for, or else the sample."""
    real = Edition(Store(settings.database_url), clock)
    if forced != DEMO and (forced or settings.may_show_sample):
        store = Store(settings.sample_database_url)
        return Editions(real, _stand_in(SAMPLE, store, clock, SAMPLE_INSTANT - started_at), is_forced=bool(forced))
    if forced == DEMO:
        store = Store(settings.demo_database_url)
        return Editions(real, _stand_in(DEMO, store, clock, DEMO_INSTANT - started_at), is_forced=True)
    return Editions(real, None, is_forced=False)


def _stand_in(words: StandIn, store: Store, clock: Clock, ahead: timedelta) -> Edition:
    return Edition(store, shifted_clock(clock, ahead), words, clock_offset=round(ahead.total_seconds()))


def play_demo(settings: Settings, clock: Clock, *, started_at: datetime, stop: threading.Event) -> None:
    """Let the demo go on as its clock goes, which said what `DEMO_INSTANT` is at `started_at`, until stopped."""
    store = Store(settings.demo_database_url)
    try:
        keep_playing(store, shifted_clock(clock, DEMO_INSTANT - started_at), stop)
    finally:
        store.close()


def _with_store(url: str, *, fill: bool = False) -> None:
    store = Store(url)
    try:
        store.migrate()
        if fill:
            fill_sample(store, paths.sample_page())
    finally:
        store.close()
