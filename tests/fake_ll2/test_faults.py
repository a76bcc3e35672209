import json
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_record
from tests.fake_ll2.faults import OF_LISTS

NOW = datetime(2025, 7, 19, 12, tzinfo=UTC)
RECORDS = [make_record(id_) for id_ in range(1, 31)]
HERE = "events/?limit=10&offset=10"


def fetch(http: requests.Session, fault: Fault, path: str = HERE, **details: Any) -> requests.Response:
    with FakeLaunchLibrary(RECORDS, clock=lambda: NOW) as fake:
        fake.fail(fault, **details)
        answer = http.get(fake.url + path)
        assert fake.pending == []
        assert [seen.status for seen in fake.requests] == [answer.status_code]
        return answer


def fetch_page(http: requests.Session, fault: Fault, path: str = HERE, **details: Any) -> Any:
    """The page with the fault, and the page without, from the same server."""
    with FakeLaunchLibrary(RECORDS, clock=lambda: NOW) as fake:
        fake.fail(fault, **details)
        return http.get(fake.url + path).json(), http.get(fake.url + path).json(), fake.url


@pytest.mark.parametrize(
    ("fault", "status", "title"),
    [
        (Fault.HTML_500, 500, "Internal Server Error"),
        (Fault.BAD_GATEWAY_502, 502, "Bad Gateway"),
        (Fault.UNAVAILABLE_503, 503, "Service Unavailable"),
        (Fault.GATEWAY_TIMEOUT_504, 504, "Gateway Timeout"),
        (Fault.CLOUDFLARE_524, 524, "A Timeout Occurred"),
    ],
)
def test_a_gateway_answers_in_html(http: requests.Session, fault: Fault, status: int, title: str) -> None:
    answer = fetch(http, fault)
    assert (answer.status_code, answer.reason) == (status, title)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.text == (
        f"<!DOCTYPE html>\n<html><head><title>{status} {title}</title></head>\n"
        f"<body><h1>{status} {title}</h1></body></html>\n"
    )


@pytest.mark.parametrize(
    ("fault", "details", "retry_after", "detail"),
    [
        (Fault.THROTTLED, {}, "60", "Request was throttled. Expected available in 60 seconds."),
        (Fault.THROTTLED, {"retry_after": 1234}, "1234", "Request was throttled. Expected available in 1234 seconds."),
        (
            Fault.THROTTLED_HTTP_DATE,
            {"retry_after": 90},
            "Sat, 19 Jul 2025 12:01:30 GMT",
            "Request was throttled. Expected available in 90 seconds.",
        ),
        (Fault.THROTTLED_BARE, {}, None, "Request was throttled."),
    ],
)
def test_a_throttle_says_when_in_its_own_way(
    http: requests.Session, fault: Fault, details: dict[str, Any], retry_after: str | None, detail: str
) -> None:
    answer = fetch(http, fault, **details)
    assert answer.status_code == 429
    assert answer.headers.get("Retry-After") == retry_after
    assert answer.json() == {"detail": detail}


def test_a_bad_token(http: requests.Session) -> None:
    answer = fetch(http, Fault.UNAUTHORIZED_401)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid token."})
    assert answer.headers["WWW-Authenticate"] == "Token"


def test_a_time_out_holds_the_answer_until_it_is_released(http: requests.Session) -> None:
    with FakeLaunchLibrary(RECORDS) as fake:
        fake.fail(Fault.TIMEOUT)
        with pytest.raises(requests.ReadTimeout):
            http.get(fake.url + HERE, timeout=0.05)
        assert [seen.status for seen in fake.requests] == [None]
        fake.release()
        assert http.get(fake.url + HERE, timeout=5).status_code == 200


def test_a_reset_comes_before_any_answer(http: requests.Session) -> None:
    with FakeLaunchLibrary(RECORDS) as fake:
        fake.fail(Fault.RESET)
        with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
            http.get(fake.url + HERE)
        assert [seen.status for seen in fake.requests] == [None]
        assert http.get(fake.url + HERE).status_code == 200


def test_a_reset_in_mid_body_follows_a_whole_head_and_half_the_body(http: requests.Session) -> None:
    with FakeLaunchLibrary(RECORDS) as fake:
        whole = http.get(fake.url + HERE)
        fake.fail(Fault.RESET_MID_BODY)
        etag = {"If-None-Match": whole.headers["ETag"]}
        with http.get(fake.url + HERE, stream=True, headers=etag) as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Length"] == str(len(whole.content))
            half = answer.raw.read(len(whole.content) // 2)
            assert half == whole.content[: len(whole.content) // 2]
            with pytest.raises(requests.exceptions.ChunkedEncodingError, match="Connection reset by peer"):
                assert answer.content


def test_a_body_can_be_cut_spoilt_or_empty(http: requests.Session) -> None:
    with FakeLaunchLibrary(RECORDS, clock=lambda: NOW) as fake:
        whole = http.get(fake.url + HERE).content
        for fault in (Fault.TRUNCATED_JSON, Fault.INVALID_JSON, Fault.EMPTY_200):
            fake.fail(fault)
        cut, spoilt, empty = (http.get(fake.url + HERE) for _ in range(3))
    assert (cut.status_code, cut.content) == (200, whole[: len(whole) // 2])
    assert cut.headers["Content-Length"] == str(len(whole) // 2)
    assert (spoilt.status_code, spoilt.content) == (200, whole.replace(b'"', b"'"))
    assert (empty.status_code, empty.content, empty.headers["Content-Length"]) == (200, b"", "0")
    for answer in (cut, spoilt, empty):
        with pytest.raises(requests.exceptions.JSONDecodeError):
            answer.json()


@pytest.mark.parametrize("path", [HERE, "events/5/"])
def test_another_shape(http: requests.Session, path: str) -> None:
    assert fetch(http, Fault.WRONG_SHAPE, path).json() == ["unexpected"]
    assert fetch(http, Fault.WRONG_SHAPE, path, shape="object").json() == {"unexpected": True}


def test_a_page_that_claims_there_is_nothing(http: requests.Session) -> None:
    page, _, _ = fetch_page(http, Fault.EMPTY_PAGE)
    assert page == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize(("details", "count"), [({}, 31), ({"by": -7}, 23)])
def test_a_wrong_count(http: requests.Session, details: dict[str, Any], count: int) -> None:
    page, whole, _ = fetch_page(http, Fault.WRONG_COUNT, **details)
    assert page == whole | {"count": count}


@pytest.mark.parametrize("path", [HERE, "events/", "events/?limit=100&search=Meridian%20EVA"])
def test_a_page_that_is_its_own_next(http: requests.Session, path: str) -> None:
    page, whole, url = fetch_page(http, Fault.LOOPING_NEXT, path)
    assert page == whole | {"next": url + path.replace("%20", "+")}


@pytest.mark.parametrize("offset", [10, 20])
def test_a_next_page_elsewhere(http: requests.Session, offset: int) -> None:
    page, whole, _ = fetch_page(http, Fault.FOREIGN_NEXT, f"events/?limit=10&offset={offset}", host="127.0.0.2:99")
    assert page == whole | {"next": f"http://127.0.0.2:99/2.3.0/events/?limit=10&offset={offset + 10}"}


def test_a_result_twice_and_a_result_too_few(http: requests.Session) -> None:
    page, whole, _ = fetch_page(http, Fault.DUPLICATE_IDS)
    assert page == whole | {"results": [*whole["results"], whole["results"][0]]}
    page, whole, _ = fetch_page(http, Fault.SHRUNK)
    assert page == whole | {"results": whole["results"][:9]}


ROTTEN: list[tuple[Any, dict[str, Any]]] = [
    ("id missing", {}),
    ("id null", {"id": None}),
    ("id text", {"id": "event-14"}),
    ("name number", {"name": 42}),
    ("name missing", {}),
    ("type text", {"type": "Docking"}),
    ("date rubbish", {"date": "next Tuesday"}),
    ("precision text", {"date_precision": "Day"}),
    ("webcasts null", {"vid_urls": None}),
]


@pytest.mark.parametrize(("how", "changes"), ROTTEN)
def test_a_rotten_record(http: requests.Session, how: str, changes: dict[str, Any]) -> None:
    page, whole, _ = fetch_page(http, Fault.ROTTEN_RECORD, record=how, at=3)
    expected = whole["results"][3] | changes
    if how.endswith(" missing"):
        del expected[how.removesuffix(" missing")]
    assert page == whole | {"results": [*whole["results"][:3], expected, *whole["results"][4:]]}


@pytest.mark.parametrize(
    ("how", "expected"), [("null", None), ("text", "not an event"), ([1], [1]), ({"id": 11}, {"id": 11})]
)
def test_something_else_in_the_place_of_a_record(http: requests.Session, how: Any, expected: Any) -> None:
    page, whole, _ = fetch_page(http, Fault.ROTTEN_RECORD, record=how)
    assert page == whole | {"results": [expected, *whole["results"][1:]]}
    assert fetch(http, Fault.ROTTEN_RECORD, "events/5/", record=how).json() == expected


@pytest.mark.parametrize(
    ("details", "date"),
    [({}, "Tue, 22 Jul 2025 12:00:00 GMT"), ({"by": -3600}, "Sat, 19 Jul 2025 11:00:00 GMT")],
)
def test_a_date_header_that_is_off(http: requests.Session, details: dict[str, Any], date: str) -> None:
    assert fetch(http, Fault.SKEWED_DATE, **details).headers["Date"] == date


def test_faults_queue_up_and_wait_for_their_path(http: requests.Session) -> None:
    with FakeLaunchLibrary(RECORDS) as fake:
        fake.fail(Fault.BAD_GATEWAY_502, times=2, on="/events/upcoming/")
        fake.fail(Fault.HTML_500)
        fake.fail(Fault.UNAVAILABLE_503, on="/api-throttle/")
        paths = ["agencies/", "events/", "events/", "events/upcoming/", "events/upcoming/5/", "events/upcoming/"]
        assert [http.get(fake.url + path).status_code for path in paths] == [404, 500, 200, 502, 502, 200]
        assert fake.pending == [Fault.UNAVAILABLE_503]
        assert http.get(f"{fake.url}api-throttle/").status_code == 503


def test_a_fault_can_let_requests_pass_first(http: requests.Session) -> None:
    with FakeLaunchLibrary(RECORDS) as fake:
        fake.fail(Fault.UNAVAILABLE_503, times=2, after=2)
        fake.fail(Fault.HTML_500, after=1)
        assert [http.get(f"{fake.url}events/").status_code for _ in range(7)] == [200, 200, 503, 503, 200, 500, 200]


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault in OF_LISTS])
def test_a_fault_of_pages_passes_by_a_single_event(http: requests.Session, fault: Fault) -> None:
    with FakeLaunchLibrary(RECORDS) as fake:
        fake.fail(fault)
        assert http.get(f"{fake.url}events/5/").json()["id"] == 5
        assert fake.pending == [fault]
        spoilt, whole = http.get(fake.url + HERE).json(), http.get(fake.url + HERE).json()
        assert json.dumps(spoilt) != json.dumps(whole)


def test_an_unknown_detail_is_refused() -> None:
    with pytest.raises(TypeError, match="THROTTLED_BARE has no retry_after"):
        FakeLaunchLibrary().fail(Fault.THROTTLED_BARE, retry_after=5)
