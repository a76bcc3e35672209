"""Planning: which notices are to be made, of new changes and of reminders that are due, and for whom."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from webapp.domain.changes import StoredChange
from webapp.domain.entry import StoredEntry
from webapp.domain.notices import (
    NEWS_LASTS,
    Lead,
    NoticeKind,
    change_expires_at,
    is_reminded,
    is_reminder_due,
    notice_kind_of,
    start_of,
)
from webapp.domain.query import Filter, InvalidQueryError, Query
from webapp.store import NewNotice, Snapshot, Subscriber, reminder_cause

log = logging.getLogger(__name__)

MOST_AT_ONCE = 5
"""So many notices at most are made for one subscriber at once: more become one digest."""

LONGEST_LEAD = max(lead.length for lead in Lead)
"""How long before an entry the first reminder may be due."""

_SAY_THE_DATE = {NoticeKind.ADDED, NoticeKind.MOVES}

DueReminder = tuple[int, int, Lead, datetime]
"""A reminder that is due: the entry with its revision, which lead, and the start that it is of."""


@dataclass(frozen=True, slots=True)
class News:
    """What subscribers may be told of: new changes, each with its entry, and entries of which reminders are due.

    `newest` is the number of the newest change of all.
    """

    newest: int
    changes: Sequence[StoredChange]
    entries: Mapping[int, StoredEntry]
    starting: Mapping[Lead, Sequence[StoredEntry]] = field(default_factory=dict)

    @property
    def due(self) -> frozenset[DueReminder]:
        """What decides which reminders are to be made."""
        return frozenset(
            (stored.id, stored.revision, lead, start)
            for lead, entries in self.starting.items()
            for stored in entries
            if (start := start_of(stored)) is not None
        )


def gather_news(snapshot: Snapshot, after: int, now: datetime) -> News:
    """Gather what there is to tell: changes with a number above `after` of the last day, and reminders due now."""
    newest = snapshot.notices.newest_change()
    new = snapshot.list_changes_after(after) if newest > after else []
    changes = [change for change in new if change.seen_at > now - NEWS_LASTS and notice_kind_of(change.change)]
    entries = {one.id: one for one in snapshot.get_entries(sorted({change.entry_id for change in changes}))}
    soon = snapshot.list_starting(now, now + LONGEST_LEAD)
    starting = {
        lead: [one for one in soon if is_reminder_due(one, lead, now, since=datetime.min.replace(tzinfo=now.tzinfo))]
        for lead in Lead
    }
    return News(newest, changes, entries, starting)


class Planner:
    """Plans notices of some news; each query is asked once, however many subscribers have it."""

    def __init__(self, snapshot: Snapshot, news: News, now: datetime) -> None:
        self._snapshot = snapshot
        self._news = news
        self._now = now
        self._entries = dict(news.entries) | {one.id: one for found in news.starting.values() for one in found}
        self._matches: dict[str, set[int]] = {}
        self._leavers: dict[str, set[int]] = {}

    def plan(self, subscribers: Iterable[Subscriber]) -> list[NewNotice]:
        """Plan the notices of all these subscribers."""
        of_entries = sorted({one.id for found in self._news.starting.values() for one in found})
        reminded = self._snapshot.notices.list_reminded(of_entries)
        planned: list[NewNotice] = []
        for subscriber in subscribers:
            changed = self._changes_for(subscriber)
            planned += self._change_notices(subscriber, changed)
            told = {entry_id: changes for entry_id, changes in changed.items() if _kinds(changes) & _SAY_THE_DATE}
            planned += self._reminders(subscriber, reminded, told if len(changed) <= MOST_AT_ONCE else {})
        return planned

    def _changes_for(self, subscriber: Subscriber) -> dict[int, list[StoredChange]]:
        kinds, found = subscriber.subscription.choices.kinds, defaultdict[int, list[StoredChange]](list)
        for change in self._news.changes:
            is_new = change.number > subscriber.since_change and notice_kind_of(change.change) in kinds
            if is_new and (
                change.entry_id in self._matching(subscriber) or change.entry_id in self._leaving(subscriber)
            ):
                found[change.entry_id].append(change)
        return found

    def _change_notices(
        self, subscriber: Subscriber, changed: Mapping[int, Sequence[StoredChange]]
    ) -> Iterator[NewNotice]:
        send_at = subscriber.subscription.choices.send_at(self._now)
        if len(changed) > MOST_AT_ONCE:
            numbers = tuple(sorted(change.number for changes in changed.values() for change in changes))
            cause, expires_at = f"digest:{numbers[-1]}", self._now + NEWS_LASTS
            yield NewNotice(subscriber.id, None, cause, numbers, send_at, expires_at)
            return
        for entry_id, changes in changed.items():
            expires_at = change_expires_at(self._entries[entry_id], _kinds(changes), self._now)
            numbers = tuple(change.number for change in changes)
            yield NewNotice(subscriber.id, entry_id, f"change:{numbers[-1]}", numbers, send_at, expires_at)

    def _reminders(
        self,
        subscriber: Subscriber,
        reminded: Mapping[tuple[int, int, Lead], list[datetime]],
        told: Mapping[int, Sequence[StoredChange]],
    ) -> Iterator[NewNotice]:
        lead = subscriber.subscription.choices.lead
        if lead is None:
            return
        for stored in self._news.starting.get(lead, ()):
            start = start_of(stored)
            if start is None or stored.id not in self._matching(subscriber):
                continue
            before = reminded.get((subscriber.id, stored.id, lead), ())
            if is_reminded(start, before) or not is_reminder_due(stored, lead, self._now, since=subscriber.since):
                continue
            cause, send_at = reminder_cause(stored.id, lead, start), subscriber.subscription.choices.send_at(self._now)
            numbers = tuple(change.number for change in told.get(stored.id, ()))
            yield NewNotice(subscriber.id, stored.id, cause, numbers, send_at, start, is_told=bool(numbers))

    def _matching(self, subscriber: Subscriber) -> set[int]:
        query = subscriber.subscription.query
        if query not in self._matches:
            self._matches[query] = self._filter(filter_of(query))
        return self._matches[query]

    def _leaving(self, subscriber: Subscriber) -> set[int]:
        """Give what a change of status took out of the filter: who asked for launches that are Go hears of a hold."""
        query = subscriber.subscription.query
        if query not in self._leavers:
            asked = filter_of(query)
            statuses = set() if asked is None else {*asked.status_ids, asked.status_id}
            old = ((one.entry_id, one.change.old_status) for one in self._news.changes)
            left = {entry_id for entry_id, status in old if status is not None and status.id in statuses}
            whatever = replace(asked, status_ids=(), status_id=None) if asked and left else None
            self._leavers[query] = left & self._filter(whatever)
        return self._leavers[query]

    def _filter(self, asked: Filter | None) -> set[int]:
        if asked is None or not self._entries:
            return set()
        if asked.ids and asked == Filter(ids=asked.ids):
            # Those who asked for one entry are many, and each has a query of their own.
            return {entry_id for entry_id, stored in self._entries.items() if stored.entry.key in asked.ids}
        return self._snapshot.filter_ids(asked, list(self._entries))


@lru_cache(1024)
def filter_of(query: str) -> Filter | None:
    """Give the filter of a query in canonical spelling; `None` for one that this version does not understand."""
    try:
        return Query.parse(parse_qsl(query.removeprefix("?"))).filter
    except InvalidQueryError as error:
        log.warning("a subscriber's query is not understood any more, and nothing is sent for it: %s", error)
        return None


def _kinds(changes: Iterable[StoredChange]) -> set[NoticeKind]:
    return {kind for change in changes if (kind := notice_kind_of(change.change)) is not None}
