"""The values that a query string may hold: how each kind is read, spelled and described."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from webapp.domain.instants import parse_instant
from webapp.domain.text import one_line, search_terms, tokens
from webapp.domain.zones import zone_named

LARGEST_ID = 2**31 - 1
LARGEST_OFFSET = 1_000_000
LARGEST_LIMIT = 100
LONGEST_ALARM = 4 * 7 * 24 * 60  # Four weeks, in minutes.
LONGEST_PAST = 3650
LONGEST_TEXT = 200
MOST_IDS = 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value. `read` takes every value given for a parameter and raises `ValueError` for nonsense.

    `expected` is what a fault says was expected, `ll2_words` how Launch Library itself complains. `schema` is the JSON
    Schema of one value; `is_list` says whether several may be given.
    """

    expected: str
    read: Callable[[Sequence[str]], Any]
    spell: Callable[[Any], str] = str
    schema: dict[str, Any] | None = None
    is_list: bool = False
    ll2_words: str = "Enter a valid value."


def number_kind(least: int, most: int, *, of: str = "a whole number") -> Kind:
    """A whole number within bounds, in plain digits; of several, the last counts."""
    return Kind(
        f"{of} from {least} to {most}",
        lambda values: whole_number(values[-1], least, most),
        schema={"type": "integer", "minimum": least, "maximum": most},
        ll2_words="Enter a number.",
    )


def numbers_kind(least: int, most: int, *, of: str, example: str) -> Kind:
    """Whole numbers separated by commas, or given again and again."""

    def read(values: Sequence[str]) -> tuple[int, ...]:
        found = {whole_number(piece, least, most) for piece in _pieces(values)}
        if len(found) > MOST_IDS:
            raise ValueError("too many")
        return tuple(sorted(found))

    return Kind(
        f"{of} separated by commas, such as {example}",
        read,
        lambda numbers: ",".join(map(str, numbers)),
        schema={"type": "integer", "minimum": least, "maximum": most},
        is_list=True,
        ll2_words="Enter a number.",
    )


def enum_kind(kind: type[Enum], *, default: Enum | None = None) -> Kind:
    """One word of several; of several given, the last counts."""
    words = [str(member.value) for member in kind]
    known = f"one of {', '.join(words)}"
    schema: dict[str, Any] = {"type": "string", "enum": words}
    if default is not None:
        schema["default"] = default.value
    return Kind(known, lambda values: kind(values[-1].casefold()), lambda member: str(member.value), schema)


def enums_kind(kind: type[Enum], *, of: str, example: str) -> Kind:
    """Words of several, separated by commas, or given again and again; spelled in the order in which they are known."""
    words = [str(member.value) for member in kind]

    def read(values: Sequence[str]) -> tuple[Enum, ...]:
        found = {kind(piece.casefold()) for piece in _pieces(values)}
        return tuple(member for member in kind if member in found)

    return Kind(
        f"{of} separated by commas, such as {example}: any of {', '.join(words)}",
        read,
        lambda members: ",".join(str(member.value) for member in members),
        schema={"type": "string", "enum": words},
        is_list=True,
    )


def text_kind(of: str, tidy: Callable[[str], str] = one_line) -> Kind:
    """A text of at most 200 characters."""

    def read(values: Sequence[str]) -> str:
        text = tidy(values[-1])
        if len(text) > LONGEST_TEXT:
            raise ValueError("too long")
        return text

    return Kind(
        f"{of} of at most {LONGEST_TEXT} characters", read, schema={"type": "string", "maxLength": LONGEST_TEXT}
    )


def _read_yes(values: Sequence[str]) -> bool:
    said = values[-1].casefold()
    if said not in _YES | _NO:
        raise ValueError(said)
    return said in _YES


def _read_moment(values: Sequence[str]) -> datetime:
    # A `+` that nobody encoded arrives as a space: 2025-07-01T00:00:00 02:00.
    return parse_instant(re.sub(r"([Tt ]\d\d:?\d\d\S*) (\d\d:?\d\d)$", r"\1+\2", values[-1]))


def _spell_moment(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _read_day(values: Sequence[str]) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", values[-1], re.ASCII):
        raise ValueError(values[-1])
    return date.fromisoformat(values[-1])


def _read_addresses(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({piece[:2000].strip() for piece in _pieces([one_line(value) for value in values])}))


def tidy_words(text: str) -> str:
    """Reduce words to the tokens they are searched by: what means the same is spelled the same."""
    return " ".join(tokens(text))


def tidy_search(text: str) -> str:
    """Keep the terms of a search as they are matched: folded, each but once, quoted where need be."""
    return " ".join(f'"{term}"' if re.search(r"[\s,]", term) else term for term in search_terms(text))


def whole_number(text: str, least: int, most: int) -> int:
    """Read plain digits. `int()` takes underscores, signs and digits of every script; an address has one spelling."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) + 3 or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _pieces(values: Sequence[str]) -> list[str]:
    # A comma that was encoded twice arrives as %2C.
    pieces = [piece for value in values for piece in re.split(r",|%2[cC]", value)]
    return [piece.strip() for piece in pieces if piece.strip()]


_YES, _NO = {"true", "1", "yes", "on"}, {"false", "0", "no", "off"}

YES = Kind("true or false", _read_yes, lambda said: "true" if said else "false", {"type": "boolean"})
MOMENT = Kind(
    "a date, or a date and time such as 2025-07-19T12:00:00Z",
    _read_moment,
    _spell_moment,
    {"type": "string", "format": "date-time"},
    ll2_words="Enter a valid date/time.",
)
DAY = Kind(
    "a date such as 2025-07-19",
    _read_day,
    date.isoformat,
    {"type": "string", "format": "date"},
    ll2_words="Enter a valid date.",
)
ADDRESSES = Kind(
    "addresses of videos separated by commas",
    _read_addresses,
    ",".join,
    {"type": "string"},
    is_list=True,
)
ZONE = Kind(
    "a time zone of the tz database, such as Europe/Paris",
    lambda values: zone_named(values[-1].strip()),
    str,
    {"type": "string"},
)
