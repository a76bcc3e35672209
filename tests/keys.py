"""Short names for what tests know entries by."""

from collections.abc import Iterable

from tests.fake_ll2.launches import launch_id
from webapp.domain.entry import EntryKey, EntryKind

event_key = EntryKey.of_event


def event_keys(event_ids: Iterable[int]) -> list[EntryKey]:
    """Give the keys of events by their LL2 ids."""
    return [event_key(event_id) for event_id in event_ids]


def launch_key(number: int) -> EntryKey:
    """Give the key of the invented launch of that number."""
    return EntryKey(EntryKind.LAUNCH, launch_id(number))
