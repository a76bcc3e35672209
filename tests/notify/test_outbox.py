"""The outbox: who is told what, when, and how often. The known failures of others stand here by name."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.clock import NOW
from tests.notify.stage import Stage, event, launch, with_status
from webapp.domain.notices import Choices, Lead, NoticeKind, QuietHours
from webapp.notify.channels import Gone, Message, Retry, retry_after
from webapp.notify.outbox import LONGEST_RETRY
from webapp.store import Channel, Subscription
from webapp.sync.lease import LeaseLostError

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = NOW + 6 * HOUR
REMINDED = Choices(kinds=frozenset(), lead=Lead.HOUR)
ALL_AND_REMINDED = Choices(lead=Lead.HOUR)


def titles(messages: list[Message]) -> list[str]:
    return [message.title for message in messages]


def test_a_change_is_told_once_in_the_words_of_the_page(stage: Stage) -> None:
    stage.receive(event())
    stage.subscribe(choices=Choices(zone=ZoneInfo("Europe/Berlin")))
    assert stage.settle() == []
    stage.receive(event(date=START + DAY))
    (told,) = stage.settle()
    assert told.title == "Docking 1 moved later"
    assert told.body == ("Delayed by 1 d, from 1 March 2026, 16:30 CET to 2 March 2026, 16:30 CET (first date change).")
    assert (told.url, told.tag, told.kind) == ("https://space.example/events/1", "event-1", "moves")
    assert told.item == {
        "id": "perigee:change:2",
        "url": "https://space.example/events/1",
        "title": told.title,
        "content_text": told.body,
        "date_published": "2026-03-01T09:30:00Z",
        "tags": ["moves"],
        "_perigee": {
            "changes": [{"number": 2, "kind": "slipped", "seen_at": "2026-03-01T09:30:00Z"}],
            "event_id": 1,
            "name": "Docking 1",
            "date": "2026-03-02T15:30:00Z",
            "date_words": "2 March 2026, 15:30 UTC",
            "precision": 1,
        },
    }
    assert stage.run(3 * DAY, step=HOUR) == []


def test_only_what_was_asked_for_is_told(stage: Stage) -> None:
    stage.subscribe("docking 2", "?id=2")
    stage.subscribe("spacewalks", "?type__ids=3")
    stage.subscribe("launches", "?kind=launch")
    stage.subscribe("outcomes", choices=Choices(kinds=frozenset({NoticeKind.OUTCOME})))
    stage.subscribe("everything")
    stage.receive(event(1), event(2), launch(1))
    stage.settle()
    told = {name: [message.tag for who, message in stage.sender.sent if who == name] for name, _ in stage.sender.sent}
    a_launch = f"launch-{launch(1).key.source_id}"
    assert told == {
        "docking 2": ["event-2"],
        "launches": [a_launch],
        "everything": ["event-1", "event-2", a_launch],
    }


def test_whoever_comes_is_told_nothing_of_the_past(stage: Stage) -> None:
    stage.receive(event(), launch())
    stage.receive(event(date=START + DAY))
    stage.subscribe(choices=ALL_AND_REMINDED)
    assert stage.settle() == []


def test_a_reminder_for_a_time_that_no_longer_holds_is_never_sent(stage: Stage) -> None:
    stage.receive(launch())
    stage.subscribe(choices=REMINDED)
    stage.run_until(START - HOUR - MINUTE)
    # Silently, since nobody asked for moves; then back to vagueness, on hold, and withdrawn.
    stage.receive(launch(date=START + 3 * HOUR))
    assert stage.run_until(START + HOUR) == []
    stage.receive(launch(date=START + 3 * HOUR, precision_id=5))
    assert stage.run_until(START + 2 * HOUR + MINUTE) == []
    stage.receive(with_status(launch(date=START + 3 * HOUR), 5))
    assert stage.run_until(START + 2 * HOUR + 10 * MINUTE) == []
    stage.receive(launch(date=START + 3 * HOUR))
    (told,) = stage.run_until(START + 4 * HOUR)
    assert (told.title, told.body) == ("Carrier | Flight 1 in 49 min", "1 March 2026, 18:30 UTC.")


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_a_reminder_that_waits_is_checked_again_when_it_is_sent(stage: Stage, *, is_withdrawn: bool) -> None:
    stage.receive(launch())
    stage.subscribe(choices=replace(REMINDED, quiet=QuietHours.parse("14:00-14:50")))
    assert stage.run_until(START - HOUR + 5 * MINUTE) == []
    if is_withdrawn:
        with stage.store.write() as writer:
            writer.withdraw(launch().key, now=stage.clock.now)
    told = stage.run_until(START)
    assert titles(told) == ([] if is_withdrawn else ["Carrier | Flight 1 in 40 min"])


def test_a_reminder_is_never_sent_late(stage: Stage) -> None:
    stage.receive(launch())
    stage.subscribe(choices=REMINDED)
    stage.run_until(START - HOUR - MINUTE)
    stage.sender.outcomes += [Retry("status 503", timedelta(hours=2))]
    assert stage.run_until(START + 3 * HOUR) == []


def test_a_slip_of_exactly_24_hours_is_told_and_reminded_of(stage: Stage) -> None:
    stage.receive(launch())
    stage.subscribe(choices=replace(ALL_AND_REMINDED, lead=Lead.DAY))
    stage.receive(launch(date=START + DAY))
    assert titles(stage.run_until(START)) == ["Carrier | Flight 1 moved later", "Carrier | Flight 1 in 1 d"]
    stage.receive(launch(date=START + 2 * DAY))
    (moved, reminder) = stage.run_until(START + DAY)
    assert (moved.title, moved.body) == (
        "Carrier | Flight 1 moved later",
        "Delayed by 1 d, from 2 March 2026, 15:30 UTC to 3 March 2026, 15:30 UTC (second date change, second scrub).",
    )
    assert reminder.title == "Carrier | Flight 1 in 1 d"


def test_six_notices_for_one_launch_are_one(stage: Stage) -> None:
    stage.receive(launch())
    stage.subscribe(choices=ALL_AND_REMINDED)
    stage.run_until(START - HOUR)
    sent = len(stage.sender.sent)
    assert sent == 1
    # A countdown that moves by minutes is adjusted, and nobody is told again.
    for minutes in (2, 5, 8, 3, 6, 9):
        stage.receive(launch(date=START + minutes * MINUTE))
        stage.run(MINUTE)
    assert len(stage.sender.sent) == sent
    # All that one sync brings about a launch is one notice, and so is what waits through the quiet hours.
    stage.receive(with_status(launch(date=START + 2 * DAY, webcast_live=True), 6))
    assert len(stage.run(5 * MINUTE)) == 1


def test_what_happens_in_quiet_hours_is_one_notice_of_how_things_stand_then(stage: Stage) -> None:
    stage.receive(launch(date=START + 3 * DAY))
    stage.subscribe(choices=Choices(quiet=QuietHours.parse("22:00-07:00"), zone=ZoneInfo("Europe/Berlin")))
    stage.run_until(NOW.replace(hour=22, minute=0))
    for hours in (1, 30, 40):
        stage.receive(launch(date=START + 3 * DAY + hours * HOUR))
        stage.run(HOUR)
    assert stage.sender.sent == []
    (told,) = stage.run_until(NOW.replace(day=2, hour=12))
    assert told.body == (
        "Delayed by 1 d 16 h, from 4 March 2026, 16:30 CET to 6 March 2026, 08:30 CET (third date change)."
    )


def test_what_an_outage_brings_into_quiet_hours_waits_until_they_end(stage: Stage) -> None:
    stage.receive(event())
    stage.subscribe(choices=Choices(quiet=QuietHours.parse("10:00-16:00")))
    stage.sender.outcomes += [Retry("status 503")] * 2
    stage.receive(event(date=START + DAY))
    assert stage.run_until(NOW.replace(hour=15, minute=59)) == []
    assert len(stage.run_until(NOW.replace(hour=16, minute=1))) == 1


def test_what_was_taken_back_before_it_was_told_is_told_to_nobody(stage: Stage) -> None:
    stage.receive(launch(date=START + 3 * DAY))
    stage.subscribe(choices=Choices(quiet=QuietHours.parse("09:00-12:00")))
    stage.receive(launch(date=START + 5 * DAY))
    stage.run(HOUR)
    stage.receive(launch(date=START + 3 * DAY))
    assert stage.run(6 * HOUR, step=10 * MINUTE) == []


def test_a_reminder_comes_where_the_notice_that_stood_for_it_was_taken_back(stage: Stage) -> None:
    stage.receive(event(date=NOW + 90 * MINUTE))
    stage.subscribe(choices=ALL_AND_REMINDED)
    stage.sender.outcomes.append(Retry("status 503", 50 * MINUTE))
    stage.receive(event(2, date=START + DAY))
    stage.settle()
    stage.receive(event(date=NOW + 50 * MINUTE))
    stage.run(32 * MINUTE)
    stage.receive(event(date=NOW + 90 * MINUTE))
    assert [message.kind for message in stage.run(40 * MINUTE)] == ["added", "reminder"]


def test_whoever_asked_for_launches_that_are_go_hears_of_a_hold_and_is_not_reminded(stage: Stage) -> None:
    stage.receive(launch(), launch(2, status=8))
    stage.subscribe(query="?status__ids=1", choices=ALL_AND_REMINDED)
    stage.subscribe("others", "?status__ids=8", ALL_AND_REMINDED)
    stage.receive(launch(status=5))
    assert [message.title for message in stage.settle()] == ["Carrier | Flight 1: On hold"]
    stage.receive(launch(status=8))
    stage.settle()
    assert [name for name, message in stage.sender.sent if message.kind == "reminder"] == []
    stage.run(6 * HOUR)
    assert {name for name, message in stage.sender.sent if message.kind == "reminder"} == {"others"}


def test_more_than_five_in_one_sync_become_one_digest(stage: Stage) -> None:
    stage.subscribe("all", choices=ALL_AND_REMINDED)
    stage.receive(*(event(number) for number in range(1, 6)))
    assert len(stage.settle()) == 5
    stage.receive(*(event(number, date=START + DAY) for number in range(1, 6)), event(6))
    (told,) = stage.settle()
    assert (told.title, told.kind, told.url) == ("6 entries have changed", "digest", "https://space.example/changes")
    assert told.body.splitlines() == [
        "New: Docking 6",
        *(f"Docking {number} moved later" for number in range(1, 5)),
        "And 1 more.",
    ]


def test_there_is_no_storm_at_first_import(stage: Stage) -> None:
    with stage.store.write() as writer:
        writer.update_progress(event().key.kind, imported_at=None)
    stage.subscribe(choices=replace(ALL_AND_REMINDED, lead=Lead.DAY))
    stage.settle()
    stage.receive(*(event(number) for number in range(1, 40)))
    assert stage.run(HOUR) == []
    # Nor for a kind that is read for the first time: what it finds was there before.
    with stage.store.write() as writer:
        writer.update_progress(launch().key.kind, imported_at=None, history_at=None)
    stage.receive(*(launch(number) for number in range(1, 40)))
    assert stage.run(HOUR) == []


def test_there_is_no_storm_after_an_upgrade_or_a_long_rest(stage: Stage) -> None:
    stage.subscribe(choices=ALL_AND_REMINDED)
    stage.settle()
    stage.receive(*(event(number, date=START + 9 * DAY) for number in range(1, 40)))
    stage.clock.advance(DAY + MINUTE)
    stage.start()
    assert stage.settle() == []


def test_a_copy_sends_nothing_until_it_is_resumed(stage: Stage) -> None:
    stage.receive(event())
    stage.subscribe(choices=ALL_AND_REMINDED)
    stage.settle()
    with stage.store.write() as writer:
        writer.notices.pause()
    stage.receive(event(date=START + 2 * HOUR))
    assert stage.run_until(START + HOUR + 5 * MINUTE) == []
    with stage.store.write() as writer:
        writer.notices.resume(now=stage.clock.now)
    assert stage.run(10 * MINUTE) == []
    stage.receive(event(date=START + DAY))
    assert titles(stage.settle()) == ["Docking 1 moved later"]


def test_rules_are_subscribers_that_come_and_go_with_the_file(stage: Stage) -> None:
    stage.rules = [Subscription(Channel.TARGET, name, "", Choices()) for name in ("club", "mail")]
    stage.start()
    stage.settle()
    stage.receive(event())
    stage.settle()
    assert [name for name, _ in stage.sender.sent] == ["club", "mail"]
    stage.rules = stage.rules[:1]
    stage.start()
    stage.receive(event(date=START + DAY))
    stage.settle()
    assert [name for name, _ in stage.sender.sent][2:] == ["club"]


def test_an_hour_of_outage_loses_nobody(stage: Stage) -> None:
    stage.receive(event())
    stage.subscribe()
    stage.settle()
    stage.receive(event(date=START + 2 * DAY))
    stage.sender.outcomes += [Retry("status 503")] * 6
    assert stage.run(timedelta(minutes=62)) == []
    assert titles(stage.run(2 * MINUTE)) == ["Docking 1 moved later"]
    assert stage.run(HOUR) == []


def test_a_receiver_that_fails_is_tried_after_1_2_4_minutes_for_a_day(stage: Stage) -> None:
    stage.rules = [Subscription(Channel.TARGET, "club", "", Choices())]
    stage.receive(event(date=START + 9 * DAY))
    stage.settle()
    began = stage.clock.now
    stage.receive(event(date=START + 10 * DAY))
    stage.sender.outcomes += [Retry("status 500")] * 99
    stage.settle()
    for tries, minutes in enumerate((1, 3, 7, 15, 31, 63, 127, 255, 511, 1023), start=2):
        for at in (-1, 0, 1):
            stage.clock.now = began + minutes * MINUTE + timedelta(seconds=at)
            stage.settle()
            assert 99 - len(stage.sender.outcomes) == (tries - 1 if at < 0 else tries)
    stage.clock.now = began + 3 * DAY
    assert stage.settle() == []
    with stage.store.read() as snapshot:
        (rule,) = snapshot.notices.list_subscribers()
        assert (rule.failures, rule.fault, rule.failing_since) == (11, "status 500", began)


def test_who_asks_to_wait_is_left_alone_for_a_day_at_most() -> None:
    asked = (timedelta(seconds=5), 7 * MINUTE, 9 * DAY, None)
    waits = [retry_after(2, Retry("", wait)) for wait in asked]
    assert waits == [MINUTE, 7 * MINUTE, DAY, 4 * MINUTE]


def test_after_a_long_outage_a_browser_waits_an_hour_at_most_and_a_rule_longer() -> None:
    waits = {channel: retry_after(9, Retry(""), longest) for channel, longest in LONGEST_RETRY.items()}
    assert waits == {Channel.PUSH: 60 * MINUTE, Channel.TARGET: 512 * MINUTE}


def test_a_browser_that_is_gone_is_forgotten_and_a_rule_stays(stage: Stage) -> None:
    stage.rules = [Subscription(Channel.TARGET, "club", "", Choices())]
    stage.settle()
    stage.subscribe("browser")
    stage.receive(event())
    stage.sender.outcomes += [Gone("status 410")] * 2
    stage.settle()
    with stage.store.read() as snapshot:
        (left,) = snapshot.notices.list_subscribers()
    assert (left.subscription.name, left.fault) == ("club", "status 410")


def test_what_was_sent_and_not_noted_is_sent_again_under_the_same_id(stage: Stage) -> None:
    stage.subscribe()
    outbox = stage.start()
    stage.settle()
    stage.receive(event())
    stage.lease.release()
    assert not outbox.step()
    assert stage.lease.hold()
    real = stage.lease.write
    writes = 0

    def write_until_it_was_sent():  # type: ignore[no-untyped-def]
        nonlocal writes
        writes += 1
        if stage.sender.sent:
            raise LeaseLostError("another process has taken over syncing")
        return real()

    outbox._write = write_until_it_was_sent  # noqa: SLF001 - where the process is killed
    with pytest.raises(LeaseLostError):
        [outbox.step() for _ in range(9)]
    stage.start()
    (again,) = stage.settle()
    ((_, first), _) = stage.sender.sent
    assert (again.item["id"], again.tag) == (first.item["id"], first.tag)


def test_whoever_lacks_the_lease_sends_nothing(stage: Stage) -> None:
    stage.subscribe()
    stage.receive(event())
    outbox = stage.start()
    stage.lease.release()
    assert not outbox.step()
    assert stage.sender.sent == []


def test_a_sender_with_a_fault_of_its_own_is_a_failure_like_others(stage: Stage) -> None:
    stage.subscribe()
    stage.settle()
    stage.receive(event())
    stage.sender.outcomes = None  # type: ignore[assignment]
    stage.sender.sent = None  # type: ignore[assignment]
    outbox = stage.outbox
    assert outbox is not None
    [outbox.step() for _ in range(3)]
    with stage.store.read() as snapshot:
        (known,) = snapshot.notices.list_subscribers()
    assert known.fault == "a bug in Perigee (AttributeError)"
