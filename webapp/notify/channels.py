"""Channels: what a message is, whatever the way it goes, and what may come of sending one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from webapp.domain.notices import NEWS_LASTS
from webapp.store import Subscriber


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a subscriber: a title and a body, plain words in the subscriber's zone, and an absolute address.

    `tag` is the same for all messages about an entry: a later one takes the place of an earlier one. `kind` is that of
    the notice, `reminder` or `digest`. It is worth nothing any more after `ttl`. `item` is the item of a JSON Feed that
    says the same to programs; its id, the same whenever it is sent, tells whether it came before.
    """

    title: str
    body: str
    url: str
    tag: str
    kind: str
    ttl: timedelta
    is_urgent: bool
    item: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """The message was taken."""


@dataclass(frozen=True, slots=True)
class Retry:
    """The message was not taken now: `fault` says why, `wait` how long the receiver asks for."""

    fault: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such receiver any more: a browser's subscription is forgotten, and a rule fails."""

    fault: str


Outcome = Sent | Retry | Gone

_FIRST_RETRY = timedelta(minutes=1)


def retry_after(failures: int, outcome: Retry | Gone, longest: timedelta = NEWS_LASTS) -> timedelta:
    """Give how long to wait before a receiver is tried again that failed so often before.

    As told, a day at most, or else 1, 2, 4 … minutes, up to `longest`.
    """
    doubled = min(_FIRST_RETRY * (1 << min(failures, 10)), longest)
    asked = outcome.wait if isinstance(outcome, Retry) else None
    return min(max(asked or doubled, _FIRST_RETRY), NEWS_LASTS)


class ChannelSender(Protocol):
    """Sends messages to the subscribers of one channel. It is called by several threads at once."""

    def send(self, subscriber: Subscriber, message: Message) -> Outcome:
        """Send a message, within seconds. Whatever goes wrong is an outcome."""

    def stop(self) -> None:
        """End what is under way, and all processes that it started."""
