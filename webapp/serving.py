"""Serving for real: gunicorn with threads, and the syncing in the background."""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from webapp.app import create_app
from webapp.runtime import make_importer, utc_now
from webapp.settings import Settings
from webapp.sync.watch import watch


class Server(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """Perigee under gunicorn. Everything that holds a connection is made in the worker, after the fork."""

    def __init__(
        self, settings: Settings, *, is_sample_forced: bool, syncs: bool, on_ready: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._started_at: datetime = utc_now()
        self._is_sample_forced = is_sample_forced
        self._syncs = syncs
        self._on_ready = on_ready
        self._stop = Event()
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
            "worker_exit": lambda _server, _worker: self._stop.set(),
        }
        for name, value in wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in the worker."""
        return create_app(self._settings, started_at=self._started_at, is_sample_forced=self._is_sample_forced)

    def _start_syncing(self) -> None:
        if self._syncs:
            importer = make_importer(self._settings, utc_now)
            Thread(target=watch, args=(importer, self._stop), name="sync", daemon=True).start()
