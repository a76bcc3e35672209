import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_entry
from tests.fake_ll2 import make_record
from tests.keys import event_key
from webapp.domain.entry import ReceivedEntry
from webapp.ll2.errors import MalformedError, SourceError, ThrottledError, UnavailableError
from webapp.ll2.parse import PAGE_SIZE, Page, RejectedRecord
from webapp.ll2.protocol import (
    MOST_CALLS,
    Listing,
    PageRequest,
    ThrottleReport,
    interpret_date,
    interpret_entry,
    interpret_page,
    interpret_throttle,
    next_request,
)

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
BASE = "https://ll.thespacedevs.com/2.3.0/"
HTML = b"<!DOCTYPE html><html><body>Bad gateway</body></html>"
DRF = b'{"detail": "Request was throttled. Expected available in 1234 seconds."}'
DAY = 86_400


def page(received: int, count: int, *, has_next: bool = True, rejected: int = 0) -> Page:
    entries = tuple(ReceivedEntry(make_entry(key=event_key(1 + number)), "{}") for number in range(received))
    return Page(count, has_next, entries, (RejectedRecord(None, "record: not an object"),) * rejected)


def envelope(*results: object, **overrides: Any) -> bytes:
    return json.dumps({"count": len(results), "next": None, "previous": None, "results": results} | overrides).encode()


def interpret(status: int, body: bytes, **headers: str) -> Page:
    return interpret_page(status, {name.replace("_", "-"): value for name, value in headers.items()}, body, now=NOW)


@pytest.mark.parametrize("offset", [0, 100, 1100])
def test_a_page_is_asked_for_in_full_by_offset_and_without_a_format(offset: int) -> None:
    parts = urlsplit(PageRequest(offset).url(BASE))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{BASE}events/"
    assert parse_qsl(parts.query) == [
        ("limit", "100"),
        ("mode", "detailed"),
        ("offset", str(offset)),
        ("ordering", "date"),
    ]


@pytest.mark.parametrize(
    ("asked", "got", "following"),
    [
        (0, page(100, 250), 100),
        (100, page(100, 250), 200),
        (200, page(50, 250, has_next=False), None),
        (200, page(50, 250), None),
        (0, page(98, 250, rejected=2), 100),
        (0, page(0, 250, rejected=100), 100),
        # An end without all that was counted, and a next page that would be empty.
        (0, page(50, 250, has_next=False), None),
        (100, page(0, 250), None),
        (0, page(100, 100), None),
        (300, page(100, 250), None),
        # A page that holds fewer than it should leads on from where it ended.
        (0, page(99, 250), 99),
    ],
)
def test_what_follows_a_page_is_reckoned_from_our_own_offset(asked: int, got: Page, following: int | None) -> None:
    assert next_request(PageRequest(asked), got) == (None if following is None else PageRequest(following))


def test_a_record_that_stands_twice_in_a_page_counts_once() -> None:
    got = page(99, 250)
    doubled = Page(got.count, got.has_next, (*got.received, got.received[0]), ())
    assert next_request(PageRequest(0), doubled) == PageRequest(99)


@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}events/?limit=100&offset=0",
        "https://evil.example/2.3.0/events/?offset=100",
        "http://127.0.0.1/admin",
        "javascript:alert(1)",
        "",
        17,
        {"offset": 3},
    ],
)
def test_a_next_address_that_loops_or_leads_elsewhere_leads_nowhere(address: object) -> None:
    got = interpret(200, envelope(make_record(1), make_record(2), count=5, next=address))
    assert next_request(PageRequest(0), got) == PageRequest(2)


@given(st.integers(0, 500), st.integers(0, 100), st.integers(0, 100), st.integers(0, 1500))
def test_every_step_leads_forward_and_never_past_the_count(
    offset: int, received: int, rejected: int, count: int
) -> None:
    following = next_request(PageRequest(offset), page(received, count, rejected=rejected))
    assert following is None or offset < following.offset < count


def test_a_good_answer_is_a_page() -> None:
    found = interpret(200, envelope(make_record(7), count=250, next=f"{BASE}events/?offset=100"))
    assert (found.count, found.has_next, found.rejected) == (250, True, ())
    assert [received.entry.key for received in found.received] == [event_key(7)]


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("1", 1),
        ("1234", 1234),
        (" 60 ", 60),
        ("0", 1),
        ("86400", DAY),
        ("86401", DAY),
        ("9" * 5000, DAY),
        ("Sun, 01 Mar 2026 09:45:00 GMT", 900),
        ("Sun, 01 Mar 2026 10:45:00 +0100", 900),
        ("Sun, 01 Mar 2026 09:45:00 -0000", 900),
        ("Sunday, 01-Mar-26 09:45:00 GMT", 900),
        ("Sun, 01 Mar 2026 09:29:00 GMT", 1),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
    ],
)
def test_a_throttle_says_how_long_in_seconds_or_as_a_date(retry_after: str, seconds: int) -> None:
    with pytest.raises(ThrottledError) as caught:
        interpret(429, DRF, Retry_After=retry_after)
    assert caught.value.wait == timedelta(seconds=seconds)
    assert str(caught.value) == f"Launch Library is throttling requests, for {seconds} s more"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry_After": ""},
        {"Retry_After": "soon"},
        {"Retry_After": "-5"},
        {"Retry_After": "1.5"},
        {"Retry_After": "٣"},
        {"Retry_After": "Sun, 01 Mar 2026 09:45:00 +99999999999999"},
        {"Retry_After": "Sun, 01 Mar 99999999999999999999 09:45:00 GMT"},
        {"Retry_After": "Sun, 99 Mar 2026 09:45:00 GMT"},
    ],
)
def test_a_throttle_without_a_usable_header_says_it_in_its_body(headers: dict[str, str]) -> None:
    with pytest.raises(ThrottledError) as caught:
        interpret(429, DRF, **headers)
    assert caught.value.wait == timedelta(seconds=1234)


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"detail": "Request was throttled. Expected available in 1 second."}', 1),
        (b'{"detail": "Request was throttled. Expected available in 0 seconds."}', 1),
        (b'{"detail": "Request was throttled. Expected available in 999999999 seconds."}', DAY),
    ],
)
def test_a_throttles_body_is_read_in_its_own_words(body: bytes, seconds: int) -> None:
    with pytest.raises(ThrottledError) as caught:
        interpret(429, body)
    assert caught.value.wait == timedelta(seconds=seconds)


@pytest.mark.parametrize("body", [b"", HTML, b'{"detail": "Request was throttled."}', b"\xff\x00", b"[[[["])
def test_a_throttle_may_not_say_how_long(body: bytes) -> None:
    with pytest.raises(ThrottledError) as caught:
        interpret(429, body)
    assert caught.value.wait is None
    assert str(caught.value) == "Launch Library is throttling requests, for an unknown time"


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_asks_about_the_token(status: int) -> None:
    with pytest.raises(UnavailableError) as caught:
        interpret(status, b'{"detail": "Invalid token."}')
    assert str(caught.value) == f"Launch Library refused access ({status}); check PERIGEE_LL2_TOKEN"


@pytest.mark.parametrize("status", [204, 301, 304, 400, 404, 500, 502, 503, 504, 520, 522, 599])
def test_any_other_status_is_trouble_even_with_a_good_body(status: int) -> None:
    with pytest.raises(UnavailableError) as caught:
        interpret(status, envelope(make_record(1)))
    assert str(caught.value) == f"Launch Library answered with status {status}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        HTML,
        envelope(make_record(1))[:-40],
        envelope(make_record(1)).replace(b'"', b"'"),
        b"\xff\xfe\xfd",
        b'{"count": NaN, "results": []}',
        b'{"count": 1, "results": [{"id": 1, "name": "x", "x": -Infinity}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError, match=r"^Launch Library's answer is not JSON: "):
        interpret(200, body)


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "1e999"])
def test_a_number_beyond_reason_costs_its_own_record_alone(number: str) -> None:
    rotten = json.dumps(make_record(7) | {"orbit": "?"}).replace('"?"', number)
    body = envelope(make_record(1), "?").replace(b'"?"', rotten.encode())
    found = interpret(200, body)
    assert [received.entry.key for received in found.received] == [event_key(1)]
    assert found.rejected == (RejectedRecord(event_key(7), "record: not valid JSON"),)
    with pytest.raises(
        MalformedError, match=r"^Launch Library's record of event 7 was rejected: record: not valid JSON"
    ):
        interpret_entry(event_key(7), 200, {}, rotten.encode(), now=NOW)
    with pytest.raises(MalformedError, match=r"^Launch Library's answer has no count$"):
        interpret(200, b'{"count": ' + number.encode() + b', "results": []}')


@pytest.mark.parametrize("depth", [21, 800])
def test_a_record_that_is_nested_too_deep_is_refused_alone(depth: int) -> None:
    nested = make_record(7) | {"orbit": json.loads("[" * depth + "]" * depth)}
    found = interpret(200, envelope(make_record(1), nested))
    assert [received.entry.key for received in found.received] == [event_key(1)]
    assert found.rejected == (RejectedRecord(event_key(7), "record: nested more than 20 levels deep"),)
    with pytest.raises(MalformedError, match=r"^Launch Library's record of event 7 was rejected: record: nested more"):
        interpret_entry(event_key(7), 200, {}, json.dumps(nested).encode(), now=NOW)


def test_a_byte_order_mark_spoils_nothing() -> None:
    body = envelope(make_record(1))
    assert interpret(200, b"\xef\xbb\xbf" + body) == interpret(200, body)


@given(st.integers(100, 599), st.binary(max_size=60), st.text(max_size=30))
def test_any_answer_at_all_is_a_page_or_one_of_our_errors(status: int, body: bytes, retry_after: str) -> None:
    for retried in (200, 429, status):
        try:
            interpret(retried, body, Retry_After=retry_after)
        except SourceError as error:
            assert str(error).startswith("Launch Library")  # noqa: PT017 - any of the three


def test_a_page_is_as_long_as_the_service_allows() -> None:
    assert PAGE_SIZE == 100


def test_the_upcoming_list_and_what_changed_since_are_asked_for_in_their_own_ways() -> None:
    upcoming = urlsplit(PageRequest(listing=Listing.UPCOMING).url(BASE))
    assert f"{upcoming.scheme}://{upcoming.netloc}{upcoming.path}" == f"{BASE}events/upcoming/"
    changed = PageRequest(100, since=datetime(2026, 3, 1, 9, 30, 15, 250_000, tzinfo=UTC)).url(BASE)
    assert parse_qsl(urlsplit(changed).query) == [
        ("limit", "100"),
        ("mode", "detailed"),
        ("offset", "100"),
        ("ordering", "last_updated"),
        ("last_updated__gte", "2026-03-01T09:30:15.250000Z"),
    ]


def test_one_event_is_read_as_in_a_list() -> None:
    record = make_record(7)
    (listed,) = interpret(200, envelope(record)).received
    assert interpret_entry(event_key(7), 200, {}, json.dumps(record).encode(), now=NOW) == listed


def test_only_the_services_own_words_say_that_there_is_no_such_event() -> None:
    assert interpret_entry(event_key(7), 404, {}, b'{"detail": "No Event matches the given query."}', now=NOW) is None


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (404, HTML, MalformedError, "Launch Library's answer is not JSON"),
        (404, b"[]", UnavailableError, "Launch Library answered with status 404"),
        (404, b'{"detail": 404}', UnavailableError, "Launch Library answered with status 404"),
        (410, b"{}", UnavailableError, "Launch Library answered with status 410"),
        (401, b"{}", UnavailableError, "Launch Library refused access .401.; check PERIGEE_LL2_TOKEN"),
        (200, b"{}", MalformedError, "Launch Library's record of event 7 was rejected: id: "),
        (200, b"[]", MalformedError, "Launch Library's record of event 7 was rejected: record: "),
        (200, json.dumps(make_record(8)).encode(), MalformedError, "answered with event 8 instead of 7"),
    ],
)
def test_no_other_answer_is_a_word_about_an_event(
    status: int, body: bytes, error: type[SourceError], words: str
) -> None:
    with pytest.raises(error, match=words):
        interpret_entry(event_key(7), status, {}, body, now=NOW)


def throttle(**changes: object) -> dict[str, object]:
    report = {"your_request_limit": 15, "limit_frequency_secs": 3600, "current_use": 4, "next_use_secs": 0}
    return report | {"ident": "s3cr3t"} | changes


@pytest.mark.parametrize("wrap", [lambda report: report, lambda report: [report]], ids=["object", "array"])
def test_the_allowance_is_read_from_either_shape_and_who_asked_is_dropped(wrap: Any) -> None:
    report = interpret_throttle(200, {}, json.dumps(wrap(throttle())).encode(), now=NOW)
    assert report == ThrottleReport(15, 4, timedelta(0))
    assert "s3cr3t" not in repr(report)


@pytest.mark.parametrize(
    ("changes", "report"),
    [
        ({"limit_frequency_secs": 86_400, "your_request_limit": 240}, ThrottleReport(10, 4, timedelta(0))),
        ({"limit_frequency_secs": 60, "your_request_limit": 1}, ThrottleReport(60, 4, timedelta(0))),
        ({"your_request_limit": 0}, ThrottleReport(1, 4, timedelta(0))),
        ({"your_request_limit": 10**30}, ThrottleReport(MOST_CALLS, 4, timedelta(0))),
        ({"limit_frequency_secs": 10**30}, ThrottleReport(1, 4, timedelta(0))),
        ({"current_use": 10**30}, ThrottleReport(15, MOST_CALLS, timedelta(0))),
        ({"next_use_secs": 10**9}, ThrottleReport(15, 4, timedelta(days=1))),
        *(({"next_use_secs": absurd}, ThrottleReport(15, 4, timedelta(0))) for absurd in (-5, None, "soon", True, 1.5)),
    ],
)
def test_the_allowance_is_told_per_hour_and_within_reason(changes: dict[str, object], report: ThrottleReport) -> None:
    assert interpret_throttle(200, {}, json.dumps(throttle(**changes)).encode(), now=NOW) == report


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("your_request_limit", "limit_frequency_secs", "current_use", "next_use_secs"),
            st.integers() | st.integers(-(10**40), 10**40) | st.floats() | st.text(max_size=3) | st.booleans(),
        ),
    )
)
def test_whatever_numbers_it_tells_the_allowance_stays_within_bounds(changes: dict[str, object]) -> None:
    body = json.dumps(throttle(**changes)).replace("NaN", "1e999").replace("Infinity", "1e999").encode()
    try:
        report = interpret_throttle(200, {}, body, now=NOW)
    except MalformedError:
        return
    assert report.hourly_limit is None or 1 <= report.hourly_limit <= MOST_CALLS
    assert 0 <= report.current_use <= MOST_CALLS
    assert timedelta(0) <= report.wait <= timedelta(days=1)


@pytest.mark.parametrize(
    "report",
    [
        [],
        {},
        "many",
        throttle(your_request_limit="15"),
        throttle(current_use=True),
        throttle(current_use=-1),
        throttle(limit_frequency_secs=0),
    ],
)
def test_an_allowance_that_is_not_understood_is_malformed(report: object) -> None:
    with pytest.raises(MalformedError, match=r"^Launch Library's answer has no call limit$"):
        interpret_throttle(200, {}, json.dumps(report).encode(), now=NOW)


@pytest.mark.parametrize("value", [b"[]", b"{}", b"0.1", b'{"":1}'])
def test_small_values_by_the_million_are_refused_before_they_take_memory(value: bytes) -> None:
    body = b'{"count": 1, "results": [' + (value + b",") * (16 * 2**20 // (len(value) + 1)) + value + b"]}"
    tracemalloc.start()
    with pytest.raises(MalformedError, match=r"^Launch Library's answer has too many values$"):
        interpret(200, body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.parametrize(
    ("headers", "date"),
    [
        ({"Date": "Sun, 01 Mar 2026 09:30:00 GMT"}, NOW),
        ({"Date": "Sun, 01 Mar 2026 09:20:00 GMT", "Age": "600"}, NOW),
        ({"Date": "Sun, 01 Mar 2026 09:30:00 GMT", "Age": "-5"}, NOW),
        ({"Date": "Sunday, 01-Mar-26 09:30:00 GMT"}, NOW),
        ({"Date": "Sun Mar  1 09:30:00 2026"}, NOW),
        ({"Date": "Fri, 31 Dec 9999 23:59:59 GMT", "Age": "5"}, datetime.max.replace(tzinfo=UTC)),
        ({"Date": "Fri, 31 Dec 9999 23:59:59 -0100"}, None),
        ({"Date": "yesterday"}, None),
        ({}, None),
    ],
)
def test_an_answer_tells_when_it_came_by_the_clock_of_its_sender(
    headers: dict[str, str], date: datetime | None
) -> None:
    assert interpret_date(headers) == date
