from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.clock import NOW
from tests.databases import migrated_store
from tests.factories import make_entry
from tests.keys import event_key, event_keys
from tests.store.engines import ENGINES, opened_store
from webapp.domain.changes import ChangeKind
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.domain.notices import Choices, Lead, NoticeKind, QuietHours
from webapp.domain.query import Filter
from webapp.store import Channel, NewNotice, Notice, NoticeCounts, Store, Subscription, reminder_cause

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHOICES = Choices(
    kinds=frozenset({NoticeKind.MOVES, NoticeKind.LIVE}),
    lead=Lead.HOUR,
    zone=ZoneInfo("Europe/Berlin"),
    quiet=QuietHours.parse("22:00-07:00"),
)
BROWSER = Subscription(
    Channel.PUSH, "ab12", "?type__ids=2", CHOICES, "https://push.example/1", '{"auth":"a"}', NOW + 9 * DAY
)
RULE = Subscription(Channel.TARGET, "club", "", Choices(lead=Lead.DAY))


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give a store in which two events have been added since the import, each a change."""
    with opened_store(request, tmp_path) as store:
        with store.write() as writer:
            writer.update_progress(EntryKind.EVENT, imported_at=NOW - DAY)
            arrived = [ReceivedEntry(make_entry(key=event_key(number)), "{}") for number in (1, 2)]
            assert writer.upsert_entries(arrived, now=NOW - HOUR).added == 2
        yield store


def subscribe(store: Store, *subscriptions: Subscription) -> None:
    with store.write() as writer:
        for subscription in subscriptions:
            writer.notices.put_subscription(subscription, now=NOW)


def new_notice(number: int, **fields: object) -> NewNotice:
    given = {"subscriber_id": 1, "entry_id": 1, "cause": f"change:{number}", "changes": (number,)} | fields
    return NewNotice(**({"send_at": NOW, "expires_at": NOW + DAY} | given))  # type: ignore[arg-type]


def add(store: Store, *new: NewNotice) -> None:
    with store.write() as writer:
        writer.notices.add_notices(new, now=NOW)


def due(store: Store, after: timedelta = timedelta(0)) -> list[Notice]:
    with store.read() as snapshot:
        return snapshot.notices.list_due(NOW + after, limit=9)


def causes(store: Store, after: timedelta = timedelta(0)) -> list[str]:
    return [one.cause for one in due(store, after)]


def test_a_subscription_comes_back_as_it_was(store: Store) -> None:
    subscribe(store, BROWSER, RULE)
    with store.read() as snapshot:
        browser, rule = snapshot.notices.list_subscribers()
        assert snapshot.notices.list_subscribers(Channel.TARGET) == [rule]
        assert snapshot.notices.get_subscriber(Channel.PUSH, "ab12") == browser
        assert snapshot.notices.get_subscriber(Channel.TARGET, "ab12") is None
    assert (browser.subscription, rule.subscription) == (BROWSER, RULE)
    assert (browser.since_change, browser.since, browser.created_at) == (2, NOW, NOW)


def test_neither_address_nor_keys_stand_in_a_log() -> None:
    assert "push.example" not in repr(BROWSER)
    assert "auth" not in repr(BROWSER)


def test_another_choice_keeps_the_subscriber_and_another_query_begins_anew(store: Store) -> None:
    subscribe(store, RULE)
    for subscription, since in (
        (replace(RULE, choices=Choices(kinds=frozenset(), lead=Lead.DAY)), NOW),
        (replace(RULE, query="?id=1"), NOW + HOUR),
    ):
        with store.write() as writer:
            writer.notices.put_subscription(subscription, now=NOW + HOUR)
            (known,) = writer.notices.list_subscribers()
        assert (known.subscription, known.since, known.created_at) == (subscription, since, NOW)


def test_who_leaves_takes_all_notices_along(store: Store) -> None:
    subscribe(store, BROWSER, RULE)
    add(store, new_notice(1), new_notice(2, subscriber_id=2))
    with store.write() as writer:
        assert writer.notices.remove_subscribers(Channel.PUSH, ["ab12", "club", "nobody"]) == 1
    assert causes(store) == ["change:2"]
    # One that was planned for somebody who left meanwhile is not kept.
    add(store, new_notice(3))
    assert causes(store) == ["change:2"]


def test_what_waits_about_an_entry_is_joined_by_what_comes(store: Store) -> None:
    subscribe(store, RULE)
    add(store, new_notice(1), new_notice(2, entry_id=2))
    add(store, new_notice(3, changes=(3, 4), expires_at=NOW + HOUR))
    first, second = due(store)
    assert (first.cause, first.changes, first.expires_at) == ("change:3", (1, 3, 4), NOW + HOUR)
    assert (second.cause, second.changes) == ("change:2", (2,))


def test_what_was_joined_while_it_was_sent_is_sent_again(store: Store) -> None:
    subscribe(store, RULE)
    add(store, new_notice(1))
    sent = due(store)
    add(store, new_notice(3))
    with store.write() as writer:
        writer.notices.note_sent(sent, now=NOW)
    assert [one.changes for one in due(store)] == [(1, 3)]


def test_reminders_join_nothing_and_are_remembered_by_their_start(store: Store) -> None:
    subscribe(store, RULE)
    cause = reminder_cause(1, Lead.DAY, NOW + HOUR)
    add(store, new_notice(1), new_notice(0, cause=cause, changes=(), is_told=True))
    assert causes(store) == ["change:1"]
    with store.read() as snapshot:
        assert snapshot.notices.list_reminded([1, 2]) == {(1, 1, Lead.DAY): [NOW + HOUR]}
        assert snapshot.notices.list_reminded([2]) == {}


def test_what_is_due_neither_waits_nor_is_too_late(store: Store) -> None:
    subscribe(store, RULE)
    add(store, new_notice(1, send_at=NOW + HOUR), new_notice(2, entry_id=2, expires_at=NOW + MINUTE))
    assert [causes(store, after) for after in (timedelta(0), MINUTE, HOUR)] == [["change:2"], [], ["change:1"]]
    with store.read() as snapshot:
        assert snapshot.notices.list_due(NOW, limit=9, without={1}) == []


def test_a_failure_keeps_the_notice_and_lets_its_subscriber_wait(store: Store) -> None:
    subscribe(store, RULE)
    add(store, new_notice(1), new_notice(2, entry_id=2))
    for number in (1, 2):
        with store.write() as writer:
            at = NOW + number * MINUTE
            writer.notices.note_failed(due(store)[0], "status 500", retry_at=NOW, now=at)
    with store.write() as writer:
        writer.notices.note_failed(due(store)[0], "status 503", retry_at=NOW + HOUR, now=NOW)
        (known,) = writer.notices.list_subscribers()
    assert (known.failures, known.fault, known.failing_since) == (3, "status 503", NOW + MINUTE)
    assert causes(store) == []
    # The one that failed more often comes after the other: it may be the fault.
    assert [(one.cause, one.attempts) for one in due(store, HOUR)] == [("change:2", 1), ("change:1", 2)]
    with store.write() as writer:
        writer.notices.note_sent(due(store, HOUR), now=NOW)
        (known,) = writer.notices.list_subscribers()
    assert (known.failures, known.fault, known.failing_since, known.retry_at) == (0, None, None, None)
    assert causes(store, HOUR) == []


def test_a_retry_that_a_clock_ahead_noted_is_made_now(store: Store) -> None:
    subscribe(store, RULE)
    add(store, new_notice(1, send_at=NOW + 400 * DAY))
    with store.write() as writer:
        writer.notices.note_failed(due(store)[0], "status 500", retry_at=NOW + 400 * DAY, now=NOW + 399 * DAY)
    assert causes(store) == ["change:1"]
    with store.write() as writer:
        writer.notices.repair_instants(NOW)
        (known,) = writer.notices.list_subscribers()
    assert known.failing_since == NOW


def test_what_was_sent_is_kept_two_days_and_what_came_too_late_not_at_all(store: Store) -> None:
    subscribe(store, RULE, BROWSER)
    cause = reminder_cause(2, Lead.DAY, NOW + HOUR)
    add(store, new_notice(0, entry_id=2, cause=cause, changes=(), is_told=True), new_notice(1))
    for after, kept, subscribers in ((2 * DAY - MINUTE, 1, 2), (2 * DAY, 0, 2), (9 * DAY, 0, 1)):
        with store.write() as writer:
            writer.notices.purge(NOW + after)
            assert len(writer.notices.list_reminded([2])) == kept
            assert len(writer.notices.list_subscribers()) == subscribers
            assert writer.notices.list_due(NOW, limit=9) == []


def test_counts_are_those_of_a_channel(store: Store) -> None:
    subscribe(store, RULE, BROWSER)
    add(store, new_notice(1), new_notice(2, entry_id=2), new_notice(3, subscriber_id=2))
    with store.write() as writer:
        writer.notices.note_sent(due(store)[:1], now=NOW)
        writer.notices.note_failed(due(store)[0], "status 500", retry_at=NOW + HOUR, now=NOW)
        counts = [writer.notices.count(channel, NOW) for channel in (Channel.TARGET, Channel.PUSH)]
    assert counts == [
        NoticeCounts(subscribers=1, failing=1, waiting=1, sent=1, oldest=NOW),
        NoticeCounts(subscribers=1, failing=0, waiting=1, sent=0, oldest=NOW),
    ]


def test_changes_are_looked_past_once(store: Store) -> None:
    subscribe(store, RULE)
    with store.write() as writer:
        assert [change.change.kind for change in writer.list_changes_after(1)] == [ChangeKind.ADDED]
        assert [change.number for change in writer.get_changes([2, 1, 99])] == [1, 2]
        for number, since in ((1, 2), (7, 7)):
            writer.notices.look_past(number)
            assert [one.since_change for one in writer.notices.list_subscribers()] == [since]


def test_entries_are_filtered_as_lists_are_with_what_was_withdrawn(store: Store) -> None:
    with store.write() as writer:
        writer.withdraw(event_key(2), now=NOW)
        assert writer.filter_ids(Filter(), [1, 2, 3]) == {1, 2}
        assert writer.filter_ids(Filter(ids=tuple(event_keys([2]))), [1, 2]) == {2}
        assert writer.filter_ids(Filter(type_ids=(99,)), [1, 2]) == set()
        assert writer.filter_ids(Filter(words="meridian"), [1]) == {1}


def test_what_starts_soon_is_known_to_the_hour(store: Store) -> None:
    date = make_entry().date
    assert date is not None
    vague = make_entry(key=event_key(3), precision_id=5)
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(vague, "{}")], now=NOW)
        assert {one.id for one in writer.list_starting(date - HOUR, date)} == {1, 2}
        assert writer.list_starting(date, date + HOUR) == []


def test_a_paused_store_begins_anew_when_it_is_resumed(store: Store) -> None:
    subscribe(store, RULE)
    add(store, new_notice(1), new_notice(2, entry_id=2))
    with store.write() as writer:
        writer.notices.note_sent(due(store)[:1], now=NOW)
        states = [writer.notices.is_paused]
        writer.notices.pause()
        states.append(writer.notices.is_paused)
        writer.notices.resume(now=NOW + HOUR)
        assert [*states, writer.notices.is_paused] == [False, True, False]
        assert [one.since for one in writer.notices.list_subscribers()] == [NOW + HOUR]
    assert causes(store) == []


def test_a_backup_is_paused_and_its_original_is_not(tmp_path: Path) -> None:
    with closing(migrated_store(tmp_path / "store.db")) as store:
        store.back_up(tmp_path / "copy.db")
        with closing(Store(f"sqlite:///{tmp_path / 'copy.db'}")) as copy, copy.read() as snapshot:
            assert snapshot.notices.is_paused
        with store.read() as snapshot:
            assert not snapshot.notices.is_paused
