"""Messages: what a notice says when it is sent, checked against the store as it is then."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from webapp.domain.changes import Change, StoredChange
from webapp.domain.comparison import SMALLEST_MOVE
from webapp.domain.entry import StoredEntry
from webapp.domain.instants import iso_utc
from webapp.domain.notice_words import (
    NoticeWords,
    begins_at,
    net_changes,
    present_digest,
    present_notice,
    present_reminder,
)
from webapp.domain.notices import Lead, NoticeKind, notice_kind_of, start_of
from webapp.notify.channels import Message
from webapp.store import Notice, Snapshot, Subscriber, parse_reminder_cause

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The absolute addresses that messages lead to: an entry's page, and the changes that a query finds."""

    entry: Callable[[StoredEntry], str]
    changes: Callable[[str], str]


class Composer:
    """Composes messages of notices by what one snapshot holds."""

    def __init__(self, snapshot: Snapshot, notices: Iterable[Notice], addresses: Addresses, now: datetime) -> None:
        wanted = list(notices)
        self._changes = {
            one.number: one
            for one in snapshot.get_changes(sorted({number for notice in wanted for number in notice.changes}))
        }
        ids = {change.entry_id for change in self._changes.values()}
        ids |= {notice.entry_id for notice in wanted if notice.entry_id is not None}
        self._entries = {one.id: one for one in snapshot.get_entries(sorted(ids))}
        self._addresses = addresses
        self._now = now

    def compose(self, notice: Notice, subscriber: Subscriber) -> Message | None:
        """Give the message of a notice; `None` if by now it would tell nothing, or something that no longer holds."""
        if notice.entry_id is None:
            return self._digest(notice, subscriber)
        stored = self._entries.get(notice.entry_id)
        if stored is None:
            return None
        return (
            self._reminder(notice, stored, subscriber)
            if notice.is_reminder
            else self._change(notice, stored, subscriber)
        )

    def _change(self, notice: Notice, stored: StoredEntry, subscriber: Subscriber) -> Message | None:
        changes = self._list_changes(notice)
        told = net_changes([one.change for one in changes], stored.entry)
        if not told:
            return None
        kind = next(kind for kind in reversed(NoticeKind) if kind in set(map(notice_kind_of, told)))
        words = present_notice(stored.entry, told, subscriber.subscription.choices.zone)
        facts = {"changes": [_change_facts(one) for one in changes], **_entry_facts(stored, told)}
        is_urgent = kind in {NoticeKind.LIVE, NoticeKind.OUTCOME} or notice.expires_at - self._now < _HOUR
        return self._message(notice, words, kind.value, stored, facts, is_urgent=is_urgent)

    def _reminder(self, notice: Notice, stored: StoredEntry, subscriber: Subscriber) -> Message | None:
        lead, planned = parse_reminder_cause(notice.cause)
        start = start_of(stored)
        if start is None or self._now >= start or abs(start - planned) >= SMALLEST_MOVE:
            return None
        words = present_reminder(stored.entry, start - self._now, subscriber.subscription.choices.zone)
        facts = {"lead": lead.value, **_entry_facts(stored, ())}
        return self._message(notice, words, "reminder", stored, facts, is_urgent=lead is not Lead.DAY)

    def _digest(self, notice: Notice, subscriber: Subscriber) -> Message | None:
        by_entry: dict[int, list[Change]] = {}
        for one in self._list_changes(notice):
            by_entry.setdefault(one.entry_id, []).append(one.change)
        told = [
            (stored.entry, net)
            for entry_id, changes in by_entry.items()
            if (stored := self._entries.get(entry_id)) and (net := net_changes(changes, stored.entry))
        ]
        if not told:
            return None
        facts = {"changes": [_change_facts(one) for one in self._list_changes(notice)]}
        url = self._addresses.changes(subscriber.subscription.query)
        return self._message(notice, present_digest(told), "digest", None, facts, is_urgent=False, url=url)

    def _list_changes(self, notice: Notice) -> list[StoredChange]:
        return [self._changes[number] for number in notice.changes if number in self._changes]

    def _message(
        self, notice: Notice, words: NoticeWords, kind: str, stored: StoredEntry | None, facts: Mapping[str, Any], *,
        is_urgent: bool, url: str = "",
    ) -> Message:  # fmt: skip
        address = self._addresses.entry(stored) if stored else url
        item = {
            "id": f"perigee:{notice.cause}",
            "url": address,
            "title": words.title,
            "content_text": words.body,
            "date_published": iso_utc(notice.made_at),
            "tags": [kind],
            "_perigee": dict(facts),
        }
        tag = str(stored.entry.key).replace(" ", "-") if stored else "digest"
        ttl = max(notice.expires_at - self._now, timedelta(0))
        return Message(words.title, words.body, address, tag, kind, ttl, is_urgent, item)


def _entry_facts(stored: StoredEntry, told: Sequence[Change]) -> dict[str, Any]:
    entry, start = stored.entry, begins_at(stored.entry, told)
    return {
        f"{entry.key.kind.value}_id": entry.key.json_id,
        "name": entry.name,
        "date": None if start is None else iso_utc(start),
        "date_words": entry.date_words,
        "precision": entry.precision_id,
    }


def _change_facts(one: StoredChange) -> dict[str, Any]:
    return {"number": one.number, "kind": one.change.kind.value, "seen_at": iso_utc(one.seen_at)}
