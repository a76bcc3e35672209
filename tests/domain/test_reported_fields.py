from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import get_args, get_type_hints

import pytest

from tests.whole_entry import WHOLE_EVENT, varied, whole_with
from webapp.domain.changes import ChangeKind
from webapp.domain.comparison import compare
from webapp.domain.entry import Entry, EventDetail
from webapp.domain.launch import LaunchDetail
from webapp.domain.reported_fields import FIELDS, Reported, Unreported, seen_of

_OF_PARTS = {ChangeKind.EDITED, ChangeKind.WEBCAST_ADDED, ChangeKind.STATUS}
EVERY_FIELD = [(kind, name) for kind, listed in FIELDS.items() for name in listed]


def parts_of(kind: type) -> Iterator[type]:
    """Give the classes of the parts that the told fields of a class hold, and of theirs."""
    for name, hint in get_type_hints(kind).items():
        if isinstance(FIELDS[kind][name], Reported) or name == "detail":  # That one is reported field by field.
            for part in [one for one in (hint, *get_args(hint)) if isinstance(one, type) and is_dataclass(one)]:
                yield part
                yield from parts_of(part)


def test_every_field_of_an_entry_and_of_its_parts_is_told_or_untold() -> None:
    assert set(FIELDS) == {Entry, *parts_of(Entry)}
    for kind, listed in FIELDS.items():
        assert set(listed) == {field.name for field in fields(kind)}, kind


def test_what_is_untold_says_why() -> None:
    unreported = [field for listed in FIELDS.values() for field in listed.values() if isinstance(field, Unreported)]
    assert [field for field in unreported if not field.why.strip()] == []


@pytest.mark.parametrize(("kind", "name"), EVERY_FIELD)
def test_a_field_is_told_by_its_kinds_of_change_and_an_untold_one_by_none(kind: type, name: str) -> None:
    reported = {change.kind for change in compare(whole_with(kind), varied(kind, name))}
    match FIELDS[kind][name]:
        case Unreported():
            assert reported == set()
        case Reported(by=by):
            allowed = set(by) if kind in {Entry, EventDetail, LaunchDetail} else _OF_PARTS
            assert reported
            assert reported <= allowed


def test_what_looks_alike_is_seen_as_equal() -> None:
    alike = replace(WHOLE_EVENT, description="They \n dock.\n", links=WHOLE_EVENT.links * 2)
    assert seen_of(alike) == seen_of(WHOLE_EVENT)
