from datetime import UTC, datetime, timedelta

import pytest

from webapp.domain.changes import Change, ChangeKind, KnownDate, StoredChange
from webapp.domain.date_history import Announcement, list_announcements
from webapp.domain.date_ledger import Case, Ending, Lead, Outcome, ending_of, is_held, list_cases
from webapp.domain.launch import LaunchStatus
from webapp.domain.precision import Step

MINUTE, HOUR, DAY, MONTH = 1, 2, 5, 7
GO, SUCCESS = 1, 3
NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=10)
NO_GAPS: list[tuple[datetime, datetime]] = []


def said(since: datetime, date: datetime | None, precision: int = MINUTE, status: int | None = None) -> Announcement:
    return Announcement(since, KnownDate(date, precision), status)


def began(date: datetime, precision: int = MINUTE) -> Ending:
    return Ending(date, KnownDate(date, precision).date_range)


def judged(announced: KnownDate, ending: Ending) -> tuple[Outcome, timedelta | None]:
    (case, *_) = list_cases([Announcement(LONG_AGO, announced)], ending, NO_GAPS)
    return case.outcome, case.error


def leads(cases: list[Case]) -> list[int]:
    return [case.lead.value for case in cases]


def test_a_date_gives_a_case_for_each_lead_since_it_was_first_seen() -> None:
    cases = list_cases([said(NOON - timedelta(days=7), NOON)], began(NOON), NO_GAPS)
    assert [(case.lead, case.crossed_at) for case in cases] == [
        (Lead.HOUR, NOON - timedelta(hours=1)),
        (Lead.DAY, NOON - timedelta(days=1)),
        (Lead.THREE_DAYS, NOON - timedelta(days=3)),
        (Lead.WEEK, NOON - timedelta(days=7)),
    ]
    assert {case.outcome for case in cases} == {Outcome.QUARTER_HOUR}


def test_the_first_crossing_of_a_lead_is_its_case() -> None:
    slipped = NOON + timedelta(days=5)
    history = [said(LONG_AGO, NOON), said(NOON - timedelta(hours=2), slipped)]
    assert [
        (case.lead.value, case.announced.date, case.outcome) for case in list_cases(history, began(slipped), [])
    ] == [
        (1, slipped, Outcome.QUARTER_HOUR),
        (24, NOON, Outcome.WEEK),
        (72, NOON, Outcome.WEEK),
        (168, NOON, Outcome.WEEK),
    ]


def test_a_date_that_is_moved_nearer_jumps_over_a_lead() -> None:
    sooner = NOON - timedelta(days=5)
    history = [said(LONG_AGO, NOON), said(sooner - timedelta(hours=12), sooner)]
    assert leads(list_cases(history, began(sooner), NO_GAPS)) == [1, 168]


def test_what_changes_just_as_a_lead_is_reached_is_judged_as_it_is_then() -> None:
    later = NOON + timedelta(days=1)
    history = [said(LONG_AGO, NOON), said(NOON - timedelta(days=3), later)]
    cases = {case.lead: case.announced.date for case in list_cases(history, began(later), NO_GAPS)}
    assert cases[Lead.THREE_DAYS] == later


def test_what_is_reached_in_a_gap_is_no_case_and_what_is_reached_after_it_may_be() -> None:
    at = NOON - timedelta(days=3)
    history = [said(LONG_AGO, NOON)]
    assert 72 not in leads(list_cases(history, began(NOON), [(at, at + timedelta(hours=9))]))
    assert 72 in leads(list_cases(history, began(NOON), [(at - timedelta(hours=9), at)]))


def test_what_was_withdrawn_then_is_no_case() -> None:
    history = [
        said(LONG_AGO, NOON),
        Announcement(NOON - timedelta(days=2), None),
        said(NOON - timedelta(hours=3), NOON),
    ]
    assert leads(list_cases(history, began(NOON), NO_GAPS)) == [1, 72, 168]


def test_a_launch_that_has_lifted_off_reaches_no_lead() -> None:
    history = [said(LONG_AGO, NOON, status=GO), said(NOON - timedelta(days=2), NOON, status=SUCCESS)]
    assert leads(list_cases(history, began(NOON), NO_GAPS)) == [72, 168]


@pytest.mark.parametrize(
    ("moved", "outcome"),
    [
        (timedelta(minutes=15), Outcome.QUARTER_HOUR), (timedelta(minutes=-15), Outcome.QUARTER_HOUR),
        (timedelta(minutes=16), Outcome.HOUR), (timedelta(hours=-1), Outcome.HOUR), (timedelta(hours=2), Outcome.DAY),
        (timedelta(days=-1), Outcome.DAY), (timedelta(days=7), Outcome.WEEK), (timedelta(days=8), Outcome.LATER),
        (timedelta(days=-8), Outcome.EARLIER),
    ],
)  # fmt: skip
def test_an_outcome_says_within_which_time_it_began(moved: timedelta, outcome: Outcome) -> None:
    assert judged(KnownDate(NOON, MINUTE), began(NOON + moved)) == (outcome, moved)


def test_of_days_no_more_is_told_than_days() -> None:
    day = KnownDate(datetime(2026, 6, 20, tzinfo=UTC), DAY)
    assert judged(day, began(NOON)) == (Outcome.DAY, timedelta(0))
    assert judged(day, began(NOON + timedelta(days=1))) == (Outcome.DAY, timedelta(hours=12))
    assert judged(day, began(NOON - timedelta(days=2))) == (Outcome.WEEK, timedelta(days=-1, hours=-12))
    assert judged(KnownDate(NOON, MINUTE), began(datetime(2026, 6, 20, tzinfo=UTC), DAY)) == (Outcome.DAY, timedelta(0))


def test_a_month_holds_within_a_week_of_it() -> None:
    july = KnownDate(datetime(2026, 7, 31, tzinfo=UTC), MONTH)
    assert judged(july, began(datetime(2026, 7, 2, 9, tzinfo=UTC))) == (Outcome.WEEK, timedelta(0))
    assert judged(july, began(datetime(2026, 8, 20, tzinfo=UTC)))[0] is Outcome.LATER


def test_what_was_withdrawn_is_counted_apart_and_so_is_what_nobody_knows() -> None:
    known = KnownDate(NOON, MINUTE)
    assert judged(known, Ending(NOON, is_withdrawn=True)) == (Outcome.WITHDRAWN, None)
    assert judged(known, Ending(NOON)) == (Outcome.UNKNOWN, None)


def test_how_an_entry_ends() -> None:
    over_at, date = NOON + timedelta(days=1), KnownDate(NOON, MINUTE)
    go, flown = said(LONG_AGO, NOON, status=GO), said(NOON, NOON, status=SUCCESS)
    assert ending_of([said(LONG_AGO, NOON)], date, over_at, is_launch=False) == Ending(over_at, date.date_range)
    month = KnownDate(NOON, MONTH)
    assert ending_of([said(LONG_AGO, NOON, MONTH)], month, over_at, is_launch=False) == Ending(over_at)
    assert ending_of([go], date, over_at, is_launch=True) == Ending(over_at)
    assert ending_of([go, flown], date, over_at, is_launch=True) == Ending(NOON, date.date_range)
    gone = Announcement(NOON, None)
    assert ending_of([go, gone], date, over_at, is_launch=True) == Ending(NOON, is_withdrawn=True)


@pytest.mark.parametrize(
    ("step", "outcome", "held"),
    [
        (Step.SECOND, Outcome.QUARTER_HOUR, True), (Step.MINUTE, Outcome.HOUR, False), (Step.HOUR, Outcome.HOUR, True),
        (Step.DAY, Outcome.DAY, True), (Step.DAY, Outcome.WEEK, False), (Step.QUARTER, Outcome.WEEK, True),
        (Step.MINUTE, Outcome.WITHDRAWN, False), (Step.YEAR, Outcome.LATER, False),
    ],
)  # fmt: skip
def test_a_date_holds_as_finely_as_it_was_announced(step: Step, outcome: Outcome, *, held: bool) -> None:
    assert is_held(step, outcome) is held


def test_the_changes_tell_what_was_announced_when() -> None:
    first, second = KnownDate(NOON, MONTH), KnownDate(NOON, MINUTE)
    go, success = LaunchStatus(GO, "Go for Launch", "Go"), LaunchStatus(SUCCESS, "Success", "Success")
    at = [LONG_AGO + timedelta(hours=hours) for hours in range(5)]
    changes = [
        Change(ChangeKind.REFINED, first, second),
        Change(ChangeKind.WITHDRAWN, before=second),
        Change(ChangeKind.RETURNED, after=second),
        Change(ChangeKind.RENAMED, old_name="A", new_name="B"),
        Change(ChangeKind.STATUS, old_status=go, new_status=success),
    ]
    stored = [StoredChange(number, 1, number, at[number], change) for number, change in enumerate(changes)]
    assert list_announcements(LONG_AGO, second, SUCCESS, stored) == [
        Announcement(LONG_AGO, first, GO),
        Announcement(at[0], second, GO),
        Announcement(at[1], None, GO),
        Announcement(at[2], second, GO),
        Announcement(at[4], second, SUCCESS),
    ]


def test_what_has_not_changed_has_always_been_so() -> None:
    present = KnownDate(NOON, MINUTE)
    assert list_announcements(LONG_AGO, present, None, []) == [Announcement(LONG_AGO, present, None)]
