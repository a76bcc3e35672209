"""What a record's parts may hold without costing us the record."""

from typing import Any

import pytest

from tests.factories import make_webcast
from webapp.domain.entry import Agency, EventType, Program
from webapp.domain.parameter_types import LARGEST_ID
from webapp.ll2.parse import parse_event

LOWEST = 2**31 - 1
URL = "https://example.org/a"


def parse(**fields: Any) -> Any:
    return parse_event({"id": 7, "name": "x"} | fields)


@pytest.mark.parametrize(
    "url",
    [None, "", 7, [], "javascript:alert(1)", "ftp://example.org/", "//example.org/", "https://", "https://[::1", "x",
     "data:text/html,x", "https://example.org/\\b", "https://exa mple.org/"],
)  # fmt: skip
def test_only_a_web_address_is_taken(url: object) -> None:
    found = parse(
        vid_urls=[{"url": url}, {"url": URL}],
        info_urls=[{"url": url}, {"url": URL}],
        updates=[{"id": 1, "comment": "x", "info_url": url}],
        image={"image_url": url},
    )
    assert [webcast.url for webcast in found.webcasts] == [URL]
    assert [link.url for link in found.links] == [URL]
    assert ([update.url for update in found.updates], found.picture) == ([None], None)


@pytest.mark.parametrize("parts", [None, "x", 7, {}, {"url": URL}, [None, "x", 7, [], True], [[{"url": URL}]]])
def test_a_list_that_is_none_is_empty(parts: object) -> None:
    names = ("vid_urls", "info_urls", "updates", "agencies", "program")
    assert parse(**dict.fromkeys(names, parts)) == parse()


def test_a_webcast_needs_nothing_but_its_address() -> None:
    rubbish = dict.fromkeys(("title", "publisher", "type", "language", "start_time", "end_time", "live"), 7)
    expected = make_webcast(
        url=URL, title="", publisher="", kind_id=0, kind_name="", language="", language_code="", priority=LOWEST
    )
    assert parse(vid_urls=[{"url": URL}]).webcasts == (expected,)
    assert parse(vid_urls=[{"url": URL, "priority": "1"} | rubbish]).webcasts == (expected,)


@pytest.mark.parametrize(
    ("given", "priority"),
    [(0, 0), (-3, -3), (LOWEST, LOWEST), (LOWEST + 1, LOWEST), (10**30, LOWEST), (None, LOWEST), (1.5, LOWEST)],
)
def test_a_priority_is_a_small_whole_number_or_the_lowest(given: object, priority: int) -> None:
    assert parse(vid_urls=[{"url": URL, "priority": given}]).webcasts[0].priority == priority
    assert parse(info_urls=[{"url": URL, "priority": given}]).links[0].priority == priority


def test_a_boolean_is_no_number() -> None:
    webcast = parse(vid_urls=[{"url": URL, "priority": True, "type": {"id": True}}]).webcasts[0]
    assert (webcast.priority, webcast.kind_id) == (LOWEST, 0)
    assert parse(agencies=[{"id": True, "name": "NASA"}], program=[{"id": False}]) == parse()


@pytest.mark.parametrize("yes", ["true", 1, [True], None])
def test_only_true_is_true(yes: object) -> None:
    found = parse(webcast_live=yes, vid_urls=[{"url": URL, "live": yes}], image={"image_url": URL, "single_use": yes})
    assert (found.webcast_live, found.webcasts[0].live, found.picture.single_use) == (False, False, False)


def test_a_link_names_its_host_where_it_names_no_source() -> None:
    found = parse(info_urls=[{"url": "https://www.example.org/a"}, {"url": URL, "source": "The Example"}])
    assert [link.source for link in found.links] == ["example.org", "The Example"]


@pytest.mark.parametrize("comment", [None, "", " \r\n\x00", 7])
def test_an_update_without_words_is_left_out(comment: object) -> None:
    assert parse(updates=[{"id": 1, "comment": comment}]) == parse()


def test_a_part_that_stands_twice_is_taken_once() -> None:
    twice = [{"id": 44, "name": "Old"}, {"id": 63, "name": "Other"}, {"id": 44, "name": "New"}]
    found = parse(agencies=twice, program=twice)
    assert found.agencies == (Agency(44, "New", ""), Agency(63, "Other", ""))
    assert found.programs == (Program(44, "New"), Program(63, "Other"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, EventType(1, "Unknown")),
        ({"id": 99}, EventType(99, "Unknown")),
        ({"id": 99, "name": " New\nkind "}, EventType(99, "New kind")),
        ({"id": LARGEST_ID, "name": None}, EventType(LARGEST_ID, "Unknown")),
    ],
)
def test_a_type_without_a_name_is_unknown(given: object, expected: EventType) -> None:
    assert parse(type=given).type == expected


@pytest.mark.parametrize(
    ("slug", "expected"),
    [("crew-11_Docking", "crew-11_Docking"), ("a/b", ""), ("../a", ""), ("a b", ""), ("é", ""), ("a\n", ""), ("", "")],
)
def test_a_slug_is_a_slug_or_empty(slug: str, expected: str) -> None:
    assert parse(slug=slug).slug == expected


@pytest.mark.parametrize("given", [17, -1, LARGEST_ID])
def test_a_precision_that_nobody_knows_is_kept(given: int) -> None:
    assert parse(date_precision={"id": given}).precision_id == given


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-14T07:12:53Z", "2026-03-14T07:12:53+00:00"),
        ("2026-03-14T07:12:53.5Z", "2026-03-14T07:12:53.500000+00:00"),
        ("2026-03-14T08:12:53+01:00", "2026-03-14T07:12:53+00:00"),
        ("2026-03-14T07:12:53", "2026-03-14T07:12:53+00:00"),
        ("2026-03-14t07:12:53.1234567z", "2026-03-14T07:12:53.123456+00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ("2026-03-14", "2026-03-14T00:00:00+00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"),
    ],
)
def test_a_date_is_read_as_an_instant_in_utc(text: str, expected: str) -> None:
    assert parse(date=text).date.isoformat() == expected
