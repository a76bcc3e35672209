"""Looser filters: what an empty result offers, the filter without a condition or two."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from webapp.domain.query import Condition, Filter, Query, conditions_of
from webapp.pages.condition_words import Names, condition_words


@dataclass(frozen=True, slots=True)
class LooserChoice:
    """A way to find more: which conditions to leave out, in words, and how many entries there are without."""

    words: tuple[str, ...]
    path: str
    count: int


def looser_filters(asked: Filter) -> list[Filter]:
    """Give the filter without each of its conditions, then without each two of them."""
    return [looser for _, looser in _looser(asked)]


def _looser(asked: Filter) -> Iterator[tuple[tuple[Condition, ...], Filter]]:
    """Give the looser filters, each with the conditions that it goes without."""
    conditions = list(conditions_of(asked))
    for condition in conditions:
        yield (condition,), condition.without
    for one, other in combinations(conditions, 2):
        names = one.parameter.name, other.parameter.name
        rest = next((each for each in conditions_of(one.without) if _is_same(each, other)), None)
        if rest is not None and len(conditions) > len(names):
            yield (one, other), rest.without


def _is_same(one: Condition, other: Condition) -> bool:
    return (one.parameter, one.value) == (other.parameter, other.value)


def present_looser(query: Query, path: str, names: Names, counts: Mapping[Filter, int]) -> Iterator[LooserChoice]:
    """Give the looser filters that find anything; of two conditions only where neither is enough by itself."""
    enough: list[Condition] = []
    for conditions, looser in _looser(query.filter):
        count = counts.get(looser, 0)
        if not count or any(_is_same(one, other) for one in conditions for other in enough):
            continue
        enough += conditions if len(conditions) == 1 else ()
        words = tuple(condition_words(condition, names) for condition in conditions)
        yield LooserChoice(words, path + replace(query, filter=looser).to_query_string(), count)
