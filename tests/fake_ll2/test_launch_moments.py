import gzip
import json
from datetime import timedelta

import pytest

from tests.fake_ll2.conformity import deviations
from tests.fake_ll2.data import data_folder, launches_schema
from tests.fake_ll2.launch_moments import BEGINNING, LaunchMoment, launch_moments
from tests.fake_ll2.modes import LAUNCH_MODES, abridged_launch, in_mode
from tests.fake_ll2.moments import parse_moment
from tests.fake_ll2.shapes import Record

SNAPSHOT = "launches/zenith-2.2.0/snapshot-2026-01-16T1239Z-first-100.json.gz"


@pytest.fixture(scope="module")
def moments() -> list[LaunchMoment]:
    return list(launch_moments(BEGINNING + timedelta(days=105)))


def test_at_first_just_those_launches_are_upcoming_that_the_snapshot_of_that_time_holds(
    moments: list[LaunchMoment],
) -> None:
    snapshot = json.loads(gzip.decompress((data_folder() / SNAPSHOT).read_bytes()))["launches"]
    upcoming = upcoming_of(moments[0])
    assert len(upcoming) == 100
    assert {known["id"]: of_2_2(known) for known in snapshot} == {known["id"]: of_2_3(known) for known in upcoming}
    assert moments[0].unlisted == []


def upcoming_of(moment: LaunchMoment) -> list[Record]:
    return [record for record in moment.listed if parse_moment(record["net"]) >= moment.at - timedelta(hours=24)]


def of_2_2(launch: Record) -> tuple[object, ...]:
    videos = {video["url"]: video["type"]["name"] for video in launch["vidURLs"]}
    return (*in_common(launch), videos, [url["url"] for url in launch["infoURLs"]])


def of_2_3(launch: Record) -> tuple[object, ...]:
    videos = {video["url"]: video["type"]["name"] for video in launch["vid_urls"]}
    return (*in_common(launch), videos, [url["url"] for url in launch["info_urls"]])


def in_common(launch: Record) -> tuple[object, ...]:
    fields = "name", "slug", "net", "window_start", "window_end", "probability", "webcast_live", "last_updated"
    numbered = launch["status"], launch["net_precision"], launch["pad"], launch["launch_service_provider"]
    return (*(launch[field] for field in fields), *(one["id"] for one in numbered))


def test_a_hundred_stay_upcoming_and_those_that_changed_are_among_them(moments: list[LaunchMoment]) -> None:
    assert len(moments) == 877
    known: dict[str, Record] = {}
    for moment in moments:
        listed = {record["id"] for record in moment.listed}
        assert 100 - len(moment.unlisted) <= len(upcoming_of(moment)) <= 100
        assert {id_ for id_, facts in moment.facts.items() if facts != known.get(id_)} <= listed
        assert listed | {record["id"] for record in moment.unlisted} == moment.facts.keys()
        known = moment.facts


@pytest.mark.parametrize(
    ("mode", "name"), [("list", "LaunchBasic"), ("normal", "LaunchNormal"), ("detailed", "LaunchDetailed")]
)
def test_the_schema_of_the_service_accepts_them(moments: list[LaunchMoment], mode: str, name: str) -> None:
    document, records = launches_schema(), [*moments[-1].listed, *moments[-1].unlisted]
    shown = [in_mode(abridged_launch(record, mode), mode, LAUNCH_MODES, record["url"]) for record in records]
    assert [deviation for record in shown for deviation in deviations(record, name, document)] == []
    assert list(document["components"]["schemas"][name]["properties"]) == list(shown[0])
