"""Quick choices: what is asked for most, each a tap away."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from webapp.domain.entry import EntryKind
from webapp.domain.query import Condition, Query
from webapp.instance.presets import TYPE_GROUPS
from webapp.rendering.choices import Choice
from webapp.store import Facets


def quick_choices(
    query: Query, facets: Facets, path: str, webcast_count: int | None, *, has_switch: bool
) -> Iterator[Choice]:
    """Give the choices of what is asked for most: launches and those with a crew, groups of types, and webcasts.

    With `has_switch` the page has a switch between the kinds, which no choice repeats.
    """
    asked, counts = query.filter, {choice.id: choice.count for choice in facets.types}
    if facets.statuses or asked.is_crewed or asked.kinds:
        yield from _launches(query, path, has_switch=has_switch)
    for title, type_ids in TYPE_GROUPS.items():
        is_chosen = set(type_ids) <= set(asked.type_ids)
        chosen = set(asked.type_ids) - set(type_ids) if is_chosen else {*asked.type_ids, *type_ids}
        toggled = replace(asked, type_ids=tuple(sorted(chosen)))
        yield Choice(
            title,
            path + replace(query, filter=toggled).to_query_string(),
            is_chosen,
            sum(counts.get(type_id) or 0 for type_id in type_ids),
        )
    toggled = replace(asked, webcast=not asked.webcast)
    yield Choice(
        "With a webcast", path + replace(query, filter=toggled).to_query_string(), asked.webcast, webcast_count
    )


def _launches(query: Query, path: str, *, has_switch: bool) -> Iterator[Choice]:
    asked, only_launches = query.filter, (EntryKind.LAUNCH,)
    if not has_switch:
        are_chosen = asked.kinds == only_launches
        toggled = replace(asked, kinds=() if are_chosen else only_launches)
        yield Choice("Launches", path + replace(query, filter=toggled).to_query_string(), are_chosen)
    toggled = replace(asked, is_crewed=None if asked.is_crewed else True)
    yield Choice("Crewed", path + replace(query, filter=toggled).to_query_string(), bool(asked.is_crewed))


def has_quick_choice(condition: Condition, types: Collection[int], *, has_switch: bool) -> bool:
    """Whether a quick choice, or the switch between the kinds, takes a condition back; `types` are those chosen."""
    name = condition.parameter.name
    if name == "kind":
        return has_switch or condition.value is EntryKind.LAUNCH
    if name == "is_crewed":
        return bool(condition.value)
    grouped = (type_ids for type_ids in TYPE_GROUPS.values() if set(type_ids) <= set(types))
    return name == "webcast" or (name == "type__ids" and any(condition.value in type_ids for type_ids in grouped))
