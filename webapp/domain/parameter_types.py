"""The types of parameters: how the values of each are parsed, serialized and described."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from webapp.domain.entry import EntryKey, EntryKind
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
class ParameterType:
    """A type of parameter. `parse` takes every value given for a parameter and raises `ValueError` for nonsense.

    `expected` is what a fault says was expected, `ll2_words` how Launch Library itself complains. `schema` is the JSON
    Schema of one value; `is_list` says whether several may be given. `example` is a value of a type that a parameter
    has on some surfaces only.
    """

    expected: str
    parse: Callable[[Sequence[str]], Any]
    serialize: Callable[[Any], str] = str
    schema: dict[str, Any] | None = None
    is_list: bool = False
    ll2_words: str = "Enter a valid value."
    example: str = ""


def number_type(least: int, most: int, *, of: str = "a whole number") -> ParameterType:
    """A whole number within bounds, in plain digits; of several, the last counts."""
    return ParameterType(
        f"{of} from {least} to {most}",
        lambda values: whole_number(values[-1], least, most),
        schema={"type": "integer", "minimum": least, "maximum": most},
        ll2_words="Enter a number.",
    )


def number_list_type(least: int, most: int, *, of: str, example: str) -> ParameterType:
    """Whole numbers separated by commas, or given again and again."""

    def parse(values: Sequence[str]) -> tuple[int, ...]:
        numbers = {whole_number(piece, least, most) for piece in _pieces(values)}
        if len(numbers) > MOST_IDS:
            raise ValueError("too many")
        return tuple(sorted(numbers))

    return ParameterType(
        f"{of}, separated by commas, such as {example}",
        parse,
        lambda numbers: ",".join(map(str, numbers)),
        schema={"type": "integer", "minimum": least, "maximum": most},
        is_list=True,
        ll2_words="Enter a number.",
    )


def enum_type(
    enum: type[Enum],
    *,
    default: Enum | None = None,
    without: Collection[Enum] = (),
    aliases: Mapping[str, Enum] | None = None,
) -> ParameterType:
    """One word of several; of several given, the last counts. `without` are members that cannot be asked for."""
    members = {str(member.value): member for member in enum if member not in without}
    words = [*members, *(aliases or {})]
    spellings: dict[str, Enum] = {**members, **(aliases or {})}
    expected = f"one of {', '.join(words)}"
    schema: dict[str, Any] = {"type": "string", "enum": words}
    if default is not None:
        schema["default"] = default.value

    def parse(values: Sequence[str]) -> Enum:
        member = spellings.get(values[-1].casefold())
        if member is None:
            raise ValueError(values[-1])
        return member

    return ParameterType(expected, parse, lambda member: str(member.value), schema)


def enum_list_type(enum: type[Enum], *, of: str, example: str) -> ParameterType:
    """Words of several, separated by commas, or given again and again; serialized in the order of the enum."""
    words = [str(member.value) for member in enum]

    def parse(values: Sequence[str]) -> tuple[Enum, ...]:
        given = {enum(piece.casefold()) for piece in _pieces(values)}
        return tuple(member for member in enum if member in given)

    return ParameterType(
        f"{of}, separated by commas, such as {example}: any of {', '.join(words)}",
        parse,
        lambda members: ",".join(str(member.value) for member in members),
        schema={"type": "string", "enum": words},
        is_list=True,
    )


def text_type(of: str, tidy: Callable[[str], str] = one_line) -> ParameterType:
    """A text of at most 200 characters."""

    def parse(values: Sequence[str]) -> str:
        text = tidy(values[-1])
        if len(text) > LONGEST_TEXT:
            raise ValueError("too long")
        return text

    return ParameterType(
        f"{of}, at most {LONGEST_TEXT} characters", parse, schema={"type": "string", "maxLength": LONGEST_TEXT}
    )


def text_list_type(of: str) -> ParameterType:
    """Texts of at most 200 characters, separated by commas, or given again and again."""

    def parse(values: Sequence[str]) -> tuple[str, ...]:
        texts = {one_line(piece) for piece in _pieces(values)} - {""}
        if len(texts) > MOST_IDS or any(len(text) > LONGEST_TEXT for text in texts):
            raise ValueError("too much")
        return tuple(sorted(texts))

    return ParameterType(
        f"{of}, separated by commas",
        parse,
        ",".join,
        schema={"type": "string", "maxLength": LONGEST_TEXT},
        is_list=True,
    )


def entry_keys_type(kinds: Sequence[EntryKind], *, of: str, example: str) -> ParameterType:
    """Ids of entries of these kinds, separated by commas: numbers of events, UUIDs of launches."""

    def parse(values: Sequence[str]) -> tuple[EntryKey, ...]:
        keys = {_parse_key(piece) for piece in _pieces(values)}
        if len(keys) > MOST_IDS or any(key.kind not in kinds for key in keys):
            raise ValueError("too many, or of another kind")
        return tuple(sorted(keys, key=_order_of_key))

    number = {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}
    uuid = {"type": "string", "format": "uuid"}
    only = kinds[0] if len(kinds) == 1 else None
    return ParameterType(
        f"{of}, separated by commas, such as {example}",
        parse,
        lambda keys: ",".join(key.source_id for key in keys),
        schema=number if only is EntryKind.EVENT else uuid if only is EntryKind.LAUNCH else {"type": "string"},
        is_list=True,
        ll2_words="Enter a valid UUID." if only is EntryKind.LAUNCH else "Enter a number.",
        example=example,
    )


def _parse_key(text: str) -> EntryKey:
    if _UUID.fullmatch(text):
        return EntryKey(EntryKind.LAUNCH, text.lower())
    return EntryKey.of_event(whole_number(text, 0, LARGEST_ID))


def _order_of_key(key: EntryKey) -> tuple[int, str]:
    return (int(key.source_id), "") if key.kind is EntryKind.EVENT else (LARGEST_ID + 1, key.source_id)


def _parse_boolean(values: Sequence[str]) -> bool:
    word = values[-1].casefold()
    if word not in _YES | _NO:
        raise ValueError(word)
    return word in _YES


def _parse_moment(values: Sequence[str]) -> datetime:
    # A `+` that nobody encoded arrives as a space: 2025-07-01T00:00:00 02:00.
    return parse_instant(re.sub(r"([Tt ]\d\d:?\d\d\S*) (\d\d:?\d\d)$", r"\1+\2", values[-1]))


def _serialize_moment(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _parse_day(values: Sequence[str]) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", values[-1], re.ASCII):
        raise ValueError(values[-1])
    return date.fromisoformat(values[-1])


def _parse_urls(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({piece[:2000].strip() for piece in _pieces([one_line(value) for value in values])}))


def tidy_words(text: str) -> str:
    """Reduce words to the tokens they are searched by: what means the same becomes the same."""
    return " ".join(tokens(text))


def tidy_search(text: str) -> str:
    """Keep the terms of a search as they are matched: folded, each but once, quoted where need be."""
    return " ".join(f'"{term}"' if re.search(r"[\s,]", term) else term for term in search_terms(text))


def whole_number(text: str, least: int, most: int) -> int:
    """Parse plain digits. `int()` takes underscores, signs and digits of every script; an address has one spelling."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) + 3 or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _pieces(values: Sequence[str]) -> list[str]:
    # A comma that was encoded twice arrives as %2C.
    pieces = [piece for value in values for piece in re.split(r",|%2[cC]", value)]
    return [piece.strip() for piece in pieces if piece.strip()]


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_YES, _NO = {"true", "1", "yes", "on"}, {"false", "0", "no", "off"}

BOOLEAN = ParameterType(
    "true or false", _parse_boolean, lambda value: "true" if value else "false", {"type": "boolean"}
)
MOMENT = ParameterType(
    "a date, or a date and time such as 2025-07-19T12:00:00Z",
    _parse_moment,
    _serialize_moment,
    {"type": "string", "format": "date-time"},
    ll2_words="Enter a valid date/time.",
)
DAY = ParameterType(
    "a date such as 2025-07-19",
    _parse_day,
    date.isoformat,
    {"type": "string", "format": "date"},
    ll2_words="Enter a valid date.",
)
URLS = ParameterType(
    "video addresses, separated by commas",
    _parse_urls,
    ",".join,
    {"type": "string"},
    is_list=True,
)
ZONE = ParameterType(
    "a time zone name, such as Europe/Paris",
    lambda values: zone_named(values[-1].strip()),
    str,
    {"type": "string"},
)
