"""The outbox: makes notices of what is new and what is due, and sends each until it is taken; step by step.

It works only while whoever runs it holds the lease of the syncing, and every commit checks that. What was sent and not
noted, since the process ended just then, is sent again, and carries the same tag and id.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from webapp.domain.clock import Clock
from webapp.domain.notices import NEWS_LASTS
from webapp.notify.channels import ChannelSender, Gone, Message, Retry, retry_after
from webapp.notify.deliveries import Deliveries, Delivery
from webapp.notify.messages import Addresses, Composer
from webapp.notify.planning import DueReminder, Planner, gather_news
from webapp.store import Channel, Notice, Store, Subscriber, Subscription, Writer

log = logging.getLogger(__name__)

MOST_IN_A_STEP = 500
"""So many notices at most are made into messages at a time."""

LONGEST_RETRY = {Channel.PUSH: timedelta(hours=1), Channel.TARGET: NEWS_LASTS}
"""How long to wait at most for the next try: push services have outages, after which no browser stays behind."""

_COLLECT_SECONDS = 0.5
_BETWEEN_PURGES = timedelta(minutes=10)


class Outbox:
    """The outbox of a store. `rules` are the owner's, which stand in place of all that were there before.

    `write` opens the store's writer for as long as the lease is held, and `is_held` says whether it is. `prepare` is
    called at each step, and makes what senders lack.
    """

    def __init__(
        self, store: Store, *, write: Callable[[], AbstractContextManager[Writer]], is_held: Callable[[], bool],
        clock: Clock, senders: Mapping[Channel, ChannelSender], rules: Sequence[Subscription], addresses: Addresses,
        prepare: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        self._store = store
        self._write = write
        self._is_held = is_held
        self._clock = clock
        self._deliveries = Deliveries(senders)
        self._rules = tuple(rules)
        self._addresses = addresses
        self._prepare = prepare
        self._are_rules_kept = False
        self._planned: tuple[int, frozenset[DueReminder]] | None = None
        self._purged_at: datetime | None = None

    def step(self) -> bool:
        """Plan what is new, send what is due, note what was taken; say whether there was anything to do.

        Raises `StoreUnavailableError`, and what `write` raises.
        """
        if not self._is_held():
            self._planned = None
            return False
        self._keep_rules()
        self._prepare()
        with self._store.read() as snapshot:
            if snapshot.notices.is_paused:
                return False
        has_planned = self._plan()
        self._purge()
        return self._deliver() or has_planned

    def stop(self) -> None:
        """End what is being sent, so that a step in another thread ends soon."""
        self._deliveries.stop()

    def _keep_rules(self) -> None:
        if self._are_rules_kept:
            return
        with self._store.read() as snapshot:
            known = {one.subscription for one in snapshot.notices.list_subscribers(Channel.TARGET)}
        if known != set(self._rules):
            with self._write() as writer:
                names = {rule.name for rule in self._rules}
                writer.notices.remove_subscribers(Channel.TARGET, {one.name for one in known} - names)
                for rule in self._rules:
                    writer.notices.put_subscription(rule, now=self._clock())
        self._are_rules_kept = True

    def _plan(self) -> bool:
        now = self._clock()
        with self._store.read() as snapshot:
            # They may be many, and this is asked every second.
            after = snapshot.notices.earliest_change()
            if after is None:
                return False
            news = gather_news(snapshot, after, now)
            if self._planned == (news.newest, news.due) and news.newest == after:
                return False
            planned = Planner(snapshot, news, now).plan(snapshot.notices.list_subscribers())
        if planned or news.newest > after:
            with self._write() as writer:
                writer.notices.add_notices(planned, now=now)
                writer.notices.look_past(news.newest)
        self._planned = (news.newest, news.due)
        return bool(planned)

    def _deliver(self) -> bool:
        now = self._clock()
        stale: list[Notice] = []
        early: list[tuple[Notice, datetime]] = []
        with self._store.read() as snapshot:
            due = snapshot.notices.list_due(now, limit=MOST_IN_A_STEP, without=self._deliveries.busy)
            composer = Composer(snapshot, due, self._addresses, now)
            known = snapshot.notices.get_subscribers(one.subscriber_id for one in due)
        messages: dict[int, list[tuple[Notice, Message]]] = {}
        for notice in due:
            subscriber = known[notice.subscriber_id]
            send_at = subscriber.subscription.choices.send_at(now)
            if send_at > now:
                early.append((notice, send_at))
            elif (message := composer.compose(notice, subscriber)) is None:
                stale.append(notice)
            else:
                messages.setdefault(subscriber.id, []).append((notice, message))
        self._put_off(early)
        self._drop(stale)
        for subscriber_id, found in messages.items():
            self._deliveries.submit(known[subscriber_id], found)
        self._note(self._deliveries.collect(_COLLECT_SECONDS))
        return bool(due) or bool(self._deliveries.busy)

    def _put_off(self, early: Sequence[tuple[Notice, datetime]]) -> None:
        """Let notices wait that an outage, or a process that rested, has brought into quiet hours."""
        if early:
            with self._write() as writer:
                writer.notices.put_off(early)

    def _drop(self, stale: Sequence[Notice]) -> None:
        if stale:
            with self._write() as writer:
                writer.notices.drop(stale)
            # What is dropped may come true again: a launch that was on hold is Go once more.
            self._planned = None

    def _note(self, deliveries: Sequence[Delivery]) -> None:
        if not deliveries:
            return
        now = self._clock()
        sent = [one.notice for one in deliveries if not isinstance(one.outcome, (Retry, Gone))]
        with self._write() as writer:
            if sent:
                writer.notices.note_sent(sent, now=now)
            for one in deliveries:
                if isinstance(one.outcome, Gone) and one.subscriber.subscription.channel is Channel.PUSH:
                    writer.notices.remove_subscribers(Channel.PUSH, [one.subscriber.subscription.name])
                elif isinstance(one.outcome, (Retry, Gone)):
                    longest = LONGEST_RETRY[one.subscriber.subscription.channel]
                    retry_at = now + retry_after(one.subscriber.failures, one.outcome, longest)
                    writer.notices.note_failed(one.notice, one.outcome.fault, retry_at=retry_at, now=now)
                    log.warning("a notice was not taken by %s: %s", _name_of(one.subscriber), one.outcome.fault)

    def _purge(self) -> None:
        now = self._clock()
        if self._purged_at is None or not self._purged_at <= now < self._purged_at + _BETWEEN_PURGES:
            with self._write() as writer:
                writer.notices.purge(now)
            self._purged_at = now


def _name_of(subscriber: Subscriber) -> str:
    """Name a subscriber in the log: a rule by its name, a browser not at all."""
    subscription = subscriber.subscription
    return f'rule "{subscription.name}"' if subscription.channel is Channel.TARGET else "a browser's push service"
