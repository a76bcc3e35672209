from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.keys import event_key
from tests.site import Site
from webapp.domain.changes import Change, ChangeKind, KnownDate, StoredChange
from webapp.domain.entry import Entry, EntryKey
from webapp.domain.parameters import Span
from webapp.domain.query import Query
from webapp.ll2.parse import parse_event
from webapp.pages.horizon import HorizonCounts, HorizonList, HorizonPage, present_horizon
from webapp.pages.horizon_axis import EDGE, FONT_SIZE, WIDTH, Axis
from webapp.pages.horizon_drawing import MOST_LANES, HorizonMark
from webapp.pages.horizon_geometry import LANE, height_of, lane_tops
from webapp.pages.horizon_lanes import Box, packed
from webapp.pages.text_widths import text_width
from webapp.store import Facets

MakeSite = Callable[..., Site]
INNER = WIDTH - 2 * EDGE


def event(number: int, date: str | None, precision_id: int | None, **more: Any) -> Entry:
    kind = None if precision_id is None else precision(precision_id)
    return parse_event(make_record(number, date=date, date_precision=kind, **more))


def draw(*events: Entry, slips: dict[EntryKey, StoredChange] | None = None, **asked: str) -> HorizonPage:
    query, dated = Query.parse(asked.items()), [one for one in events if one.date is not None]
    return present_horizon(
        dated,
        now=NOW,
        query=query,
        facets=Facets((), (), ()),
        slips=slips or {},
        counts=HorizonCounts(len(events), len(dated), len(dated), sum(one.precision.rank == 0 for one in dated)),
    )


def place(days: float, of: int = 92) -> float:
    return round(EDGE + days / of * INNER, 1)


def by_number(page: HorizonPage) -> dict[int, HorizonMark]:
    return {number_of(mark.path): mark for mark in page.drawing.marks}


def number_of(path: str) -> int:
    return int(path.partition("?")[0].split("/")[2])


def listed(part: HorizonList) -> list[tuple[str, list[int]]]:
    return [
        (f"{group.heading.number} {group.heading.period}".strip(), [number_of(line.path) for line in group.entries])
        for group in part.groups
    ]


def test_a_clock_time_is_a_point_and_a_vague_date_is_as_long_as_what_it_may_mean() -> None:
    page = draw(
        event(1, "2026-03-11T12:00:00Z", 1),
        event(2, "2026-04-01T00:00:00Z", 7),
        event(3, "2026-05-01T00:00:00Z", 5),
        event(4, "2026-01-01T00:00:00Z", 14),
        event(5, "2026-08-01T00:00:00Z", 7),
        event(6, None, None),
    )
    shown = {number: mark.shape for number, mark in by_number(page).items()}
    assert sorted(shown) == [1, 2, 3, 4]
    assert (page.later, page.undated) == (1, 1)
    assert (shown[1].x, shown[1].width) == (place(10.5), 0.0)
    assert (shown[2].x, shown[2].end_x) == (place(31), place(61))
    assert (shown[3].x, shown[3].end_x) == (place(61), place(62))
    assert (shown[4].x, shown[4].width, shown[4].is_open_left, shown[4].is_open_right) == (EDGE, INNER, True, True)


def test_what_is_dated_comes_first_then_weeks_and_months_then_what_could_be_any_time() -> None:
    page = draw(
        event(1, "2026-04-01T00:00:00Z", 7),
        event(2, "2026-03-20T00:00:00Z", 5),
        event(3, "2026-01-01T00:00:00Z", 14),
        event(4, "2026-03-11T12:00:00Z", 1),
        event(5, "2026-04-06T00:00:00Z", 6),
        event(6, "2026-04-01T00:00:00Z", 9),
        event(7, "2026-03-11T00:00:00Z", 5),
        event(8, "2026-03-20T00:00:00Z", 4),
        event(9, "2026-03-20T00:00:00Z", 3),
    )
    assert listed(page.dated) == [("11 March 2026", [4, 7]), ("20 March 2026", [9, 8, 2])]
    assert listed(page.by_month) == [("6 April 2026", [5]), ("April 2026", [1])]
    assert listed(page.vaguer) == [("Q2 2026", [6]), ("2026", [3])]
    assert (page.dated_count, page.possible_count) == (5, 4)
    heights = {number: mark.y for number, mark in by_number(page).items()}
    assert max(heights[number] for number in (2, 4, 7, 8, 9)) < min(heights[number] for number in (1, 3, 5, 6))


def test_a_strip_is_the_same_piece_of_the_axis_as_the_mark() -> None:
    before = KnownDate(datetime(2026, 3, 6, tzinfo=UTC), 1)
    slip = StoredChange(1, 1, 1, NOW, Change(ChangeKind.SLIPPED, before, KnownDate(NOW, 1), 1))
    page = draw(
        event(1, "2026-03-24T00:00:00Z", 1),
        event(2, "2026-04-01T00:00:00Z", 7),
        event(3, "2020-01-01T00:00:00Z", 16),
        slips={event_key(1): slip},
    )
    strips = {**page.dated.strips, **page.by_month.strips, **page.vaguer.strips}
    assert {key: (one.begin, one.length, one.ring) for key, one in strips.items()} == {
        "event-1": ("25%", "", "5.4%"),
        "event-2": ("33.7%", "32.6%", None),
        "event-3": ("0%", "100%", None),
    }


def test_now_is_the_present_instant_by_the_clock_of_the_zone() -> None:
    page, there = draw(span="week"), draw(span="week", tz="Asia/Tokyo")
    assert (page.now_share, page.drawing.now_x) == ("5.7%", place(9.5 / 24, 7))
    assert (there.now_share, there.drawing.now_x) == ("11%", place(18.5 / 24, 7))


def test_the_zone_moves_clock_times_and_no_days() -> None:
    both = event(1, "2026-03-11T12:00:00Z", 1), event(2, "2026-03-20T00:00:00Z", 5)
    utc, there = draw(*both), draw(*both, tz="Pacific/Kiritimati")
    assert [mark.shape.x for mark in utc.drawing.marks] == [place(10.5), place(19)]
    assert [mark.shape.x for mark in there.drawing.marks] == [place(10.5 + 14 / 24), place(19)]


def test_each_span_reaches_as_far_as_it_says() -> None:
    some = [
        event(number, f"{day}T00:00:00Z", 5)
        for number, day in enumerate(("2026-03-04", "2026-03-25", "2026-05-25", "2026-12-25"), 1)
    ]
    assert [len(draw(*some, span=span.value).drawing.marks) for span in Span] == [1, 2, 3, 4]
    assert [(zoom.words, zoom.path, zoom.is_chosen) for zoom in draw(*some, span="year", q="a").zooms] == [
        ("Week", "/horizon?q=a&span=week", False),
        ("Month", "/horizon?q=a&span=month", False),
        ("Quarter", "/horizon?q=a", False),
        ("Year", "/horizon?q=a&span=year", True),
    ]
    assert draw(*some, span="week", q="a").later_path == "/?q=a&from=2026-03-08"


@pytest.mark.parametrize(
    ("span", "words", "short_words"),
    [
        (
            Span.WEEK,
            ["Sunday 1", "Monday 2", "Tuesday 3", "Wednesday 4", "Thursday 5", "Friday 6", "Saturday 7"],
            ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
        ),
        (
            Span.MONTH,
            ["2 March", "9 March", "16 March", "23 March", "30 March"],
            ["2 Mar", "9 Mar", "16 Mar", "23 Mar", ""],
        ),
        (Span.QUARTER, ["March", "April", "May"], ["Mar", "Apr", "May"]),
    ],
)
def test_ticks_are_days_mondays_or_months_and_have_words_where_there_is_room(
    span: Span, words: list[str], short_words: list[str]
) -> None:
    ticks = Axis(NOW.date(), span, ZoneInfo("UTC")).ticks()
    assert [tick.words for tick in ticks] == words
    assert [tick.short_words for tick in ticks] == short_words


@given(st.dates(datetime(2020, 1, 1).date(), datetime(2060, 1, 1).date()), st.sampled_from(Span))  # noqa: DTZ001 - days
def test_words_of_ticks_never_touch_each_other(begin: Any, span: Span) -> None:
    ticks = [tick for tick in Axis(begin, span, ZoneInfo("UTC")).ticks() if tick.words]
    assert ticks
    assert all(one.words_x + text_width(one.words, FONT_SIZE) < other.words_x for one, other in pairwise(ticks))
    assert ticks[-1].words_x + text_width(ticks[-1].words, FONT_SIZE) <= WIDTH


def test_a_slip_leaves_a_ring_where_the_event_was() -> None:
    mark = drawn_with_slip_from(datetime(2026, 3, 6, tzinfo=UTC))
    assert (mark.shape.ring_x, mark.shape.move_x, mark.shape.x) == (place(5), place(5), place(10))
    assert mark.title.endswith(
        ": 11 March 2026, 00:00 UTC. Moved from 6 March 2026, 00:00 UTC to 11 March 2026, 00:00 UTC"
    )


def test_a_slip_from_beyond_the_drawing_leaves_no_ring_in_it() -> None:
    mark = drawn_with_slip_from(datetime(2026, 2, 1, tzinfo=UTC))
    assert (mark.shape.ring_x, mark.shape.move_x, mark.shape.x) == (None, EDGE, place(10))


def drawn_with_slip_from(moment: datetime) -> HorizonMark:
    before, after = KnownDate(moment, 1), KnownDate(datetime(2026, 3, 11, tzinfo=UTC), 1)
    slip = StoredChange(1, 1, 1, NOW, Change(ChangeKind.SLIPPED, before, after, 1))
    (mark,) = draw(event(1, "2026-03-11T00:00:00Z", 1), slips={event_key(1): slip}).drawing.marks
    return mark


def test_a_label_is_cut_only_where_another_mark_begins() -> None:
    name = "A rather long name, of which a whole sentence could be made without any effort"
    (alone,) = draw(event(1, "2026-03-11T12:00:00Z", 1, name=name)).drawing.marks
    assert (alone.label.words, alone.label.place) == (name, "right")
    beside = draw(event(1, "2026-03-11T12:00:00Z", 1, name=name), event(2, "2026-04-12T12:00:00Z", 1)).drawing.marks
    assert {mark.y for mark in beside} == {beside[0].y}
    assert beside[0].label.words.startswith("A rather long name, of which")
    assert beside[0].label.words.endswith("…")
    assert beside[0].label.end < beside[1].shape.left


MOMENTS = st.datetimes(datetime(2026, 2, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by it
NAMES = st.text(st.characters(categories=("L", "N", "Zs")), max_size=80).map(lambda name: name.strip() or "A")
DRAWN = st.lists(st.tuples(MOMENTS, st.integers(0, 16), NAMES), max_size=40)


@given(DRAWN, st.sampled_from(Span))
def test_everything_is_drawn_once_or_counted_and_nothing_overlaps(
    drawn: list[tuple[datetime, int, str]], span: Span
) -> None:
    events = [
        event(number, f"{at:%Y-%m-%dT%H:%M:%SZ}", kind, name=name) for number, (at, kind, name) in enumerate(drawn, 1)
    ]
    page, names = draw(*events, span=span.value), {one.key.json_id: one.name for one in events}
    marks = page.drawing.marks
    assert len(marks) + page.drawing.left_out == page.dated_count + page.possible_count
    assert page.dated_count + page.possible_count + page.later + page.undated == len(events)
    assert len(by_number(page)) == len(marks)
    for mark in marks:
        assert EDGE <= mark.shape.x <= mark.shape.end_x <= WIDTH - EDGE + 0.1
        assert mark.y + LANE.height <= page.drawing.height
        shown = mark.label.words.strip("\u2068\u2069").removesuffix("…")
        assert str(names[number_of(mark.path)]).startswith(shown)
    for lane in {mark.y for mark in marks}:
        boxes = sorted((mark.target.begin, mark.target.end) for mark in marks if mark.y == lane)
        # A dot at the very end of the axis reaches beyond it by half.
        assert boxes[0][0] >= EDGE - LANE.dot
        assert boxes[-1][1] <= WIDTH - EDGE + LANE.dot
        assert all(one[1] < other[0] for one, other in pairwise(boxes))


def test_what_the_drawing_has_no_lanes_for_stands_in_the_list_alone() -> None:
    dated = [event(number, "2026-03-11T12:00:00Z", 1) for number in range(1, MOST_LANES[0] + 6)]
    months = [event(number, "2026-04-01T00:00:00Z", 7) for number in range(101, 101 + MOST_LANES[1])]
    years = [event(number, "2026-01-01T00:00:00Z", 14) for number in range(201, 204)]
    page = draw(*dated, *years, *months)
    assert (len(page.drawing.marks), page.drawing.left_out) == (sum(MOST_LANES), 8)
    assert (page.dated_count, page.possible_count) == (len(dated), len(months) + len(years))
    # What is known better comes first.
    assert set(by_number(page)) == {*range(1, MOST_LANES[0] + 1), *range(101, 101 + MOST_LANES[1])}


def test_boxes_take_the_first_lane_in_which_there_is_room() -> None:
    assert packed([Box(0, 100), Box(50, 150), Box(110, 200), Box(105, 120), Box(300, 400)]) == [0, 1, 0, 2, 0]
    assert packed([]) == []


def test_bands_of_lanes_stand_one_below_the_other() -> None:
    (one, two), (other,) = lane_tops([2, 1])
    assert (two - one, other - two > LANE.height) == (LANE.height, True)
    assert height_of([2, 1]) == other + LANE.height
    assert lane_tops([0, 1])[1] == [one]


def test_the_page_has_each_event_in_the_drawing_and_in_the_list(site: MakeSite) -> None:
    soon = NOW + timedelta(days=9)
    one = site(
        make_record(1, date=f"{soon:%Y-%m-%dT%H:%M:%SZ}", date_precision=precision(1), name="One <b> & two"),
        make_record(2, date="2026-04-01T00:00:00Z", date_precision=precision(7), name="Two"),
        make_record(3, date="2026-11-01T00:00:00Z", date_precision=precision(7), name="Three"),
        make_record(4, date="2026-11-01T00:00:00Z", date_precision=precision(14), name="Four"),
    )
    status, html = one.get("/horizon")
    assert status == 200
    page = read(html)
    assert [(mark["href"].split("/")[2], mark.only("title").text) for mark in page.select("a.horizon-mark")] == [
        ("1", "One <b> & two: 10 March 2026, 09:30 UTC"),
        ("2", "Two: April 2026"),
        ("4", "Four: 2026"),
    ]
    # The list is the accessible way: the drawing is neither read out nor reached by the keyboard.
    assert page.only("svg.horizon-drawing")["aria-hidden"] == "true"
    assert page.values("a.horizon-mark", "tabindex") == ["-1"] * 3
    assert page.only("#list-status").text == "1 dated · 2 that could fall in it"
    assert page.texts(".horizon-list .entry-name") == ["One <b> & two", "Two", "Four"]
    assert page.texts("details#horizon-vaguer .entry-name") == ["Four"]
    assert "open" not in page.only("details#horizon-vaguer")
    assert page.only(".horizon-rest a").text == "1 begins later"
    assert page.select("[style]") == []


def test_what_the_list_has_no_room_for_is_counted_all_the_same(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.pages.views.horizon._MOST_ENTRIES", 2)
    one = site(
        make_record(1, date="2026-03-05T00:00:00Z", date_precision=precision(5)),
        make_record(2, date="2026-03-06T00:00:00Z", date_precision=precision(1)),
        make_record(3, date="2026-03-07T00:00:00Z", date_precision=precision(5)),
        make_record(4, date="2026-04-01T00:00:00Z", date_precision=precision(7)),
        make_record(5, date="2026-11-01T00:00:00Z", date_precision=precision(7)),
        make_record(6, date=None),
    )
    page = read(one.get("/horizon")[1])
    assert len(page.select(".horizon-list .entry")) == 2
    assert page.only("#list-status").text == "3 dated · 1 that could fall in it"
    assert page.texts(".horizon-rest li") == [
        "1 begins later",
        "1 has no date yet",
        "2 more, which end later, aren’t shown",
    ]


def test_the_key_names_every_ink(site: MakeSite) -> None:
    page = read(site(make_record(1, date="2026-03-11T00:00:00Z", date_precision=precision(5))).get("/horizon")[1])
    assert page.texts('.key-list[aria-label="Colours"] li') == [
        "Dockings and visits",
        "Crew",
        "Landings",
        "Launches, sky and flybys",
        "Tests and ground",
        "Briefings and others",
    ]


def test_a_horizon_with_nothing_on_it_says_what_to_do(site: MakeSite) -> None:
    one = site(make_record(3, date="2026-11-01T00:00:00Z", date_precision=precision(7)))
    assert "Nothing in the next month Look further ahead" in read(one.get("/horizon?span=month")[1]).text
    filtered = read(one.get("/horizon?span=year&q=nothing")[1]).text
    assert "Nothing in the next year matches Remove one of the filters" in filtered
