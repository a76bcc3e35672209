"""The WebSub publisher: it tells a hub that the feeds have changed, so that those who follow it hear at once.

The store notes which generation the hub took last, so a process that is killed before that is noted leaves the next one
to announce it. What is announced is merely that there is something new: however much that is, it is one request.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from urllib.parse import urlencode

from webapp.domain.clock import Clock, believed
from webapp.domain.notices import NEWS_LASTS
from webapp.notify.channels import Outcome, Retry, Sent, retry_after
from webapp.notify.posting import DEADLINE_SECONDS, post
from webapp.store import HubState, Store, Writer

log = logging.getLogger(__name__)


class WebSubPublisher:
    """Announces each new generation to a WebSub hub until it is taken, while the lease is held.

    `topics` are the absolute addresses of the feeds that name the hub. What is stored when a hub is first named counts
    as announced. `write` opens the store's writer for as long as the lease is held, and `is_held` says whether it is.
    """

    def __init__(
        self, hub_url: str, topics: Sequence[str], store: Store, *, write: Callable[[], AbstractContextManager[Writer]],
        is_held: Callable[[], bool], clock: Clock, user_agent: str, deadline: float = DEADLINE_SECONDS,
    ) -> None:  # fmt: skip
        self._hub_url = hub_url
        # WebSub leaves open how a publisher tells its hub: all hubs in use take what PubSubHubbub 0.4, 7.1 said.
        form = [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]
        self._body = urlencode(form).encode()
        self._headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": user_agent}
        self._store = store
        self._write = write
        self._is_held = is_held
        self._clock = clock
        self._deadline = deadline

    def step(self) -> bool:
        """Announce what is new, and say whether the hub took it. Raises `StoreUnavailableError`, and what `write` does.

        A process killed before it noted that announces it again.
        """
        if not self._is_held():
            return False
        with self._store.read() as snapshot:
            hub, generation, is_paused = snapshot.hub, snapshot.state.generation, snapshot.notices.is_paused
        if hub is None or hub.url != self._hub_url:
            with self._write() as writer:
                writer.put_hub(HubState(self._hub_url, writer.state.generation))
            return False
        now = self._clock()
        if is_paused or generation == hub.announced or now < (believed(hub.retry_at, now, ahead=NEWS_LASTS) or now):
            return False
        outcome = self._announce()
        with self._write() as writer:
            writer.put_hub(self._noted(hub, generation, outcome))
        return isinstance(outcome, Sent)

    def stop(self) -> None:
        """Nothing needs to be ended: a request takes seconds at most."""

    def _announce(self) -> Outcome:
        try:
            return post(self._hub_url, self._body, self._headers, self._clock, seconds=self._deadline)
        except Exception as error:
            log.warning("announcing to the WebSub hub failed: %r", error, exc_info=True)
            return Retry(f"a bug in Perigee ({type(error).__name__})")

    def _noted(self, hub: HubState, generation: int, outcome: Outcome) -> HubState:
        if isinstance(outcome, Sent):
            return HubState(hub.url, generation)
        log.warning("the WebSub hub %s was not told of what is new: %s", hub.url, outcome.fault)
        now = self._clock()
        return replace(
            hub,
            failures=hub.failures + 1,
            failing_since=hub.failing_since or now,
            retry_at=now + retry_after(hub.failures, outcome),
            fault=outcome.fault,
        )
