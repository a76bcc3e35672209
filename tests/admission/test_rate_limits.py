"""How much one visitor may ask anew."""

import json
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_record, make_records
from tests.redis_server import running_redis
from tests.site import Site
from webapp import app
from webapp.admission import rate_limits
from webapp.admission.control import ChargedAnswer
from webapp.admission.rate_limits import ANSWER_SECONDS, RateLimits
from webapp.admission.token_buckets import MemoryBuckets
from webapp.logs import set_up_logging
from webapp.settings import Settings

MakeSite = Callable[..., Site]


@dataclass
class Seconds:
    """Time and CPU, of which none passes unless a test says so; `of_one` is the CPU of each answer."""

    now: float = 1000.0
    cpu: float = 0.0
    of_one: float = 0.0

    def thread_time(self) -> float:
        self.cpu += self.of_one
        return self.cpu


@pytest.fixture(autouse=True)
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    still = Seconds()
    monkeypatch.setattr(app, "MemoryBuckets", partial(MemoryBuckets, lambda: still.now))
    monkeypatch.setattr(rate_limits, "thread_time", still.thread_time)
    return still


ONE, OTHER = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}


def statuses(one: Site, count: int, path: str = "/?limit={}", **asked: Any) -> list[int]:
    found = []
    for number in range(count):
        with one.client.get(path.format(number + 1), **asked) as answer:
            found.append(answer.status_code)
    return found


def test_more_than_so_many_a_minute_are_refused_in_words(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="3")
    assert statuses(one, 4, environ_base=ONE) == [200, 200, 200, 429]
    answer = one.client.get("/past", environ_base=ONE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "20")
    assert "Please wait 20 seconds" in answer.text
    answer = one.client.get("/2.3.0/events/?format=json", environ_base=ONE)
    assert (answer.status_code, answer.json) == (
        429,
        {"detail": "Request was throttled. Expected available in 20 seconds."},
    )
    answer = one.client.get("/feeds/events.ics", environ_base=ONE)
    assert (answer.status_code, answer.content_type) == (429, "text/plain; charset=utf-8")
    assert statuses(one, 3, environ_base=OTHER) == [200] * 3


def test_what_is_kept_is_given_however_often(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="3")
    assert statuses(one, 20, "/", environ_base=ONE) == [200] * 20
    assert statuses(one, 3, environ_base=ONE) == [200, 200, 429]
    assert statuses(one, 5, "/", environ_base=ONE) == [200] * 5


def test_what_dresses_a_page_and_tells_of_health_is_not_counted(
    site: MakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="1")
    for path in ("/cards/events.png", "/static/another/css/base.css", "/healthz", "/readyz"):
        assert statuses(one, 5, path, environ_base=ONE) == [200] * 5
    assert statuses(one, 5, "/cards/none.png", environ_base=ONE) == [404] * 5
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_every_view_has_the_name_by_which_the_limiter_knows_it(site: MakeSite) -> None:
    views = site(make_record(1)).app.view_functions
    assert [endpoint for endpoint, view in views.items() if not hasattr(view, "__name__")] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/nowhere?{}"},
        {"path": "/2.3.0/nowhere/{}"},
        {"path": "/events/x{}"},
        {"path": "/static/none-{}.css"},
        {"path": "/metrics?{}", "headers": {"X-Forwarded-For": "192.0.2.1"}},
        {"path": "/past?q={}" + "x" * 9000},
        {"path": "/past?limit={}", "headers": {"Host": "evil.example"}},
    ],
)
def test_what_is_refused_or_is_nowhere_is_counted_too(site: MakeSite, asked: dict[str, Any]) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="3")
    found = statuses(one, 5, environ_base=ONE, **asked)
    assert found[3:] == [429, 429]
    assert not {200, 429} & set(found[:3])


def test_a_method_that_is_not_answered_is_counted_too(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="3")
    found = [one.client.post("/past", environ_base=ONE).status_code for _ in range(5)]
    assert found == [405, 405, 405, 429, 429]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.8.9.10"])
def test_this_machine_is_not_counted(site: MakeSite, address: str) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="1")
    assert statuses(one, 5, environ_base={"REMOTE_ADDR": address}) == [200] * 5


def test_behind_a_proxy_nobody_is_this_machine(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="1", PERIGEE_PROXIES="1")
    assert statuses(one, 2, headers={"X-Forwarded-For": "127.0.0.1"}) == [200, 429]


def test_one_address_has_one_name(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="1")
    assert statuses(one, 1, environ_base=ONE) == [200]
    assert statuses(one, 1, "/past", environ_base={"REMOTE_ADDR": "::ffff:192.0.2.1"}) == [429]


def test_who_is_refused_is_named_in_no_line_of_the_log(
    site: MakeSite, make_settings: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="1")
    handlers, level = logging.root.handlers[:], logging.root.level
    set_up_logging(make_settings())
    try:
        assert statuses(one, 3, environ_base=ONE) == [200, 429, 429]
    finally:
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
    assert "192.0.2.1" not in capsys.readouterr().err


def test_none_is_set(site: MakeSite) -> None:
    assert statuses(site(make_record(1), PERIGEE_RATE_LIMIT="0"), 9, environ_base=ONE) == [200] * 9


def test_one_network_of_ipv6_is_one_visitor(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="2")
    assert statuses(one, 2, environ_base={"REMOTE_ADDR": "2001:db8:1:1::1"}) == [200, 200]
    assert statuses(one, 1, "/past", environ_base={"REMOTE_ADDR": "2001:db8:1:1:ffff::2"}) == [429]
    assert statuses(one, 1, "/past", environ_base={"REMOTE_ADDR": "2001:db8:1:2::1"}) == [200]


def test_whom_a_proxy_serves_is_believed_as_far_as_there_are_proxies(site: MakeSite) -> None:
    proxied = site(make_record(1), PERIGEE_RATE_LIMIT="2", PERIGEE_PROXIES="1")
    # What comes before the last is what the visitor said, and may be a lie.
    lies = [{"X-Forwarded-For": f"10.0.0.{number}, 192.0.2.1"} for number in range(3)]
    assert [statuses(proxied, 1, f"/?limit={n + 1}", headers=lie)[0] for n, lie in enumerate(lies)] == [200, 200, 429]
    direct = site(make_record(1), PERIGEE_RATE_LIMIT="2")
    lies = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(3)]
    assert [
        statuses(direct, 1, f"/?limit={n + 1}", headers=lie, environ_base=ONE)[0] for n, lie in enumerate(lies)
    ] == [200, 200, 429]


def test_the_api_says_how_it_stands(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="5")
    path = "/2.3.0/api-throttle/?format=json"
    assert [json.loads(one.client.get(path, environ_base=ONE).data)["current_use"] for _ in range(3)] == [1, 2, 3]
    answer = one.client.get(path, environ_base=ONE)
    told = json.loads(answer.data)
    assert (told["your_request_limit"], told["limit_frequency_secs"]) == (5, 60)
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/feeds/events.ics", "/2.3.0/events/"])
def test_an_address_has_an_end(site: MakeSite, path: str) -> None:
    one = site(make_record(1))
    fits = f"{path}?type__ids={'1' * (8189 - len(path) - 10)}"
    assert one.client.get(fits).status_code == 400
    answer = one.client.get(fits + "1", headers={"Accept": "application/json"})
    assert answer.status_code == 414
    assert "8,190 characters" in answer.text


@pytest.mark.service
def test_two_processes_count_together_in_redis_and_apart_without_it(site: MakeSite) -> None:
    with running_redis() as redis:
        settings = {"PERIGEE_RATE_LIMIT": "2", "REDIS_URL": redis.url}
        one, other = site(make_record(1), **settings), site(make_record(1), **settings)
        assert statuses(one, 2, environ_base=ONE) == [200, 200]
        assert statuses(other, 1, environ_base=ONE) == [429]
        redis.stop()
        assert statuses(other, 3, "/past?limit={}", environ_base=ONE) == [200, 200, 429]
        assert statuses(one, 1, "/", environ_base=OTHER) == [200]


def test_what_takes_long_counts_as_several(site: MakeSite, seconds: Seconds) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="10")
    seconds.of_one = 0.2  # Five ordinary answers.
    assert statuses(one, 4, environ_base=ONE) == [200, 200, 429, 429]
    seconds.of_one = 0.01  # A quarter of one, and it counts as a whole.
    assert statuses(one, 12, "/past?limit={}", environ_base=OTHER) == [200] * 10 + [429] * 2


def test_what_is_made_as_it_is_sent_is_charged_part_by_part(seconds: Seconds) -> None:
    buckets = MemoryBuckets(lambda: seconds.now)
    limits = RateLimits(60, buckets, proxies=1)
    visitor = limits.visitor("192.0.2.1")
    parts = ChargedAnswer(iter([b"1", b"2"]), limits, visitor)
    assert limits.debt(visitor) < 0
    seconds.of_one = 100 * ANSWER_SECONDS
    assert list(parts) == [b"1", b"2"]
    assert limits.debt(visitor) > 0


def test_whoever_waits_as_long_as_was_said_is_answered_and_no_sooner(site: MakeSite, seconds: Seconds) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="30")
    seconds.of_one = 1.3
    assert statuses(one, 1, environ_base=ONE) == [200]
    seconds.of_one = 0
    refused = one.client.get("/past", environ_base=ONE)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
    seconds.now += 6
    assert statuses(one, 1, "/past", environ_base=ONE) == [429]
    seconds.now += 1
    assert statuses(one, 2, "/past?limit={}", environ_base=ONE) == [200, 429]


@pytest.mark.parametrize("cost", [0.0, 0.02, 0.04, 0.3, 5.0])
def test_one_visitor_gets_no_more_than_a_fifth_of_a_core(seconds: Seconds, cost: float) -> None:
    """However dear answers are: over ten minutes of asking all the time, but for what was saved and the last answer."""
    limited = RateLimits(300, MemoryBuckets(lambda: seconds.now), proxies=1)
    begun, made = seconds.now, 0
    while seconds.now < begun + 600:
        if limited.take(("one",)) == 0:
            with limited.charging(("one",), paid=ANSWER_SECONDS):
                seconds.cpu += cost
            made += 1
        seconds.now += 0.05
    assert made * cost <= 0.2 * 600 + 60 * ANSWER_SECONDS + cost
    assert made <= 5 * 600 + 61
    assert made * max(cost, ANSWER_SECONDS) >= 0.2 * 600 * 0.9, "and no less than that"


def test_whoever_goes_on_is_refused_in_a_line(site: MakeSite, seconds: Seconds) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="3")
    statuses(one, 3, environ_base=ONE)
    seconds.of_one = 0.02
    refused = [one.client.get("/past", environ_base=ONE) for _ in range(20)]
    assert {answer.status_code for answer in refused} == {429}
    assert [answer.text for answer in refused[-2:]] == ["Too many requests. Please wait 70 seconds.\n"] * 2
    assert refused[-1].headers["Retry-After"] == "70"
    assert "<h1" in refused[0].text


def test_a_network_of_networks_is_one_customer(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="2")
    asked = [
        statuses(one, 1, f"/?limit={number + 1}", environ_base={"REMOTE_ADDR": f"2001:db8:1:{number:x}::1"})[0]
        for number in range(12)
    ]
    assert asked == [200] * 8 + [429] * 4, "four times what one network may"
    assert statuses(one, 1, "/past", environ_base={"REMOTE_ADDR": "2001:db8:2::1"}) == [200]


def test_ports_that_a_proxy_tells_put_nobody_into_anothers_allowance(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_RATE_LIMIT="1", PERIGEE_PROXIES="1")
    told = ["192.0.2.1:1", "192.0.2.1:2", "192.0.2.2:1", "[2001:db8::1]:1", "[2001:DB8::2]:2", "[2001:db8:0:1::1]:1"]
    asked = [
        statuses(one, 1, f"/?limit={number + 1}", headers={"X-Forwarded-For": address})[0]
        for number, address in enumerate(told)
    ]
    assert asked == [200, 429, 200, 200, 429, 200]


def test_too_many_at_once_of_all_are_told_to_come_again(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    one = site(make_record(1))
    monkeypatch.setattr(Counter, "total", lambda _: 1000)
    answer = one.client.get("/past")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "The server is busy." in answer.text


def test_an_ordinary_visitor_is_never_refused(
    site: MakeSite, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the real cost: the start, thirty pages in a minute, then ten feeds at once, of a new process each time."""
    monkeypatch.setattr(rate_limits, "thread_time", time.thread_time)
    one = site(*make_records(250, now=NOW))
    paths = [f"/?limit={number}" for number in range(1, 11)] + [f"/past?offset={number}" for number in range(10)]
    paths += [f"/events/{number}" for number in range(1, 11)]
    assert statuses(one, 1, "/", environ_base=ONE) == [200]
    for path in paths:
        assert statuses(one, 1, path, environ_base=ONE)[0] in {200, 302}
        seconds.now += 2
    feeds = [f"/feeds/events.{form}?past={past}" for form in ("ics", "rss", "atom", "json") for past in (0, 7, 30)]
    assert [statuses(one, 1, path, environ_base=ONE)[0] for path in feeds[:10]] == [200] * 10
