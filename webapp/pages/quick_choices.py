"""Quick choices: what is asked for most, each a tap away."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from webapp.domain.query import Condition, Query
from webapp.instance.presets import TYPE_GROUPS
from webapp.rendering.choices import Choice
from webapp.store import Facets


def quick_choices(query: Query, facets: Facets, path: str, webcast_count: int | None) -> Iterator[Choice]:
    """Give the choices of what is asked for most: groups of types, and what has a webcast."""
    asked, counts = query.filter, {choice.id: choice.count for choice in facets.types}
    for title, type_ids in TYPE_GROUPS.items():
        is_chosen = set(type_ids) <= set(asked.type_ids)
        chosen = set(asked.type_ids) - set(type_ids) if is_chosen else {*asked.type_ids, *type_ids}
        toggled = replace(asked, type_ids=tuple(sorted(chosen)))
        yield Choice(
            title,
            path + replace(query, filter=toggled).to_query_string(),
            is_chosen,
            sum(counts.get(type_id, 0) for type_id in type_ids),
        )
    toggled = replace(asked, webcast=not asked.webcast)
    yield Choice(
        "With a webcast", path + replace(query, filter=toggled).to_query_string(), asked.webcast, webcast_count
    )


def has_quick_choice(condition: Condition, types: Collection[int]) -> bool:
    """Whether a quick choice takes a condition back; `types` are those that are chosen."""
    name = condition.parameter.name
    grouped = (type_ids for type_ids in TYPE_GROUPS.values() if set(type_ids) <= set(types))
    return name == "webcast" or (name == "type__ids" and any(condition.value in type_ids for type_ids in grouped))
