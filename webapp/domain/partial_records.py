"""Partial records: what a launch's record leaves out in a lesser mode, and how it is completed."""

import json
from dataclasses import replace
from typing import Any

from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail, Rocket
from webapp.domain.modes import Mode

_IN_LIST = ("name", "slug", "date", "precision_id", "picture", "last_updated")
_IN_LIST_DETAIL = ("status", "status_description", "window", "designator")
_NOT_IN_NORMAL = ("webcasts", "links", "updates")
_NOT_IN_NORMAL_DETAIL = ("timeline", "patches", "spacecraft", "serial_numbers")


def completed(entry: Entry, mode: Mode, other: Entry) -> Entry:
    """Give an entry that was read of a record in this mode, with what that leaves out taken from another state of it.

    Only launches come in lesser modes; an event is given back as it is.
    """
    detail, others = entry.detail, other.detail
    if mode is Mode.DETAILED or not isinstance(detail, LaunchDetail) or not isinstance(others, LaunchDetail):
        return entry
    if mode is Mode.LIST:
        kept = _fields(detail, _IN_LIST_DETAIL)
        return replace(other, **_fields(entry, _IN_LIST), detail=replace(others, **kept))
    missing = _fields(others, _NOT_IN_NORMAL_DETAIL) | {"rocket": _rocket(detail.rocket, others.rocket)}
    return replace(entry, **_fields(other, _NOT_IN_NORMAL), detail=replace(detail, **missing))


def _rocket(rocket: Rocket | None, other: Rocket | None) -> Rocket | None:
    if rocket is None or other is None or rocket.id != other.id:
        return rocket
    return replace(rocket, manufacturer=other.manufacturer)


def patched(record: str, partial: str) -> str:
    """Give a record, as JSON, with the values of a partial one that came later, where that is no poorer in them."""
    known, later = json.loads(record), json.loads(partial)
    news = {key: value for key, value in later.items() if key != "response_mode" and _is_as_full(value, known.get(key))}
    return json.dumps(known | news, separators=(",", ":"))


def _is_as_full(value: object, known: object) -> bool:
    return not isinstance(known, dict) or (isinstance(value, dict) and known.keys() <= value.keys())


def _fields(whole: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(whole, name) for name in names}
