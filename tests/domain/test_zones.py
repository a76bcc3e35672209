from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.zones import UTC_ZONE, in_zone, zone_label, zone_named, zone_names

ENDS = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/PARIS", "Europe/Paris"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("Etc/Zulu", "UTC"),
        ("Z", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_name_in_letters_of_any_case(name: str, zone: str) -> None:
    assert zone_named(name) == ZoneInfo(zone)


@pytest.mark.parametrize("name", ["", "Paris", "Europe/Atlantis", "../etc/passwd", "localtime", "Factory", "/", "\0"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        zone_named(name)


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("UTC", "UTC"),
        ("Europe/Paris", "CEST"),
        ("America/New_York", "EDT"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/Sao_Paulo", "UTC-3"),
        ("America/St_Johns", "NDT"),
        ("Pacific/Kiritimati", "UTC+14"),
    ],
)
def test_a_zone_is_labelled_by_its_letters_or_its_distance_from_utc(zone: str, label: str) -> None:
    assert zone_label(datetime(2026, 7, 1, tzinfo=UTC).astimezone(ZoneInfo(zone))) == label


def test_the_label_follows_daylight_saving() -> None:
    before, after = datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)
    paris = ZoneInfo("Europe/Paris")
    assert [f"{there:%H:%M} {zone_label(there)}" for there in (in_zone(before, paris), in_zone(after, paris))] == [
        "01:59 CET",
        "03:00 CEST",
    ]


@given(st.sampled_from(sorted(zone_names().values())), st.sampled_from(ENDS))
def test_no_zone_leads_out_of_the_calendar(name: str, moment: datetime) -> None:
    assert in_zone(moment, zone_named(name)) == moment


def test_utc_is_told_by_its_own_name() -> None:
    assert (str(UTC_ZONE), zone_label(datetime(2026, 1, 1, tzinfo=UTC_ZONE))) == ("UTC", "UTC")
