"""Serving for real: gunicorn with threads, and the syncing in the background."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Event, Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from webapp.app import create_app
from webapp.edge.edition import DEMO, StandIn
from webapp.runtime import make_announcer, make_engine, play_demo, utc_now
from webapp.settings import Settings
from webapp.sync.engine import Engine
from webapp.sync.watch import watch

log = logging.getLogger(__name__)

_STOPS_WITHIN_SECONDS = 5.0


class Server(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """Perigee under gunicorn. Everything that holds a connection is made in the worker, after the fork."""

    def __init__(
        self, settings: Settings, *, forced: StandIn | None, syncs: bool, on_ready: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._started_at: datetime = utc_now()
        self._forced = forced
        self._syncs = syncs
        self._on_ready = on_ready
        self._stop = Event()
        self._engine: Engine | None = None
        self._syncing: Thread | None = None
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what the settings say."""
        wanted: dict[str, Any] = {
            "bind": self._settings.bind,
            "worker_class": "gthread",
            "workers": 1,
            "threads": self._settings.threads,
            "limit_request_line": 8190,  # The most it takes: an address may name a thousand ids.
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "perigee",
            "when_ready": lambda _server: self._on_ready(),
            "post_worker_init": lambda _worker: self._start_syncing(),
            "worker_exit": lambda _server, _worker: self._stop_syncing(),
        }
        for name, value in wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in the worker."""
        return create_app(
            self._settings,
            started_at=self._started_at,
            forced=self._forced,
            trouble=lambda: self._engine.trouble if self._engine else None,
        )

    def _start_syncing(self) -> None:
        if self._forced is DEMO:
            play = partial(play_demo, self._settings, utc_now, started_at=self._started_at, stop=self._stop)
            self._syncing = Thread(target=play, name="demo", daemon=True)
            self._syncing.start()
        elif self._syncs:
            self._engine = make_engine(self._settings, utc_now)
            announcer = make_announcer(self._settings, utc_now)
            look = announcer.look if announcer else lambda: None
            arguments = (self._engine, utc_now, self._stop, log.info, look)
            self._syncing = Thread(target=watch, args=arguments, name="sync", daemon=True)
            self._syncing.start()

    def _stop_syncing(self) -> None:
        """Let the thread give up the lease, so that the next process need not wait for its end."""
        self._stop.set()
        if self._syncing is not None:
            self._syncing.join(_STOPS_WITHIN_SECONDS)
