"""Short names for what tests know entries by."""

from collections.abc import Iterable

from webapp.domain.entry import EntryKey

event_key = EntryKey.of_event


def event_keys(event_ids: Iterable[int]) -> list[EntryKey]:
    """Give the keys of events by their LL2 ids."""
    return [event_key(event_id) for event_id in event_ids]
