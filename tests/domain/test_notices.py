import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories import make_entry, make_launch_entry, make_stored
from webapp.domain.changes import Change, ChangeKind
from webapp.domain.launch import LaunchDetail, LaunchStatus
from webapp.domain.notices import (
    Choices,
    Lead,
    NoticeKind,
    QuietHours,
    change_expires_at,
    is_reminded,
    is_reminder_due,
    notice_kind_of,
    start_of,
)

START = datetime(2026, 3, 14, 7, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
STORED = make_stored(revision=1)
GO, TO_BE_DETERMINED, SUCCESS, ON_HOLD, IN_FLIGHT, TO_BE_CONFIRMED = (
    LaunchStatus(number, "", "") for number in (1, 2, 3, 5, 6, 8)
)


def status_change(old: LaunchStatus, new: LaunchStatus) -> Change:
    return Change(ChangeKind.STATUS, old_status=old, new_status=new)


def test_each_change_kind_is_told_as_one_kind_or_not_at_all() -> None:
    told = {kind: notice_kind_of(Change(kind)) for kind in ChangeKind}
    assert told == {
        ChangeKind.ADDED: NoticeKind.ADDED,
        ChangeKind.RETURNED: NoticeKind.MOVES,
        ChangeKind.STATUS: None,
        ChangeKind.SLIPPED: NoticeKind.MOVES,
        ChangeKind.REFINED: NoticeKind.MOVES,
        ChangeKind.VAGUER: NoticeKind.MOVES,
        ChangeKind.ADJUSTED: None,
        ChangeKind.RENAMED: None,
        ChangeKind.WEBCAST_ADDED: NoticeKind.WEBCAST,
        ChangeKind.GONE_LIVE: NoticeKind.LIVE,
        ChangeKind.ENDED: None,
        ChangeKind.EDITED: None,
        ChangeKind.WITHDRAWN: NoticeKind.MOVES,
    }


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (GO, SUCCESS, NoticeKind.OUTCOME),
        (IN_FLIGHT, SUCCESS, NoticeKind.OUTCOME),
        (GO, IN_FLIGHT, NoticeKind.LIVE),
        (GO, ON_HOLD, NoticeKind.MOVES),
        (ON_HOLD, GO, NoticeKind.MOVES),
        (GO, TO_BE_CONFIRMED, NoticeKind.MOVES),
        (GO, TO_BE_DETERMINED, NoticeKind.MOVES),
        (TO_BE_DETERMINED, TO_BE_CONFIRMED, None),
        (TO_BE_CONFIRMED, GO, None),
    ],
)
def test_a_status_is_told_by_what_it_means(old: LaunchStatus, new: LaunchStatus, kind: NoticeKind | None) -> None:
    assert notice_kind_of(status_change(old, new)) is kind


@pytest.mark.parametrize(
    ("text", "moment", "end"),
    [
        ("22:00-07:00", "2026-03-14T20:59+00:00", "2026-03-14T20:59+00:00"),
        ("22:00-07:00", "2026-03-14T21:00+00:00", "2026-03-15T06:00+00:00"),
        ("22:00-07:00", "2026-03-15T05:59+00:00", "2026-03-15T06:00+00:00"),
        ("22:00-07:00", "2026-03-15T06:00+00:00", "2026-03-15T06:00+00:00"),
        ("13:00-14:30", "2026-03-14T12:10+00:00", "2026-03-14T13:30+00:00"),
        ("13:00-14:30", "2026-03-14T11:59+00:00", "2026-03-14T11:59+00:00"),
        # The clocks go forward at 02:00 on 29 March, and back at 03:00 on 25 October.
        ("22:00-07:00", "2026-03-28T22:00+00:00", "2026-03-29T05:00+00:00"),
        ("22:00-07:00", "2026-10-24T21:00+00:00", "2026-10-25T06:00+00:00"),
    ],
)
def test_quiet_hours_end_by_the_readers_clock(text: str, moment: str, end: str) -> None:
    choices = Choices(zone=BERLIN, quiet=QuietHours.parse(text))
    assert choices.send_at(datetime.fromisoformat(moment)) == datetime.fromisoformat(end)


def test_without_quiet_hours_all_is_sent_at_once() -> None:
    assert Choices().send_at(START) == START


def test_quiet_hours_are_read_and_written_alike() -> None:
    assert QuietHours.parse("22:00-07:30") == QuietHours(time(22), time(7, 30))
    assert str(QuietHours.parse("22:00-07:30")) == "22:00-07:30"


@pytest.mark.parametrize("text", ["", "22:00", "24:00-07:00", "22:00-22:00", "22:60-07:00", "22-7", "22:00-07:00\n"])
def test_what_are_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        QuietHours.parse(text)


@pytest.mark.parametrize("lead", Lead)
def test_a_reminder_is_due_from_its_lead_until_the_entry_begins(lead: Lead) -> None:
    due_at = START - lead.length
    one_second = timedelta(seconds=1)
    moments = (due_at - one_second, due_at, START - one_second, START)
    assert [is_reminder_due(STORED, lead, now, since=LONG_AGO) for now in moments] == [False, True, True, False]


@pytest.mark.parametrize("precision_id", [None, *range(17)])
def test_only_dates_known_to_the_hour_have_a_start(precision_id: int | None) -> None:
    stored = replace(STORED, entry=make_entry(precision_id=precision_id))
    starts = {0: START.replace(second=53), 1: START, 2: START.replace(minute=0)}
    assert start_of(stored) == (None if precision_id is None else starts.get(precision_id))


def test_what_is_off_has_no_start() -> None:
    assert start_of(replace(STORED, withdrawn_at=START)) is None
    assert start_of(replace(STORED, entry=make_entry(date=None))) is None
    starts = {
        status.id: start_of(make_stored(make_launch_entry(LaunchDetail(status=status))))
        for status in (GO, TO_BE_DETERMINED, SUCCESS, ON_HOLD, IN_FLIGHT, TO_BE_CONFIRMED)
    }
    assert starts == {1: START, 2: None, 3: None, 5: None, 6: None, 8: START}


def test_one_who_comes_late_is_not_reminded_of_what_was_due_before() -> None:
    now, due_at = START - timedelta(hours=3), START - timedelta(days=1)
    unchanged = replace(STORED, changed_at=LONG_AGO)
    assert not is_reminder_due(unchanged, Lead.DAY, now, since=due_at)
    assert is_reminder_due(unchanged, Lead.DAY, now, since=due_at - timedelta(seconds=1))
    moved = replace(STORED, changed_at=now)
    assert is_reminder_due(moved, Lead.DAY, now, since=due_at)


def test_what_an_import_finds_is_no_reason_to_remind_late() -> None:
    now, due_at = START - timedelta(hours=3), START - timedelta(days=1)
    found = replace(STORED, revision=0, first_seen=due_at, changed_at=now)
    assert not is_reminder_due(found, Lead.DAY, now, since=LONG_AGO)
    assert is_reminder_due(replace(found, first_seen=LONG_AGO), Lead.DAY, now, since=LONG_AGO)


def test_a_countdown_that_moves_by_minutes_is_reminded_of_once() -> None:
    told = [START, START + timedelta(days=1)]
    assert is_reminded(START + timedelta(minutes=9), told)
    assert is_reminded(START - timedelta(minutes=9), told)
    assert not is_reminded(START + timedelta(minutes=10), told)
    assert not is_reminded(START + timedelta(days=2), told)


def test_no_notice_outlives_its_entry() -> None:
    now = START - timedelta(hours=2)
    a_day = now + timedelta(days=1)
    assert change_expires_at(STORED, [NoticeKind.MOVES], now) == START + timedelta(minutes=1)
    assert change_expires_at(STORED, [NoticeKind.LIVE], now) == START + timedelta(hours=1)
    assert change_expires_at(STORED, [NoticeKind.LIVE, NoticeKind.OUTCOME], now) == a_day
    assert change_expires_at(replace(STORED, withdrawn_at=now), [NoticeKind.MOVES], now) == a_day
    vague = replace(STORED, entry=make_entry(precision_id=14))
    assert change_expires_at(vague, [NoticeKind.ADDED], now) == a_day
