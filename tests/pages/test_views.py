import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.site import Site
from webapp.feeds.formats import EVENT_FORMATS
from webapp.store import Store, StoreUnavailableError

MakeSite = Callable[..., Site]


def headings(html: str) -> list[str]:
    return read(html).texts("h2")


def plain(html: str) -> str:
    return read(html).text


def links(html: str) -> list[str]:
    found = read(html).values('[href^="/events/"]:not([href*="#"]):not([href*=".ics"])', "href")
    return list(dict.fromkeys(found))


def test_the_sample_shows_its_events_under_days_and_vaguer_windows(site: MakeSite) -> None:
    status, html = site(sample=True).get("/")
    assert status == 200
    assert links(html) == [
        "/events/1216/nasa-nisar-news-conference",
        "/events/1211/spacex-crew-11-crew-dragon-docking",
        "/events/1212/spacex-crew-10-crew-dragon-undocking",
        "/events/1016/juice-venus-flyby",
        "/events/362/snc-1-dream-chaser-berthing",
        "/events/414/boeing-starliner-1-undocking",
    ]
    found = headings(html)
    expected = [
        "Saturday 2 August 2025",
        "Tuesday 5 August 2025",
        "Later in August 2025",
        "Sometime in 2025",
    ]
    assert found[0] == "NASA NISAR News Conference"
    assert [one for one in found if one in expected] == expected


def test_day_precision_shows_neither_a_clock_time_nor_a_countdown(site: MakeSite) -> None:
    _, html = site(sample=True).get("/events/1212/spacex-crew-10-crew-dragon-undocking")
    main = html[html.index("<main") : html.index("</main>")]
    assert "data-countdown" not in main
    hero = plain(main)
    assert "5 August 2025" in hero
    assert re.findall(r"5 August 2025,? \d\d:\d\d", hero) == []


def test_minute_precision_shows_its_time_and_a_countdown(site: MakeSite) -> None:
    _, html = site(sample=True).get("/events/1211/spacex-crew-11-crew-dragon-docking")
    found = [(one["data-countdown"], one["data-at"]) for one in read(html).select("[data-countdown]")]
    assert found == [("exact", "2025-08-02T07:12:00Z")]
    assert "07:12 UTC" in plain(html)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/events/362/snc-1-dream-chaser-berthing", "2025"),
        ("/events/414/boeing-starliner-1-undocking", "2025"),
        ("/events/1016/juice-venus-flyby", "August 2025"),
    ],
)
def test_coarse_dates_read_as_what_is_known(site: MakeSite, path: str, words: str) -> None:
    _, html = site(sample=True).get(path)
    assert "31 December" not in html
    assert "31 August" not in html
    assert "data-countdown" not in html
    assert words in plain(html)


def test_the_sample_says_so_on_every_page(site: MakeSite) -> None:
    one = site(sample=True)
    for address in ("/", "/events/1211/spacex-crew-11-crew-dragon-docking", "/events/999999", "/nowhere", "/?limit=x"):
        _, html = one.get(address)
        assert html.count("This is a sample") == 1, address


def test_the_real_store_takes_over_at_the_first_complete_import_clock_included(site: MakeSite) -> None:
    one = site()
    _, html = one.get("/")
    assert html.count("This is a sample") == 1
    one.put(make_record(1, date="2026-03-02T10:00:00Z"))
    _, html = one.get("/")
    assert (links(html), "This is a sample" in html) == (["/events/1/meridian-1-docking"], False)
    assert one.get("/events/1211")[0] == 404


@pytest.mark.parametrize("environ", [{"PERIGEE_SAMPLE": "off"}, {"PERIGEE_PUBLIC_URL": "https://events.example.org"}])
def test_without_a_sample_the_first_import_is_announced(site: MakeSite, environ: dict[str, str]) -> None:
    one = site(**environ)
    for address in ("/", "/events/1211"):
        answer = one.client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Loading events for the first time" in plain(answer.get_data(as_text=True))


def test_an_event_has_one_address_and_the_others_lead_there(site: MakeSite) -> None:
    one = site(make_record(7, name="Crew Dragon Docking", slug="crew-dragon-docking"))
    for address in ("/events/7", "/events/7/another-slug", "/events/007/crew-dragon-docking"):
        answer = one.client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/events/7/crew-dragon-docking"), address
    assert one.get("/events/7/crew-dragon-docking")[0] == 200


@pytest.mark.parametrize(
    ("name", "slug", "path"),
    [("Über-Test №1", "", "/events/7/uber-test-no1"), ("着陸", "", "/events/7")],
)
def test_an_event_without_a_slug_has_a_page_too(site: MakeSite, name: str, slug: str, path: str) -> None:
    one = site(make_record(7, name=name, slug=slug))
    assert one.get(path)[0] == 200


@pytest.mark.parametrize(
    ("address", "status", "named"),
    [
        ("/events/abc", 404, "id"),
        ("/events/1e3", 404, "id"),
        ("/?limit=-1", 400, "limit"),
        ("/?limit=101", 400, "limit"),
        ("/?offset=x", 400, "offset"),
        ("/?type__ids=2,x", 400, "type__ids"),
        ("/?vague=perhaps", 400, "vague"),
    ],
)
def test_bad_input_is_answered_with_a_page_that_names_the_parameter(
    site: MakeSite, address: str, status: int, named: str
) -> None:
    answer = site(make_record(7)).client.get(address)
    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
    assert named in read(answer.get_data(as_text=True)).texts("dt, code, b, strong, th, td")


def test_all_faults_are_named_at_once(site: MakeSite) -> None:
    _, html = site(make_record(7)).get("/?limit=0&offset=-1&type__ids=docking")
    assert [name for name in ("type__ids", "limit", "offset") if name in plain(html)] == [
        "type__ids",
        "limit",
        "offset",
    ]


@pytest.mark.parametrize("number", ["999999", "0", "99999999999999999999"])
def test_an_event_that_is_not_there(site: MakeSite, number: str) -> None:
    status, html = site(make_record(7)).get(f"/events/{number}")
    assert status == 404
    assert f"There is no event {number[:20]}." in plain(html)


def test_more_leads_through_all_events_and_each_stands_once(site: MakeSite) -> None:
    one = site(*(make_record(number, date="2026-05-01T12:00:00Z") for number in range(1, 64)))
    seen: list[str] = []
    address: str | None = "/"
    pages = 0
    while address:
        _, html = one.get(address)
        seen += links(html)
        pages += 1
        found = read(html).values('[href^="/?offset="]', "href")
        address = found[-1] if found else None
    assert (pages, len(seen), len(set(seen))) == (3, 63, 63)
    assert [one for one in headings(html) if "May" in one] == ["Friday 1 May 2026 , continued"]


def test_nothing_upcoming_says_what_is_so_and_what_one_can_do(site: MakeSite) -> None:
    one = site(make_record(7, date="2020-01-01T00:00:00Z"))
    status, html = one.get("/")
    assert (status, links(html)) == (200, [])
    status, html = one.get("/?type__ids=3")
    assert (status, links(html)) == (200, [])
    assert '<a href="/"' in html[html.index("<main") :]


def test_hostile_texts_are_shown_and_never_run(site: MakeSite) -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    record = make_record(
        7,
        name=bad,
        date="2026-05-01T12:00:00Z",
        location=bad,
        description=bad,
        type={"id": 2, "name": bad},
        agencies=[{"id": 1, "name": bad}],
        program=[{"id": 1, "name": bad}],
        updates=[{"id": 1, "comment": bad, "created_by": bad, "info_url": "javascript:alert(1)"}],
        vid_urls=[{"url": "javascript:alert(1)", "title": bad}, {"url": "https://x.example/\"'><b>", "title": bad}],
        info_urls=[{"url": "data:text/html,<script>", "title": bad}, {"url": "https://y.example/", "title": bad}],
        date_precision=precision(1),
    )
    one = site(record)
    for address in ("/", links(one.get("/")[1])[0]):
        _, html = one.get(address)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "javascript:" not in html
        assert "data:text" not in html


def test_a_page_that_has_not_changed_answers_304(site: MakeSite) -> None:
    one = site(make_record(7))
    first = one.client.get("/")
    again = one.client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    one.put(make_record(8, date="2026-04-01T00:00:00Z"))
    assert one.client.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_head_is_get_without_its_body(site: MakeSite) -> None:
    one = site(make_record(7))
    got, head = one.client.get("/"), one.client.head("/")
    for answer in (got, head):
        answer.headers.pop("Date", None)  # A second may have passed.
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(got.headers))


def test_feeds_linked_from_a_page_carry_its_filter_and_not_its_view(site: MakeSite) -> None:
    _, html = site(make_record(7)).get("/?offset=0&limit=5&type__ids=8,2,8")
    page = read(html)
    assert [(one["type"], one["href"]) for one in page.select('link[rel="alternate"]')] == [
        (form.media_type, f"http://localhost/feeds/events.{form.suffix}?type__ids=2,8") for form in EVENT_FORMATS
    ]
    assert page.values('link[rel="canonical"]', "href") == ["http://localhost/?type__ids=2,8&limit=5"]


def test_a_forged_host_reaches_no_link(site: MakeSite) -> None:
    status, html = site(make_record(7)).get("/", Host="evil.example")
    assert status == 400
    assert "evil.example" not in html
    assert "PERIGEE_TRUSTED_HOSTS" in html


def test_the_public_address_is_in_every_link_whatever_host_was_asked(site: MakeSite) -> None:
    one = site(make_record(7), PERIGEE_PUBLIC_URL="https://events.example.org/")
    status, html = one.get("/", Host="10.1.2.3:8000")
    assert status == 200
    assert read(html).values('link[rel="canonical"]', "href") == ["https://events.example.org/"]
    assert "10.1.2.3" not in html


def test_an_unforeseen_error_is_told_without_detail(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_store: Store) -> None:
        raise ZeroDivisionError("secret detail")

    one = site(make_record(7))
    monkeypatch.setattr(Store, "read", fail)
    status, text = one.get("/")
    assert (status, "secret" in text) == (500, False)
    assert text.startswith("Something went wrong.\n")


def test_an_error_in_one_page_still_gets_its_error_page(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError("secret detail")

    one = site(make_record(7))
    monkeypatch.setattr("webapp.pages.views.timeline.present_timeline", fail)
    status, html = one.get("/")
    assert (status, "secret" in html) == (500, False)
    assert "Something went wrong" in plain(html)
    assert "</html>" in html


def test_a_database_that_cannot_be_read_is_a_503(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_store: Store) -> None:
        raise StoreUnavailableError("database is locked")

    one = site(make_record(7))
    monkeypatch.setattr(Store, "read", fail)
    answer = one.client.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "database is locked" not in answer.get_data(as_text=True)


def test_a_parameter_that_is_not_known_is_ignored_and_named(site: MakeSite) -> None:
    one = site(make_record(7, date="2026-04-01T12:00:00Z"))
    answer = one.client.get("/?typ__ids=2&<b>=1&type__ids=3")
    html = answer.get_data(as_text=True)
    assert answer.headers["Perigee-Ignored-Parameters"] == "typ__ids, %3Cb%3E"
    assert "Ignored part of the link: typ__ids , %3Cb%3E" in plain(html)
    plain_answer = one.client.get("/")
    assert "Perigee-Ignored-Parameters" not in plain_answer.headers
    assert "Ignored part" not in plain_answer.get_data(as_text=True)


def test_a_withdrawn_event_is_listed_nowhere_and_its_page_says_so(site: MakeSite) -> None:
    soon = {"date": "2026-03-02T12:00:00Z"}
    one = site(make_record(7, webcast_live=True, **soon), make_record(8, **soon))
    one.withdraw(7)
    assert [link.split("/")[2] for link in links(one.get("/")[1])] == ["8"]
    status, html = one.get(one.client.get("/events/7").headers["Location"])
    words = plain(html[html.index("<main") : html.index("</main>")])
    assert status == 200
    assert (
        "Withdrawn by Launch Library on 1 March 2026, 09:30 UTC . It is no longer listed; "
        "these are its last known details." in words
    )
    assert read(html).texts(".badge") == []
    assert "data-countdown" not in html
    assert read(html).values(".action[href], .facts .link-list a", "href") == []
    one.put(make_record(7, last_updated="2026-03-01T09:30:01Z", **soon))
    assert sorted(link.split("/")[2] for link in links(one.get("/")[1])) == ["7", "8"]
    assert "Withdrawn by" not in one.get("/events/7")[1]


def test_an_event_that_moved_is_marked_for_a_week_and_tells_its_history(site: MakeSite) -> None:
    one = site(make_record(7, date="2026-04-10T14:00:00Z", date_precision=precision(1)))
    one.put(
        make_record(
            7, date="2026-04-12T09:00:00Z", date_precision=precision(1), last_updated="2026-03-01T09:30:01Z",
            updates=[{"id": 1, "profile_image": None, "comment": "<b>Wind</b>", "info_url": None,
                      "created_by": "Ann", "created_on": "2026-02-28T10:00:00Z"}],
        )
    )  # fmt: skip
    _, html = one.get("/")
    mark = read(html).only(".moved")
    dates = "from 10 April 2026, 14:00 UTC to 12 April 2026, 09:00 UTC"
    assert (mark["title"], mark.text) == (f"Delayed by 1 d 19 h: {dates}", f"Delayed by 1 d 19 h : {dates}")
    _, html = one.get(one.client.get("/events/7").headers["Location"])
    assert read(html).texts("li.history-entry") == [
        (
            "1 March 2026, 09:30 UTC "
            "Delayed by 1 d 19 h, from 10 April 2026, 14:00 UTC to 12 April 2026, 09:00 UTC (first date change)."
        ),
        "28 February 2026, 10:00 UTC Update by Ann <b>Wind</b>",
    ]
    one.clock.advance(timedelta(days=7, seconds=1))
    assert read(one.get("/")[1]).select(".moved") == []


@pytest.mark.parametrize(
    ("date", "precision_id", "reason"),
    [
        ("2026-02-02T00:00:00Z", 4, "Local part of the day; exact time not recorded."),
        ("2026-02-02T00:00:00Z", 5, "Time not recorded."),
        ("2026-02-02T00:00:00Z", 6, "Day not recorded."),
        ("2025-11-02T00:00:00Z", 11, "Month not recorded."),
        ("2026-05-02T00:00:00Z", 6, "No day announced yet."),
    ],
)
def test_the_page_of_a_past_event_announces_nothing(site: MakeSite, date: str, precision_id: int, reason: str) -> None:
    one = site(make_record(7, date=date, date_precision=precision(precision_id), vid_urls=[]))
    page = read(one.get(one.client.get("/events/7").headers["Location"])[1])
    assert page.texts(".hero-reason") == [reason]
    is_past = "not recorded" in reason
    assert page.texts("p.is-quiet")[-1] == ("No webcast listed." if is_past else "No webcast announced yet.")


def test_an_events_page_offers_calendars_and_what_goes_with_it(site: MakeSite) -> None:
    program = {"id": 17, "name": "Stations", "description": "", "agencies": []}
    soon = {"date": "2026-03-10T12:00:00Z", "date_precision": precision(1)}
    one = site(
        make_record(1, name="One </script><b>", program=[program], **soon),
        make_record(2, program=[program], date="2026-03-20T12:00:00Z", date_precision=precision(1)),
        make_record(3, program=[], spacestations=[], **soon),
        make_record(4, program=[], date="2026-03-21T12:00:00Z", date_precision=precision(1)),
        make_record(5, program=[program], spacestations=[], date=None),
    )
    html = one.get(one.client.get("/events/1").headers["Location"])[1]
    page = read(html)
    assert [
        (path.split("/")[2], words.split(" · ")[1])
        for path, words in zip(page.values(".related-link", "href"), page.texts(".related .related-date"), strict=True)
    ] == [("2", "same station"), ("5", "same program"), ("3", "same day")]
    assert page.values(".action[href]", "href") == ["/notices?id=1", "/events/1.ics"]
    assert json.loads(page.only('script[type="application/ld+json"]').source)["name"] == "One </script><b>"
    assert page.values('meta[property="og:title"]', "content") == [
        "One </script><b>: 10 March 2026, 12:00 UTC · Perigee"
    ]
    undated = one.get(one.client.get("/events/5").headers["Location"])[1]
    assert "No date yet, so it can’t be added to a calendar." in plain(undated)
    assert "application/ld+json" not in undated
