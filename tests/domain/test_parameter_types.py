from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import dates, hostile_texts
from webapp.domain.parameter_types import (
    BOOLEAN,
    DAY,
    LONGEST_TEXT,
    MOMENT,
    MOST_IDS,
    URLS,
    ParameterType,
    enum_type,
    number_list_type,
    number_type,
    text_type,
    tidy_search,
    tidy_words,
    whole_number,
)
from webapp.domain.precision import Step
from webapp.domain.text import one_line

NUMBER = number_type(1, 100)
NUMBERS = number_list_type(0, 2**31 - 1, of="ids", example="1,2")
STEP = enum_type(Step)
TEXT, WORDS, SEARCH = text_type("a text"), text_type("words", tidy_words), text_type("words", tidy_search)
TYPES = (NUMBER, NUMBERS, STEP, TEXT, WORDS, SEARCH, BOOLEAN, MOMENT, DAY, URLS)

scraps = st.text(st.sampled_from("0123456789,-+:TZ%2Cc \"'tru_٣²\x00"), max_size=20) | hostile_texts() | st.text()


@pytest.mark.parametrize("value_type", TYPES, ids=lambda value_type: value_type.expected[:20])
@given(values=st.lists(scraps.map(str.strip).filter(bool), min_size=1, max_size=3))
def test_any_value_is_parsed_or_refused_and_serialized_as_parsed(value_type: ParameterType, values: list[str]) -> None:
    try:
        value = value_type.parse(values)
    except ValueError:
        return
    if value in {"", ()}:
        return  # What is empty is never serialized.
    canonical = value_type.serialize(value)
    assert value_type.parse([canonical]) == value
    assert canonical == one_line(canonical)
    assert canonical.encode().decode() == canonical


@given(st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=20), st.data())
def test_numbers_repeated_or_between_commas_are_the_same(numbers: list[int], data: st.DataObject) -> None:
    texts = [str(number) for number in numbers]
    at = data.draw(st.integers(0, len(texts)))
    expected = tuple(sorted(set(numbers)))
    for values in (texts, [",".join(texts)], ["%2C".join(texts)], [",".join(texts[:at]), ",".join(texts[at:])]):
        assert NUMBERS.parse(values) == expected


def test_more_numbers_than_anyone_needs_are_refused() -> None:
    assert len(NUMBERS.parse([",".join(map(str, range(MOST_IDS)))])) == MOST_IDS
    for count in (MOST_IDS + 1, 10_000):
        with pytest.raises(ValueError, match="too many"):
            NUMBERS.parse([",".join(map(str, range(count)))])
    assert NUMBERS.parse(["7," * 10_000]) == (7,)


@pytest.mark.parametrize("text", ["", " 7", "+7", "-7", "7.0", "1e1", "7_0", "٣", "²", "x", "101", "0", "9" * 5000])
def test_only_plain_digits_within_bounds_are_a_whole_number(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text itself is the message
        whole_number(text, 1, 100)
    assert whole_number("007", 1, 100) == 7


def test_of_several_single_values_the_last_counts() -> None:
    assert NUMBER.parse(["5", "x", "7"]) == 7
    assert STEP.parse(["day", "week"]) is Step.WEEK
    assert TEXT.parse(["one", "two"]) == "two"


def test_words_of_a_choice_come_in_any_case() -> None:
    assert STEP.parse(["DAY"]) is Step.DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("true", "TRUE", "1", "yes", "on")),
        *((text, False) for text in ("false", "False", "0", "no", "off")),
    ],
)
def test_yes_and_no_have_many_spellings(text: str, expected: bool) -> None:  # noqa: FBT001 - a table of values
    assert BOOLEAN.parse([text]) is expected


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-07-19", datetime(2025, 7, 19, tzinfo=UTC)),
        ("2025-07-19T12:00:00Z", datetime(2025, 7, 19, 12, tzinfo=UTC)),
        ("2025-07-19T12:00Z", datetime(2025, 7, 19, 12, tzinfo=UTC)),
        ("2025-07-19 12:00", datetime(2025, 7, 19, 12, tzinfo=UTC)),
        ("2025-07-19T12:00:00", datetime(2025, 7, 19, 12, tzinfo=UTC)),
        ("2025-07-19T12:00:00+02:00", datetime(2025, 7, 19, 10, tzinfo=UTC)),
        ("2025-07-19T12:00:00 02:00", datetime(2025, 7, 19, 10, tzinfo=UTC)),
        ("2025-07-19T12:00:00.25 02:00", datetime(2025, 7, 19, 10, 0, 0, 250_000, tzinfo=UTC)),
        ("2025-07-19 12:00:00 02:00", datetime(2025, 7, 19, 10, tzinfo=UTC)),
        ("2025-07-19t12:00:00 02:00", datetime(2025, 7, 19, 10, tzinfo=UTC)),
        ("2025-07-19T12:00 0530", datetime(2025, 7, 19, 6, 30, tzinfo=UTC)),
        ("2025-07-19T12:00:00-05:00", datetime(2025, 7, 19, 17, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc_even_with_a_plus_that_became_a_space(text: str, moment: datetime) -> None:
    assert MOMENT.parse([text]) == moment
    assert MOMENT.parse([text]).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "soon", "2025", "2025-13-01", "2025-02-29", "0000-01-01", "10000-01-01", "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00", "2025-07-19T25:00", "1752926400", "\ud800", "\x00",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the texts are Python's
        MOMENT.parse([text])


@given(dates())
def test_a_moment_is_serialized_as_it_is_parsed(moment: datetime) -> None:
    assert MOMENT.parse([MOMENT.serialize(moment)]) == moment


def test_a_day_is_written_in_one_way() -> None:
    assert DAY.parse(["2025-07-19"]) == date(2025, 7, 19)
    for text in ("2025-7-19", "20250719", "2025-W29-6", "2025-07-19T00:00", "٢٠٢٥-07-19", "0000-01-01", "2025-02-30"):
        with pytest.raises(ValueError):  # noqa: PT011 - the texts are Python's
            DAY.parse([text])


def test_a_text_is_tidied_before_it_is_measured() -> None:
    assert TEXT.parse([" a\r\n\x00 b "]) == "a b"
    assert TEXT.parse(["a" + " " * 500]) == "a"
    assert TEXT.parse(["a" * LONGEST_TEXT]) == "a" * LONGEST_TEXT
    with pytest.raises(ValueError, match="too long"):
        TEXT.parse(["a" * (LONGEST_TEXT + 1)])


@given(hostile_texts() | st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy_words(tidy_words(text)) == tidy_words(text)
    assert tidy_search(tidy_search(text)) == tidy_search(text)


def test_what_means_the_same_is_parsed_the_same() -> None:
    assert tidy_words("  Crew-11,  ÉVA ") == "crew 11 eva"
    assert tidy_search('Crew,DRAGON crew  "Space  Walk" "one"') == 'crew dragon "space walk" one'


def test_addresses_are_kept_as_they_are_each_once() -> None:
    one, two = "https://youtu.be/A_b?t=90", "http://x.com/i/1"
    assert URLS.parse([f"{one},{two}", one]) == (two, one)
    assert URLS.parse([f" {one} , \x00,\ud800"]) == (one,)
    assert len(URLS.parse(["x" * 5000])[0]) == 2000
