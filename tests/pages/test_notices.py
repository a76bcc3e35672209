"""The page that turns notices on."""

from collections.abc import Callable

import pytest

from tests.fake_ll2 import make_launch, make_record
from tests.fake_ll2.launches import launch_id
from tests.html import Part, read
from tests.site import Site
from webapp import paths

MakeSite = Callable[..., Site]
PUBLIC = {"PERIGEE_PUBLIC_URL": "https://events.example.org"}


def page_of(site: Site, address: str) -> Part:
    status, text = site.get(address)
    assert status == 200
    return read(text)


def test_it_says_of_what_and_leads_back_there(site: MakeSite) -> None:
    one = site(make_record(1, name="Dragon docks"), make_launch(7), **PUBLIC)
    cases = {
        "/notices": ("everything that is upcoming", "/", ""),
        "/notices?type__ids=2": ("Docking", "/?type__ids=2", "?type__ids=2"),
        "/notices?webcast=1&kind=launch": ("Launches, With a webcast", "/?kind=launch&webcast=true", None),
        "/notices?id=1": ("Dragon docks", "/events/1/dragon-docks", "?id=1"),
        f"/notices?id={launch_id(7)}": (None, None, f"?id={launch_id(7)}"),
        "/notices?id=99": ("event 99", "/?id=99", "?id=99"),
    }
    for address, (subject, back, query) in cases.items():
        page = page_of(one, address)
        assert subject is None or page.texts(".page-lede a") == [subject], address
        assert back is None or (page.values(".page-lede a", "href")[0] or "").startswith(back[:10]), address
        assert query is None or page.values("#notices", "data-query") == [query], address


def test_what_can_be_chosen_depends_on_what_can_happen(site: MakeSite) -> None:
    one = site(make_record(1), make_launch(7), **PUBLIC)
    kinds = {address: page_of(one, address).values("[name=kinds]", "value") for address in (
        "/notices", "/notices?kind=event", "/notices?id=1", f"/notices?id={launch_id(7)}",
    )}  # fmt: skip
    assert [*kinds.values()] == [
        ["added", "moves", "webcast", "live", "outcome"],
        ["added", "moves", "webcast", "live"],
        ["moves", "webcast", "live"],
        ["moves", "webcast", "live", "outcome"],
    ]
    page = page_of(one, "/notices")
    assert page.values("[name=kinds][checked]", "value") == ["moves", "webcast", "live", "outcome"]
    assert page.values("[name=lead] option", "value") == ["1 day", "1 hour", "10 minutes", ""]
    assert page.texts("[name=lead] [selected]") == ["An hour before"]


@pytest.mark.parametrize(("environ", "words"), [
    ({}, "no public address"),
    ({"PERIGEE_PUBLIC_URL": "http://events.example.org"}, "plain http"),
])  # fmt: skip
def test_a_server_that_cannot_send_says_why_and_what_else_there_is(
    site: MakeSite, environ: dict[str, str], words: str
) -> None:
    page = page_of(site(make_record(1), **environ), "/notices?live=true")
    assert any(words in state for state in page.texts("p.notices-state"))
    assert page.select("form.notices-form") == []
    assert page.values("p.notices-state a", "href")[-1] == "/subscribe?live=true"


def test_a_sample_sends_none(site: MakeSite) -> None:
    page = page_of(site(sample=True), "/notices")
    assert any("it shows a sample" in words for words in page.texts("p.notices-state"))


def test_without_scripts_it_says_what_else_there_is(site: MakeSite) -> None:
    _, text = site(make_record(1), **PUBLIC).get("/notices")
    assert "<noscript>" in text
    assert "Notices need JavaScript, which is off." in text


def test_every_list_and_every_entry_to_come_leads_there(site: MakeSite) -> None:
    one = site(make_record(1, date="2026-04-03T12:00:00Z"), make_launch(90), **PUBLIC)
    for address, path in {
        "/": "/notices",
        "/?type__ids=2&tz=Asia/Tokyo": "/notices?type__ids=2",
        "/?kind=launch": "/notices?kind=launch",
        "/horizon?type__ids=2": "/notices?type__ids=2",
        "/changes?type__ids=2&change=slipped": "/notices?type__ids=2",
        "/subscribe?type__ids=2": "/notices?type__ids=2",
        "/events/1": "/notices?id=1",
        f"/launches/{launch_id(90)}": f"/notices?id={launch_id(90)}",
    }.items():
        answer = one.client.get(address, follow_redirects=True)
        assert f'href="{path}"' in answer.get_data(as_text=True), address


def test_the_service_worker_is_small_answers_no_request_and_is_never_kept(site: MakeSite) -> None:
    answer = site(make_record(1)).client.get("/service-worker.js")
    script = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert len(script.encode()) < 2000
    assert "onfetch" not in script
    assert '"fetch"' not in script
    assert script == (paths.static() / "js" / "service-worker.js").read_text("utf-8")
