from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.keys import event_key
from tests.pages.test_timeline import event
from tests.pages.test_views import plain
from tests.site import Site
from webapp.domain.changes import Change, ChangeKind, KnownDate, StoredChange
from webapp.domain.entry import Entry, EntryKey
from webapp.domain.query import Query
from webapp.pages.horizon import LEFT, RIGHT, WIDTH, HorizonMark, HorizonPage, present_horizon
from webapp.pages.horizon_lanes import LANE, Box, packed
from webapp.store import Facets

MakeSite = Callable[..., Site]
TODAY = date(2026, 3, 1)
INNER = WIDTH - LEFT - RIGHT


def draw(*events: Entry, slips: dict[EntryKey, StoredChange] | None = None, **asked: str) -> HorizonPage:
    query, nothing = Query.parse(asked.items()), Facets((), (), ())
    return present_horizon(events, today=TODAY, query=query, facets=nothing, slips=slips or {}, total=len(events))


def place(days: float, of: int = 92) -> float:
    return round(LEFT + days / of * INNER, 1)


def test_a_clock_time_is_a_point_and_a_vague_date_is_as_long_as_its_window() -> None:
    page = draw(
        event(1, "2026-03-11T12:00:00Z", 1),
        event(2, "2026-04-01T00:00:00Z", 7),
        event(3, "2026-05-01T00:00:00Z", 5),
        event(4, "2026-01-01T00:00:00Z", 14),
        event(5, "2026-08-01T00:00:00Z", 7),
        event(6, None, None),
    )
    shown = {int(mark.path.split("/")[2]): mark for mark in page.marks}
    assert sorted(shown) == [1, 2, 3, 4]
    assert (page.later, page.undated) == (1, 1)
    assert (shown[1].x, shown[1].width) == (place(10.5), 0.0)
    assert (shown[2].x, shown[2].width) == (place(31), place(61) - place(31))
    assert (shown[3].x, round(shown[3].width, 1)) == (place(61), round(place(62) - place(61), 1))
    assert (shown[4].x, shown[4].width, shown[4].is_open_left, shown[4].is_open_right) == (LEFT, INNER, True, True)
    assert [(tick.words, tick.x) for tick in page.ticks] == [("March", LEFT), ("April", place(31)), ("May", place(61))]


def test_the_zone_moves_clock_times_and_no_days() -> None:
    both = event(1, "2026-03-11T12:00:00Z", 1), event(2, "2026-03-20T00:00:00Z", 5)
    utc, there = draw(*both), draw(*both, tz="Pacific/Kiritimati")
    assert [mark.x for mark in utc.marks] == [place(10.5), place(19)]
    assert [mark.x for mark in there.marks] == [place(10.5 + 14 / 24), place(19)]


def test_each_span_reaches_as_far_as_it_says() -> None:
    one = event(1, "2026-03-25T00:00:00Z", 5), event(2, "2026-05-25T00:00:00Z", 5), event(3, "2026-12-25T00:00:00Z", 5)
    assert [len(draw(*one, span=span).marks) for span in ("month", "quarter", "year")] == [1, 2, 3]
    assert [(zoom.path, zoom.is_chosen) for zoom in draw(*one, span="year", q="a").zooms] == [
        ("/horizon?q=a&span=month", False),
        ("/horizon?q=a", False),
        ("/horizon?q=a&span=year", True),
    ]


def test_a_slip_leaves_a_ghost_where_the_event_was() -> None:
    before = KnownDate(datetime(2026, 3, 6, tzinfo=UTC), 1)
    after = KnownDate(datetime(2026, 3, 11, tzinfo=UTC), 1)
    slip = StoredChange(1, 1, 1, NOW, Change(ChangeKind.SLIPPED, before, after, 1))
    (mark,) = draw(event(1, "2026-03-11T00:00:00Z", 1), slips={event_key(1): slip}).marks
    assert mark.ghost is not None
    assert (mark.ghost.x, mark.ghost.to_x) == (place(5), place(10))
    assert mark.ghost.words == "Moved from 6 March 2026, 00:00 UTC to 11 March 2026, 00:00 UTC"


MOMENTS = st.datetimes(datetime(2026, 2, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by it
NAMES = st.text(st.characters(categories=("L", "N", "Zs")), max_size=80).map(lambda name: name.strip() or "A")
DRAWN = st.lists(st.tuples(MOMENTS, st.integers(0, 16), NAMES), max_size=40)


@given(DRAWN, st.sampled_from(("month", "quarter", "year")))
def test_everything_is_drawn_once_or_counted_and_nothing_overlaps(
    drawn: list[tuple[datetime, int, str]], span: str
) -> None:
    events = [
        event(number, f"{at:%Y-%m-%dT%H:%M:%SZ}", kind, name=name) for number, (at, kind, name) in enumerate(drawn, 1)
    ]
    page = draw(*events, span=span)
    assert len(page.marks) + page.later + page.undated == len(events)
    assert len({mark.path for mark in page.marks}) == len(page.marks)
    for mark in page.marks:
        assert LEFT <= mark.x <= mark.x + mark.width <= WIDTH - RIGHT + 0.1
        assert mark.y + LANE <= page.height
        assert mark.name.startswith(mark.label.removesuffix("…"))
    for lane in {mark.y for mark in page.marks}:
        extents = sorted(extent(mark) for mark in page.marks if mark.y == lane)
        assert all(one[1] < other[0] for one, other in pairwise(extents))


def extent(mark: HorizonMark) -> tuple[float, float]:
    length = len(mark.label) * 7.6
    begin = mark.label_x - length if mark.is_label_left else mark.label_x
    return min(mark.x, begin), max(mark.x + mark.width, begin + length)


def test_boxes_take_the_first_lane_in_which_there_is_room() -> None:
    assert packed([Box(0, 100), Box(50, 150), Box(110, 200), Box(105, 120), Box(300, 400)]) == [0, 1, 0, 2, 0]
    assert packed([]) == []


def test_the_page_draws_each_event_as_a_link_and_says_it_in_words(site: MakeSite) -> None:
    soon = NOW + timedelta(days=9)
    one = site(
        make_record(1, date=f"{soon:%Y-%m-%dT%H:%M:%SZ}", date_precision=precision(1), name="One <b> & two"),
        make_record(2, date="2026-04-01T00:00:00Z", date_precision=precision(7), name="Two"),
        make_record(3, date="2026-11-01T00:00:00Z", date_precision=precision(7), name="Three"),
    )
    status, html = one.get("/horizon")
    assert status == 200
    page = read(html)
    marks = page.select("a.horizon-mark")
    assert [(one["href"].split("/")[2], one.only("title").text) for one in marks] == [
        ("1", "One <b> & two: 10 March 2026, 09:30 UTC"),
        ("2", "Two: April 2026"),
    ]
    assert "2 events in the next quarter; 1 later" in plain(html)
    assert page.texts("li.horizon-row") == ["One <b> & two 10 March 2026, 09:30 UTC", "Two April 2026"]
    assert page.select("[style]") == []


def test_a_horizon_with_nothing_on_it_says_what_to_do(site: MakeSite) -> None:
    one = site(make_record(3, date="2026-11-01T00:00:00Z", date_precision=precision(7)))
    assert "Nothing in the next month Look further ahead" in plain(one.get("/horizon?span=month")[1])
    assert "Nothing in the next year matches Take away one" in plain(one.get("/horizon?span=year&q=nothing")[1])
