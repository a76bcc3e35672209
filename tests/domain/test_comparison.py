from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import dates, make_entry, make_webcast, precision_ids
from tests.whole_entry import WHOLE_LAUNCH
from webapp.domain.changes import Change, ChangeKind, Direction, KnownDate, shift_between
from webapp.domain.comparison import compare
from webapp.domain.entry import (
    Agency,
    CrewMember,
    Entry,
    EventDetail,
    EventType,
    Link,
    Picture,
    Program,
    Station,
    Update,
)
from webapp.domain.launch import LaunchStatus, LaunchWindow, Rocket

K = ChangeKind
SECOND, MINUTE, HOUR, MORNING, DAY, WEEK, MONTH, Q1, YEAR = 0, 1, 2, 3, 5, 6, 7, 8, 14
PICTURE = Picture("https://a.example/1.png", None, "A", "B", None, single_use=False)


def at(text: str | None, precision_id: int | None) -> KnownDate:
    return KnownDate(None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC), precision_id)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (at("2026-10-03T14:00", MINUTE), at("2026-10-05T09:30", MINUTE), K.SLIPPED),
        (at("2026-10-03T14:00", MINUTE), at("2026-10-03T14:00:30", MINUTE), None),
        (at("2026-10-03T14:00", MINUTE), at("2026-10-03T14:00:30", SECOND), K.REFINED),
        (at("2026-10-03T14:00:30", SECOND), at("2026-10-03T14:00", MINUTE), K.VAGUER),
        (at("2026-10-03T14:20", MINUTE), at("2026-10-03T14:00", HOUR), K.VAGUER),
        (at("2026-10-03T14:20", MINUTE), at("2026-10-03T15:00", HOUR), K.SLIPPED),
        (at("2026-10-03T00:00", DAY), at("2026-10-03T23:59", MINUTE), K.REFINED),
        (at("2026-10-03T00:00", DAY), at("2026-10-04T00:00", MINUTE), K.SLIPPED),
        (at("2026-10-03T00:00", MORNING), at("2026-10-03T00:00", DAY), None),
        (at("2026-10-31T00:00", MONTH), at("2026-10-31T00:00", DAY), K.REFINED),
        (at("2026-10-31T00:00", MONTH), at("2026-11-01T00:00", DAY), K.SLIPPED),
        (at("2026-10-31T00:00", MONTH), at("2026-11-30T00:00", MONTH), K.SLIPPED),
        (at("2026-10-31T00:00", MONTH), at("2026-10-01T00:00", MONTH), None),
        (at("2026-09-30T00:00", WEEK), at("2026-09-30T00:00", MONTH), K.SLIPPED),
        (at("2026-12-31T00:00", YEAR), at("2026-03-31T00:00", Q1), K.REFINED),
        (at("2026-03-31T00:00", Q1), at("2026-12-31T00:00", YEAR), K.VAGUER),
        (at(None, None), at("2026-12-31T00:00", YEAR), K.REFINED),
        (at("2026-12-31T00:00", YEAR), at(None, None), K.VAGUER),
        (at(None, MONTH), at(None, DAY), None),
    ],
)
def test_a_date_slips_or_is_known_more_or_less_exactly(before: KnownDate, after: KnownDate, kind: K | None) -> None:
    found = compare(
        make_entry(date=before.date, precision_id=before.precision_id),
        make_entry(date=after.date, precision_id=after.precision_id),
    )
    reported = [change for change in found if change.kind is not K.EDITED]
    assert reported == ([] if kind is None else [Change(kind, before, after)])


def test_where_only_the_words_of_a_date_differ_it_was_edited() -> None:
    day = datetime(2026, 10, 3, tzinfo=UTC)
    before, after = make_entry(date=day, precision_id=MORNING), make_entry(date=day, precision_id=DAY)
    assert compare(before, after) == (Change(K.EDITED, fields=("date",)),)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "Meridian 2"}, [Change(K.RENAMED, old_name="Meridian 1 Docking", new_name="Meridian 2")]),
        ({"name": "Meridian 2", "slug": "meridian-2"}, [
            Change(K.RENAMED, old_name="Meridian 1 Docking", new_name="Meridian 2"),
        ]),
        ({"slug": "other"}, [Change(K.EDITED, fields=("slug",))]),
        ({"webcast_live": True}, [Change(K.GONE_LIVE)]),
        ({"description": "New.", "location": "Moon"}, [Change(K.EDITED, fields=("description", "location"))]),
        ({"detail": EventDetail(duration="PT1H"), "picture": PICTURE}, []),
        ({"detail": EventDetail(crew=(CrewMember(1, "A", "B"),), stations=(Station(1, "S", "Low"),))}, [
            Change(K.EDITED, fields=("stations", "crew")),
        ]),
        ({"type": EventType(3, "EVA")}, [Change(K.EDITED, fields=("type",))]),
        ({"agencies": (Agency(1, "A", "a"),), "programs": (Program(1, "P"),)}, [
            Change(K.EDITED, fields=("agencies", "programs")),
        ]),
        ({"last_updated": datetime(2026, 1, 1, tzinfo=UTC)}, []),
    ],
)  # fmt: skip
def test_what_a_reader_sees_is_a_change(changes: dict[str, Any], expected: list[Change]) -> None:
    assert list(compare(make_entry(), make_entry(**changes))) == expected


def test_it_ends_when_it_is_no_longer_live() -> None:
    assert compare(make_entry(webcast_live=True), make_entry()) == (Change(K.ENDED),)


def test_webcasts_are_known_by_their_addresses() -> None:
    one, two = make_webcast(url="https://a.example/1"), make_webcast(url="https://b.example/2")
    assert compare(make_entry(webcasts=(one,)), make_entry(webcasts=(two, one))) == (
        Change(K.WEBCAST_ADDED, urls=("https://b.example/2",)),
    )
    edited = (Change(K.EDITED, fields=("webcasts",)),)
    assert compare(make_entry(webcasts=(one, two)), make_entry(webcasts=(one,))) == edited
    assert compare(make_entry(webcasts=(one,)), make_entry(webcasts=(replace(one, title="Other"),))) == edited
    live = replace(one, live=True)
    assert compare(make_entry(webcasts=(one,)), make_entry(webcasts=(live,), webcast_live=True)) == (
        Change(K.GONE_LIVE),
    )
    assert compare(make_entry(webcasts=(one,)), make_entry(webcasts=(live,))) == edited


def test_the_order_of_lists_and_where_lines_break_are_no_change() -> None:
    link = Link("https://a.example/", "A", "", "a.example", "", "", 1)
    update = Update(1, "First", "A", None, None)
    lists = {
        "webcasts": (make_webcast(url="https://a.example/1"), make_webcast(url="https://b.example/2")),
        "links": (link, replace(link, url="https://b.example/")),
        "updates": (update, replace(update, id=2, comment="First\nof all")),
        "agencies": (Agency(1, "A", "a"), Agency(2, "B", "b")),
        "programs": (Program(1, "P"), Program(2, "Q")),
    }
    before = make_entry(description="Two words.\n", **lists)
    turned = {name: parts[::-1] for name, parts in lists.items()}
    turned["updates"] = (replace(update, id=2, comment="First of all"), update)
    assert compare(before, make_entry(description=" Two\n\nwords.", **turned)) == ()


DATE = datetime(2026, 3, 14, 7, 12, tzinfo=UTC)
LAUNCH = replace(WHOLE_LAUNCH, date=DATE, precision_id=MINUTE)
MOVED_WINDOW = LaunchWindow(DATE + timedelta(days=1), DATE + timedelta(days=1, hours=2))


def launch(**changes: Any) -> Entry:
    """Give the launch with these fields of its detail changed."""
    return replace(LAUNCH, detail=replace(LAUNCH.detail, **changes))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"status": LaunchStatus(1, "Another name", "Another")}, ()),
        ({"window": None}, ("window",)),
        ({"rocket": Rocket(9, "Other", "Carrier 2", ("Others",))}, ()),
        ({"rocket": None, "mission": None}, ("rocket", "mission")),
        ({"designator": ""}, ()),
        ({"pad": None, "patches": ()}, ("pad", "patches")),
        ({"probability": None, "weather_concerns": ""}, ("probability", "weather_concerns")),
        ({"outcome_reason": " It did\nnot  ignite."}, ()),
        ({"outcome_reason": "It exploded.", "timeline": ()}, ("outcome_reason", "timeline")),
        ({"provider_id": None}, ("provider_id",)),
    ],
)
def test_what_a_reader_sees_of_a_launch_is_a_change(changes: dict[str, Any], fields: tuple[str, ...]) -> None:
    expected = [Change(K.EDITED, fields=fields)] if fields else []
    assert list(compare(LAUNCH, launch(**changes))) == expected
    assert list(compare(launch(**changes), LAUNCH)) == expected


@pytest.mark.parametrize("precision_id", [SECOND, MINUTE, HOUR, DAY, MONTH, None])
def test_a_window_that_moves_with_its_date_is_no_change_of_its_own(precision_id: int | None) -> None:
    before = replace(LAUNCH, precision_id=precision_id)
    after = replace(launch(window=MOVED_WINDOW), precision_id=precision_id, date=datetime(2026, 5, 15, tzinfo=UTC))
    assert [change.kind for change in compare(before, after)] == [K.SLIPPED]


@pytest.mark.parametrize(
    ("precision_id", "kinds"), [(SECOND, [K.EDITED]), (HOUR, [K.EDITED]), (DAY, []), (MONTH, []), (None, [])]
)
def test_a_window_alone_is_a_change_beside_a_clock_time(precision_id: int | None, kinds: list[K]) -> None:
    before, after = (replace(one, precision_id=precision_id) for one in (LAUNCH, launch(window=MOVED_WINDOW)))
    assert [change.kind for change in compare(before, after)] == kinds


def test_a_date_within_its_window_still_slips() -> None:
    later = replace(LAUNCH, date=datetime(2026, 3, 14, 7, 30, tzinfo=UTC))
    (change,) = compare(LAUNCH, later)
    assert (change.kind, change.before, change.after) == (
        K.SLIPPED,
        at("2026-03-14T07:12", MINUTE),
        at("2026-03-14T07:30", MINUTE),
    )


KNOWN_DATES = st.builds(KnownDate, st.none() | dates(), precision_ids())


@given(KNOWN_DATES, KNOWN_DATES)
def test_turned_round_more_exact_is_less_exact_and_later_is_earlier(one: KnownDate, two: KnownDate) -> None:
    def change(before: KnownDate, after: KnownDate) -> Change | None:
        events = (make_entry(date=known.date, precision_id=known.precision_id) for known in (before, after))
        found = [change for change in compare(*events) if change.kind is not K.EDITED]
        assert len(found) <= 1
        return found[0] if found else None

    there, back = change(one, two), change(two, one)
    turned = {K.REFINED: K.VAGUER, K.VAGUER: K.REFINED, K.SLIPPED: K.SLIPPED}
    assert (there and turned[there.kind]) == (back and back.kind)
    assert change(one, one) is None
    if there is not None and there.kind is K.SLIPPED:
        to, fro = shift_between(one, two), shift_between(two, one)
        assert to is not None
        assert fro is not None
        assert {to.direction, fro.direction} == {Direction.LATER, Direction.EARLIER}
        assert replace(to, direction=fro.direction) == fro


def test_a_status_that_reads_otherwise_is_a_change_with_both() -> None:
    go, hold = LaunchStatus(1, "Go for Launch", "Go"), LaunchStatus(5, "On Hold", "Hold")
    held = compare(launch(status=go), launch(status=hold))
    assert held == (Change(K.STATUS, old_status=go, new_status=hold),)
    assert compare(launch(status=hold), launch(status=go)) == (Change(K.STATUS, old_status=hold, new_status=go),)
    assert compare(launch(status=None), launch(status=go)) == compare(launch(status=go), launch(status=None)) == ()


GO, FLYING, FLOWN = (LaunchStatus(id_, "", "") for id_ in (1, 6, 3))


def moved(status: LaunchStatus, precision_id: int = MINUTE, **by: float) -> Entry:
    """Give the launch on this day at 07:12 and so much, with this status."""
    return replace(launch(status=status, window=None), date=DATE + timedelta(**by), precision_id=precision_id)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (moved(GO), moved(GO, minutes=9, seconds=59), K.ADJUSTED),
        (moved(GO), moved(GO, minutes=-9), K.ADJUSTED),
        (moved(GO), moved(GO, minutes=10), K.SLIPPED),
        (moved(GO), moved(GO, precision_id=SECOND), K.REFINED),
        (moved(GO), moved(GO, precision_id=SECOND, seconds=30), K.ADJUSTED),
        (moved(GO, precision_id=HOUR), moved(GO), K.REFINED),
        (moved(GO), moved(GO, precision_id=DAY), K.VAGUER),
        (moved(FLYING), moved(FLYING, precision_id=SECOND), K.ADJUSTED),
        (moved(FLYING), moved(FLOWN, hours=2), K.ADJUSTED),
        (moved(FLYING, precision_id=MONTH), moved(FLOWN), K.REFINED),
        (moved(FLOWN), moved(GO, days=1), K.SLIPPED),
    ],
)
def test_a_launch_that_hardly_moves_or_has_lifted_off_is_adjusted(before: Entry, after: Entry, kind: K) -> None:
    dated = [change.kind for change in compare(before, after) if change.kind is not K.STATUS]
    assert dated == [kind]


def test_an_event_that_moves_by_a_minute_slips() -> None:
    before = make_entry(date=DATE, precision_id=MINUTE)
    assert [one.kind for one in compare(before, replace(before, date=DATE + timedelta(minutes=1)))] == [K.SLIPPED]


def test_what_repeats_a_launch_that_is_over_is_no_webcast_that_was_added() -> None:
    official, repeat, recap = (
        make_webcast(url=f"https://a.example/{kind_id}", kind_id=kind_id) for kind_id in (1, 4, 6)
    )
    ahead, over = (replace(launch(status=status), webcasts=()) for status in (GO, FLOWN))
    everything = (official, repeat, recap)
    assert compare(ahead, replace(ahead, webcasts=everything)) == (
        Change(K.WEBCAST_ADDED, urls=tuple(one.url for one in everything)),
    )
    assert compare(over, replace(over, webcasts=everything)) == (
        Change(K.WEBCAST_ADDED, urls=(official.url,)),
        Change(K.EDITED, fields=("webcasts",)),
    )
