"""The switch between the kinds of entry, and what a list calls what it holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from webapp.domain.entry import EntryKind
from webapp.domain.query import Filter, Query
from webapp.domain.scopes import Scope
from webapp.pages.condition_words import STARLINK
from webapp.rendering.choices import Choice
from webapp.store import Snapshot


@dataclass(frozen=True, slots=True)
class KindCounts:
    """How many events and launches a filter finds, whichever kinds it asks for.

    `has_launches` says whether any are stored.
    """

    events: int
    launches: int
    has_launches: bool


ONLY_EVENTS = KindCounts(0, 0, has_launches=False)


def count_kinds(snapshot: Snapshot, asked: Filter, scope: Scope) -> KindCounts:
    """Count what a filter finds by its kind."""
    counts = snapshot.count_kinds(asked, scope)
    return KindCounts(counts[EntryKind.EVENT], counts[EntryKind.LAUNCH], snapshot.has_any_launch())


def noun_of(asked: Filter, counts: KindCounts) -> str:
    """Say what a list holds: `event`, `launch`, or `entry` where it may hold both."""
    if len(asked.kinds) == 1:
        return asked.kinds[0].value
    return "entry" if counts.has_launches else EntryKind.EVENT.value


def kind_switch(
    query: Query, counts: KindCounts, path_of: Callable[[Query], str], *, has_starlink: bool = True
) -> tuple[Choice, ...]:
    """Give the choices All, Events and Launches; none where there are no launches to choose.

    Unless it `has_starlink` in any case, there is a choice to leave that out: it has a third of all launches.
    """
    if not counts.has_launches and not query.filter.kinds:
        return ()
    first_page = query.at(0)

    def choice(words: str, kinds: tuple[EntryKind, ...], count: int | None) -> Choice:
        programs = query.filter.not_program_ids
        left_out = programs if has_starlink else tuple(one for one in programs if one != STARLINK)
        asked = replace(first_page, filter=replace(query.filter, kinds=kinds, not_program_ids=left_out))
        is_chosen = query.filter.kinds == kinds and (has_starlink or not without)
        return Choice(words, path_of(asked), is_chosen, count)

    without = STARLINK in query.filter.not_program_ids
    kinds = (
        choice("All", (), None),
        choice("Events", (EntryKind.EVENT,), counts.events),
        choice("Launches", (EntryKind.LAUNCH,), counts.launches),
    )
    return kinds if has_starlink else (*kinds, _without_starlink(first_page, path_of))


def _without_starlink(query: Query, path_of: Callable[[Query], str]) -> Choice:
    left_out = set(query.filter.not_program_ids)
    asked = replace(query.filter, kinds=(), not_program_ids=tuple(sorted({*left_out, STARLINK})))
    return Choice("Without Starlink", path_of(replace(query, filter=asked)), STARLINK in left_out)
