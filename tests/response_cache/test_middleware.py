"""What was given before is given again, as long as it is right, and to nobody whose request asks for another."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record, make_records
from tests.site import Site, make_site
from tests.soak import every_day
from webapp.response_cache.middleware import OUTCOME, ResponseCache
from webapp.settings import Settings
from webapp.store import Store, StoreUnavailableError

MakeSite = Callable[..., Site]

PAGES = (
    "/",
    "/?type__ids=2",
    "/past",
    "/calendar/2026/03",
    "/horizon",
    "/wall",
    "/changes",
    "/subscribe",
    "/about",
    "/robots.txt",
)
FEEDS = ("/feeds/events.ics", "/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json", "/feeds/changes.rss")
LISTS = ("/2.3.0/events/", "/2.3.0/events/upcoming/?mode=list", "/2.3.0/events/1/?format=json")
KEPT = (*PAGES, *FEEDS, "/feeds.opml", *LISTS)
ONE_MINUTE = "public, max-age=60, s-maxage=60, stale-while-revalidate=600, stale-if-error=604800"
NEVER = ("/status", "/status.json", "/no-such-page", "/calendar/", "/2.3.0/events/upcoming", "/feeds/events.ics?past=x")


@pytest.fixture
def one(site: MakeSite) -> Site:
    return site(*make_records(30, now=NOW))


def middleware(one: Site) -> ResponseCache:
    recorder = one.app.wsgi_app._application  # type: ignore[attr-defined] # noqa: SLF001 - behind the headers
    valid = recorder._application  # noqa: SLF001 - what it records
    pictures = valid._application._counted  # noqa: SLF001 - what stands behind it, if it is counted
    (found,) = pictures.args  # Which it leaves all else to.
    assert isinstance(found, ResponseCache)
    return found


def ask(one: Site, path: str, method: str = "GET", **headers: str) -> tuple[str | None, TestResponse]:
    """Ask, and tell besides whether it was a hit or a miss."""
    whole, met = one.app.wsgi_app, list[dict[str, Any]]()

    def spy(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        met.append(environ)
        return whole(environ, start_response)

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Client(spy).open(path, method=method, headers=named)
    return met[0].get(OUTCOME), answer


def outcome(one: Site, path: str, **headers: str) -> str | None:
    return ask(one, path, **headers)[0]


@pytest.mark.parametrize("path", KEPT)
def test_the_second_is_given_what_the_first_was(one: Site, path: str) -> None:
    first, second = ask(one, path, Accept_Encoding="br"), ask(one, path, Accept_Encoding="br")
    assert (first[0], second[0]) == ("miss", "hit")
    assert (second[1].status_code, second[1].data) == (200, first[1].data)
    assert list(second[1].headers) == list(first[1].headers)


@pytest.mark.parametrize("path", NEVER)
def test_what_may_differ_next_time_is_never_kept(one: Site, path: str) -> None:
    ask(one, path)
    assert outcome(one, path) in {None, "miss"}


@pytest.mark.parametrize("path", KEPT)
def test_a_known_answer_is_a_304_kept_or_not(one: Site, path: str) -> None:
    etag = ask(one, path, Accept_Encoding="gzip")[1].headers["ETag"]
    one.put(make_record(99))
    for asked in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        found, answer = ask(one, path, Accept_Encoding="gzip", If_None_Match='"other"')
        etag = answer.headers["ETag"]
        found, answer = ask(
            one,
            path,
            Accept_Encoding="gzip",
            If_None_Match=asked if asked == "*" else asked.replace(asked.split('"')[-2], etag.strip('"')),
        )
        assert (found, answer.status_code, answer.data, answer.headers["ETag"]) == ("hit", 304, b"", etag)
        assert {"Content-Type", "Content-Length", "Content-Encoding"}.isdisjoint(answer.headers.keys())


@pytest.mark.parametrize("path", KEPT)
def test_head_is_get_without_its_body(one: Site, path: str) -> None:
    (first, missed), (second, hit), (third, got) = (ask(one, path, method) for method in ("HEAD", "HEAD", "GET"))
    assert (first, second, third) == ("miss", "hit", "hit")
    assert (missed.data, hit.data) == (b"", b"")
    assert list(missed.headers) == list(hit.headers) == list(got.headers)
    assert int(hit.headers["Content-Length"]) == len(got.data) > 0


def test_codings_are_kept_apart_and_odd_words_for_one_are_not(one: Site) -> None:
    bodies = {}
    for accepted in ("br", "zstd", "gzip", "identity"):
        found, answer = ask(one, "/", Accept_Encoding=accepted)
        assert found == "miss"
        bodies[answer.headers.get("Content-Encoding")] = answer.data
    assert set(bodies) == {"br", "zstd", "gzip", None}
    found, answer = ask(one, "/", Accept_Encoding="deflate, gzip;q=0.2, br;q=1.0")
    assert (found, answer.data) == ("hit", bodies["br"])


def test_a_change_is_shown_to_the_next_who_asks(one: Site) -> None:
    ask(one, "/feeds/events.ics")
    etag = ask(one, "/")[1].headers["ETag"]
    one.put(make_record(50, name="Something new", date="2026-03-01T10:00:00Z"))
    found, answer = ask(one, "/", If_None_Match=etag)
    assert (found, answer.status_code, b"Something new" in answer.data) == ("miss", 200, True)
    found, answer = ask(one, "/feeds/events.ics")
    assert (found, b"Something new" in answer.data) == ("miss", True)


BROWSABLE = tuple(f"{path}{'&' if '?' in path else '?'}format=api" for path in LISTS[:2])


def test_a_contact_without_news_makes_pages_anew_and_neither_feeds_nor_the_api(one: Site) -> None:
    """Pages show when the source was last reached, those of the API too; feeds and JSON do not."""
    shown = {path: ask(one, path)[1].data for path in (*PAGES, *BROWSABLE, *FEEDS, *LISTS, "/openapi.json")}
    one.clock.advance(timedelta(minutes=7))
    with one.store.write() as writer:
        writer.update_state(reached_at=one.clock(), failing_since=NOW, fault="it rains")
    for path in (*PAGES, *BROWSABLE):
        found, answer = ask(one, path)
        assert (found, b"09:37" in answer.data) == ("miss", path != "/robots.txt"), path
    for path in (*FEEDS, *LISTS, "/openapi.json"):
        found, answer = ask(one, path)
        assert (found, answer.data) == ("hit", shown[path]), path


def test_the_api_is_made_anew_when_events_change_and_when_time_moves_one_of_them(one: Site) -> None:
    coming, over = (f"/2.3.0/events/{name}/?hide_recent_previous=true" for name in ("upcoming", "previous"))
    one.put(make_record(50, name="Soon over", date="2026-03-01T09:40:00Z"))
    assert [(outcome(one, path), outcome(one, path)) for path in (coming, over)] == [("miss", "hit")] * 2
    one.clock.advance(timedelta(minutes=10, seconds=1))
    answers = [ask(one, path) for path in (coming, over)]
    assert [(found, b"Soon over" in answer.data) for found, answer in answers] == [("miss", False), ("miss", True)]
    assert answers[0][1].headers["Cache-Control"] == answers[1][1].headers["Cache-Control"] == ONE_MINUTE


def test_what_is_kept_outlives_the_store(one: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {path: ask(one, path)[1].data for path in KEPT}

    def gone(_store: Store) -> None:
        raise StoreUnavailableError("gone")

    monkeypatch.setattr(Store, "read", gone)
    assert {path: ask(one, path)[1].data for path in KEPT} == kept
    answer = ask(one, "/?type__ids=8")[1]
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


FORGERIES = [
    {"Host": "evil.example"},
    {"Host": "localhost:6666"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.1"},
    {"X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "6666"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Original-URL": "/past", "X-Rewrite-URL": "/past", "X-HTTP-Method-Override": "DELETE"},
    {"HX-Request": "true", "HX-Target": "page", "HX-Current-URL": "http://evil.example/", "HX-Boosted": "true"},
    {"Accept": "text/html"},
    {"Accept": "application/json;q=0.1, */*;q=0.01"},
    {"Accept-Encoding": "identity;q=0, evil"},
    {"Accept-Language": "xx", "User-Agent": "evil", "Cookie": "session=evil", "Authorization": "Token evil"},
    {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
    {"If-None-Match": "*", "If-Modified-Since": "Mon, 01 Jan 2090 00:00:00 GMT"},
    {"Range": "bytes=0-1", "If-Range": '"x"'},
    {"Cache-Control": "no-cache", "Pragma": "no-cache"},
]


Answers = dict[str, TestResponse]


@pytest.fixture(
    scope="module",
    params=[{}, {"PERIGEE_PUBLIC_URL": "https://events.example"}, {"PERIGEE_API_CORS": "https://evil.example"}],
)
def untouched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, str], Answers]]:
    """Give settings, and what a site of these gives to whom it meets first."""
    settings = Settings.load({"PERIGEE_DATA_DIR": str(tmp_path_factory.mktemp("untouched")), **request.param})
    one = make_site(settings, ManualClock(), make_records(10, now=NOW))
    yield request.param, {path: one.client.get(path) for path in KEPT}
    one.close()


@pytest.mark.slow
@pytest.mark.parametrize("forged", every_day(FORGERIES, one_of=3), ids=", ".join)
def test_no_header_of_one_changes_what_another_gets(
    site: MakeSite, forged: dict[str, str], untouched: tuple[dict[str, str], Answers]
) -> None:
    """The first visitor of each address forges; what the second then gets is what a site without the first gives."""
    settings, answers = untouched
    attacked = site(*make_records(10, now=NOW), **settings)
    for path in KEPT:
        attacked.client.get(path, headers=forged)
        attacked.client.head(path, headers=forged)
        second, expected = attacked.client.get(path), answers[path]
        assert (second.status_code, second.data) == (200, expected.data)
        # The two stores may have been filled in different seconds.
        assert {**second.headers, "Last-Modified": ""} == {**expected.headers, "Last-Modified": ""}


def test_one_makes_what_many_ask_for_and_all_get_it(one: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end, made = Event(), Event(), []
    inner = middleware(one)._application  # noqa: SLF001 - what stands behind it

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        made.append(environ["PATH_INFO"])
        begun.set()
        may_end.wait(10)
        return inner(environ, start_response)

    monkeypatch.setattr(middleware(one), "_application", slow)
    with ThreadPoolExecutor(12) as threads:
        first = threads.submit(ask, one, "/")
        assert begun.wait(10)
        others = [threads.submit(ask, one, "/") for _ in range(10)]
        elsewhere = threads.submit(ask, one, "/about")
        may_end.set()
        answers = [first.result(10), *(other.result(10) for other in others)]
        elsewhere.result(10)
    assert sorted(made) == ["/", "/about"]
    assert [found for found, _ in answers] == ["miss"] + ["hit"] * 10
    assert len({answer.data for _, answer in answers}) == 1


def test_a_failure_is_nobody_elses(one: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = middleware(one)._application  # noqa: SLF001 - what stands behind it
    failures = iter([ZeroDivisionError("once")])

    def failing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        for failure in failures:
            raise failure
        return inner(environ, start_response)

    monkeypatch.setattr(middleware(one), "_application", failing)
    with pytest.raises(ZeroDivisionError):
        one.client.get("/")
    assert (outcome(one, "/"), outcome(one, "/")) == ("miss", "hit")


def test_with_no_room_each_is_made_anew(site: MakeSite) -> None:
    one = site(make_record(1), PERIGEE_CACHE_MIB="0")
    assert [outcome(one, "/") for _ in range(3)] == ["miss"] * 3


def test_a_sample_is_kept_here_and_nowhere_else(site: MakeSite) -> None:
    one = site()
    answers = [ask(one, "/") for _ in range(2)]
    assert [(found, answer.headers["Cache-Control"]) for found, answer in answers] == [
        ("miss", "no-cache"),
        ("hit", "no-cache"),
    ]
    one.put(make_record(1))
    assert outcome(one, "/") == "miss"


def test_a_date_is_told_once_nothing_unseen_can_share_its_second(make_settings: Callable[..., Settings]) -> None:
    """A process that looks once a second may not have seen the latest change of the second that it would tell of."""
    begun = datetime(2099, 1, 1, 9, 30, tzinfo=UTC)
    clock = ManualClock(begun)
    one = make_site(make_settings(), clock, [make_record(1)], trusted_for=1)
    with one.store.write() as writer:
        writer.update_state(committed_at=begun)
    shown = {}
    for seconds in (0, 0.5, 1, 1.5, 1.999, 2):
        clock.now = begun + timedelta(seconds=seconds)
        shown[seconds] = "Last-Modified" in ask(one, "/feeds/events.ics")[1].headers
    one.close()
    assert shown == {0: False, 0.5: False, 1: False, 1.5: False, 1.999: False, 2: True}


@pytest.mark.parametrize("header", ["Accept", "Accept_Encoding", "Origin"])
def test_what_a_request_says_at_great_length_is_not_kept(one: Site, header: str) -> None:
    said = "text/html, " + "x" * 1000
    for _ in range(2):
        found, answer = ask(one, "/2.3.0/events/", **{header: said})
        assert (found, answer.status_code) == (None, 200)
