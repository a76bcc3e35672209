"""Notices in the store: subscribers, and the outbox of what is to be sent to each and was sent lately."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from webapp.domain.clock import latest_believed
from webapp.domain.notices import NEWS_LASTS, Lead
from webapp.store.keys import chunks
from webapp.store.notice_rows import (
    Channel,
    NewNotice,
    Notice,
    Subscriber,
    Subscription,
    notice_columns,
    notice_of,
    parse_reminder_cause,
    subscriber_of,
    subscription_columns,
)
from webapp.store.schema import changes, notice_state, notices, subscribers
from webapp.store.state import get_state
from webapp.store.websub import repair_hub, skip_announcements

KEPT_SENT = timedelta(days=2)
"""How long a notice is kept once it was sent: longer than any lead, so that no reminder comes twice."""

_LATEST_RETRY = timedelta(days=8)  # Whoever wants to be asked later than that is asked at once.
_IS_REMINDER = notices.c.cause.startswith("reminder:", autoescape=True)


@dataclass(frozen=True, slots=True)
class NoticeCounts:
    """How many subscribers a channel has and how many of them fail; how many notices wait, the oldest since when."""

    subscribers: int = 0
    failing: int = 0
    waiting: int = 0
    sent: int = 0
    oldest: datetime | None = None


class NoticeMemory:
    """Subscribers and notices, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def is_paused(self) -> bool:
        """Whether nothing is sent: this is a copy, whose original may be sending."""
        return bool(self._connection.execute(select(notice_state.c.is_paused)).scalar())

    def newest_change(self) -> int:
        """Give the number of the newest change; 0 if there is none."""
        return self._connection.execute(select(func.max(changes.c.number))).scalar() or 0

    def list_subscribers(self, channel: Channel | None = None) -> list[Subscriber]:
        """List all subscribers, or those of a channel, in the order in which they came."""
        statement = select(subscribers).order_by(subscribers.c.id)
        if channel is not None:
            statement = statement.where(subscribers.c.channel == channel.value)
        return [subscriber_of(row) for row in self._connection.execute(statement).mappings()]

    def get_subscribers(self, ids: Iterable[int]) -> dict[int, Subscriber]:
        """Give those of these subscribers that there are, by their ids."""
        rows = (
            row
            for chunk in chunks(sorted(set(ids)))
            for row in self._connection.execute(select(subscribers).where(subscribers.c.id.in_(chunk))).mappings()
        )
        return {one.id: one for one in map(subscriber_of, rows)}

    def earliest_change(self) -> int | None:
        """Give the number of the change up to which all subscribers have been told; `None` if there is none of them."""
        return self._connection.execute(select(func.min(subscribers.c.since_change))).scalar()

    def get_subscriber(self, channel: Channel, name: str) -> Subscriber | None:
        """Give one subscriber."""
        row = self._connection.execute(select(subscribers).where(*_named(channel, name))).mappings().one_or_none()
        return None if row is None else subscriber_of(row)

    def list_failing(self, channel: Channel) -> list[Subscriber]:
        """List the subscribers of a channel to whom the last delivery failed."""
        return [one for one in self.list_subscribers(channel) if one.failures]

    def list_reminded(self, entry_ids: Sequence[int]) -> dict[tuple[int, int, Lead], list[datetime]]:
        """List which starts of these entries reminders are kept of, by subscriber, entry and lead."""
        found: dict[tuple[int, int, Lead], list[datetime]] = {}
        columns = select(notices.c.subscriber_id, notices.c.entry_id, notices.c.cause)
        for chunk in chunks(entry_ids):
            for row in self._connection.execute(columns.where(_IS_REMINDER, notices.c.entry_id.in_(chunk))):
                lead, start = parse_reminder_cause(row.cause)
                found.setdefault((row.subscriber_id, row.entry_id, lead), []).append(start)
        return found

    def list_due(self, now: datetime, *, limit: int, without: Collection[int] = ()) -> list[Notice]:
        """List notices that are to be sent, those that failed least first, without those to these subscribers."""
        statement = (
            select(notices)
            .join(subscribers)
            .where(
                notices.c.sent_at.is_(None),
                notices.c.expires_at > now,
                _has_come(notices.c.send_at, now),
                or_(subscribers.c.retry_at.is_(None), _has_come(subscribers.c.retry_at, now)),
            )
            .order_by(notices.c.attempts, notices.c.number)
            .limit(limit + len(without))
        )
        rows = self._connection.execute(statement).mappings()
        return [notice_of(row) for row in rows if row["subscriber_id"] not in without][:limit]

    def count(self, channel: Channel, now: datetime) -> NoticeCounts:
        """Count the subscribers of a channel and their notices; `sent` are those of the last day."""
        of_channel = subscribers.c.channel == channel.value
        all_, failing = (
            self._connection.execute(
                select(func.count()).select_from(subscribers).where(of_channel, *more)
            ).scalar_one()
            for more in ((), (subscribers.c.failures > 0,))
        )
        joined = select(func.count(), func.min(notices.c.made_at)).select_from(notices.join(subscribers))
        waiting, oldest = self._connection.execute(
            joined.where(of_channel, notices.c.sent_at.is_(None), notices.c.expires_at > now)
        ).one()
        is_sent = notices.c.sent_at.between(now - NEWS_LASTS, latest_believed(now))
        sent, _ = self._connection.execute(joined.where(of_channel, is_sent)).one()
        return NoticeCounts(all_, failing, waiting, sent, oldest)


class NoticeWriter(NoticeMemory):
    """The same, in a write transaction."""

    def put_subscription(self, subscription: Subscription, *, now: datetime) -> None:
        """Keep a subscription, in place of one of the same name. It is told of what comes from now on."""
        values = subscription_columns(subscription)
        known = self.get_subscriber(subscription.channel, subscription.name)
        if known is None:
            since = {"since_change": self.newest_change(), "since": now, "created_at": now, "failures": 0}
            self._connection.execute(insert(subscribers).values(values | since))
            return
        if _asked(known.subscription) != _asked(subscription):
            values |= {"since": now}
        self._connection.execute(update(subscribers).where(subscribers.c.id == known.id).values(values))

    def remove_subscribers(self, channel: Channel, names: Iterable[str]) -> int:
        """Forget subscribers, with all that was or is to be sent to them; give how many there were."""
        of_channel = delete(subscribers).where(subscribers.c.channel == channel.value)
        return sum(
            self._connection.execute(of_channel.where(subscribers.c.name.in_(chunk))).rowcount
            for chunk in chunks(list(names))
        )

    def look_past(self, change: int) -> None:
        """Note that all changes up to this one have been looked at for every subscriber."""
        older = subscribers.c.since_change < change
        self._connection.execute(update(subscribers).where(older).values(since_change=change))

    def add_notices(self, new: Sequence[NewNotice], *, now: datetime) -> None:
        """Keep notices. One of an entry joins what waits for the subscriber about that entry, untried: one is sent."""
        present = set(self._connection.execute(select(subscribers.c.id)).scalars())
        waiting = self._waiting({one.entry_id for one in new if one.entry_id is not None})
        rows = []
        for one in new:
            earlier = waiting.get((one.subscriber_id, one.entry_id)) if one.changes and not one.is_told else None
            if earlier is not None:
                self._join(earlier, one)
            elif one.subscriber_id in present:
                rows.append(notice_columns(one, now))
        if rows:
            self._connection.execute(insert(notices), rows)

    def note_sent(self, sent: Sequence[Notice], *, now: datetime) -> None:
        """Note that notices were sent; their subscribers fail no more. One that others joined meanwhile still waits."""
        for one in sent:
            same = notices.c.number == one.number, notices.c.cause == one.cause
            self._connection.execute(update(notices).where(*same).values(sent_at=now))
        well = {"failures": 0, "failing_since": None, "retry_at": None, "fault": None}
        for chunk in chunks(sorted({one.subscriber_id for one in sent})):
            self._connection.execute(update(subscribers).where(subscribers.c.id.in_(chunk)).values(well))

    def note_failed(self, notice: Notice, fault: str, *, retry_at: datetime, now: datetime) -> None:
        """Note that a notice could not be sent, and when its subscriber is tried again."""
        attempts = update(notices).where(notices.c.number == notice.number)
        self._connection.execute(attempts.values(attempts=notices.c.attempts + 1))
        values = {
            "failures": subscribers.c.failures + 1,
            "failing_since": func.coalesce(subscribers.c.failing_since, now),
            "retry_at": retry_at,
            "fault": fault,
        }
        self._connection.execute(update(subscribers).where(subscribers.c.id == notice.subscriber_id).values(values))

    def put_off(self, put_off: Iterable[tuple[Notice, datetime]]) -> None:
        """Note that notices are to be sent later, each at an instant of its own."""
        for notice, send_at in put_off:
            self._connection.execute(update(notices).where(notices.c.number == notice.number).values(send_at=send_at))

    def drop(self, dropped: Sequence[Notice]) -> None:
        """Forget notices that are not to be sent any more, and that they stood for reminders."""
        numbers = [one.number for one in dropped] + [number for one in dropped for number in self._told_by(one)]
        for chunk in chunks(numbers):
            self._connection.execute(delete(notices).where(notices.c.number.in_(chunk)))

    def purge(self, now: datetime) -> None:
        """Forget what was sent days ago or came too late, and browsers whose subscription has ended."""
        is_old = or_(
            notices.c.sent_at <= now - KEPT_SENT, and_(notices.c.sent_at.is_(None), notices.c.expires_at <= now)
        )
        self._connection.execute(delete(notices).where(is_old))
        self._connection.execute(delete(subscribers).where(subscribers.c.expires_at <= now))

    def pause(self) -> None:
        """Send nothing until `resume`."""
        self._connection.execute(delete(notice_state))
        self._connection.execute(insert(notice_state).values(id=1, is_paused=True))

    def resume(self, *, now: datetime) -> None:
        """Send again: of what comes from now on. What waited is forgotten, since the original may have sent it."""
        self._connection.execute(delete(notice_state))
        self._connection.execute(delete(notices).where(notices.c.sent_at.is_(None)))
        self._connection.execute(update(subscribers).values(since_change=self.newest_change(), since=now))
        skip_announcements(self._connection, get_state(self._connection).generation)

    def repair_instants(self, now: datetime) -> None:
        """Repair instants that a clock wrote which was ahead: whatever was noted was so at the latest `now`."""
        for table, name in (
            (subscribers, "since"), (subscribers, "created_at"), (subscribers, "failing_since"), (notices, "made_at"),
            (notices, "sent_at"),
        ):  # fmt: skip
            is_future = table.c[name] > latest_believed(now)
            self._connection.execute(update(table).where(is_future).values({name: now}))
        repair_hub(self._connection, now)

    def _told_by(self, notice: Notice) -> list[int]:
        """Give the numbers of the reminders that count as sent since this notice was to say the same."""
        of_entry = notices.c.subscriber_id == notice.subscriber_id, notices.c.entry_id == notice.entry_id
        rows = self._connection.execute(select(notices).where(*of_entry, _IS_REMINDER)).mappings()
        return [one.number for one in map(notice_of, rows) if one.changes and {*one.changes} <= {*notice.changes}]

    def _waiting(self, entry_ids: set[int]) -> dict[tuple[int, int | None], Notice]:
        found: dict[tuple[int, int | None], Notice] = {}
        for chunk in chunks(sorted(entry_ids)):
            is_waiting = notices.c.sent_at.is_(None), notices.c.attempts == 0, notices.c.entry_id.in_(chunk)
            rows = self._connection.execute(select(notices).where(*is_waiting).order_by(notices.c.number)).mappings()
            found |= {(one.subscriber_id, one.entry_id): one for one in map(notice_of, rows) if not one.is_reminder}
        return found

    def _join(self, earlier: Notice, one: NewNotice) -> None:
        values = {
            "cause": one.cause,
            "changes": json.dumps(sorted({*earlier.changes, *one.changes})),
            "expires_at": one.expires_at,
        }
        self._connection.execute(update(notices).where(notices.c.number == earlier.number).values(values))


def _has_come(column: Column[Any], now: datetime) -> ColumnElement[bool]:
    """Whether an instant to wait for has come, or cannot be meant: a clock that was ahead wrote it."""
    return or_(column <= now, column > latest_believed(now, ahead=_LATEST_RETRY))


def _named(channel: Channel, name: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return subscribers.c.channel == channel.value, subscribers.c.name == name


def _asked(subscription: Subscription) -> tuple[str, Lead | None]:
    """Give what decides which reminders are due."""
    return subscription.query, subscription.choices.lead
