"""Health, readiness and metrics, and who may see what."""

import json
from collections.abc import Callable

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.site import Site
from webapp import __version__
from webapp.store import Snapshot, Store, StoreUnavailableError

MakeSite = Callable[..., Site]
TOKEN = "a token of enough letters"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def broken(_: Store | Snapshot) -> None:
    raise StoreUnavailableError("gone")


def test_whoever_asks_from_elsewhere_whether_it_is_ready_has_nothing_counted(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = site(make_record(1))
    monkeypatch.setattr(Snapshot, "count_all", broken)
    answer = one.client.get("/readyz", environ_base=ELSEWHERE)
    assert (answer.status_code, answer.json) == (200, {"ready": True})
    assert one.client.get("/readyz").status_code == 503


def test_health_asks_nothing_of_the_store(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    one = site(make_record(1))
    monkeypatch.setattr(Store, "read", broken)
    answer = one.client.get("/healthz")
    assert (answer.status_code, answer.text, answer.headers["Cache-Control"]) == (200, "ok\n", "no-store")


def test_ready_with_events(site: MakeSite) -> None:
    assert site(make_record(1)).client.get("/readyz").json == {
        "ready": True, "fault": None, "edition": "real", "generation": 1, "age_seconds": 0, "is_syncing": False,
        "failures": 0, "trouble": None,
    }  # fmt: skip


def test_ready_with_a_sample(site: MakeSite) -> None:
    assert json.loads(site().client.get("/readyz").data)["edition"] == "sample"


def test_not_ready_before_there_is_anything_to_show(site: MakeSite) -> None:
    answer = site(PERIGEE_SAMPLE="off").client.get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.json == {"ready": False, "fault": "the first import is not finished yet"}


def test_not_ready_without_the_store(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    one = site(make_record(1))
    monkeypatch.setattr(Store, "read", broken)
    answer = one.client.get("/readyz", environ_base=ELSEWHERE)
    assert (answer.status_code, answer.json) == (503, {"ready": False})


@pytest.mark.parametrize(
    ("settings", "asked", "is_let_in"),
    [
        ({}, {}, True),
        ({}, {"environ_base": ELSEWHERE}, False),
        ({}, {"environ_base": {"REMOTE_ADDR": "::1"}}, True),
        ({}, {"environ_base": {"REMOTE_ADDR": "a socket"}}, False),
        ({}, {"headers": {"X-Forwarded-For": "127.0.0.1"}}, False),
        ({}, {"headers": {"Forwarded": "for=127.0.0.1"}}, False),
        ({"PERIGEE_PUBLIC_URL": "https://events.example"}, {}, False),
        ({"PERIGEE_PROXIES": "1"}, {}, False),
        ({"PERIGEE_PROXIES": "1"}, {"headers": {"X-Forwarded-For": "127.0.0.1"}}, False),
        ({"PERIGEE_OPS_TOKEN": TOKEN}, {}, False),
        ({"PERIGEE_OPS_TOKEN": TOKEN}, {"headers": {"Authorization": "Bearer wrong"}}, False),
        ({"PERIGEE_OPS_TOKEN": TOKEN}, {"headers": {"Authorization": f"Bearer {TOKEN}"}}, True),
        (
            {"PERIGEE_OPS_TOKEN": TOKEN, "PERIGEE_PUBLIC_URL": "https://events.example"},
            {"headers": {"Authorization": f"Bearer {TOKEN}"}, "environ_base": ELSEWHERE},
            True,
        ),
    ],
)
def test_who_sees_within(
    site: MakeSite, settings: dict[str, str], asked: dict[str, object], *, is_let_in: bool
) -> None:
    client = site(make_record(1), **settings).client
    assert client.get("/metrics", **asked).status_code == (200 if is_let_in else 404)
    assert ("generation" in json.loads(client.get("/readyz", **asked).data)) is is_let_in


def test_what_is_measured(site: MakeSite) -> None:
    one = site(make_record(1), make_record(2))
    for path in ("/", "/", "/feeds/events.ics", "/2.3.0/events/", "/no-such-page", "/events/1.ics"):
        one.client.get(path)
    one.client.post("/")
    one.client.open("/", method="BREW")
    answer = one.client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    counted = {name: float(value) for name, value in lines.items() if name.startswith("perigee_requests_total")}
    assert counted == {
        'perigee_requests_total{method="GET",status="200",surface="pages"}': 2,
        'perigee_requests_total{method="GET",status="404",surface="pages"}': 1,
        'perigee_requests_total{method="POST",status="405",surface="pages"}': 1,
        'perigee_requests_total{method="other",status="405",surface="pages"}': 1,
        'perigee_requests_total{method="GET",status="200",surface="feeds"}': 2,
        'perigee_requests_total{method="GET",status="200",surface="api"}': 1,
    }
    assert float(lines['perigee_cache_lookups_total{outcome="hit"}']) == 1
    assert float(lines['perigee_cache_lookups_total{outcome="miss"}']) == 5
    assert float(lines['perigee_request_seconds_count{surface="pages"}']) == 5
    names = ("generation", "events", "events_withdrawn", "changes", "sync_failures", "syncing", "data_age_seconds")
    assert {name: float(lines[f"perigee_{name}"]) for name in names} == {
        "generation": 1, "events": 2, "events_withdrawn": 0, "changes": 0, "sync_failures": 0, "syncing": 0,
        "data_age_seconds": 0,
    }  # fmt: skip


def test_a_new_server_has_a_version_and_a_last_success_and_no_time_of_creation(site: MakeSite) -> None:
    one = site()
    one.client.get("/")
    lines = one.client.get("/metrics").text.splitlines()
    assert "perigee_last_success_timestamp_seconds 0.0" in lines
    assert f'perigee_build_info{{version="{__version__}"}} 1.0' in lines
    assert not [line for line in lines if "_created" in line]


def test_the_last_success_is_told_of_the_source_and_of_each_task(site: MakeSite) -> None:
    one = site(make_record(1))
    with one.store.write() as writer:
        writer.sync.update_task("upcoming", succeeded_at=NOW)
        writer.sync.update_task("changed", tried_at=NOW, failures=1)
    assert NOW.timestamp() == 1.7723574e09
    lines = one.client.get("/metrics").text.splitlines()
    assert [line for line in lines if "last_success" in line and not line.startswith("#")] == [
        "perigee_last_success_timestamp_seconds 1.7723574e+09",
        'perigee_task_last_success_timestamp_seconds{task="changed"} 0.0',
        'perigee_task_last_success_timestamp_seconds{task="upcoming"} 1.7723574e+09',
    ]


def test_metrics_without_the_store_are_an_error_in_words(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    one = site(make_record(1))
    monkeypatch.setattr(Store, "read", broken)
    assert one.client.get("/metrics").status_code == 503


def test_nothing_of_it_is_kept_or_compressed(site: MakeSite) -> None:
    one = site(make_record(1))
    assert json.loads(one.client.get("/readyz").data)["generation"] == 1
    one.put(make_record(2))
    assert json.loads(one.client.get("/readyz").data)["generation"] == 2
