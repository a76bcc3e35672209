from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.instants import SPACE_AGE, known_since_space_age, parse_instant
from webapp.domain.parameter_types import MOMENT

NEW_YEAR = datetime(2017, 1, 1, tzinfo=UTC)
NOON = datetime(2025, 7, 19, 12, tzinfo=UTC)

RFC_3339 = [
    ("2025-07-19T12:00:00Z", NOON),
    ("2025-07-19t12:00:00z", NOON),
    ("2025-07-19 12:00:00Z", NOON),
    ("2025-07-19 12:00:00z", NOON),
    ("2025-07-19T12:00:00+00:00", NOON),
    ("2025-07-19T12:00:00-00:00", NOON),
    ("2025-07-19T23:30:00+11:30", NOON),
    ("2025-07-18T12:01:00-23:59", NOON),
    ("2025-07-19T12:00:00.5Z", NOON + timedelta(seconds=0.5)),
    ("2025-07-19T12:00:00.25Z", NOON + timedelta(seconds=0.25)),
    ("2025-07-19T12:00:00.123456Z", NOON + timedelta(microseconds=123_456)),
    ("2025-07-19T12:00:00.1234567899999999Z", NOON + timedelta(microseconds=123_456)),
    ("2016-12-31T23:59:60Z", NEW_YEAR),
    ("2016-12-31t23:59:60z", NEW_YEAR),
    ("2016-12-31 23:59:60.75Z", NEW_YEAR + timedelta(seconds=0.75)),
    ("2016-12-31T15:59:60-08:00", NEW_YEAR),
    ("2017-01-01T05:29:60+05:30", NEW_YEAR),
]  # fmt: skip
"""The forms of RFC 3339, 5.6 and 5.8, each with its instant."""


@pytest.mark.parametrize(("text", "instant"), RFC_3339)
def test_every_form_of_rfc_3339_is_read_in_utc(text: str, instant: datetime) -> None:
    assert (parse_instant(text), parse_instant(text).tzinfo) == (instant, UTC)
    assert MOMENT.parse([text]) == instant


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "2025-07-19T24:00:00Z", "2025-07-19 24:00:00Z", "2025-07-19t24:00:00z", "2025-07-19T12:60:00Z",
        "2025-07-19T12:00:61Z", "2025-07-19T12:30:60Z", "2025-07-19T23:59:60+01:00", "2025-07-19T12:00:00+24:00",
        "2025-02-29T12:00:00Z", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        "2025-07-19T12:00:00ZZ", "٢٠٢٥-07-19T12:00:00Z", "2016-12-31T23:59:600Z", "\ud800", "\x00",
    ],
)  # fmt: skip
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the texts are Python's, or ours
        parse_instant(text)


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),  # noqa: DTZ001 - the zone comes beside it
    st.integers(-24 * 60 + 1, 24 * 60 - 1),
    st.sampled_from("Tt "),
    st.text("0123456789", max_size=20),
    st.booleans(),
)
def test_whatever_rfc_3339_spells_is_read(
    moment: datetime,
    offset: int,
    separator: str,
    digits: str,
    is_utc: bool,  # noqa: FBT001 - drawn
) -> None:
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    spelled_offset = "z" if is_utc else f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    fraction = f".{digits}" if digits else ""
    text = f"{moment:%Y-%m-%d}".zfill(10) + separator + f"{moment:%H:%M:%S}{fraction}{spelled_offset}"
    zone = UTC if is_utc else timezone(timedelta(minutes=offset))
    expected = moment.replace(microsecond=int(digits[:6].ljust(6, "0")), tzinfo=zone)
    assert parse_instant(text) == expected


@pytest.mark.parametrize(
    ("instant", "known"),
    [
        (None, None),
        (datetime(1, 1, 1, tzinfo=UTC), None),
        (SPACE_AGE - timedelta(microseconds=1), None),
        (SPACE_AGE, SPACE_AGE),
        (NOON, NOON),
    ],
)
def test_nothing_was_recorded_before_the_first_satellites_year(
    instant: datetime | None, known: datetime | None
) -> None:
    assert known_since_space_age(instant) == known
