import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.factories import make_entry
from tests.fake_ll2 import make_record, make_records
from tests.fake_ll2.records import raise_2_1, real_records_2_1, seed_records
from tests.keys import event_key, event_keys
from tests.ll2.mutations import JSON
from tests.soak import every_day
from webapp.domain.entry import Agency, Entry, EntryKey, EventDetail, EventType, Link, Picture, Program, Update
from webapp.domain.instants import SPACE_AGE
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.precision import ClockRange, DateRange
from webapp.domain.webcasts import Webcast
from webapp.ll2.errors import MalformedError
from webapp.ll2.identity import RottenRecordError
from webapp.ll2.parse import (
    DEEPEST,
    MOST_RECORDS,
    PAGE_SIZE,
    Page,
    RejectedRecord,
    parse_event,
    parse_page,
    parse_record,
    serialize_record,
)

SAMPLE = Path(__file__).parents[2] / "webapp/sync/sample-events.json"
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def parse_list(*records: object, **overrides: Any) -> Page:
    return parse_page({"count": len(records), "next": None, "results": list(records)} | overrides)


@pytest.fixture(scope="module")
def sample() -> dict[int | str, Entry]:
    page = parse_page(json.loads(SAMPLE.read_text("utf-8")))
    return {received.entry.key.json_id: received.entry for received in page.received}


def test_the_sample_page_is_understood() -> None:
    page = parse_page(json.loads(SAMPLE.read_text("utf-8")))
    assert (page.count, page.has_next, page.rejected) == (1017, True, ())
    assert [received.entry.key.json_id for received in page.received] == [
        362, 414, 1016, 1212, 1211, 1216, 1215, 1214, 1209, 1213,
    ]  # fmt: skip


def test_crew_10_undocks_on_a_day_and_at_no_clock_time(sample: dict[int | str, Entry]) -> None:
    event = sample[1212]
    assert (event.name, event.precision_id) == ("SpaceX Crew-10 Crew Dragon Undocking", 5)
    assert event.date_words == "5 August 2025"
    assert event.date_range == DateRange(date(2025, 8, 5), date(2025, 8, 5))


def test_crew_11_docks_at_a_minute(sample: dict[int | str, Entry]) -> None:
    event = sample[1211]
    assert (event.date, event.precision_id) == (datetime(2025, 8, 2, 7, 12, 53, tzinfo=UTC), 1)
    assert event.date_words == "2 August 2025, 07:12 UTC"
    minute = ClockRange(datetime(2025, 8, 2, 7, 12, tzinfo=UTC), datetime(2025, 8, 2, 7, 13, tzinfo=UTC))
    assert event.date_range == minute


@pytest.mark.parametrize(
    ("event_id", "words", "date_range"),
    [
        (362, "2025", DateRange(date(2025, 1, 1), date(2025, 12, 31))),
        (414, "2025", DateRange(date(2025, 1, 1), date(2025, 12, 31))),
        (1016, "August 2025", DateRange(date(2025, 8, 1), date(2025, 8, 31))),
    ],
)
def test_a_coarse_date_of_the_sample_is_its_period(
    sample: dict[int | str, Entry], event_id: int, words: str, date_range: DateRange
) -> None:
    assert (sample[event_id].date_words, sample[event_id].date_range) == (words, date_range)


def test_the_seed_in_detail_is_the_sample(sample: dict[int | str, Entry]) -> None:
    assert {record["id"]: parse_event(record) for record in seed_records()} == sample


def test_every_real_record_is_read_to_the_last_field() -> None:
    records = [*seed_records(), *map(raise_2_1, real_records_2_1())]
    assert [parse_record(record).unread for record in records] == [()] * 203


def test_every_invented_record_is_read_to_the_last_field() -> None:
    found = [parse_record(record) for record in make_records(300, now=NOW)]
    assert [(one.entry.key, one.unread) for one in found] == [(key, ()) for key in event_keys(range(1, 301))]


def test_a_bare_record_is_an_event() -> None:
    bare = make_entry(
        key=event_key(7), name="Docking", slug="", type=EventType(1, "Unknown"), date=None, precision_id=None
    )
    assert parse_event({"id": 7, "name": "Docking"}) == bare


@pytest.mark.parametrize("missing", sorted(set(make_record(36)) - {"id", "name"}))
def test_a_field_that_is_missing_or_null_is_survived(missing: str) -> None:
    record = make_record(36)
    without = {name: value for name, value in record.items() if name != missing}
    assert parse_event(without) == parse_event(record | {missing: None})


def test_a_field_that_nobody_knows_is_ignored_and_kept_in_the_record() -> None:
    record = make_record(7) | {"orbit": {"id": 3}, "": [None]}
    page = parse_list(record)
    assert page.received[0].entry == parse_event(make_record(7))
    assert json.loads(page.received[0].record) == record


def test_a_full_record_is_read_to_the_last_field() -> None:
    wire = {"id": 1, "name": "x\r\n y "}
    url = {"url": " https://example.org/a ", "title": "T", "publisher": "P", "source": "S", "description": "D\r\nE",
           "priority": 3, "type": {"id": 3, "name": "Unofficial Webcast"}, "live": True,
           "end_time": None, "language": {"id": 1, "name": "English", "code": "en"},
           "start_time": "2026-03-14T07:00:00+01:00"}  # fmt: skip
    image = {"image_url": "https://example.org/i.png", "thumbnail_url": "javascript:x", "credit": " NASA\n",
             "license": {"name": "CC0", "link": "https://example.org/l"}, "single_use": True}  # fmt: skip
    update = {"id": 5, "comment": " GO\r\n", "created_by": "E", "created_on": "2026-01-01T00:00:00Z",
              "info_url": "https://example.org/u"}  # fmt: skip
    named = [{"id": 44, "name": "NASA ", "abbrev": "N"}, {"id": True}, 3]
    found = parse_event(
        wire | {"slug": "x-y", "type": {"id": 2, "name": "Docking"}, "date": "2026-03-14T07:12:53Z", "duration": "PT1H",
                "date_precision": {"id": 1}, "description": "a\r\nb", "location": "c\nd", "webcast_live": True,
                "image": image, "info_urls": [url], "vid_urls": [url], "updates": [update], "agencies": named,
                "program": named, "last_updated": "2026-02-01T00:00:00Z"}
    )  # fmt: skip
    assert found == Entry(
        key=event_key(1),
        name="x y",
        slug="x-y",
        type=EventType(2, "Docking"),
        date=datetime(2026, 3, 14, 7, 12, 53, tzinfo=UTC),
        precision_id=1,
        description="a\nb",
        location="c d",
        webcast_live=True,
        picture=Picture("https://example.org/i.png", None, "NASA", "CC0", "https://example.org/l", single_use=True),
        webcasts=(
            Webcast(
                url="https://example.org/a",
                title="T",
                publisher="P",
                kind_id=3,
                kind_name="Unofficial Webcast",
                language="English",
                language_code="en",
                priority=3,
                live=True,
                start=datetime(2026, 3, 14, 6, tzinfo=UTC),
                end=None,
            ),
        ),
        links=(Link("https://example.org/a", "T", "D E", "S", "Unofficial Webcast", "English", 3),),
        updates=(Update(5, "GO", "E", datetime(2026, 1, 1, tzinfo=UTC), "https://example.org/u"),),
        agencies=(Agency(44, "NASA", "N"),),
        programs=(Program(44, "NASA"),),
        last_updated=datetime(2026, 2, 1, tzinfo=UTC),
        detail=EventDetail(duration="PT1H"),
    )


ROTTEN: list[tuple[object, EntryKey | None, str]] = [
    (None, None, "record: not an object"),
    ("not an event", None, "record: not an object"),
    ([], None, "record: not an object"),
    ({}, None, "id: not a whole number"),
    ({"id": "7", "name": "x"}, None, "id: not a whole number"),
    ({"id": True, "name": "x"}, None, "id: not a whole number"),
    ({"id": 7.0, "name": "x"}, None, "id: not a whole number"),
    ({"id": 0, "name": "x"}, None, "id: not a whole number"),
    ({"id": -7, "name": "x"}, None, "id: not a whole number"),
    ({"id": LARGEST_ID + 1, "name": "x"}, None, "id: not a whole number"),
    ({"id": 10**4000, "name": "x"}, None, "id: not a whole number"),
    ({"id": 7}, event_key(7), "name: missing"),
    ({"id": 7, "name": " \x00\ud800\n"}, event_key(7), "name: missing"),
    ({"id": 7, "name": 42}, event_key(7), "name: not a text"),
    (
        {"id": 7, "name": "x", "orbit": {"height": float("inf")}},
        event_key(7),
        "record: not valid JSON",
    ),
    ({"id": 7, "name": "x", "orbit": float("nan")}, event_key(7), "record: not valid JSON"),
]


@pytest.mark.parametrize(("record", "key", "reason"), ROTTEN, ids=range(len(ROTTEN)))
def test_a_rotten_record_is_set_aside_with_its_id_and_a_reason_and_the_others_stay(
    record: object, key: EntryKey | None, reason: str
) -> None:
    page = parse_list(make_record(1), record, make_record(3))
    assert page.rejected == (RejectedRecord(key, reason),)
    assert [received.entry for received in page.received] == [parse_event(make_record(1)), parse_event(make_record(3))]


UNREAD: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"slug": []}, ("slug",)),
    ({"slug": "a/b"}, ("slug",)),
    ({"description": {}}, ("description",)),
    ({"location": False}, ("location",)),
    ({"location": {"name": "ISS"}}, ("location",)),
    ({"duration": 3600}, ("duration",)),
    ({"webcast_live": "yes"}, ("webcast_live",)),
    ({"type": "Docking"}, ("type",)),
    ({"type": {}}, ("type.id",)),
    ({"type": {"id": True}}, ("type.id",)),
    ({"date_precision": "Day"}, ("date_precision",)),
    ({"date_precision": {"id": False}}, ("date_precision.id",)),
    ({"date_precision": {"id": 10**30}}, ("date_precision.id",)),
    ({"date": "next Tuesday"}, ("date",)),
    ({"date": "2026-02-30T00:00:00Z"}, ("date",)),
    ({"date": "0001-01-01T00:00:00+05:00"}, ("date",)),
    ({"date": "10000-01-01T00:00:00Z"}, ("date",)),
    ({"date": 1_773_472_373}, ("date",)),
    ({"last_updated": "\ud800"}, ("last_updated",)),
    ({"last_updated": "yesterday", "duration": 1.5}, ("duration", "last_updated")),
    ({"image": "https://example.org/i.png"}, ("image",)),
    ({"image": {"image_url": 7}}, ("image.image_url",)),
    ({"vid_urls": {"url": "https://example.org/"}}, ("vid_urls",)),
    ({"vid_urls": ["https://example.org/", None]}, ("vid_urls",)),
    ({"vid_urls": [{"url": "javascript:alert(1)"}]}, ("vid_urls.url",)),
    ({"updates": [{"id": 1, "comment": 7}]}, ("updates.comment",)),
    ({"agencies": [{"name": "NASA"}], "program": [{"id": -1}]}, ("agencies.id", "program.id")),
]


@pytest.mark.parametrize(("fields", "unread"), UNREAD, ids=range(len(UNREAD)))
def test_a_field_that_cannot_be_read_counts_as_missing_and_is_named(
    fields: dict[str, Any], unread: tuple[str, ...]
) -> None:
    bare = {"id": 7, "name": "x"}
    received = parse_record(bare | fields)
    assert (received.entry, received.unread) == (parse_event(bare), unread)
    assert json.loads(received.record) == bare | fields


def test_what_cannot_be_read_in_a_part_costs_that_alone() -> None:
    part = {"url": "https://example.org/a", "title": "T", "start_time": "soon", "type": 3, "live": "yes"}
    received = parse_record({"id": 7, "name": "x", "vid_urls": [part]})
    (webcast,) = received.entry.webcasts
    assert (webcast.title, webcast.start, webcast.kind_id, webcast.live) == ("T", None, 0, False)
    assert received.unread == ("vid_urls.live", "vid_urls.start_time", "vid_urls.type")


@pytest.mark.parametrize("field", every_day(sorted(set(make_record(36)) - {"id", "name"}), one_of=3))
@given(value=JSON)
def test_no_value_of_any_other_field_loses_an_event(field: str, value: object) -> None:
    record = json.loads(SAMPLE.read_text("utf-8"))["results"][0]
    received = parse_record(record | {field: value})
    assert (received.entry.key, received.entry.name) == (event_key(record["id"]), record["name"])


@pytest.mark.parametrize("field", ["last_updated", "updates"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [("0001-01-01T00:00:00Z", None), ("1956-12-31T23:59:59Z", None), ("1957-01-01T00:00:00Z", SPACE_AGE)],
)
def test_nothing_was_recorded_before_the_space_age(field: str, text: str, expected: datetime | None) -> None:
    update = {"id": 1, "comment": "GO", "created_on": text}
    event = parse_event({"id": 7, "name": "x", "last_updated": text, "updates": [update]})
    assert (event.last_updated if field == "last_updated" else event.updates[0].created_on) == expected


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}], ids=["lists", "objects"])
def test_a_record_may_be_nested_twenty_deep_and_no_deeper(wrap: Any) -> None:
    value: object = 7
    for _ in range(DEEPEST - 1):
        value = wrap(value)
    page = parse_list({"id": 7, "name": "x", "orbit": value}, {"id": 8, "name": "x", "orbit": wrap(value)})
    assert [received.entry.key for received in page.received] == [event_key(7)]
    assert page.rejected == (RejectedRecord(event_key(8), "record: nested more than 20 levels deep"),)


def test_nesting_without_end_is_set_aside() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    page = parse_list({"id": 7, "name": "x", "orbit": deep}, make_record(1))
    assert page.rejected == (RejectedRecord(event_key(7), "record: nested more than 20 levels deep"),)
    assert [received.entry.key for received in page.received] == [event_key(1)]
    while deep:  # Taken apart by hand: a debugger or a failing test would not get out of it.
        deep = deep.pop()


def test_a_page_that_holds_more_than_was_asked_for_is_no_page() -> None:
    assert len(parse_list(*[make_record(1)] * PAGE_SIZE).received) == PAGE_SIZE
    with pytest.raises(
        MalformedError, match=r"^Launch Library's answer has 10,000 records, more than the 100 requested"
    ):
        parse_list(*[{}] * 10_000)


@pytest.mark.parametrize(
    "document",
    [None, [], "page", 7, {}, {"detail": "x"}, {"count": 1, "results": None}, {"count": 1, "results": {"id": 1}}],
)
def test_what_holds_no_results_is_no_page(document: object) -> None:
    with pytest.raises(MalformedError, match=r"^Launch Library's answer has no list of results$"):
        parse_page(document)


@pytest.mark.parametrize("count", [None, "1", True, -1, 1.0])
def test_what_holds_no_count_is_no_page(count: object) -> None:
    with pytest.raises(MalformedError, match=r"^Launch Library's answer has no count$"):
        parse_page({"count": count, "next": None, "results": []})


@pytest.mark.parametrize(("document", "has_next"), [({}, False), ({"next": None}, False), ({"next": "x"}, True)])
def test_a_page_knows_whether_more_follow(document: dict[str, object], *, has_next: bool) -> None:
    assert parse_page({"count": 0, "results": []} | document) == Page(0, has_next, (), ())


@pytest.mark.parametrize("count", [MOST_RECORDS + 1, 10**30])
def test_a_count_beyond_reason_is_not_believed(count: int) -> None:
    assert parse_list(count=MOST_RECORDS).count == MOST_RECORDS
    with pytest.raises(
        MalformedError, match=r"^Launch Library reports an implausible number of records, more than 100,000"
    ):
        parse_list(count=count)


def test_a_spelled_record_is_ascii_and_reads_back() -> None:
    record = {"b": "NUL \x00, half \ud800, 事件", "a": [None, True, 10**30, 1.5]}
    spelled = serialize_record(record)
    assert spelled == r'{"b":"NUL \u0000, half \ud800, \u4e8b\u4ef6","a":[null,true,' + str(10**30) + ",1.5]}"
    assert json.loads(spelled) == record
    with pytest.raises(RottenRecordError, match=r"^record: not valid JSON$"):
        serialize_record({"a": float("-inf")})
