from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.clean_texts import unclean_texts
from tests.factories import make_entry
from tests.fake_ll2 import make_launch
from tests.fake_ll2.launches import launch_id, launch_status, real_launches
from tests.keys import launch_key
from tests.ll2.mutations import JSON, mutated
from tests.soak import every_day, length
from webapp.domain.comparison import compare
from webapp.domain.entry import Agency, Entry, EventType, Link, Picture, Program, Update
from webapp.domain.instants import SPACE_AGE
from webapp.domain.launch import (
    AttemptCounts,
    CelestialBody,
    LaunchDetail,
    LaunchStatus,
    LaunchWindow,
    Manufacturer,
    Mission,
    Orbit,
    Pad,
    Place,
    Rocket,
    SpacecraftFlight,
    TimelineStep,
)
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.precision import ClockRange, DateRange
from webapp.domain.webcasts import ranked
from webapp.ll2.identity import RottenRecordError
from webapp.ll2.parse_launch import parse_launch

EARTH = CelestialBody(1, "Earth")
BARE: dict[str, Any] = {"id": launch_id(7), "name": "Carrier | Meridian"}


def parse(**fields: Any) -> Entry:
    return parse_launch(BARE | fields)


def detail_of(**fields: Any) -> LaunchDetail:
    detail = parse(**fields).detail
    assert isinstance(detail, LaunchDetail)
    return detail


def bare(**overrides: Any) -> Entry:
    """Give what a record without anything but an id and a name makes, with these fields besides."""
    empty = make_entry(slug="", date=None, precision_id=None)
    launch = {"key": launch_key(7), "name": BARE["name"], "type": EventType(24, "Launch"), "detail": LaunchDetail()}
    return replace(empty, **launch | overrides)


def test_a_bare_record_is_a_launch() -> None:
    assert parse() == bare()


def test_a_full_record_is_read_to_the_last_field() -> None:
    record = make_launch(37, launch_designator=" 2026-037\n", webcast_live=True)
    unread: set[str] = set()
    address = "https://images.example.org/launches/37.jpeg"
    found = parse_launch(record, unread)
    assert unread == set()
    assert [(webcast.kind_id, webcast.priority) for webcast in found.webcasts] == [(4, 7), (1, 10)]
    assert found == bare(
        key=launch_key(37),
        name="Starship V3 | Meridian 37",
        slug="carrier-meridian-37",
        date=datetime(2026, 2, 7, 12, tzinfo=UTC),
        precision_id=7,
        description="Mission 37.\n\nDetails TBD.",
        location="Space Launch Complex 4E, Vandenberg SFB, CA, USA",
        webcast_live=True,
        picture=Picture(address, address, "", "Unknown", None, single_use=False, name="Meridian 37"),
        webcasts=found.webcasts,
        links=(
            Link(
                "https://www.example.org/launches/37/",
                "About Meridian 37",
                "",
                "www.example.org",
                "Official Page",
                "English",
                10,
            ),
        ),
        updates=(Update(37, "GO for launch.", "An editor", datetime(2026, 1, 3, 1, tzinfo=UTC), None),),
        agencies=(
            Agency(63, "Russian Federal Space Agency (ROSCOSMOS)", "RFSA"),
            Agency(44, "National Aeronautics and Space Administration", "NASA"),
        ),
        programs=(Program(17, "International Space Station"),),
        last_updated=datetime(2026, 1, 1, 12, 37, tzinfo=UTC),
        detail=LaunchDetail(
            status=LaunchStatus(2, "To Be Determined", "TBD"),
            window=LaunchWindow(datetime(2026, 2, 7, 12, tzinfo=UTC), datetime(2026, 2, 7, 14, tzinfo=UTC)),
            rocket=Rocket(522, "Starship", "Starship V3", ("Starship",)),
            mission=Mission("Meridian 37", "Communications", Orbit(17, "Sun-Synchronous Orbit", "SSO", EARTH)),
            pad=Pad(16, "Space Launch Complex 4E", Place(11, "Vandenberg SFB, CA, USA", "America/Los_Angeles", EARTH)),
            provider_id=63,
            timeline=(
                TimelineStep("GO for Prop Load", "GO for Prop Load.", -timedelta(minutes=38), 1),
                TimelineStep("Liftoff", "Liftoff.", timedelta(0), 10),
                TimelineStep("MECO", "MECO.", timedelta(minutes=2, seconds=25), 15),
            ),
            patches=("Meridian 37 patch",),
            designator="2026-037",
            status_description=record["status"]["description"],
            attempt_counts=AttemptCounts(*(37,) * 8),
        ),
    )


def test_what_only_a_detailed_rocket_carries() -> None:
    stages = [{"launcher": {"serial_number": number}} for number in ("B1067", None, " B1080\n")]
    dragon = {"spacecraft": {"id": 4, "name": "Dragon C212", "spacecraft_config": {"id": 6}}, "launch_crew": [{}]}
    unnamed: dict[str, Any] = {"spacecraft": None, "launch_crew": []}
    configuration = {"id": 1, "name": "Carrier", "manufacturer": {"id": 9, "name": "Maker", "abbrev": "M"}}
    found = detail_of(
        rocket={"configuration": configuration, "launcher_stage": stages, "spacecraft_stage": [dragon, unnamed]}
    )
    assert found.rocket == Rocket(1, "Carrier", "Carrier", (), Manufacturer("Maker", "M"))
    assert found.serial_numbers == ("B1067", "B1080")
    assert found.spacecraft == (
        SpacecraftFlight(4, "Dragon C212", 6, is_crewed=True),
        SpacecraftFlight(None, "", None, is_crewed=False),
    )


def test_every_invented_record_is_read_to_the_last_field() -> None:
    unread: set[str] = set()
    found = [parse_launch(make_launch(number), unread) for number in range(1, 101)]
    assert ([one.key for one in found], unread) == ([launch_key(number) for number in range(1, 101)], set())


def test_every_real_record_is_read_to_the_last_field() -> None:
    records, unread = real_launches(), set[str]()
    found = [parse_launch(record, unread) for record in records]
    assert (len(found), unread) == (304, set())
    assert [one.key.source_id for one in found] == [record["id"] for record in records]
    assert [one for one in found if unclean_texts(one)] == []
    for record, entry in zip(records, found, strict=True):
        detail = entry.detail
        assert isinstance(detail, LaunchDetail)
        assert (detail.status is not None, detail.window is not None, entry.date is not None) == (True, True, True)
        is_listed = record["response_mode"] == "list"
        assert (detail.rocket is None, detail.pad is None, entry.provider is None) == (is_listed,) * 3


def test_the_first_satellite_is_known_to_the_day() -> None:
    sputnik = parse_launch(real_launches()[0])
    assert isinstance(sputnik.detail, LaunchDetail)
    assert (sputnik.name, sputnik.detail.designator) == ("Sputnik 8K74PS | Sputnik 1", "1957-001")
    assert sputnik.date_range == DateRange(date(1957, 10, 4), date(1957, 10, 4))
    assert sputnik.location == "1/5, Baikonur Cosmodrome, Republic of Kazakhstan"
    assert sputnik.has_outcome


def test_a_real_flight_has_its_true_time_and_lasts_for_its_window() -> None:
    starship = next(one for one in map(parse_launch, real_launches()) if one.name.startswith("Starship | Starlink"))
    assert starship.date_words == "28 September 2026, 12:48:59 UTC"
    window_end = datetime(2026, 9, 28, 13, 30, tzinfo=UTC)
    assert starship.date_range == ClockRange(datetime(2026, 9, 28, 12, 48, 59, tzinfo=UTC), window_end)
    assert [program.id for program in starship.programs] == [1, 25]


def test_what_is_official_comes_before_the_re_stream_of_a_real_flight() -> None:
    found = [one for one in map(parse_launch, real_launches()) if one.name.endswith("Starlink Group 15-20")]
    assert [webcast.kind_id for webcast in ranked(found[-1].webcasts)] == [1, 3, 3, 4]


@pytest.mark.parametrize("missing", sorted(set(make_launch(37)) - {"id", "name"}))
def test_a_field_that_is_missing_or_null_is_survived(missing: str) -> None:
    record = make_launch(37)
    without = {name: value for name, value in record.items() if name != missing}
    assert parse_launch(without) == parse_launch(record | {missing: None})


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (None, "record: not an object"),
        ("not a launch", "record: not an object"),
        ([], "record: not an object"),
        ({}, "id: not a UUID"),
        ({"id": 7, "name": "x"}, "id: not a UUID"),
        ({"id": "7", "name": "x"}, "id: not a UUID"),
        ({"id": launch_id(7) + "\n", "name": "x"}, "id: not a UUID"),
        ({"id": "{" + launch_id(7) + "}", "name": "x"}, "id: not a UUID"),
        ({"id": launch_id(7).replace("-", ""), "name": "x"}, "id: not a UUID"),
        ({"id": launch_id(7).replace("0", "٠"), "name": "x"}, "id: not a UUID"),
        ({"id": launch_id(7)}, "name: missing"),
        ({"id": launch_id(7), "name": " \x00\ud800\n"}, "name: missing"),
        ({"id": launch_id(7), "name": 42}, "name: not a text"),
    ],
)
def test_only_what_has_no_id_or_no_name_is_refused(record: object, reason: str) -> None:
    with pytest.raises(RottenRecordError, match=f"^{reason}$"):
        parse_launch(record)


def test_an_id_is_the_same_in_letters_of_any_case() -> None:
    key = parse_launch(BARE | {"id": "6208F972-18ec-490F-bbe5-6f5c6cfcd48c"}).key
    assert key.source_id == "6208f972-18ec-490f-bbe5-6f5c6cfcd48c"


UNREAD: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"slug": "a/b"}, ("slug",)),
    ({"net": "next Tuesday"}, ("net",)),
    ({"net_precision": "Day"}, ("net_precision",)),
    ({"window_start": 5, "window_end": "soon"}, ("window_end", "window_start")),
    ({"window_start": "2026-01-02T00:00:00Z", "window_end": "2026-01-01T00:00:00Z"}, ("window_end",)),
    ({"status": "Go"}, ("status",)),
    ({"status": {"name": "Go"}}, ("status.id",)),
    ({"status": {"id": LARGEST_ID + 1, "name": "Go"}}, ("status.id",)),
    ({"rocket": []}, ("rocket",)),
    ({"rocket": {"configuration": "Carrier"}}, ("rocket.configuration",)),
    ({"rocket": {"configuration": {"id": 1, "families": [None, 7]}}}, ("rocket.configuration.families",)),
    ({"mission": {"description": 7, "orbit": "LEO"}}, ("mission.description", "mission.orbit")),
    ({"mission": {"agencies": [{"name": "NASA"}]}}, ("mission.agencies.id",)),
    ({"pad": {"location": ["Moon"]}}, ("pad.location",)),
    ({"launch_service_provider": {"name": "SpaceX"}}, ("launch_service_provider.id",)),
    ({"probability": 101}, ("probability",)),
    ({"probability": -2}, ("probability",)),
    ({"probability": True}, ("probability",)),
    ({"probability": 70.5}, ("probability",)),
    ({"weather_concerns": ["rain"], "failreason": 7}, ("failreason", "weather_concerns")),
    ({"timeline": {"type": 1}}, ("timeline",)),
    ({"timeline": [{"type": {"abbrev": "MECO"}, "relative_time": "soon"}]}, ("timeline.relative_time",)),
    ({"mission_patches": [{"name": 7}, "patch"]}, ("mission_patches", "mission_patches.name")),
    ({"launch_designator": 1957}, ("launch_designator",)),
]


@pytest.mark.parametrize(("fields", "unread"), UNREAD, ids=range(len(UNREAD)))
def test_a_field_that_cannot_be_read_counts_as_missing_and_is_named(
    fields: dict[str, Any], unread: tuple[str, ...]
) -> None:
    noted: set[str] = set()
    assert (parse_launch(BARE | fields, noted), tuple(sorted(noted))) == (bare(), unread)


@pytest.mark.parametrize(("given", "expected"), [(0, 0), (70, 70), (100, 100), (-1, None), (None, None)])
def test_a_probability_of_minus_one_is_none(given: int | None, expected: int | None) -> None:
    noted: set[str] = set()
    found = parse_launch(BARE | {"probability": given}, noted).detail
    assert isinstance(found, LaunchDetail)
    assert (found.probability, noted) == (expected, set())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("-PT38M", -timedelta(minutes=38)),
        ("PT0S", timedelta(0)),
        ("P0D", timedelta(0)),
        ("PT1H2M3.5S", timedelta(hours=1, minutes=2, seconds=3)),
        ("+P1DT1S", timedelta(days=1, seconds=1)),
        ("P99999D", timedelta(days=99_999)),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("P1W", None),
        ("1H", None),
        ("PT-1S", None),
        ("PT٣S", None),
        ("PT1S\n", None),
        (f"P{'9' * 5000}D", None),
        ("", None),
        (38, None),
        (None, None),
    ],
)
def test_the_time_of_a_step_counts_from_lift_off(given: object, expected: timedelta | None) -> None:
    steps = detail_of(timeline=[{"type": {"abbrev": "MECO"}, "relative_time": given}]).timeline
    assert steps == (() if expected is None else (TimelineStep("MECO", "", expected),))


@pytest.mark.parametrize(
    ("given", "zone"),
    [
        ("America/New_York", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("Etc/UTC", "UTC"),
        ("", ""),
        (None, ""),
        ("Mars/Jezero", ""),
        ("../../etc/passwd", ""),
        (7, ""),
    ],
)
def test_a_place_has_a_zone_that_exists_or_none(given: object, zone: str) -> None:
    noted: set[str] = set()
    found = parse_launch(BARE | {"pad": {"location": {"id": 1, "name": "Here", "timezone_name": given}}}, noted).detail
    assert found == LaunchDetail(pad=Pad(None, "", Place(1, "Here", zone)))
    assert noted - {"pad.id"} == (set() if zone or not given else {"pad.location.timezone_name"})


@pytest.mark.parametrize(
    ("pad", "words"),
    [
        ({"id": 1, "name": "LC-39A", "location": {"id": 27, "name": "Kennedy"}}, "LC-39A, Kennedy"),
        ({"id": 1, "name": "LC-39A", "location": None}, "LC-39A"),
        ({"id": 1, "name": " ", "location": {"id": 27, "name": "Kennedy"}}, "Kennedy"),
        ({"id": 1, "name": "", "location": {"id": 27, "name": ""}}, ""),
        (None, ""),
    ],
)
def test_a_location_is_the_pad_and_its_place(pad: object, words: str) -> None:
    assert parse(pad=pad).location == words


def test_the_provider_comes_first_and_no_agency_twice() -> None:
    one, two = {"id": 1, "name": "One", "abbrev": "1"}, {"id": 2, "name": "Two", "abbrev": "2"}
    found = parse(launch_service_provider=two, mission={"agencies": [one, two]})
    assert found.agencies == (Agency(2, "Two", "2"), Agency(1, "One", "1"))
    assert found.provider == Agency(2, "Two", "2")
    assert parse(mission={"agencies": [one]}).provider is None


def test_a_rocket_goes_by_either_of_its_names() -> None:
    assert detail_of(rocket={"configuration": {"id": 1, "name": "A"}}).rocket == Rocket(1, "A", "A", ())
    assert detail_of(rocket={"configuration": {"full_name": "A 2"}}).rocket == Rocket(None, "A 2", "A 2", ())


def test_a_mission_may_have_no_orbit_and_no_name() -> None:
    assert detail_of(mission={"name": "M", "type": None, "orbit": None}).mission == Mission("M", "", None)
    assert detail_of(mission={"type": "Tourism"}).mission == Mission("", "Tourism", None)


def test_a_window_needs_both_its_ends() -> None:
    day = "2026-01-02T00:00:00Z"
    start = datetime(2026, 1, 2, tzinfo=UTC)
    assert detail_of(window_start=day, window_end=day).window == LaunchWindow(start, start)
    assert detail_of(window_start=day).window is None
    assert detail_of(window_end=day).window is None


def test_the_counts_of_attempts_are_read_and_no_change() -> None:
    record = make_launch(37)
    counted = {name: 9_999 for name in record if "attempt_count" in name}
    assert len(counted) == 8
    found = parse_launch(record | counted)
    assert isinstance(found.detail, LaunchDetail)
    assert found.detail.attempt_counts == AttemptCounts(*(9_999,) * 8)
    assert compare(parse_launch(record), found) == ()


def test_nothing_was_recorded_before_the_space_age() -> None:
    assert parse(last_updated="1957-01-01T00:00:00Z").last_updated == SPACE_AGE
    assert parse(last_updated="1956-12-31T23:59:59Z").last_updated is None


@pytest.mark.parametrize("status_id", range(1, 10))
def test_each_status_is_known(status_id: int) -> None:
    status = detail_of(status=launch_status(status_id)).status
    assert status is not None
    assert (status.id, status.kind) == (status_id, status_id)


@pytest.mark.parametrize("field", every_day(sorted(set(make_launch(37)) - {"id", "name"}), one_of=3))
@given(value=JSON)
def test_no_value_of_any_other_field_loses_a_launch(field: str, value: object) -> None:
    record = make_launch(37)
    found = parse_launch(record | {field: value})
    assert (found.key, found.name, unclean_texts(found)) == (launch_key(37), record["name"], [])


def read_or_refuse(record: object) -> None:
    try:
        found = parse_launch(record)
    except RottenRecordError as error:
        assert str(error).startswith(("id: ", "name: "))  # noqa: PT017 - either may be
    else:
        assert unclean_texts(found) == []


@settings(max_examples=length(100, long=5_000))
@given(mutated([make_launch(number) for number in (36, 37)]))
def test_any_mutation_of_a_record_is_read_or_refused(record: object) -> None:
    read_or_refuse(record)


def test_any_mutation_of_a_real_record_is_read_or_refused() -> None:
    records = real_launches()

    @settings(max_examples=length(50, long=5_000), suppress_health_check=[HealthCheck.too_slow])
    @given(mutated([*records[:4], records[104], records[204], records[-1]]))
    def check(record: object) -> None:
        read_or_refuse(record)

    check()
