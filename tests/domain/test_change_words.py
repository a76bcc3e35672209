from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import HOSTILE_TEXTS, dates, precision_ids
from webapp.domain.change_words import (
    KIND_WORDS,
    amount_words,
    change_words,
    date_words,
    from_to_words,
    months_words,
    moved_words,
    ordinal,
    shift_amount_words,
)
from webapp.domain.changes import Change, ChangeKind, Direction, KnownDate, Shift
from webapp.domain.text import one_line

NO_DATE = KnownDate(None, None)


def known(spelled: str, precision_id: int | None = 1) -> KnownDate:
    return KnownDate(datetime.fromisoformat(spelled).replace(tzinfo=UTC), precision_id)


def slip(before: KnownDate, after: KnownDate, number: int | None = None) -> Change:
    return Change(ChangeKind.SLIPPED, before, after, slip_number=number)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"), (2, "second"), (3, "third"), (4, "fourth"), (9, "ninth"), (10, "tenth"), (11, "11th"),
        (12, "12th"), (13, "13th"), (14, "14th"), (20, "20th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (24, "24th"),
        (101, "101st"), (111, "111th"), (112, "112th"), (113, "113th"), (121, "121st"),
    ],
)  # fmt: skip
def test_a_place_in_a_row(number: int, words: str) -> None:
    assert ordinal(number) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=1), "1 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=17, seconds=7), "17 min 7 s"),
        (timedelta(minutes=59, seconds=59), "59 min 59 s"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, seconds=30), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=1, minutes=5), "1 d 5 min"),
        (timedelta(days=1, hours=19, minutes=30), "1 d 19 h 30 min"),
        (timedelta(days=400), "400 d"),
    ],
)
def test_a_length_of_time_is_told_in_its_parts(amount: timedelta, words: str) -> None:
    assert amount_words(amount) == words


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (0, "0 months"), (1, "1 month"), (2, "2 months"), (11, "11 months"), (12, "1 year"), (13, "1 year 1 month"),
        (27, "2 years 3 months"), (120, "10 years"),
    ],
)  # fmt: skip
def test_twelve_months_are_a_year(months: int, words: str) -> None:
    assert months_words(months) == words


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (Shift(Direction.LATER, timedelta(days=2)), "2 d"),
        (Shift(Direction.EARLIER, timedelta(hours=3)), "3 h"),
        (Shift(Direction.LATER, timedelta(days=5), is_least=True), "at least 5 d"),
        (Shift(Direction.EARLIER, months=1), "1 month"),
        (Shift(Direction.LATER, months=2, is_least=True), "at least 2 months"),
        (Shift(Direction.LATER), ""),
        (Shift(Direction.EARLIER), ""),
    ],
)
def test_how_far_a_date_moved_is_told_as_far_as_it_is_known(shift: Shift, words: str) -> None:
    assert shift_amount_words(shift) == words


@pytest.mark.parametrize(
    ("date", "words"),
    [
        (known("2026-10-03T14:00:10", 0), "3 October 2026, 14:00:10 UTC"),
        (known("2026-10-03T14:00:10", 1), "3 October 2026, 14:00 UTC"),
        (known("2026-10-03T14:40", 2), "NET 3 October 2026, 14:00 UTC"),
        (known("2026-10-03", 3), "the morning of 3 October 2026"),
        (known("2026-10-03", 4), "the afternoon of 3 October 2026"),
        (known("2026-10-03", 5), "3 October 2026"),
        (known("2026-10-03", 6), "the week of 28 September 2026"),
        (known("2026-10-03", 7), "October 2026"),
        (known("2026-10-03", 11), "Q4 2026"),
        (known("2026-10-03", 13), "the second half of 2026"),
        (known("2026-10-03", 14), "2026"),
        (known("2026-10-03", 15), "FY 2027"),
        (known("2026-10-03", 16), "the 2020s"),
        (known("2026-10-03", None), "3 October 2026"),
        (NO_DATE, "no date"),
    ],
)
def test_a_date_is_told_within_a_sentence_and_no_more_exactly_than_it_was_known(date: KnownDate, words: str) -> None:
    assert date_words(date) == words


EXACT, NEXT = known("2026-10-03T14:00"), known("2026-10-05T09:30")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            slip(EXACT, NEXT, 2),
            (
                "Delayed by 1 d 19 h 30 min, from 3 October 2026, 14:00 UTC to 5 October 2026, 09:30 UTC "
                "(second date change)."
            ),
        ),
        (
            slip(NEXT, EXACT, 11),
            (
                "Moved earlier by 1 d 19 h 30 min, from 5 October 2026, 09:30 UTC to 3 October 2026, 14:00 UTC "
                "(11th date change)."
            ),
        ),
        (
            slip(known("2026-10-03", 5), known("2026-10-08T14:00"), 1),
            "Delayed by at least 5 d, from 3 October 2026 to 8 October 2026, 14:00 UTC (first date change).",
        ),
        (
            slip(known("2026-12-01", 7), known("2027-01-01", 7), 3),
            "Delayed by 1 month, from December 2026 to January 2027 (third date change).",
        ),
        (
            slip(known("2026-12-01", 7), known("2026-12-28", 6), 1),
            "Delayed from December 2026 to the week of 28 December 2026 (first date change).",
        ),
        (
            slip(known("2026-01-01", 14), known("2028-01-01", 14), 1),
            "Delayed by 2 years, from 2026 to 2028 (first date change).",
        ),
        (
            slip(known("2026-01-01", 8), known("2026-01-01", 10), 1),
            "Delayed by 6 months, from Q1 2026 to Q3 2026 (first date change).",
        ),
        (slip(EXACT, NO_DATE, 4), "Date removed: it was 3 October 2026, 14:00 UTC (fourth date change)."),
        (slip(EXACT, NO_DATE), "Date removed: it was 3 October 2026, 14:00 UTC."),
        (slip(NO_DATE, EXACT, 2), "Date changed from no date to 3 October 2026, 14:00 UTC (second date change)."),
        (Change(ChangeKind.SLIPPED), "Date changed."),
        (
            Change(ChangeKind.REFINED, known("2026-12-01", 7), known("2026-12-12", 5)),
            "More precise date: 12 December 2026 (was December 2026).",
        ),
        (
            Change(ChangeKind.REFINED, known("2026-12-12", 6), known("2026-12-12", 3)),
            "More precise date: the morning of 12 December 2026 (was the week of 7 December 2026).",
        ),
        (Change(ChangeKind.REFINED, NO_DATE, known("2026-12-01", 7)), "Date set: December 2026."),
        (
            Change(ChangeKind.VAGUER, known("2026-12-12", 5), known("2026-12-01", 7)),
            "Less precise date: December 2026 (was 12 December 2026).",
        ),
        (Change(ChangeKind.VAGUER, known("2026-12-01", 7), NO_DATE), "Date removed: it was December 2026."),
        (
            Change(ChangeKind.RENAMED, old_name="Crew-12 Docking", new_name="Crew-12 Dragon Docking"),
            "Renamed from “Crew-12 Docking” to “Crew-12 Dragon Docking”.",
        ),
        (
            Change(ChangeKind.WEBCAST_ADDED, urls=("https://www.youtube.com/watch?v=1",)),
            "Webcast added on youtube.com.",
        ),
        (
            Change(ChangeKind.WEBCAST_ADDED, urls=("https://youtu.be/1", "https://x.com/1", "https://youtu.be/2")),
            "3 webcasts added on youtu.be and x.com.",
        ),
        (
            Change(ChangeKind.WEBCAST_ADDED, urls=("https://a.example/", "https://b.example/", "https://c.example/")),
            "3 webcasts added on a.example, b.example and c.example.",
        ),
        (
            Change(ChangeKind.WEBCAST_ADDED, urls=tuple(f"https://h{number}.example/" for number in range(5000))),
            "5,000 webcasts added on h0.example, h1.example, h2.example, h3.example, h4.example and 4,995 more.",
        ),
        (
            Change(ChangeKind.RENAMED, old_name="\u202eturned", new_name="שלום"),
            "Renamed from “\u2068\u202eturned\u202c\u2069” to “\u2068שלום\u2069”.",
        ),
        (Change(ChangeKind.WEBCAST_ADDED, urls=("",)), "Webcast added."),
        (Change(ChangeKind.GONE_LIVE), "The webcast went live."),
        (Change(ChangeKind.ENDED), "The webcast is no longer live."),
        (Change(ChangeKind.EDITED, fields=("description", "links")), "Edited: description and links."),
        (Change(ChangeKind.EDITED, fields=("description",)), "Edited: description."),
        (Change(ChangeKind.EDITED, fields=("links",)), "Edited: links."),
        (
            Change(ChangeKind.EDITED, fields=("date", "slug", "picture")),
            "Edited: date precision, short name and picture.",
        ),
        (
            Change(ChangeKind.EDITED, fields=("launches", "stations", "expeditions", "crew")),
            "Edited: launches, stations, expeditions and crew.",
        ),
        (Change(ChangeKind.EDITED, fields=("launches",)), "Edited: launches."),
        (
            Change(ChangeKind.EDITED, fields=("status", "window", "rocket", "provider_id")),
            "Edited: status, launch window, rocket and launch provider.",
        ),
        (
            Change(ChangeKind.EDITED, fields=("probability", "weather_concerns", "outcome_reason")),
            "Edited: weather forecast, weather concerns and reason for the outcome.",
        ),
        (Change(ChangeKind.EDITED, fields=("stations",)), "Edited: stations."),
        (Change(ChangeKind.EDITED, fields=("expeditions",)), "Edited: expeditions."),
        (Change(ChangeKind.EDITED, fields=("crew",)), "Edited: crew."),
        (Change(ChangeKind.EDITED), "Edited."),
        (Change(ChangeKind.ADDED, after=EXACT), "Added: 3 October 2026, 14:00 UTC."),
        (Change(ChangeKind.ADDED, after=NO_DATE), "Added."),
        (Change(ChangeKind.RETURNED, after=known("2026-10-03", 7)), "Listed again: October 2026."),
        (Change(ChangeKind.RETURNED), "Listed again."),
        (Change(ChangeKind.WITHDRAWN, before=EXACT), "Withdrawn by Launch Library."),
    ],
)
def test_each_kind_of_change_is_one_sentence(change: Change, words: str) -> None:
    assert change_words(change) == words


@pytest.mark.parametrize(
    ("change", "words", "from_to"),
    [
        (
            slip(EXACT, NEXT),
            "Delayed by 1 d 19 h 30 min",
            "from 3 October 2026, 14:00 UTC to 5 October 2026, 09:30 UTC",
        ),
        (
            slip(known("2026-12-01", 7), known("2026-11-01", 7)),
            "Moved earlier by 1 month",
            "from December 2026 to November 2026",
        ),
        (slip(NO_DATE, NEXT), "Date changed", "from no date to 5 October 2026, 09:30 UTC"),
        (Change(ChangeKind.SLIPPED), "Date changed", "from no date to no date"),
    ],
)
def test_a_slip_in_a_few_words(change: Change, words: str, from_to: str) -> None:
    assert (moved_words(change), from_to_words(change)) == (words, from_to)


def test_every_kind_has_a_name_of_its_own() -> None:
    assert set(KIND_WORDS) == set(ChangeKind)
    assert len(set(KIND_WORDS.values())) == len(ChangeKind)


FIELDS = ("date", "slug", "webcasts", "type", "duration", "picture", "description", "location", "links", "updates")


@given(
    st.builds(
        Change,
        st.sampled_from(ChangeKind),
        before=st.none() | st.builds(KnownDate, st.none() | dates(), precision_ids()),
        after=st.none() | st.builds(KnownDate, st.none() | dates(), precision_ids()),
        slip_number=st.none() | st.integers(1, 999),
        old_name=st.none() | HOSTILE_TEXTS.map(one_line),
        new_name=st.none() | HOSTILE_TEXTS.map(one_line),
        urls=st.lists(st.sampled_from(("https://youtu.be/1", "http://plus.nasa.gov/x")), min_size=1).map(tuple),
        fields=st.lists(st.sampled_from(FIELDS), unique=True).map(tuple),
    )
)
def test_any_change_is_told_in_one_line_with_a_full_stop(change: Change) -> None:
    words = change_words(change)
    assert words == " ".join(words.split())
    assert words.endswith(".")
    assert words[0].isupper() or words[0].isdigit()
