from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fake_ll2.conformity import deviations
from tests.fake_ll2.data import data_folder, schema
from tests.fake_ll2.records import (
    PRECISIONS,
    make_record,
    make_records,
    precision,
    raise_2_1,
    real_records_2_1,
    seed_records,
)

NOW = datetime(2025, 7, 19, 12, tzinfo=UTC)
NAME = "EventEndpointDetailed"


def test_an_invented_record_fits_the_schema() -> None:
    document = schema()
    assert [found for id_ in range(1, 121) for found in deviations(make_record(id_), NAME, document)] == []


def test_overrides_are_taken_as_they_are_and_keep_their_place() -> None:
    record = make_record(12, date=None, date_precision=precision(16), program=None, name=7)
    assert list(record) == list(make_record(12))
    assert (record["date"], record["program"], record["name"]) == (None, None, 7)
    assert record["date_precision"] == {
        "id": 16,
        "name": "Decade",
        "abbrev": "DEC",
        "description": "The T-0 is expected in the given decade.",
    }


def test_an_invented_table_has_everything() -> None:
    records = make_records(1017, now=NOW)
    dates = [datetime.fromisoformat(record["date"]) for record in records if record["date"]]
    precisions = {record["date_precision"] and record["date_precision"]["id"] for record in records}
    assert [record["id"] for record in records] == list(range(1, 1018))
    assert len(dates) == 1014
    assert sum(date > NOW for date in dates) == 28
    assert [date for date in dates if NOW - timedelta(hours=24) <= date <= NOW] == [NOW - timedelta(hours=6)]
    assert min(dates) == datetime(2005, 7, 31, 21, 40, tzinfo=UTC)
    assert len(dates) - len(set(dates)) > 15
    assert precisions == {None, *range(17)}
    assert {record["type"]["id"] for record in records} == {*range(1, 26), *range(28, 32)}
    assert max(record["last_updated"] for record in records) == "2025-07-19T11:00:00Z"


def test_the_upcoming_alone_have_every_precision() -> None:
    upcoming = [r for r in make_records(120, now=NOW) if r["date"] and r["date"] > "2025-07-19T12"]
    assert len(upcoming) == 28
    assert {r["date_precision"] and r["date_precision"]["id"] for r in upcoming} == {None, *range(17)}


@pytest.mark.parametrize("now", [NOW, datetime(2024, 2, 29, 23, 59, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC)])
def test_the_table_is_the_same_each_time_and_moves_with_now(now: datetime) -> None:
    records = make_records(300, now=now)
    assert records == make_records(300, now=now)
    assert sum(r["date"] is not None and datetime.fromisoformat(r["date"]) > now for r in records) == 28


@pytest.mark.parametrize(("count", "upcoming"), [(0, 0), (1, 0), (2, 0), (10, 2), (100, 25)])
def test_small_tables(count: int, upcoming: int) -> None:
    records = make_records(count, now=NOW)
    assert len(records) == count
    assert sum(r["date"] is not None and r["date"] > "2025-07-19T12:00:00Z" for r in records) == upcoming


def test_an_invented_table_fits_the_schema() -> None:
    document = schema()
    assert [found for record in make_records(200, now=NOW) for found in deviations(record, NAME, document)] == []


def test_there_are_seventeen_precisions() -> None:
    assert [id_ for id_, *_ in PRECISIONS] == list(range(17))
    assert " ".join(abbrev for _, _, abbrev, _ in PRECISIONS) == "SEC MIN HR AM PM DAY WK M Q1 Q2 Q3 Q4 H1 H2 Y FY DEC"
    known = {record["date_precision"]["id"]: record["date_precision"] for record in seed_records()}
    assert {id_: precision(id_) for id_ in known} == known


def test_real_old_records_are_raised_to_the_schema() -> None:
    document, old = schema(), real_records_2_1()
    raised = [raise_2_1(record) for record in old]
    assert len(raised) == 193
    assert [found for record in raised for found in deviations(record, NAME, document)] == []
    for before, after in zip(old, raised, strict=True):
        kept = ("id", "name", "slug", "date", "description", "location")
        assert [after[key] for key in kept] == [before[key] for key in kept]
        assert [link["url"] for link in after["vid_urls"]] == [url for url in [before["video_url"]] if url]
        assert [link["url"] for link in after["info_urls"]] == [url for url in [before["news_url"]] if url]
        assert after["image"]["image_url"] == before["feature_image"]
        assert after["date_precision"]["name"] == ("Day" if before["date"].endswith("T00:00:00Z") else "Minute")
        assert [p["id"] for p in after["program"]] == [p["id"] for p in before["program"]]
        assert [x["id"] for x in after["launches"]] == [x["id"] for x in before["launches"]]
        assert after["last_updated"] == min(before["date"], "2021-01-31T00:00:00Z")


def test_the_seed_fits_the_schema() -> None:
    document = schema()
    assert [found for record in seed_records() for found in deviations(record, NAME, document)] == []


def test_without_its_folder_a_test_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIGEE_TEST_DATA", "/somewhere")
    assert data_folder() == Path("/somewhere")
    monkeypatch.delenv("PERIGEE_TEST_DATA")
    with pytest.raises(pytest.skip.Exception, match="PERIGEE_TEST_DATA is unset"):
        data_folder()


def test_the_schema_notices_what_is_wrong() -> None:
    document, record = schema(), make_record(2)
    assert deviations(record | {"slug": None, "id": "2"}, NAME, document) == [
        f"{NAME}.id is not of type integer",
        f"{NAME}.slug is null",
    ]
    del record["updates"]
    assert deviations(record | {"novelty": 1}, NAME, document) == [
        f"{NAME}.updates is missing",
        f"{NAME}.novelty is unknown",
    ]
    backwards = dict(reversed(make_record(2)["type"].items()))
    assert deviations(backwards, "EventType", document) == ["EventType has its keys in another order"]
