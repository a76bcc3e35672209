"""What a source that is a Perigee tells of its chain, read strictly: whatever is malformed is left out and named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.domain.chain import EntryHistory, HistoricChange, Origin
from webapp.domain.changes import Change, ChangeKind, KnownDate
from webapp.domain.clock import latest_believed
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.domain.instants import known_since_space_age, parse_instant
from webapp.domain.launch import LaunchStatus
from webapp.domain.text import one_line, shortened
from webapp.domain.uris import web_url
from webapp.ll2.errors import MalformedError
from webapp.ll2.identity import RottenRecordError, event_id_of, launch_id_of
from webapp.ll2.parse import parse_record
from webapp.ll2.protocol import read_answer

CHAIN_PATH = "chain/"
"""The address, below the service's base, at which a Perigee tells of its chain."""

MOST_HISTORIES = 500
"""How many histories an answer may have."""

_MOST_CHANGES = 2_000
_MOST_LINKS = 100
_MOST_PARTS = 50
_LONGEST_TEXT = 500
_LARGEST_NUMBER = 2**31 - 1
_BEYOND_NUMBERS = 2**32  # Later ids follow the largest that is known: there must be room.
_CURSOR = re.compile(r"[0-9A-Za-z._-]{1,100}")
_FIELD = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class ChainPage:
    """One answer: the beginning of the chain, and histories, some with the entry's record.

    `cursor` is the place to go on from, and `is_last` says that the list ends here. `refused` names what was left out.
    """

    origin: Origin
    histories: tuple[EntryHistory, ...]
    records: tuple[ReceivedEntry, ...]
    cursor: str
    is_last: bool
    refused: tuple[str, ...] = ()


class _RottenHistoryError(ValueError):
    """A history that cannot be believed; the message says why."""


def interpret_chain(status: int, headers: Mapping[str, str], body: bytes, *, asked: str, now: datetime) -> ChainPage:
    """Read the answer to what follows the cursor `asked`. No time after `now` is believed.

    Raises `ThrottledError`, `UnavailableError` or `MalformedError`.
    """
    document = read_answer(status, headers, body, now)
    source, entries = _object(document, "source"), document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_HISTORIES:
        raise MalformedError("the Perigee asked answered without a list of histories")
    cursor, is_last = document.get("cursor"), document.get("is_last") is True
    if not isinstance(cursor, str) or not _CURSOR.fullmatch(cursor) or (cursor == asked and not is_last):
        raise MalformedError("the Perigee asked gave no place to go on from in its histories")
    histories: dict[EntryKey, EntryHistory] = {}
    records: dict[EntryKey, ReceivedEntry] = {}
    refused = []
    for told in entries:
        try:
            history = _parse_history(told, now)
            record = _record_of(told, history)
        except (_RottenHistoryError, RottenRecordError) as error:
            refused.append(f"{_name_of(told)}: {error}")
            continue
        histories[history.key] = history
        if record is not None:
            records[history.key] = record
    origin = _parse_origin(source, now)
    return ChainPage(origin, tuple(histories.values()), tuple(records.values()), cursor, is_last, tuple(refused))


def _parse_origin(source: Mapping[str, Any], now: datetime) -> Origin:
    links = source.get("links")
    if not isinstance(links, int) or isinstance(links, bool) or not 1 <= links <= _MOST_LINKS:
        raise MalformedError("the Perigee asked does not say how many there are before it")
    url = web_url(source["url"]) if isinstance(source.get("url"), str) else None
    return Origin(
        name=_line(source.get("name")) or "an unnamed source",
        url=url if url and len(url) <= _LONGEST_TEXT else "",
        links=links,
        reached_at=_moment_or_none(source.get("reached_at"), now),
        failing_since=_moment_or_none(source.get("failing_since"), now),
        changed_at=_moment_or_none(source.get("changed_at"), now),
    )


def _parse_history(told: object, now: datetime) -> EntryHistory:
    if not isinstance(told, dict) or not isinstance(changes := told.get("changes"), list):
        raise _RottenHistoryError("not a history")
    if len(changes) > _MOST_CHANGES:
        raise _RottenHistoryError(f"more than {_MOST_CHANGES:,} changes")
    withdrawn_at, number = told.get("withdrawn_at"), told.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < _BEYOND_NUMBERS:
        raise _RottenHistoryError("no number")
    history = EntryHistory(
        _key_of(told),
        number,
        _moment(told.get("first_seen"), now),
        _moment(told.get("changed_at"), now),
        None if withdrawn_at is None else _moment(withdrawn_at, now),
        tuple(_parse_change(change, place, now) for place, change in enumerate(changes, start=1)),
    )
    times = [one.seen_at for one in history.changes]
    if times != sorted(times):
        raise _RottenHistoryError("its changes are not in order")
    return history


def _parse_change(told: object, revision: int, now: datetime) -> HistoricChange:
    if not isinstance(told, dict) or told.get("revision") != revision:
        raise _RottenHistoryError(f"change {revision} is missing")
    number = _number(told.get("number"))
    if number is None:
        raise _RottenHistoryError(f"change {revision} has no number")
    try:
        kind = ChangeKind(told.get("kind"))
    except ValueError as error:
        raise _RottenHistoryError(f"change {revision} is of an unknown kind") from error
    details = _object(told, "details")
    change = Change(
        kind,
        before=_known_date(details.get("before")),
        after=_known_date(details.get("after")),
        slip_number=_number(details.get("slip_number")),
        scrub_number=_number(details.get("scrub_number")),
        old_status=_status(details.get("old_status")),
        new_status=_status(details.get("new_status")),
        old_name=_line(details.get("old_name")) or None,
        new_name=_line(details.get("new_name")) or None,
        urls=tuple(url for text in _texts(details.get("urls")) if (url := web_url(text))),
        fields=tuple(text for text in _texts(details.get("fields")) if _FIELD.fullmatch(text)),
    )
    return HistoricChange(number, _moment(told.get("seen_at"), now), change)


def _record_of(told: Mapping[str, Any], history: EntryHistory) -> ReceivedEntry | None:
    """Read an entry's record; `None` where there is none."""
    if told.get("record") is None:
        return None
    received = parse_record(told["record"], history.key.kind)
    if received.entry.key != history.key:
        raise RottenRecordError("record: of another entry")
    return received


def _key_of(told: Mapping[str, Any]) -> EntryKey:
    if told.get("kind") == EntryKind.EVENT.value and (event_id := event_id_of(told)) is not None:
        return EntryKey.of_event(event_id)
    if told.get("kind") == EntryKind.LAUNCH.value and (launch_id := launch_id_of(told)) is not None:
        return EntryKey(EntryKind.LAUNCH, launch_id)
    raise _RottenHistoryError("of no entry")


def _name_of(told: object) -> str:
    try:
        return f"history of {_key_of(told)}" if isinstance(told, dict) else "a history"
    except _RottenHistoryError:
        return "a history"


def _known_date(told: object) -> KnownDate | None:
    if not isinstance(told, dict):
        return None
    date, precision = told.get("date"), told.get("precision_id")
    try:
        known = parse_instant(date) if isinstance(date, str) else None
    except ValueError as error:
        raise _RottenHistoryError("an unreadable date") from error
    return KnownDate(known, _number(precision))


def _status(told: object) -> LaunchStatus | None:
    if not isinstance(told, dict) or (status_id := _number(told.get("id"))) is None:
        return None
    return LaunchStatus(status_id, _line(told.get("name")), _line(told.get("abbrev")))


def _moment(told: object, now: datetime) -> datetime:
    """Read when something was seen. What cannot be true at `now`, or lies before the space age, is refused."""
    try:
        moment = known_since_space_age(parse_instant(told) if isinstance(told, str) else None)
    except ValueError as error:
        raise _RottenHistoryError("an unreadable time") from error
    if moment is None:
        raise _RottenHistoryError("a missing time")
    if moment > latest_believed(now):
        raise _RottenHistoryError("a time in the future")
    return moment


def _moment_or_none(told: object, now: datetime) -> datetime | None:
    try:
        return _moment(told, now)
    except _RottenHistoryError:
        return None


def _object(document: object, name: str) -> Mapping[str, Any]:
    inner = document.get(name) if isinstance(document, dict) else None
    return inner if isinstance(inner, dict) else {}


def _texts(told: object) -> list[str]:
    texts = told if isinstance(told, list) else []
    return [text for text in texts[:_MOST_PARTS] if isinstance(text, str) and len(text) <= 4 * _LONGEST_TEXT]


def _line(told: object) -> str:
    return shortened(one_line(told), _LONGEST_TEXT) if isinstance(told, str) else ""


def _number(told: object) -> int | None:
    is_number = isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= _LARGEST_NUMBER
    return told if is_number else None  # type: ignore[return-value] # mypy does not follow the name
