import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.factories import hostile_texts
from webapp.domain.text import clean_text, one_line
from webapp.feeds.content_lines import LONGEST_LINE, escape_text, folded, ordered, write_lines


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("", ""),
        ("Docking; Crew-11, and more", r"Docking\; Crew-11\, and more"),
        ("one\ntwo\n\nthree", r"one\ntwo\n\nthree"),
        (r"C:\new", r"C:\\new"),
        ("\\\n", r"\\\n"),
        (r"\;\,", r"\\\;\\\,"),
        ('"quoted": <b>&amp</b>\t事件', '"quoted": <b>&amp</b>\t事件'),
    ],
)
def test_a_text_is_escaped(text: str, escaped: str) -> None:
    assert escape_text(text) == escaped


def unescaped(text: str) -> str:
    """Read an escaped text from left to right, as RFC 5545, 3.3.11 means it."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), text)


@given(hostile_texts().map(clean_text))
def test_an_escaped_text_stays_on_its_line_and_reads_back(text: str) -> None:
    escaped = escape_text(text)
    assert len(escaped.splitlines()) <= 1
    assert unescaped(escaped) == text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", b""),
        ("x" * 75, b"x" * 75),
        ("x" * 76, b"x" * 75 + b"\r\n x"),
        ("x" * 150, b"x" * 75 + b"\r\n " + b"x" * 74 + b"\r\n x"),
        # A character is never cut: the line ends before the one that no longer fits.
        ("x" * 74 + "é", b"x" * 74 + b"\r\n \xc3\xa9"),
        ("x" * 73 + "é", b"x" * 73 + b"\xc3\xa9"),
        ("x" * 72 + "🚀", b"x" * 72 + b"\r\n \xf0\x9f\x9a\x80"),
        ("é" * 75, b"\xc3\xa9" * 37 + b"\r\n " + b"\xc3\xa9" * 37 + b"\r\n \xc3\xa9"),
    ],
)
def test_a_long_line_is_folded_at_75_octets(line: str, expected: bytes) -> None:
    assert folded(line) == expected


@given(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=400) | hostile_texts(60).map(one_line))
@example(" " * 300)
@example("\U0010ffff" * 100)
def test_folded_lines_are_short_and_unfold_back(line: str) -> None:
    pieces = folded(line).split(b"\r\n")
    assert max(map(len, pieces)) <= LONGEST_LINE
    assert [piece[:1] for piece in pieces[1:]] == [b" "] * (len(pieces) - 1)
    assert b"".join([pieces[0], *(piece[1:] for piece in pieces[1:])]).decode() == line
    assert [piece for piece in pieces if piece.decode(errors="ignore").encode() != piece] == []


def test_every_line_ends_with_crlf() -> None:
    assert write_lines(["BEGIN:VEVENT", "x" * 80]) == b"BEGIN:VEVENT\r\n" + b"x" * 75 + b"\r\n " + b"x" * 5 + b"\r\n"
    assert write_lines([]) == b""


def test_a_components_lines_come_in_one_order() -> None:
    lines = [
        "UID:1", "DTSTAMP:2", "LAST-MODIFIED:2", "SEQUENCE:0", "DTSTART;VALUE=DATE:3", "DTEND;VALUE=DATE:4",
        "SUMMARY:a", "STATUS:b", "TRANSP:c", "CATEGORIES:d", "COLOR:e", "URL:f", "X-A:1", "X-A:2",
    ]  # fmt: skip
    assert ordered(["BEGIN:VEVENT", *lines[::-1], "END:VEVENT"]) == ["BEGIN:VEVENT", *lines, "END:VEVENT"]


@given(st.permutations(["UID:1", "SUMMARY:END:VEVENT", "END:VEVENT-like", "A:1", "A;P=2:0", "BEGIN:x"]))
def test_whoever_made_the_lines_they_come_out_the_same(lines: list[str]) -> None:
    found = ordered(["BEGIN:VEVENT", *lines, "END:VEVENT"])
    assert found == ordered(["BEGIN:VEVENT", *sorted(lines), "END:VEVENT"])
    assert (found[0], found[-1]) == ("BEGIN:VEVENT", "END:VEVENT")
