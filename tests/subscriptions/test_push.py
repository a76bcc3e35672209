"""The addresses at which a browser asks for notices."""

import json
import logging
import re
import socket
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import TooManyRequests

from tests.fake_ll2 import make_record
from tests.site import Site
from tests.soak import every_day, length
from webapp import paths
from webapp.admission.token_buckets import MemoryBuckets
from webapp.domain.notices import Choices, Lead, NoticeKind, QuietHours
from webapp.domain.zones import zone_named
from webapp.store import Channel, ServerKeys, Subscription
from webapp.subscriptions.push import PushLimits

MakeSite = Callable[..., Site]
PUBLIC = "https://events.example.org"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/cX1:APA91b-example_of-one"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
KEYS = {"Perigee-Keys": f"{P256DH} {AUTH}"}
CHOICES = {"Perigee-Choices": "kinds=moves,live&lead=1 hour&zone=Europe/Berlin&quiet=22:00-07:00"}
OWN = {"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"}
HEAD = {"Perigee-Endpoint": ENDPOINT, **KEYS, **CHOICES, **OWN}


@pytest.fixture
def pushing(site: MakeSite) -> Site:
    return with_keys(site(make_record(1), PERIGEE_PUBLIC_URL=PUBLIC))


def with_keys(site: Site) -> Site:
    with site.store.write() as writer:
        writer.browsers.put_server_keys(ServerKeys("private", "public-key"), now=site.clock())
    return site


def ask(site: Site, method: str, address: str, head: dict[str, str] | None = None, **options: Any) -> tuple[int, str]:
    answer = site.client.open(address, method=method, headers=HEAD if head is None else head, **options)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.get_data(as_text=True)


def list_stored(site: Site) -> list[Subscription]:
    with site.store.read() as snapshot:
        return [one.subscription for one in snapshot.notices.list_subscribers()]


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in HEAD.items() if key != name}


def test_a_browser_subscribes_to_what_its_page_shows_changes_its_mind_and_leaves(pushing: Site) -> None:
    assert ask(pushing, "GET", "/push/key") == (200, '{"key": "public-key"}')
    assert ask(pushing, "PUT", "/push/subscriptions?type__ids=8,2") == (204, "")
    (stored,) = list_stored(pushing)
    assert (stored.channel, stored.query, stored.address) == (Channel.PUSH, "?type__ids=2,8", ENDPOINT)
    assert re.fullmatch("[0-9a-f]{64}", stored.name)
    assert json.loads(stored.keys or "") == {"p256dh": P256DH, "auth": AUTH}
    assert stored.choices == Choices(
        frozenset({NoticeKind.MOVES, NoticeKind.LIVE}),
        Lead.HOUR,
        zone_named("Europe/Berlin"),
        QuietHours.parse("22:00-07:00"),
    )
    head = HEAD | {"Perigee-Choices": "kinds=outcome&zone=UTC", "Perigee-Expires": "1956528000"}
    assert ask(pushing, "PUT", "/push/subscriptions?type__ids=2,8", head) == (204, "")
    assert ask(pushing, "PUT", "/push/subscriptions") == (204, "")
    (changed, everything) = list_stored(pushing)
    assert changed.choices == Choices(frozenset({NoticeKind.OUTCOME}))
    assert changed.expires_at == datetime(2032, 1, 1, tzinfo=UTC)
    assert everything.query == ""
    status, listed = ask(pushing, "GET", "/push/subscriptions")
    assert (status, json.loads(listed)) == (200, {"subscriptions": [
        {"query": "?type__ids=2,8", "kinds": ["outcome"], "lead": "", "quiet": ""},
        {"query": "", "kinds": ["live", "moves"], "lead": "1 hour", "quiet": "22:00-07:00"},
    ]})  # fmt: skip
    for _ in range(2):  # What is not there is gone.
        assert ask(pushing, "DELETE", "/push/subscriptions") == (204, "")
        assert list_stored(pushing) == [changed]
    other = {**HEAD, "Perigee-Endpoint": ENDPOINT + "-other"}
    assert ask(pushing, "PUT", "/push/subscriptions", other) == (204, "")
    assert ask(pushing, "DELETE", "/push/endpoint") == (204, "")
    assert [one.address for one in list_stored(pushing)] == [ENDPOINT + "-other"]


def test_a_browser_takes_its_subscriptions_along_to_a_new_endpoint(pushing: Site) -> None:
    new = ENDPOINT.replace("example", "another")
    for query in ("", "?live=true"):
        assert ask(pushing, "PUT", f"/push/subscriptions{query}") == (204, "")
    with pushing.store.read() as snapshot:
        before = snapshot.notices.list_subscribers()
    head = HEAD | {"Perigee-Endpoint": new, "Perigee-Old-Endpoint": ENDPOINT}
    assert ask(pushing, "PUT", "/push/endpoint", head) == (204, "")
    with pushing.store.read() as snapshot:
        after = snapshot.notices.list_subscribers()
    assert [one.subscription.address for one in after] == [new, new]
    assert [(one.id, one.since_change, one.subscription.query, one.subscription.choices) for one in after] == [
        (one.id, one.since_change, one.subscription.query, one.subscription.choices) for one in before
    ]
    assert ask(pushing, "PUT", "/push/endpoint", head | {"Perigee-Old-Endpoint": new}) == (204, "")
    assert len(list_stored(pushing)) == 2
    head = HEAD | {"Perigee-Endpoint": new}
    assert ask(pushing, "DELETE", "/push/subscriptions", head) == (204, "")
    assert [one.query for one in list_stored(pushing)] == ["?live=true"]


def test_nothing_is_stored_but_what_delivery_needs(pushing: Site, tmp_path: Path) -> None:
    head = HEAD | {"User-Agent": "Secret/1.0", "Accept-Language": "xx"}
    assert ask(pushing, "PUT", "/push/subscriptions", head, environ_base={"REMOTE_ADDR": "192.0.2.77"}) == (204, "")
    with closing(sqlite3.connect(tmp_path / "data" / "perigee.db")) as connection:
        connection.row_factory = sqlite3.Row
        (row,) = connection.execute("SELECT * FROM subscribers").fetchall()
    assert set(row.keys()) == {
        "id", "channel", "name", "address", "keys", "query", "kinds", "lead_seconds", "zone", "quiet", "since_change",
        "since", "created_at", "failures", "failing_since", "retry_at", "fault", "expires_at",
    }  # fmt: skip
    assert not re.search("Secret|192.0.2|xx", str([*row]))


def test_no_log_has_an_endpoint_or_a_key(pushing: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask(pushing, "PUT", "/push/subscriptions?q=secret-words")
    ask(pushing, "PUT", "/push/subscriptions", HEAD | {"Perigee-Keys": "AAAA BBBB"})
    assert not re.search("fcm|APA91b|BCVxsr|BTBZ|AAAA|secret-words", caplog.text)


@pytest.mark.parametrize(
    "environ",
    [
        {"CONTENT_LENGTH": "1"},
        {"CONTENT_LENGTH": "99999999999999"},
        {"CONTENT_LENGTH": "-1"},
        {"HTTP_CONTENT_LENGTH": "4096"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_TRANSFER_ENCODING": ""},
    ],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_request_with_a_body_is_refused_unread(pushing: Site, method: str, environ: dict[str, Any]) -> None:
    class Unreadable:
        def __getattr__(self, name: str) -> object:
            raise AssertionError("the body was read")

    changed = {**environ, "wsgi.input": Unreadable()}
    status, words = ask(pushing, method, "/push/subscriptions", environ_overrides=changed)
    assert (status, "no body" in words) == (413, True)
    assert list_stored(pushing) == []


@pytest.mark.parametrize(
    "head",
    [
        without("Origin"),
        HEAD | {"Origin": "null"},
        HEAD | {"Origin": "https://evil.example"},
        HEAD | {"Origin": "http://events.example.org"},
        HEAD | {"Origin": f"{PUBLIC}.evil.example"},
        HEAD | {"Origin": f"{PUBLIC}/"},
        HEAD | {"Origin": f"{PUBLIC}:8443"},
        HEAD | {"Sec-Fetch-Site": "cross-site"},
        HEAD | {"Sec-Fetch-Site": "same-site"},
        HEAD | {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    every_day(
        [("PUT", "subscriptions"), ("DELETE", "subscriptions"), ("PUT", "endpoint"), ("DELETE", "endpoint")], one_of=3
    ),
)
def test_no_other_site_can_change_anything(pushing: Site, method: str, path: str, head: dict[str, str]) -> None:
    assert ask(pushing, "PUT", "/push/subscriptions") == (204, "")
    before = list_stored(pushing)
    status, _ = ask(pushing, method, f"/push/{path}", {**head, "Perigee-Old-Endpoint": ENDPOINT})
    assert status == 403
    assert list_stored(pushing) == before


def test_no_other_site_may_send_what_it_takes(pushing: Site) -> None:
    answer = pushing.client.options(
        "/push/subscriptions",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"},
    )
    assert not any(name.lower().startswith("access-control") for name in dict(answer.headers))


HOSTILE = [
    "", "x", "https://", "https:///fcm.googleapis.com/", "//fcm.googleapis.com/a", "http://fcm.googleapis.com/a",
    "ftp://fcm.googleapis.com/a", "javascript:alert(1)", "data:text/plain,https://fcm.googleapis.com/",
    "file:///etc/passwd", "https://169.254.169.254/x.google.com/", "https://169.254.169.254/fcm.googleapis.com",
    "https://127.0.0.1/a", "https://[::1]/a", "https://localhost/a", "https://2130706433/a", "https://0x7f.1/a",
    "https://10.0.0.1/.push.apple.com", "https://fcm.googleapis.com.evil.example/a", "https://evilfcm.googleapis.com/a",
    "https://fcm.googleapis.com@evil.example/a", "https://evil.example@fcm.googleapis.com/a",
    "https://user:pass@fcm.googleapis.com/a", "https://fcm.googleapis.com:8443/a", "https://fcm.googleapis.com:80/a",
    "https://fcm.googleapis.com:443@evil.example/a", "https://fcm.googleapis.com:0443/a",
    "https://evil.example/?https://fcm.googleapis.com/", "https://evil.example#fcm.googleapis.com/",
    "https://evil.example\\@fcm.googleapis.com/a", "https://evil.example%2f.push.apple.com/a",
    "https://evil.example%00.push.apple.com/a", "https://push.apple.com/a", "https://.push.apple.com/a",
    "https://a..push.apple.com/a", "https://notify.windows.com/a", "https://xnotify.windows.com/a",
    "https://wns2.notify.windows.com.evil.example/a", "https://FCM.googleapis.com/a", "HTTPS://fcm.googleapis.com/a",
    "https://fcm.googleapis.com./a", "https://fcm.googleapis.com", "https://fcm.googleapis.com?a",
    "https://fcm.googleapis.com/a b", "https://fcm.googleapis.com/a#b", "https://fcm.googleapis.com/\\evil.example",
    "https://fcm.googleapis.com/ä", "https://fcm.googleapis.com/" + "a" * 990, "https://fcm。googleapis.com/a",
    "https://updates.push.services.mozilla.com.evil/a", "https://a.updates.push.services.mozilla.com/a",
    "https://evil.example/.push.apple.com", " https://fcm.googleapis.com/ a", "https://fcm.googleapis.com/\ta",
]  # fmt: skip


def test_an_endpoint_that_is_not_a_push_services_is_refused(site: MakeSite) -> None:
    assert len(HOSTILE) >= 50
    pushing = with_keys(site(make_record(1), PERIGEE_PUBLIC_URL=PUBLIC))
    for number, endpoint in enumerate(HOSTILE):
        head = {**HEAD, "Perigee-Endpoint": endpoint.encode("utf-8").decode("latin-1")}
        visitor = {"REMOTE_ADDR": f"198.51.100.{number}"}
        status, words = ask(pushing, "PUT", "/push/subscriptions", head, environ_base=visitor)
        assert (status, "push service that this server knows" in words) == (400, True), endpoint
    assert list_stored(pushing) == []


@pytest.mark.parametrize("endpoint", [
    "https://fcm.googleapis.com/fcm/send/a:b-c_d", "https://fcm.googleapis.com:443/wp/a",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA=", "https://web.push.apple.com/QGuQyavXutnMH",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2bc%3d", "https://push.example.net/a",
    "https://a.b.push.example.com/a",
])  # fmt: skip
def test_the_push_services_of_all_browsers_are_known_and_those_of_the_setting(site: MakeSite, endpoint: str) -> None:
    hosts = "push.example.net,*.push.example.com"
    pushing = with_keys(site(make_record(1), PERIGEE_PUBLIC_URL=PUBLIC, PERIGEE_PUSH_HOSTS=hosts))
    assert ask(pushing, "PUT", "/push/subscriptions", HEAD | {"Perigee-Endpoint": endpoint}) == (204, "")
    assert [one.address for one in list_stored(pushing)] == [endpoint]


@pytest.mark.parametrize(("name", "value", "words"), [
    ("Perigee-Keys", "", "a public key"),
    ("Perigee-Keys", P256DH, "a public key"),
    ("Perigee-Keys", f"{P256DH[:-2]}A4 {AUTH}", "a public key"),  # Not on the curve.
    ("Perigee-Keys", f"{P256DH[:-1]}5 {AUTH}", "a public key"),  # Another spelling of the same.
    ("Perigee-Keys", f"{'BA' + 'A' * 85} {AUTH}", "a public key"),
    ("Perigee-Keys", f"{P256DH} {AUTH}AA", "a public key"),
    ("Perigee-Keys", f"{P256DH} {AUTH} more", "a public key"),
    ("Perigee-Keys", f"{P256DH}== {AUTH}==", "a public key"),
    ("Perigee-Choices", "", "kinds of notice"),
    ("Perigee-Choices", "kinds=moves", "kinds of notice"),  # Whose time zone?
    ("Perigee-Choices", "kinds=moves,nothing&zone=UTC", "kinds of notice"),
    ("Perigee-Choices", "kinds=moves&zone=Mars/Olympus", "kinds of notice"),
    ("Perigee-Choices", "kinds=moves&zone=UTC&lead=2 hours", "kinds of notice"),
    ("Perigee-Choices", "kinds=moves&zone=UTC&quiet=25:00-07:00", "kinds of notice"),
    ("Perigee-Choices", "&".join(f"a{number}=1" for number in range(20)), "kinds of notice"),
    ("Perigee-Choices", "zone=UTC", "at least one thing"),
    ("Perigee-Expires", "soon", "seconds since 1970"),
    ("Perigee-Expires", "9" * 12, "seconds since 1970"),
    ("Perigee-Endpoint", ENDPOINT + "a" * 1024, "push service"),
])  # fmt: skip
def test_a_head_that_cannot_be_used_is_refused_in_plain_words(pushing: Site, name: str, value: str, words: str) -> None:
    status, said = ask(pushing, "PUT", "/push/subscriptions", HEAD | {name: value})
    assert (status, words in said) == (400, True), said
    assert list_stored(pushing) == []


def test_a_query_that_is_not_understood_to_the_last_word_subscribes_to_nothing(pushing: Site) -> None:
    for query in ("?type__ids=x", "?tpye__ids=2", "?live=true&no_such_thing=1"):
        status, words = ask(pushing, "PUT", f"/push/subscriptions{query}")
        assert (status, "We couldn’t read that link" in words) == (400, True)
    assert list_stored(pushing) == []


def count_allowed(limits: PushLimits, visitors: Iterable[str]) -> int:
    """Count how many of these visitors, one after the other, are let in."""
    allowed = 0
    for visitor in visitors:
        with Flask("test").test_request_context(environ_base={"REMOTE_ADDR": visitor}):
            try:
                limits.charge()
            except TooManyRequests:
                continue
            allowed += 1
    return allowed


def test_a_visitor_may_ask_sixty_times_a_minute_from_this_machine_too() -> None:
    now = 0.0
    limits = PushLimits(MemoryBuckets(lambda: now))
    for visitor in ("127.0.0.1", "192.0.2.1", "2001:db8::1"):
        assert count_allowed(limits, [visitor] * 70) == 60
    assert count_allowed(limits, ["2001:db8::2"]) == 0  # The same network.
    now = 30.0
    assert count_allowed(limits, ["127.0.0.1"] * 70) == 30


def test_all_together_may_ask_six_hundred_times_a_minute() -> None:
    limits = PushLimits(MemoryBuckets(lambda: 0.0))
    assert count_allowed(limits, [f"198.51.{number // 200}.{number % 200}" for number in range(700)]) == 600
    assert count_allowed(limits, ["203.0.113.9"]) == 0


def test_whoever_asks_too_often_is_told_to_wait(site: MakeSite) -> None:
    pushing = with_keys(site(make_record(1), PERIGEE_PUBLIC_URL=PUBLIC))
    statuses = [ask(pushing, "GET", "/push/key")[0] for _ in range(80)]
    assert set(statuses[:60]) == {200}
    assert 429 in statuses[60:]


def test_a_browser_may_have_a_hundred_subscriptions(pushing: Site) -> None:
    for number in range(101):
        options = {"environ_base": {"REMOTE_ADDR": f"198.51.100.{number}"}}
        status, words = ask(pushing, "PUT", f"/push/subscriptions?type={number + 1}", **options)
        assert status == (204 if number < 100 else 409), words
    assert len(list_stored(pushing)) == 100
    options = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    assert ask(pushing, "PUT", "/push/subscriptions?type=1", **options)[0] == 204  # Which it has.


@pytest.mark.parametrize("public_url", ["", "http://events.example.org"])
def test_a_server_without_a_public_https_address_says_so(site: MakeSite, public_url: str) -> None:
    one = with_keys(site(make_record(1), PERIGEE_PUBLIC_URL=public_url))
    origin = {"Origin": public_url or "http://localhost"}
    for method, path in (("GET", "key"), ("GET", "subscriptions"), ("PUT", "subscriptions"), ("DELETE", "endpoint")):
        status, words = ask(one, method, f"/push/{path}", HEAD | origin)
        assert (status, "no public https address" in words) == (501, True)


def test_a_server_without_keys_says_so(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_PUBLIC_URL=PUBLIC)
    for method, path in (("GET", "key"), ("PUT", "subscriptions")):
        status, words = ask(one, method, f"/push/{path}")
        assert (status, "perigee[push]" in words) == (501, True)
    assert list_stored(one) == []


def test_below_a_path_the_origin_is_the_hosts(site: MakeSite) -> None:
    one = with_keys(site(make_record(1), PERIGEE_PUBLIC_URL=f"{PUBLIC}/space"))
    assert ask(one, "PUT", "/space/push/subscriptions?live=true") == (204, "")
    assert [stored.query for stored in list_stored(one)] == ["?live=true"]


NAMES = st.sampled_from([
    *HEAD, "Perigee-Old-Endpoint", "Perigee-Expires", "Host", "X-Forwarded-For", "Content-Type", "Cookie", "Range",
    "X-HTTP-Method-Override", "Transfer-Encoding", "Content-Length",
])  # fmt: skip
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80) | st.sampled_from(HOSTILE[:20])
ADDRESSES = st.sampled_from(["/push/subscriptions", "/push/endpoint", "/push/key", "/push/", "/push", "/push/x"])
QUERIES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60)


@pytest.mark.campaign
def test_hostile_requests_change_nothing_and_break_nothing(
    site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushing = with_keys(site(make_record(1), PERIGEE_PUBLIC_URL=PUBLIC))
    assert ask(pushing, "PUT", "/push/subscriptions", HEAD | {"Perigee-Endpoint": ENDPOINT + "-secret"})[0] == 204
    before = dump_of(tmp_path)
    visitors = iter(range(2**24))
    asked_out: list[object] = []
    # Otherwise most of them would be refused for being many.
    monkeypatch.setattr(MemoryBuckets, "take", lambda *_args, **_options: 0.0)
    for way in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, way, lambda *given: asked_out.append(given))

    @settings(max_examples=length(50, long=10_000), deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        method=st.sampled_from(["PUT", "DELETE", "POST", "PATCH", "GET"]),
        address=ADDRESSES,
        query=QUERIES,
        head=st.dictionaries(NAMES, VALUES, min_size=1, max_size=4),
        dropped=st.sampled_from(["Origin", "Perigee-Endpoint", "Perigee-Keys", "Perigee-Choices"]),
    )
    def check(method: str, address: str, query: str, head: dict[str, str], dropped: str) -> None:
        number = next(visitors)
        visitor = {"REMOTE_ADDR": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        sent = {**{name: value for name, value in HEAD.items() if name != dropped}, **head}
        answer = pushing.client.open(
            f"{address}?{query}", method=method, headers=list(sent.items()), environ_base=visitor
        )
        assert answer.status_code in {200, 204, 308, 400, 403, 404, 405, 413, 414}, answer.get_data(as_text=True)
        assert method == "DELETE" or answer.status_code != 204

    check()
    assert dump_of(tmp_path) == before
    assert asked_out == []


def dump_of(folder: Path) -> list[str]:
    """Give all that the database holds."""
    with closing(sqlite3.connect(folder / "data" / "perigee.db")) as connection:
        return [*connection.iterdump()]


def test_only_these_addresses_write_to_the_store() -> None:
    """What serves visitors reads the store and nothing else, with this one exception."""
    folder = paths.templates().parent / "webapp"
    serving = ("pages", "api", "subscriptions", "ops", "rendering", "admission", "response_cache", "web", "instance")
    writing = {
        str(file.relative_to(folder))
        for name in serving
        for file in Path(folder / name).rglob("*.py")
        if re.search(r"\.write\(\)|put_subscription|BrowserWriter|NoticeWriter", file.read_text("utf-8"))
    }
    assert writing == {"subscriptions/push/views.py"}
