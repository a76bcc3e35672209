"""What feeds say that they hold, by the kinds of entry that the store knows and that their filter lets pass."""

from webapp.domain.entry import EntryKind
from webapp.domain.query import Filter
from webapp.store import StoreState

_EVENTS_ALONE = (EntryKind.EVENT,)
_ENTRIES = {
    (EntryKind.EVENT,): "Upcoming space events: dockings, spacewalks, landings, flybys, briefings and tests.",
    (EntryKind.LAUNCH,): "Upcoming launches of rockets into space.",
    (EntryKind.EVENT, EntryKind.LAUNCH): (
        "Upcoming launches and space events: dockings, spacewalks, landings, flybys, briefings and tests."
    ),
}
_CHANGES = {
    (EntryKind.EVENT,): "Changes to space events: new dates, new webcasts, cancellations.",
    (EntryKind.LAUNCH,): "Changes to launches: new dates, how they stand and end, new webcasts, cancellations.",
    (EntryKind.EVENT, EntryKind.LAUNCH): (
        "Changes to launches and space events: new dates, how launches stand and end, new webcasts, cancellations."
    ),
}


def describe_entries(filter_: Filter, state: StoreState) -> str:
    """Say what a feed of entries holds."""
    return _ENTRIES[_kinds(filter_, state)]


def describe_changes(filter_: Filter, state: StoreState) -> str:
    """Say what a feed of changes holds."""
    return _CHANGES[_kinds(filter_, state)]


def _kinds(filter_: Filter, state: StoreState) -> tuple[EntryKind, ...]:
    """Give the kinds that are asked for, of those that were ever read."""
    asked = filter_.kinds or tuple(kind for kind in EntryKind if kind in state.progress)
    return tuple(kind for kind in EntryKind if kind in asked) or _EVENTS_ALONE
