"""The owner's rules: a TOML file that says who is told of what, checked as a whole, every fault with its rule."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from webapp.domain.notices import Choices, Lead, NoticeKind, QuietHours
from webapp.domain.query import InvalidQueryError, Query, unknown_names
from webapp.domain.zones import zone_named
from webapp.store import Channel, Subscription

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://.", re.IGNORECASE | re.ASCII)
_PLACES = {"title", "body", "url"}
_SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what its subscription asks for, where it is sent, and how.

    `target` is an address of a webhook (`http` or `https`) or of Apprise. A webhook's messages are signed with the
    `secret`, if there is one. `words` say how a chat is told, with `{title}`, `{body}` and `{url}` in their places.
    """

    subscription: Subscription
    target: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    words: str | None = None

    @property
    def is_webhook(self) -> bool:
        """Whether it is sent as JSON over HTTP, and not by Apprise."""
        return urlsplit(self.target).scheme.casefold() in {"http", "https"}


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What is wrong with one value of a rule: which rule, which name, and what was expected."""

    rule: str
    name: str
    expected: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.rule}, {self.name}: expected {self.expected}"


class InvalidRulesError(ValueError):
    """A file of rules that cannot be used; `faults` are all that it has."""

    def __init__(self, file: Path, faults: Sequence[RuleFault | str]) -> None:
        super().__init__("\n".join(f"{file}: {fault}" for fault in faults))
        self.faults = tuple(faults)


def load_rules(file: Path) -> tuple[Rule, ...]:
    """Load the rules of a file. Raises `InvalidRulesError`."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise InvalidRulesError(file, [f"it cannot be read ({error.strerror})"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidRulesError(file, [f"it is no TOML: {error}"]) from error
    tables = document.get("rule")
    if document.keys() != {"rule"} or not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise InvalidRulesError(file, ["expected rules, each under [[rule]], and nothing else"])
    faults: list[RuleFault | str] = []
    rules = [_read_rule(table, number, faults) for number, table in enumerate(tables, start=1)]
    names = [rule.subscription.name for rule in rules if rule is not None]
    faults += [
        RuleFault(f'rule "{name}"', "name", "a name that no other rule has")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if faults:
        raise InvalidRulesError(file, faults)
    return tuple(rule for rule in rules if rule is not None)


def _read_rule(table: Mapping[str, Any], number: int, faults: list[RuleFault | str]) -> Rule | None:
    """Read a rule, and note what is wrong with it; `None` if anything is."""
    name = table.get("name")
    label = f'rule "{name}"' if isinstance(name, str) else f"rule {number}"
    found: dict[str, Any] = {}
    own = list(_faults(table, found))
    faults += [RuleFault(label, part, expected) for part, expected in own]
    if own:
        return None
    choices = Choices(kinds=found["kinds"], lead=found["lead"], zone=found["zone"], quiet=found["quiet"])
    subscription = Subscription(Channel.TARGET, found["name"], found["query"], choices)
    return Rule(subscription, found["target"], found["secret"], found["words"])


def _faults(table: Mapping[str, Any], found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Read the values of a rule into `found`, and give the name of each that cannot be read and what was expected."""
    for name in ("target", "secret"):
        if name in table and f"{name}_file" in table:
            yield name, f"this or {name}_file, not both"
    given = dict(table)
    for name in ("target", "secret"):
        try:
            given |= _from_file(given, name)
        except (OSError, UnicodeDecodeError, TypeError):
            yield f"{name}_file", "a file that can be read"
    for name in sorted(given.keys() - _READERS.keys()):
        yield name, f"one of {', '.join(_READERS)}, target_file, secret_file"
    for name, reader in _READERS.items():
        try:
            found[name] = reader.read(given[name]) if name in given else reader.default()
        except (ValueError, TypeError, AttributeError, InvalidQueryError):
            yield name, reader.expected


def _from_file(given: dict[str, Any], name: str) -> dict[str, str]:
    file = given.pop(f"{name}_file", None)
    return {} if file is None else {name: Path(file).expanduser().read_text("utf-8").strip()}


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a value is read, what it is where none is given, and what is expected."""

    read: Callable[[Any], Any]
    default: Callable[[], Any]
    expected: str


def _required() -> Any:
    raise ValueError("it must be given")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(value)
    return value


def _target(value: str) -> str:
    if not _SCHEME.match(value) or any(character.isspace() for character in value):
        raise ValueError(value)
    return value


def _secret(value: str) -> str:
    if len(value) < _SHORTEST_SECRET:
        raise ValueError(value)
    return value


def _query(value: str) -> str:
    pairs = parse_qsl(value.removeprefix("?"), keep_blank_values=True)
    if (value.strip("?") and not pairs) or unknown_names(pairs):
        raise ValueError(value)
    return Query(Query.parse(pairs).filter).to_query_string()


def _kinds(value: list[str]) -> frozenset[NoticeKind]:
    if not isinstance(value, list):
        raise TypeError(value)
    return frozenset(NoticeKind(kind) for kind in value)


def _words(value: str) -> str:
    if any(name is not None and (name not in _PLACES or more) for _, name, more, _ in Formatter().parse(value)):
        raise ValueError(value)
    return value


_READERS = {
    "name": _Reader(_name, _required, "a name of letters, digits, blanks, dots, hyphens and underscores"),
    "target": _Reader(_target, _required, "an https address of a webhook, or an address of Apprise"),
    "secret": _Reader(_secret, lambda: None, f"at least {_SHORTEST_SECRET} characters"),
    "query": _Reader(_query, str, "a filter as in the address of a page, such as type__ids=3&webcast=true"),
    "kinds": _Reader(
        _kinds, lambda: frozenset(NoticeKind), f"a list of any of {', '.join(kind.value for kind in NoticeKind)}"
    ),
    "lead": _Reader(Lead, lambda: None, f"one of {', '.join(lead.value for lead in Lead)}"),
    "zone": _Reader(zone_named, lambda: Choices().zone, "a time zone such as Europe/Berlin"),
    "quiet": _Reader(QuietHours.parse, lambda: None, "hours such as 22:00-07:00"),
    "words": _Reader(_words, lambda: None, "a text with no other places than {title}, {body} and {url}"),
}
