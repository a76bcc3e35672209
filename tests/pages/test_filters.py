from collections.abc import Callable

import pytest

from tests.fake_ll2 import make_record
from tests.html import read
from tests.pages.test_views import links, plain
from tests.site import Site
from webapp.domain.query import Query
from webapp.pages.filters import ChoiceGroup, ChosenCondition, Option, present_filter
from webapp.pages.looser_filters import looser_filters
from webapp.rendering.choices import Choice
from webapp.store import Choice as Facet
from webapp.store import Facets

MakeSite = Callable[..., Site]
FACETS = Facets(
    types=(Facet(2, "Docking", 5), Facet(8, "Undocking", 0)),
    agencies=(Facet(44, "NASA <b>", 4),),
    programs=(Facet(17, "Station Program", 3),),
)


def parse(*pairs: tuple[str, str]) -> Query:
    return Query.parse(pairs)


def test_an_untouched_form_chooses_nothing() -> None:
    form = present_filter(Query(), FACETS, path="/")
    assert (form.words, form.location, form.webcast, form.live, form.from_day, form.to_day) == (
        "", "", False, False, "", "",
    )  # fmt: skip
    assert (form.chosen, form.hidden, form.clear_path) == ((), (), "/")
    assert [step.value for step in form.steps] == ["minute", "day", "week", "month", "year"]
    assert form.groups == (
        ChoiceGroup(
            "type__ids",
            "Type",
            (Option("2", "Docking", 5, is_chosen=False), Option("8", "Undocking", 0, is_chosen=False)),
        ),
        ChoiceGroup("agency__ids", "Agency", (Option("44", "NASA <b>", 4, is_chosen=False),)),
        ChoiceGroup("program", "Program", (Option("17", "Station Program", 3, is_chosen=False),)),
    )


def test_the_form_shows_what_is_chosen_and_carries_along_what_it_has_no_field_for() -> None:
    query = parse(
        ("type__ids", "2"), ("q", "crew"), ("location", "iss"), ("webcast", "true"), ("from", "2026-03-01"),
        ("to", "2026-04-01"), ("precision", "hour"), ("not_type__ids", "20"), ("tz", "Europe/Paris"), ("offset", "25"),
    )  # fmt: skip
    form = present_filter(query, FACETS, path="/past")
    assert (form.words, form.location, form.webcast, form.live, form.from_day, form.to_day) == (
        "crew", "iss", True, False, "2026-03-01", "2026-04-01",
    )  # fmt: skip
    assert [step.value for step in form.steps if step.is_chosen] == ["hour"]
    assert [option.value for option in form.groups[0].options if option.is_chosen] == ["2"]
    assert form.hidden == (("not_type__ids", "20"), ("tz", "Europe/Paris"))
    assert form.clear_path == "/past?tz=Europe/Paris"


def test_each_piece_of_the_filter_is_a_chip_that_can_be_taken_away() -> None:
    query = parse(
        ("type__ids", "2,8"), ("agency__ids", "44,63"), ("q", "crew"), ("live", "true"), ("precision", "day"),
        ("from", "2026-03-01"), ("search", "dragon"), ("month", "7"), ("date__gt", "2026-03-01T00:00:00Z"),
        ("offset", "25"), ("tz", "Europe/Paris"),
    )  # fmt: skip
    chosen = present_filter(query, FACETS, path="/").chosen
    assert [condition.words for condition in chosen] == [
        "Docking", "Undocking", "NASA <b>", "agency__ids: 63", "Name contains: dragon", "Search: crew", "Live now",
        "Date precision: to the day", "From 1 March 2026", "July", "date__gt: 2026-03-01T00:00:00Z",
    ]  # fmt: skip
    alone = present_filter(parse(("type__ids", "2,8"), ("tz", "Europe/Paris"), ("offset", "25")), FACETS, path="/")
    assert alone.chosen == (
        ChosenCondition("Docking", "/?type__ids=8&tz=Europe/Paris"),
        ChosenCondition("Undocking", "/?type__ids=2&tz=Europe/Paris"),
    )
    assert [parse_path(condition.without_path) for condition in chosen].count(query) == 0


def test_quick_choices_add_up_and_take_themselves_away() -> None:
    untouched = present_filter(Query(), FACETS, path="/", webcast_count=3).quick
    assert [(choice.words, choice.count) for choice in untouched] == [
        ("Spacewalks", 0), ("Dockings", 5), ("Landings", 0), ("Flybys", 0), ("Briefings", 0), ("Tests", 0),
        ("With a webcast", 3),
    ]  # fmt: skip
    query = parse(("type__ids", "3,40"), ("tz", "Europe/Paris"), ("offset", "25"))
    form = present_filter(query, FACETS, path="/")
    assert form.quick[:2] == (
        Choice("Spacewalks", "/?type__ids=40&tz=Europe/Paris", is_chosen=True, count=0),
        Choice("Dockings", "/?type__ids=2,3,4,8,13,25,29,40&tz=Europe/Paris", is_chosen=False, count=5),
    )
    assert form.quick[-1] == Choice("With a webcast", "/?type__ids=3,40&webcast=true&tz=Europe/Paris", is_chosen=False)
    assert [condition.words for condition in form.chosen_beside] == ["type__ids: 40"]


def test_an_empty_result_is_loosened_by_one_condition_or_by_two_where_one_is_not_enough() -> None:
    asked = parse(("q", "crew"), ("location", "iss"), ("webcast", "true")).filter
    counts = dict.fromkeys(looser_filters(asked), 0)
    assert len(counts) == 6
    form = present_filter(Query(asked), FACETS, path="/", looser=counts)
    assert form.looser == ()
    found = {
        parse(("q", "crew"), ("webcast", "true")).filter: 4,
        parse(("webcast", "true")).filter: 9,
        parse(("location", "iss")).filter: 2,
    }
    form = present_filter(Query(asked), FACETS, path="/", looser=counts | found)
    assert [(choice.words, choice.path, choice.count) for choice in form.looser] == [
        (("Location: iss",), "/?q=crew&webcast=true", 4),
        (("Search: crew", "With a webcast"), "/?location=iss", 2),
    ]
    two = parse(("q", "crew"), ("webcast", "true")).filter
    assert len(looser_filters(two)) == 2  # Without both there is no filter left.


def parse_path(path: str) -> Query:
    return Query.parse(pair.split("=", 1) for pair in path.partition("?")[2].split("&"))  # type: ignore[misc]


def test_the_page_shows_the_form_its_choices_and_its_chips(site: MakeSite) -> None:
    soon = {"date": "2026-03-02T12:00:00Z"}
    one = site(make_record(7, name="Seven", **soon), make_record(8, name="Eight <i>", **soon))
    _, html = one.get("/?q=seven&tz=Asia/Kathmandu")
    assert [link.split("/")[2] for link in links(html)] == ["7"]
    page = read(html)
    assert page.values("a.chip.is-chosen", "href") == ["/?tz=Asia/Kathmandu"]
    assert page.only("#filter-q")["value"] == "seven"
    hidden = page.select('#filter-form input[type="hidden"]')
    assert [(one["name"], one["value"]) for one in hidden] == [("tz", "Asia/Kathmandu")]
    assert page.only(".zone-menu > summary").text == "Time zone: UTC+5:45"
    assert page.only(".next-up-date time").text == "2 March 2026, 17:45 UTC+5:45"
    assert page.only(".next-up-date .in-utc").text == "2 March 2026, 12:00 UTC"


def test_the_form_works_by_itself_with_empty_and_repeated_fields(site: MakeSite) -> None:
    soon = {"date": "2026-03-02T12:00:00Z"}
    one = site(make_record(7, **soon), make_record(8, **soon))
    kinds = {number: one.get(f"/2.3.0/events/{number}/?format=json")[0] for number in (7, 8)}
    assert kinds == {7: 200, 8: 200}
    _, html = one.get("/?q=&location=&from=&to=&precision=&type__ids=2&type__ids=9999")
    assert read(html).values("a.chip.is-chosen", "href") == ["/?type__ids=9999", "/?type__ids=2"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Europe/Paris'"])
def test_a_zone_that_is_none_is_refused_by_its_name(site: MakeSite, zone: str) -> None:
    status, html = site(make_record(7)).get("/?tz=" + zone)
    assert status == 400
    assert "a time zone name, such as Europe/Paris" in plain(html)


def test_an_empty_result_says_how_many_there_would_be_without_one_thing(site: MakeSite) -> None:
    soon = {"date": "2026-03-02T12:00:00Z"}
    one = site(make_record(7, name="Seven", **soon), make_record(8, name="Eight", vid_urls=[], **soon))
    _, html = one.get("/?q=eight&webcast=true&location=nowhere")
    assert looser(html) == [("/?q=eight", "Without “Location: nowhere” and “With a webcast” 1 event")]
    _, html = one.get("/?q=nine")
    assert looser(html) == [("/", "Without “Search: nine” 2 events")]
    _, html = one.get("/?q=eight&webcast=true")
    assert looser(html) == [("/?q=eight", "Without “With a webcast” 1 event")]


def looser(html: str) -> list[tuple[str, str]]:
    """Give the ways that an empty page offers: where each leads, and what it says."""
    items = [item for item in read(html).select("li:has(> a[data-swap])") if item.text.startswith("Without")]
    return [(item.only("a")["href"], item.text) for item in items]
