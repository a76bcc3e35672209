"""Trials: a message to see that a rule's target takes it, and what would have been sent of changes in the past."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from webapp.domain.changes import Change, StoredChange
from webapp.domain.entry import StoredEntry
from webapp.domain.instants import iso_utc
from webapp.domain.notice_words import NoticeWords, present_digest, present_notice
from webapp.domain.notices import notice_kind_of
from webapp.notify.channels import Message
from webapp.notify.planning import News, Planner
from webapp.notify.rules import Rule
from webapp.store import Snapshot, Subscriber


@dataclass(frozen=True, slots=True)
class PastNotice:
    """A notice that would have been sent: when at the earliest, by which rule, and what it would have said."""

    at: datetime
    rule: str
    words: NoticeWords


def trial_message(address: str, now: datetime) -> Message:
    """Give a message that says no more than that it has come."""
    title, body = "A test from Perigee", "This rule works: notices will look like this."
    item = {
        "id": f"perigee:test:{int(now.timestamp())}",
        "url": address,
        "title": title,
        "content_text": body,
        "date_published": iso_utc(now),
        "tags": ["test"],
        "_perigee": {"date": iso_utc(now)},
    }
    return Message(title, body, address, "test", "test", timedelta(minutes=10), is_urgent=False, item=item)


def list_past_notices(snapshot: Snapshot, rules: Sequence[Rule], since: datetime) -> Iterator[PastNotice]:
    """List what these rules would have sent of the changes that were seen since then, and no reminders.

    What was due in the past, only the entries of that time could tell.
    """
    changes = [one for one in snapshot.list_changes_after(0) if one.seen_at >= since and notice_kind_of(one.change)]
    entries = {one.id: one for one in snapshot.get_entries(sorted({one.entry_id for one in changes}))}
    subscribers = [Subscriber(number, rule.subscription, 0, since, since) for number, rule in enumerate(rules)]
    for seen_at, together in groupby(changes, key=lambda one: one.seen_at):
        news = News(0, list(together), entries)
        by_number = {one.number: one for one in news.changes}
        for planned in Planner(snapshot, news, seen_at).plan(subscribers):
            subscription = subscribers[planned.subscriber_id].subscription
            told = [by_number[number] for number in planned.changes]
            yield PastNotice(planned.send_at, subscription.name, _words(told, entries, subscription.choices.zone))


def _words(told: Sequence[StoredChange], entries: Mapping[int, StoredEntry], zone: ZoneInfo) -> NoticeWords:
    by_entry: dict[int, list[Change]] = {}
    for one in told:
        by_entry.setdefault(one.entry_id, []).append(one.change)
    if len(by_entry) > 1:
        return present_digest((entries[entry_id].entry, changes) for entry_id, changes in by_entry.items())
    ((entry_id, changes),) = by_entry.items()
    return present_notice(entries[entry_id].entry, changes, zone)
