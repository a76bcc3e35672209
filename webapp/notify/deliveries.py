"""Deliveries: messages sent by a few threads at once, those of one subscriber one after the other."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from webapp.notify.channels import ChannelSender, Message, Outcome, Retry, Sent
from webapp.store import Channel, Notice, Subscriber

log = logging.getLogger(__name__)

MOST_THREADS = 16


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of sending a notice."""

    subscriber: Subscriber
    notice: Notice
    outcome: Outcome


class Deliveries:
    """Sends messages by the sender of each channel. Threads are started when there is something to send, and stay."""

    def __init__(self, senders: Mapping[Channel, ChannelSender], threads: int = MOST_THREADS) -> None:
        self._senders = senders
        self._most_threads = threads
        self._threads = 0
        self._tasks: SimpleQueue[tuple[Subscriber, Sequence[tuple[Notice, Message]]] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, list[Delivery]]] = SimpleQueue()
        self._busy: set[int] = set()

    @property
    def busy(self) -> frozenset[int]:
        """The subscribers to whom something is being sent."""
        return frozenset(self._busy)

    def submit(self, subscriber: Subscriber, messages: Sequence[tuple[Notice, Message]]) -> None:
        """Send these messages to a subscriber, who must not be busy, until one is not taken."""
        self._busy.add(subscriber.id)
        self._tasks.put((subscriber, messages))
        if self._threads < min(len(self._busy), self._most_threads):
            self._threads += 1
            Thread(target=self._work, name=f"notices-{self._threads}", daemon=True).start()

    def collect(self, seconds: float) -> list[Delivery]:
        """Give what is done, as soon as anything is; wait for that so long at most."""
        found: list[Delivery] = []
        try:
            while self._busy:
                subscriber_id, deliveries = self._done.get(timeout=0 if found else seconds)
                self._busy.discard(subscriber_id)
                found += deliveries
        except Empty:
            pass  # Nothing more is done by now.
        return found

    def stop(self) -> None:
        """End what is under way; nothing more is begun."""
        for _ in range(self._threads):
            self._tasks.put(None)
        for sender in self._senders.values():
            sender.stop()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            subscriber, messages = task
            deliveries: list[Delivery] = []
            for notice, message in messages:
                outcome = self._send(subscriber, message)
                deliveries.append(Delivery(subscriber, notice, outcome))
                if not isinstance(outcome, Sent):
                    break
            self._done.put((subscriber.id, deliveries))

    def _send(self, subscriber: Subscriber, message: Message) -> Outcome:
        try:
            return self._senders[subscriber.subscription.channel].send(subscriber, message)
        except Exception as error:
            # A fault of ours must not end the thread, and the notice is tried again.
            log.warning("sending a notice failed: %r", error, exc_info=True)
            return Retry(f"a bug in Perigee ({type(error).__name__})")
