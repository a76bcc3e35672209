"""The WebSub publisher: it tells a hub that the feeds have changed, so that those who follow it hear at once."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import requests

from webapp.domain.clock import Clock, believed
from webapp.ll2.transport import bound
from webapp.store import Store

log = logging.getLogger(__name__)

_DEADLINE_SECONDS = 10.0
_RETRY_AFTER = timedelta(minutes=1)


class WebSubPublisher:
    """Publishes new data to a WebSub hub, once for each generation; when the hub fails, again after a minute.

    `topics` are the absolute addresses of the feeds that name the hub. What is stored when it is made
    counts as published.
    """

    def __init__(
        self, hub_url: str, topics: Sequence[str], store: Store, clock: Clock, *, user_agent: str,
        deadline: float = _DEADLINE_SECONDS,
    ) -> None:  # fmt: skip
        self._hub_url = hub_url
        self._topics = tuple(topics)
        self._store = store
        self._clock = clock
        self._session = requests.Session()
        self._session.headers["User-Agent"] = user_agent
        bound(self._session, seconds=deadline)
        self._published = self._generation()
        self._retry_at: datetime | None = None

    def publish_if_new(self) -> bool:
        """Publish the generation if it is new; say whether the hub took it. Raises `StoreUnavailableError`."""
        now, generation = self._clock(), self._generation()
        if generation == self._published or (now < (believed(self._retry_at, now, ahead=_RETRY_AFTER) or now)):
            return False
        try:
            self._ping()
        except Exception as error:
            # Whatever it is, the hub must not hold up the syncing.
            is_expected = isinstance(error, requests.RequestException)
            log.warning("could not notify the WebSub hub %s: %s", self._hub_url, error, exc_info=not is_expected)
            self._retry_at = now + _RETRY_AFTER
            return False
        self._published, self._retry_at = generation, None
        return True

    def _ping(self) -> None:
        # WebSub leaves open how a publisher tells its hub: all hubs in use take what PubSubHubbub 0.4, 7.1 said.
        form = [("hub.mode", "publish"), *(("hub.url", topic) for topic in self._topics)]
        answer = self._session.post(self._hub_url, data=form)
        answer.raise_for_status()

    def _generation(self) -> int:
        with self._store.read() as snapshot:
            return snapshot.state.generation
