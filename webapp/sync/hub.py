"""Telling a WebSub hub that the feeds have changed, so that those who follow them through it hear at once."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import requests

from webapp.domain.clock import Clock, believed
from webapp.ll2.transport import bound
from webapp.store import Store

log = logging.getLogger(__name__)

_DEADLINE_SECONDS = 10.0
_AGAIN_AFTER = timedelta(minutes=1)


class Announcer:
    """Tells the hub of new data, once for each generation; when the hub fails, again after a minute.

    `topics` are the absolute addresses of the feeds that name the hub. What was there when it was made is no news.
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
        self._told = self._generation()
        self._not_before: datetime | None = None

    def look(self) -> bool:
        """Tell the hub if there is something new; say whether it was told. Raises `StoreUnavailableError`."""
        now, generation = self._clock(), self._generation()
        if generation == self._told or (now < (believed(self._not_before, now, ahead=_AGAIN_AFTER) or now)):
            return False
        try:
            self._publish()
        except Exception as error:
            # Whatever it is, the hub must not keep the syncing from its turn.
            is_expected = isinstance(error, requests.RequestException)
            log.warning("the hub %s could not be told of new data: %s", self._hub_url, error, exc_info=not is_expected)
            self._not_before = now + _AGAIN_AFTER
            return False
        self._told, self._not_before = generation, None
        return True

    def _publish(self) -> None:
        # WebSub leaves open how a publisher tells its hub: all hubs in use take what PubSubHubbub 0.4, 7.1 said.
        form = [("hub.mode", "publish"), *(("hub.url", topic) for topic in self._topics)]
        answer = self._session.post(self._hub_url, data=form)
        answer.raise_for_status()

    def _generation(self) -> int:
        with self._store.read() as snapshot:
            return snapshot.state.generation
