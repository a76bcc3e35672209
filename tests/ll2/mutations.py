"""Records with anything in the place of anything."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.factories import hostile_texts
from tests.fake_ll2 import Record

PARTS = ("id", "name", "url", "image_url", "comment", "type", "priority", "start_time", "created_on")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS) | st.text(), inner, max_size=4),
    max_leaves=8,
)
"""Any JSON, often with the names of fields that mean something."""

Path = tuple[str | int, ...]


def mutated(records: list[Record]) -> st.SearchStrategy[Record]:
    """One of the records, up to four of its values, however deep within, replaced by any JSON or a hostile text."""
    return st.one_of([_mutated(record) for record in records])


def _mutated(record: Record) -> st.SearchStrategy[Record]:
    changes = st.lists(st.tuples(st.sampled_from(list(_paths(record))), JSON | hostile_texts()), max_size=4)
    return changes.map(lambda changed: _with(record, changed))


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Give the path to each value within, by keys and places."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield (*path, key)
        yield from _paths(child, (*path, key))


def _with(record: Record, changes: list[tuple[Path, object]]) -> Record:
    changed = deepcopy(record)
    for path, value in changes:
        whole: Any = changed
        try:
            for key in path[:-1]:
                whole = whole[key]
            whole[path[-1]] = deepcopy(value)
        except (IndexError, KeyError, TypeError):  # Its place went with a value around it.
            continue
    return changed
