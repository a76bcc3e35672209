import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.clock import NOW
from tests.factories import make_entry, make_stored
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.keys import event_key
from tests.site import Site
from webapp.domain.changes import DEFAULT_CHANGE_KINDS, Change, ChangeKind, KnownDate, StoredChange
from webapp.domain.query import Query
from webapp.pages.change_summary import MOST_DIRECTED, ChangeSummary, Tally, begin_of, present_summary
from webapp.pages.changes import ChangesPage, present_changes
from webapp.pages.groups import Heading
from webapp.pages.paging import Paging
from webapp.rendering.choices import Choice

MakeSite = Callable[..., Site]
K = ChangeKind
ENTRIES = {number: make_stored(make_entry(key=event_key(number), name=f"Event {number}", slug="")) for number in (1, 2)}
MIDNIGHT = NOW.replace(hour=0, minute=0)
SUNDAY = Heading("Sunday", "March 2026", number="1", iso="2026-03-01")
SATURDAY = Heading("Saturday", "February 2026", number="28", iso="2026-02-28")
EDITS_TOO = ",".join(kind.value for kind in K)
MOVED, WEBCASTS = "slipped,refined,vaguer", "webcast_added,gone_live,ended"


def seen(number: int, at: datetime, entry_id: int = 1, kind: ChangeKind = K.GONE_LIVE) -> StoredChange:
    return StoredChange(number, entry_id, number, at, Change(kind))


def parse(asked: str) -> Query:
    return Query.parse([(name, value) for name, _, value in (pair.partition("=") for pair in asked.split("&") if pair)])


def page_of(
    *changes: StoredChange, asked: str = "", before: StoredChange | None = None, counts: Counter[K] | None = None
) -> ChangesPage:
    listed = Counter(one.change.kind for one in changes) if counts is None else counts
    return present_changes(
        changes, ENTRIES, before=before, tally=Tally(listed, listed), query=parse(asked), now=NOW + timedelta(days=2)
    )


def test_changes_stand_under_the_day_on_which_they_were_seen() -> None:
    page = page_of(seen(3, NOW), seen(2, MIDNIGHT, entry_id=2), seen(1, MIDNIGHT - timedelta(seconds=1)))
    assert [(day.heading, [entry.at.words for entry in day.entries]) for day in page.days] == [
        (SUNDAY, ["1 March 2026, 09:30 UTC", "1 March 2026, 00:00 UTC"]),
        (SATURDAY, ["28 February 2026, 23:59 UTC"]),
    ]
    assert page.paging == Paging(3, 1, 3, None, None)


def test_the_days_are_those_of_the_readers_zone() -> None:
    page = page_of(seen(2, NOW), seen(1, MIDNIGHT), asked="tz=America/New_York")
    assert [(day.heading, [entry.at.words for entry in day.entries]) for day in page.days] == [
        (SUNDAY, ["1 March 2026, 04:30 EST"]),
        (SATURDAY, ["28 February 2026, 19:00 EST"]),
    ]
    assert [entry.path for day in page.days for entry in day.entries] == ["/events/1/event-1?tz=America/New_York"] * 2


def test_nothing_was_seen_in_the_future() -> None:
    ahead = NOW + timedelta(days=1)
    page = present_changes(
        [seen(1, ahead)], ENTRIES, before=None, tally=Tally(Counter(), Counter()), query=Query(), now=NOW
    )
    assert [(day.heading, [entry.at.clock for entry in day.entries]) for day in page.days] == [(SUNDAY, ["09:30"])]


def test_what_was_seen_of_one_event_at_once_is_told_together() -> None:
    together = seen(4, NOW), seen(3, NOW, kind=K.WITHDRAWN)
    page = page_of(*together, seen(2, NOW, entry_id=2), seen(1, NOW - timedelta(minutes=1), entry_id=2))
    (day,) = page.days
    assert [(entry.name, entry.path, [line.kind for line in entry.lines]) for entry in day.entries] == [
        ("Event 1", "/events/1/event-1", ["gone_live", "withdrawn"]),
        ("Event 2", "/events/2/event-2", ["gone_live"]),
        ("Event 2", "/events/2/event-2", ["gone_live"]),
    ]


def test_a_day_that_an_earlier_page_began_is_continued() -> None:
    page = page_of(seen(1, NOW), asked="offset=1", before=seen(2, NOW + timedelta(hours=1)))
    assert [(day.heading, day.continued) for day in page.days] == [(SUNDAY, True)]
    page = page_of(seen(1, NOW), asked="offset=1", before=seen(2, NOW + timedelta(days=1)))
    assert [(day.heading, day.continued) for day in page.days] == [(SUNDAY, False)]


def test_paths_lead_on_and_back_and_keep_what_was_asked() -> None:
    asked = "kind=slipped&limit=2&offset=4&type__ids=2&since=30"
    page = page_of(seen(2, NOW), seen(1, NOW), asked=asked, counts=Counter({K.SLIPPED: 7, K.ADDED: 9}))
    assert page.paging == Paging(
        7, 5, 6,
        more_path="/changes?type__ids=2&limit=2&offset=6&since=30&change=slipped",
        start_path="/changes?type__ids=2&limit=2&since=30&change=slipped",
    )  # fmt: skip
    assert page.upcoming_path == "/?type__ids=2"
    assert page.unfiltered_path == "/changes?limit=2&since=30&change=slipped"
    assert page_of(seen(1, NOW), asked="offset=6", counts=Counter({K.SLIPPED: 7})).paging.more_path is None


def test_the_tabs_are_groups_of_kinds_each_with_its_count() -> None:
    counts = Counter({K.SLIPPED: 3, K.REFINED: 2, K.RETURNED: 1, K.ENDED: 4, K.RENAMED: 5, K.EDITED: 90})
    page = page_of(asked="type__ids=2&offset=50&since=7", counts=counts)
    assert page.tabs == (
        Choice("Moved", f"/changes?type__ids=2&since=7&change={MOVED}", is_chosen=False, count=5),
        Choice("New", "/changes?type__ids=2&since=7&change=added,returned", is_chosen=False, count=1),
        Choice("Webcasts", f"/changes?type__ids=2&since=7&change={WEBCASTS}", is_chosen=False, count=4),
        Choice("Withdrawn", "/changes?type__ids=2&since=7&change=withdrawn", is_chosen=False, count=0),
        Choice("All", "/changes?type__ids=2&since=7", is_chosen=True, count=15),
    )
    assert page.edits == Choice("Edits", f"/changes?type__ids=2&since=7&change={EDITS_TOO}", is_chosen=False, count=90)


@pytest.mark.parametrize(
    ("asked", "chosen", "kind_words", "total"),
    [
        ("", ["All"], "", 4),
        (f"change={EDITS_TOO}", ["All"], "", 5),
        (f"change={MOVED}", ["Moved"], "", 1),
        ("change=withdrawn", ["Withdrawn"], "", 1),
        ("change=edited,renamed", [], "Renamed and Edited", 2),
    ],
)
def test_the_chosen_tab_is_marked_and_kinds_that_are_no_tab_are_named(
    asked: str, chosen: list[str], kind_words: str, total: int
) -> None:
    kinds = K.ADDED, K.SLIPPED, K.RENAMED, K.EDITED, K.WITHDRAWN
    page = page_of(asked=asked, counts=Counter(kinds))
    assert [tab.words for tab in page.tabs if tab.is_chosen] == chosen
    assert (page.kind_words, page.paging.total) == (kind_words, total)


def test_edits_are_shown_and_hidden_where_all_kinds_are() -> None:
    counts = Counter({K.EDITED: 2, K.ADDED: 1})
    page = page_of(asked=f"change={EDITS_TOO}", counts=counts)
    assert page.edits == Choice("Edits", "/changes", is_chosen=True, count=2)
    assert [tab.count for tab in page.tabs if tab.is_chosen] == [3]
    assert page_of(asked="change=withdrawn", counts=counts).edits is None


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", [("24 hours", "since=1"), ("7 days", "since=7"), ("30 days", "since=30"), ("All time", None)]),
        ("since=9", [("9 days", "since=9"), ("24 hours", "since=1"), ("7 days", "since=7"), ("30 days", "since=30"),
                     ("All time", None)]),
    ],
)  # fmt: skip
def test_the_periods_are_choices(asked: str, expected: list[tuple[str, str | None]]) -> None:
    periods = page_of(asked=f"{asked}&change=added&offset=50").periods
    paths = [(words, f"/changes?{one}&change=added" if one else "/changes?change=added") for words, one in expected]
    assert [(choice.words, choice.path) for choice in periods] == paths
    assert [choice.words for choice in periods if choice.is_chosen] == ["9 days" if asked else "All time"]


@pytest.mark.parametrize(
    ("asked", "loosened"),
    [
        ("", ()),
        ("limit=5&offset=5", ()),
        ("past=7&vague=span", ()),
        ("q=docking", (("Any event", "/changes"),)),
        ("change=slipped", (("Any kind of change", "/changes"),)),
        ("since=1", (("Any time", "/changes"),)),
        (
            "q=docking&change=slipped&since=7&tz=Europe/Paris",
            (
                ("Any time", "/changes?q=docking&tz=Europe/Paris&change=slipped"),
                ("Any kind of change", "/changes?q=docking&tz=Europe/Paris&since=7"),
                ("Any event", "/changes?tz=Europe/Paris&since=7&change=slipped"),
                ("All changes of all events", "/changes?tz=Europe/Paris"),
            ),
        ),
    ],
)
def test_what_was_asked_for_can_be_loosened(asked: str, loosened: tuple[tuple[str, str], ...]) -> None:
    assert page_of(asked=asked).loosened == loosened


def test_an_empty_page_counts_nothing_and_leads_nowhere() -> None:
    page = page_of()
    assert (page.days, page.paging) == ((), Paging(0, 0, 0, None, None))
    assert page.summary == ChangeSummary(7, ())


def slip(day: int, *, to: int | None) -> StoredChange:
    after = KnownDate(None, None) if to is None else KnownDate(datetime(2026, 5, to, tzinfo=UTC), 5)
    change = Change(K.SLIPPED, KnownDate(datetime(2026, 5, day, tzinfo=UTC), 5), after, slip_number=1)
    return StoredChange(day, 1, day, NOW, change)


def test_the_summary_tells_which_way_dates_went_what_is_new_and_what_is_gone() -> None:
    slips = slip(1, to=2), slip(2, to=9), slip(3, to=1), slip(4, to=None)
    summed = Counter({K.SLIPPED: 4, K.ADDED: 2, K.RETURNED: 1, K.WITHDRAWN: 1, K.REFINED: 3, K.ENDED: 1, K.EDITED: 50})
    tally = Tally(Counter({K.ADDED: 900}), summed, slips)
    parts = (("later", 2), ("earlier", 1), ("moved", 1), ("new", 3), ("withdrawn", 1), ("other", 4))
    assert present_summary(tally, parse("")) == ChangeSummary(7, parts)
    assert present_summary(tally, parse("since=30&change=withdrawn")) == ChangeSummary(30, parts)
    assert present_summary(tally, parse("since=1&change=edited")) == ChangeSummary(1, (*parts[:-1], ("other", 54)))
    assert present_summary(Tally(Counter(), Counter({K.EDITED: 2})), parse("")) == ChangeSummary(7, ())


def test_so_many_slips_that_none_was_read_have_no_direction() -> None:
    summed = Counter({K.SLIPPED: MOST_DIRECTED + 1})
    assert present_summary(Tally(summed, summed), parse("")).parts == (("moved", MOST_DIRECTED + 1),)


def test_a_period_begins_at_a_full_quarter_of_an_hour() -> None:
    for minute in (30, 37, 44):
        assert begin_of(7, NOW.replace(minute=minute, second=59)) == NOW - timedelta(days=7)
    assert begin_of(1, NOW.replace(minute=45)) == NOW - timedelta(days=1) + timedelta(minutes=15)


def moved(number: int, day: int, **more: object) -> dict[str, object]:
    stamp = f"2026-03-{day:02}T00:00:00Z"
    return make_record(
        number, date=f"2026-05-{day:02}T12:00:00Z", date_precision=precision(1), last_updated=stamp, **more
    )


def make_changes(make: MakeSite) -> Site:
    """Give a site with a move of a month ago, and of this morning another, a new event and a withdrawal."""
    one = make(moved(1, 3), moved(2, 1))
    one.put(moved(1, 4), now=NOW - timedelta(days=20))
    one.put(moved(1, 2) | {"last_updated": "2026-03-05T00:00:00Z"}, moved(3, 6))
    one.withdraw(2)
    return one


@pytest.mark.parametrize(
    ("address", "summary", "status", "count"),
    [
        ("/changes", "Last 7 days: 1 earlier, 1 new, 1 withdrawn", "4 changes", 4),
        ("/changes?since=1", "Last 24 hours: 1 earlier, 1 new, 1 withdrawn", "3 changes", 3),
        ("/changes?since=30", "Last 30 days: 1 later, 1 earlier, 1 new, 1 withdrawn", "4 changes", 4),
        ("/changes?since=1&id=1", "Last 24 hours: 1 earlier", "1 change", 1),
        ("/changes?since=1&id=9", "No changes in the last 24 hours", "0 changes", 0),
        ("/changes?since=30&change=withdrawn&id=1", "Last 30 days: 1 later, 1 earlier", "0 changes", 0),
        ("/changes?id=9", "No changes in the last 7 days", "0 changes", 0),
    ],
)
def test_the_page_looks_back_as_far_as_it_is_asked_to(
    site: MakeSite, address: str, summary: str, status: str, count: int
) -> None:
    page = read(make_changes(site).get(address)[1])
    assert page.texts(".changes-summary") == [summary]
    assert page.texts("#list-status") == [status]
    assert len(page.select(".change-line")) == count


def test_a_move_shows_both_dates_how_far_and_which_it_is(site: MakeSite) -> None:
    one = make_changes(site)
    page = read(one.get("/changes?change=slipped&tz=Europe/Paris")[1])
    assert [line.replace("\u00a0", " ").replace("1st", "first").replace("2nd", "second")
            for line in page.texts(".change-line")] == [
        "Moved earlier: Mon 4, 14:00 to → Sat 2 May, 14:00 CEST −2 days second date change",
        "Moved later: Sun 3, 14:00 to → Mon 4 May, 14:00 CEST +1 day first date change",
    ]  # fmt: skip
    assert page.texts(".group-date") == ["Sunday 1 March 2026", "Monday 9 February 2026"]


def test_feeds_ignore_the_period_and_leave_out_edits_as_ever(site: MakeSite) -> None:
    one = make_changes(site)
    feeds = [json.loads(one.get(f"/feeds/changes.json?{asked}")[1]) for asked in ("", "since=1")]
    assert [len(feed["items"]) for feed in feeds] == [4, 4]
    links = read(one.get("/changes?since=1&change=slipped&tz=Europe/Paris")[1]).values('link[rel="alternate"]', "href")
    assert {link.partition("?")[2] for link in links} == {"change=slipped"}
    assert K.EDITED not in DEFAULT_CHANGE_KINDS


def test_before_anything_changed_the_page_says_what_will_stand_there(site: MakeSite) -> None:
    page = read(site(moved(1, 1)).get("/changes")[1])
    assert page.texts(".empty-title") == ["No changes yet"]


def test_a_page_beyond_the_end_leads_back(site: MakeSite) -> None:
    page = read(make_changes(site).get("/changes?offset=50")[1])
    assert page.texts(".empty-title") == ["No changes on this page"]
