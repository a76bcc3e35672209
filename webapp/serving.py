"""Serving for real: granian's processes with threads, and the syncing in the background."""

import gc
import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from webapp.admission.concurrency import MAX_WAITING, THREADS_FOR_HITS
from webapp.instance.editions import DEMO, StandIn
from webapp.listening import Server, listen, places
from webapp.logs import set_up_logging
from webapp.runtime import make_demo_pictures, replay_demo, utc_now
from webapp.settings import Settings

_HEAP = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": str(2 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(8 * 2**20)}
"""How glibc keeps house in the processes to come, unless their owner says otherwise.

By itself it gives each thread a heap, hands back what an answer took as soon as that is sent, and asks for it anew with
the next: page faults that cost as much as making a page. In one heap it stays. What only the largest feeds take is
handed back all the same.
"""

log = logging.getLogger(__name__)

_SWITCH_SECONDS = 0.0005
"""After how long a thread that makes an answer lets another go on, if one wants to: by itself Python takes ten times
that, several times over for each answer that is kept (ADR 24)."""

HEAD_WITHIN_SECONDS = 10
"""How long a client may take for the head of a request, and how long it may stay silent between two."""

LARGEST_HEAD = 32 * 1024
"""How many bytes of a request's head are waited for: it may have so many, and what came together with the last of them.
Whoever sends more is told 431 and no more."""

STOPS_WITHIN_SECONDS = 15
"""How long what is being answered may take after the server was told to stop."""

_SYNC_STOPS_WITHIN_SECONDS = 5.0
_SECONDS_BETWEEN_NEW_PROCESSES = 2.0


def serve(settings: Settings, *, forced: StandIn | None, syncs: bool, on_ready: Callable[[], None]) -> None:
    """Serve until told to stop (SIGTERM or Ctrl-C); SIGHUP makes the processes anew, one after the other.

    A process that ends by itself is made anew. Raises `OSError` if the address cannot be listened on.
    """
    if forced == DEMO:
        settings = replace(settings, workers=1)  # Its year is replayed by the one process that shows it.
    with _counts_added_up() if settings.workers > 1 else nullcontext():
        serve_application(settings, _Process(settings, utc_now(), forced, syncs=syncs), on_ready=on_ready)


def serve_application(settings: Settings, make: Callable[[], Flask], *, on_ready: Callable[[], None]) -> None:
    """Serve whatever `make`, which goes by pickle, makes in each process, in the manner of `serve`."""
    # What a forked child would inherit half-used: locks, connections, the parent's threads.
    multiprocessing.set_start_method("spawn", force=True)
    for name, value in _HEAP.items():
        os.environ.setdefault(name, value)
    with listen(settings.host.strip("[]"), settings.port) as listening:
        server = Server(
            listening,
            "webapp.app:create_app",
            address=settings.host.strip("[]"),
            port=settings.port,
            interface=Interfaces.WSGI,
            # A proxy speaks HTTP/2 to its visitors, and this to us. Without TLS only the odd would, and for them the
            # time for a head would not hold.
            http=HTTPModes.http1,
            workers=settings.workers,
            blocking_threads=settings.threads + MAX_WAITING + THREADS_FOR_HITS,
            # What waits for a place beyond these is not accepted, and so waits in the network.
            backpressure=places(),
            http1_settings=HTTP1Settings(
                header_read_timeout=HEAD_WITHIN_SECONDS * 1000, max_buffer_size=LARGEST_HEAD, pipeline_flush=False
            ),
            websockets=False,
            log_level=LogLevels.error,
            respawn_failed_workers=True,
            respawn_interval=_SECONDS_BETWEEN_NEW_PROCESSES,
            workers_kill_timeout=STOPS_WITHIN_SECONDS,
        )
        server.on_startup(on_ready)
        server.serve(target_loader=make, wrap_loader=False)


@contextmanager
def _counts_added_up() -> Iterator[None]:
    """Let the processes to come count in files of one folder, so that any of them can tell the counts of all.

    The files are mapped into memory: on a disk that is full, writing to them would end the process. So they lie in
    memory where there is a place for that.
    """
    from webapp.ops.metrics import COUNTS_FOLDER  # noqa: PLC0415 - one process needs none of it

    memory = Path("/dev/shm")  # noqa: S108 - a new folder of a name that nobody can guess
    with TemporaryDirectory(prefix="perigee-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        os.environ[COUNTS_FOLDER] = folder
        yield


@dataclass(frozen=True, slots=True)
class _Process:
    """Makes, in a process of the server, what it serves. Everything that holds a connection is made there."""

    settings: Settings
    started_at: datetime
    forced: StandIn | None
    syncs: bool

    def __call__(self) -> Flask:
        # Imported here: the parent, which serves nothing itself, stays small.
        from webapp.app import create_app  # noqa: PLC0415

        set_up_logging(self.settings)
        sys.setswitchinterval(_SWITCH_SECONDS)
        background = _Background(self.settings, self.started_at)
        if self.forced == DEMO:
            background.replay()
        elif self.syncs:
            background.sync()
        # The process ends as one of multiprocessing's does, and that is when the thread must give up the lease.
        Finalize(None, background.stop, exitpriority=1)
        app = create_app(self.settings, started_at=self.started_at, forced=self.forced, trouble=background.trouble)
        # What is here by now stays. To go through it again and again for what is not would stop everyone for long.
        gc.collect()
        gc.freeze()
        return app


class _Background:
    """What goes on beside the answers: the syncing, or the demo's year, and what goes on beside either."""

    def __init__(self, settings: Settings, started_at: datetime) -> None:
        self._settings = settings
        self._started_at = started_at
        self._stop = Event()
        self._trouble: Callable[[], str | None] = lambda: None
        self._thread: Thread | None = None
        self._beside = ExitStack()

    def replay(self) -> None:
        """Replay the rest of the invented year as time goes on."""
        replay = partial(replay_demo, self._settings, utc_now, started_at=self._started_at, stop=self._stop)
        self._start(replay, "demo")
        from webapp.sync.watch_steps import steps_watched  # noqa: PLC0415 - as below

        pictures = make_demo_pictures(self._settings, utc_now, started_at=self._started_at)
        self._beside.enter_context(steps_watched(pictures, "pictures"))

    def sync(self) -> None:
        """Keep the store in step with the source."""
        # Imported here: a process that only serves is a fifth smaller without it.
        from webapp.source import beside_syncing, make_engine  # noqa: PLC0415
        from webapp.sync.watch import log_line, watch  # noqa: PLC0415

        engine = make_engine(self._settings, utc_now)
        self._trouble = lambda: engine.trouble
        self._start(partial(watch, engine, utc_now, self._stop, log_line), "sync")
        self._beside.enter_context(beside_syncing(self._settings, utc_now, engine.lease))

    def trouble(self) -> str | None:
        """Say what keeps the syncing of this process from writing to the store, if anything does."""
        return self._trouble()

    def stop(self) -> None:
        """Let the thread give up the lease, so that the next process need not wait for its end."""
        self._stop.set()
        self._beside.close()
        if self._thread is not None:
            self._thread.join(_SYNC_STOPS_WITHIN_SECONDS)

    def _start(self, run: Callable[[], None], name: str) -> None:
        self._thread = Thread(target=run, name=name, daemon=True)
        self._thread.start()
