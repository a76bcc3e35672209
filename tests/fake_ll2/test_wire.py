import threading
import time
from datetime import datetime

import pytest
import requests

from tests.fake_ll2 import FakeLaunchLibrary, Fault, SeenRequest, make_record


def test_it_stops_at_once_and_leaves_no_thread(http: requests.Session) -> None:
    before = set(threading.enumerate())
    fake = FakeLaunchLibrary([make_record(1)])
    fake.start()
    assert http.get(f"{fake.url}events/").status_code == 200
    fake.fail(Fault.TIMEOUT, times=3)
    for _ in range(3):
        with pytest.raises(requests.ReadTimeout):
            http.get(f"{fake.url}events/", timeout=0.02)
    started = time.perf_counter()
    assert fake.stop() == []
    assert time.perf_counter() - started < 10
    assert set(threading.enumerate()) == before


def test_a_client_that_waits_is_let_go_at_the_stop(http: requests.Session) -> None:
    failures: list[Exception] = []

    def wait(url: str) -> None:
        try:
            http.get(url)
        except requests.ConnectionError as error:
            failures.append(error)

    with FakeLaunchLibrary([make_record(1)]) as fake:
        fake.fail(Fault.TIMEOUT)
        client = threading.Thread(target=wait, args=(f"{fake.url}events/",))
        client.start()
        while not fake.requests:
            time.sleep(0.001)
    client.join(timeout=2)
    assert [type(failure) for failure in failures] == [requests.ConnectionError]


def test_it_comes_back_at_the_same_address(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1)]) as fake:
        address = f"{fake.url}events/1/"
        assert http.get(address).json()["id"] == 1
        fake.stop()
        with pytest.raises(requests.ConnectionError, match="Connection refused"):
            http.get(address)
        fake.start()
        assert http.get(address).json()["id"] == 1
        assert [seen.status for seen in fake.requests] == [200, 200]


def test_a_request_is_noted_as_it_was(http: requests.Session) -> None:
    with FakeLaunchLibrary() as fake:
        http.get(f"{fake.url}events/?program=1&program=17&search=caf%C3%A9+noir", headers={"X-Name": "Value"})
        seen = fake.requests[0]
        query = [("program", "1"), ("program", "17"), ("search", "café noir")]
        assert seen == SeenRequest("GET", "/2.3.0/events/", query, seen.headers, 200)
        assert seen.headers["x-name"] == "Value"


def test_one_connection_carries_many_requests(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1)]) as fake:
        for _ in range(3):
            http.get(f"{fake.url}events/")
        handlers = [thread for thread in threading.enumerate() if "process_request_thread" in thread.name]
        assert len(handlers) == 1


def test_a_head_is_a_get_without_its_body(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1)], clock=lambda: datetime.fromisoformat("2025-07-19T12:00:00Z")) as fake:
        got, head = http.get(f"{fake.url}events/"), http.head(f"{fake.url}events/")
        assert (head.status_code, head.content) == (200, b"")
        assert dict(head.headers) == dict(got.headers)
        assert head.headers["Content-Length"] == str(len(got.content))
        assert head.headers["Date"] == "Sat, 19 Jul 2025 12:00:00 GMT"


def test_the_same_bytes_are_not_sent_twice(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1)]) as fake:
        etag = http.get(f"{fake.url}events/").headers["ETag"]
        for known in (etag, f'"other", W/{etag}', "*"):
            again = http.get(f"{fake.url}events/", headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
        fake.put(make_record(1, name="Renamed"))
        renewed = http.get(f"{fake.url}events/", headers={"If-None-Match": etag})
        assert renewed.status_code == 200
        assert renewed.headers["ETag"] != etag


def test_it_only_reads(http: requests.Session) -> None:
    with FakeLaunchLibrary([make_record(1)]) as fake:
        answer = http.post(f"{fake.url}events/", json={"name": "Invented"})
        assert (answer.status_code, answer.json()) == (405, {"detail": 'Method "POST" not allowed.'})
        assert http.get(f"{fake.url}events/").json()["count"] == 1


def test_what_goes_wrong_in_the_fake_itself_is_not_hidden(http: requests.Session) -> None:
    def ask() -> None:
        with FakeLaunchLibrary([make_record(1, vid_urls=42)]) as fake, pytest.raises(requests.ConnectionError):
            http.get(f"{fake.url}events/?video_url=https://youtu.be/one")

    with pytest.raises(TypeError, match="'int' object is not iterable"):
        ask()
