from datetime import UTC, datetime

from tests.fake_ll2 import make_record
from tests.fake_ll2.parts import agency_object, astronaut_object, expedition_object, launch_object, station_object
from tests.fake_ll2.records import SUCCESS, precision
from webapp.domain.entry import CrewMember, EventDetail, Expedition, LaunchReference, Station
from webapp.ll2.parse import parse_event
from webapp.pages.particulars import Particular, Particulars, present_particulars

CSA = agency_object(16, "Canadian Space Agency", "Government", "CSA")
STATION = station_object(4, "International Space Station")
WHOLE = make_record(
    7,
    agencies=[CSA, agency_object(44, "NASA", "Government")],
    program=[{"id": 17, "name": "Stations"}],
    launches=[
        launch_object("5f", "Carrier | Seven", "s", net="2025-07-31T00:00:00Z", status=SUCCESS, precision=precision(7))
    ],
    spacestations=[STATION],
    expeditions=[
        expedition_object(73, "Expedition 73", "2025-04-19T00:00:00Z", None, STATION),
        expedition_object(74, "Expedition 74", "2025-12-08T00:00:00Z", "2026-04-01T00:00:00Z", STATION),
    ],
    astronauts=[astronaut_object(9, "سلمى حداد", CSA)],
)  # fmt: skip
BARE = make_record(7, agencies=[], program=None, launches=None, spacestations=[], expeditions=[], astronauts=None)


def test_everything_an_event_belongs_with_is_told() -> None:
    assert present_particulars(parse_event(WHOLE)) == (
        Particulars(
            "Agencies",
            (
                Particular("Canadian Space Agency", path="/?agency__ids=16"),
                Particular("NASA", path="/?agency__ids=44"),
            ),
        ),
        Particulars("Program", (Particular("Stations", path="/?program=17"),)),
        Particulars("Launch", (Particular("Carrier | Seven", "July 2025, Launch Successful"),)),
        Particulars("Station", (Particular("International Space Station", "Low Earth Orbit"),)),
        Particulars(
            "Expeditions",
            (
                Particular("Expedition 73", "from 19 April 2025"),
                Particular("Expedition 74", "from 8 December 2025 until 1 April 2026"),
            ),
        ),
        Particulars("Crew", (Particular("\u2068سلمى حداد\u2069", "Canadian Space Agency"),)),
    )


def test_of_what_there_is_none_nothing_is_told() -> None:
    assert present_particulars(parse_event(BARE)) == ()


def test_a_part_that_makes_no_sense_is_left_out_and_the_others_stay() -> None:
    record = WHOLE | {
        "launches": [{"id": "1", "name": "A", "net": "soon", "net_precision": "?", "status": None}, {"id": 5}, 7],
        "spacestations": [{"id": "x", "name": "Nowhere"}, {"id": 4, "name": "Four", "orbit": None}],
        "expeditions": "many",
        "astronauts": [{"id": 9, "name": "Nine", "agency": None}, {"id": 10}],
    }  # fmt: skip
    detail = parse_event(record).detail
    assert isinstance(detail, EventDetail)
    assert detail.launches == (LaunchReference("1", "A", None, None, ""),)
    assert detail.stations == (Station(4, "Four", ""),)
    assert detail.expeditions == ()
    assert detail.crew == (CrewMember(9, "Nine", ""),)


def test_dates_of_parts_are_in_utc() -> None:
    detail = parse_event(WHOLE).detail
    assert isinstance(detail, EventDetail)
    (first, _) = detail.expeditions
    assert first == Expedition(73, "Expedition 73", datetime(2025, 4, 19, tzinfo=UTC), None)
