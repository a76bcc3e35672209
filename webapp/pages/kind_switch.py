"""The switch between the kinds of entry, and what a list calls what it holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from webapp.domain.entry import EntryKind
from webapp.domain.query import Filter, Query
from webapp.domain.scopes import Scope
from webapp.rendering.choices import Choice
from webapp.store import Snapshot


@dataclass(frozen=True, slots=True)
class KindCounts:
    """How many events and launches a filter finds, whichever kinds it asks for; `has_launches` beside any filter."""

    events: int
    launches: int
    has_launches: bool


ONLY_EVENTS = KindCounts(0, 0, has_launches=False)


def count_kinds(snapshot: Snapshot, asked: Filter, scope: Scope) -> KindCounts:
    """Count what a filter finds by its kind."""
    launches = snapshot.count_entries(replace(asked, kinds=(EntryKind.LAUNCH,)), scope)
    both = snapshot.count_entries(replace(asked, kinds=()), scope)
    has_launches = bool(launches) or snapshot.count_entries(Filter(kinds=(EntryKind.LAUNCH,)), scope) > 0
    return KindCounts(both - launches, launches, has_launches)


def noun_of(asked: Filter, counts: KindCounts) -> str:
    """Say what a list holds: `event`, `launch`, or `entry` where it may hold both."""
    if len(asked.kinds) == 1:
        return asked.kinds[0].value
    return "entry" if counts.has_launches else EntryKind.EVENT.value


def kind_switch(query: Query, counts: KindCounts, path_of: Callable[[Query], str]) -> tuple[Choice, ...]:
    """Give the choices All, Events and Launches; none where there are no launches to choose."""
    if not counts.has_launches and not query.filter.kinds:
        return ()
    first_page = query.at(0)

    def choice(words: str, kinds: tuple[EntryKind, ...], count: int | None) -> Choice:
        asked = replace(first_page, filter=replace(query.filter, kinds=kinds))
        return Choice(words, path_of(asked), query.filter.kinds == kinds, count)

    return (
        choice("All", (), None),
        choice("Events", (EntryKind.EVENT,), counts.events),
        choice("Launches", (EntryKind.LAUNCH,), counts.launches),
    )
