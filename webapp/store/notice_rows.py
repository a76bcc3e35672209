"""Subscribers and notices to rows of the store and back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from webapp.domain.notices import Choices, Lead, NoticeKind, QuietHours

_REMINDER = "reminder:"


class Channel(Enum):
    """The ways out: Web Push to a browser, or a target of the owner's file."""

    PUSH = "push"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a subscriber asks for, and where it is told: `name` tells those of a channel apart.

    A browser has an `address`, its `keys` as JSON, and perhaps an instant at which its subscription ends. `query` is
    in canonical spelling. Address and keys stand in no log.
    """

    channel: Channel
    name: str
    query: str
    choices: Choices
    address: str | None = field(default=None, repr=False)
    keys: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscription as it is stored. Instants are in UTC.

    It is told of changes with a number above `since_change`, and of reminders that are due after `since`. `failures`
    counts deliveries in a row that failed since `failing_since`, the last with `fault`; `retry_at` is when the
    next is tried.
    """

    id: int
    subscription: Subscription
    since_change: int
    since: datetime
    created_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be kept. `entry_id` is `None` for a digest; `changes` are the numbers of the changes that it tells.

    A reminder that `is_told` already, since the notice of these changes says the same, counts as sent.
    """

    subscriber_id: int
    entry_id: int | None
    cause: str
    changes: tuple[int, ...]
    send_at: datetime
    expires_at: datetime
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that waits to be sent. `attempts` counts those that failed."""

    number: int
    subscriber_id: int
    entry_id: int | None
    cause: str
    changes: tuple[int, ...]
    made_at: datetime
    expires_at: datetime
    attempts: int

    @property
    def is_reminder(self) -> bool:
        """Whether it reminds of an entry, and tells no change."""
        return self.cause.startswith(_REMINDER)


def reminder_cause(entry_id: int, lead: Lead, start: datetime) -> str:
    """Give the cause of a reminder: another start is another cause."""
    return f"{_REMINDER}{entry_id}:{int(lead.length.total_seconds())}:{start.isoformat()}"


def parse_reminder_cause(cause: str) -> tuple[Lead, datetime]:
    """Give the lead and the start that stand in the cause of a reminder."""
    _, _, seconds, start = cause.split(":", 3)
    return Lead.of(timedelta(seconds=int(seconds))), datetime.fromisoformat(start)


def subscription_columns(subscription: Subscription) -> dict[str, Any]:
    """Give what of a subscriber's row the subscription says."""
    choices = subscription.choices
    return {
        "channel": subscription.channel.value,
        "name": subscription.name,
        "address": subscription.address,
        "keys": subscription.keys,
        "query": subscription.query,
        "kinds": ",".join(kind.value for kind in NoticeKind if kind in choices.kinds),
        "lead_seconds": None if choices.lead is None else int(choices.lead.length.total_seconds()),
        "zone": choices.zone.key,
        "quiet": None if choices.quiet is None else str(choices.quiet),
        "expires_at": subscription.expires_at,
    }


def subscriber_of(row: Mapping[Any, Any]) -> Subscriber:
    """Make a subscriber of its row."""
    choices = Choices(
        kinds=frozenset(NoticeKind(kind) for kind in row["kinds"].split(",") if kind),
        lead=None if row["lead_seconds"] is None else Lead.of(timedelta(seconds=row["lead_seconds"])),
        zone=ZoneInfo(row["zone"]),
        quiet=None if row["quiet"] is None else QuietHours.parse(row["quiet"]),
    )
    own = {name: row[name] for name in ("name", "query", "address", "keys", "expires_at")}
    known = ("id", "since_change", "since", "created_at", "failures", "failing_since", "retry_at", "fault")
    subscription = Subscription(channel=Channel(row["channel"]), choices=choices, **own)
    return Subscriber(subscription=subscription, **{name: row[name] for name in known})


def notice_columns(one: NewNotice, now: datetime) -> dict[str, Any]:
    """Give the values of a new notice's row."""
    return {
        "subscriber_id": one.subscriber_id,
        "entry_id": one.entry_id,
        "cause": one.cause,
        "changes": json.dumps(one.changes),
        "made_at": now,
        "send_at": one.send_at,
        "expires_at": one.expires_at,
        "attempts": 0,
        "sent_at": now if one.is_told else None,
    }


def notice_of(row: Mapping[Any, Any]) -> Notice:
    """Make a notice of its row."""
    names = ("number", "subscriber_id", "entry_id", "cause", "made_at", "expires_at", "attempts")
    return Notice(changes=tuple(json.loads(row["changes"])), **{name: row[name] for name in names})
