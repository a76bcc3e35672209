"""A filter and a scope as SQL: the one condition that listing and counting share."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    any_,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from webapp.domain.clock import later
from webapp.domain.entry import EntryKey, EntryKind
from webapp.domain.parameters import Ordering
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.domain.text import folded, search_terms
from webapp.domain.uris import web_url
from webapp.store.keys import of_kinds
from webapp.store.rows import BEGINNING_OF_TIME, END_OF_TIME
from webapp.store.schema import (
    entries,
    entry_agencies,
    entry_keys,
    entry_programs,
    entry_texts,
    entry_videos,
    repeated_launches,
    withdrawals,
)
from webapp.store.selection.launch_conditions import by_launch
from webapp.store.selection.links import Condition, LinkCondition, contains
from webapp.store.words import entry_words, has_words, words_key

__all__ = ["Condition", "LinkCondition", "conditions", "in_ids", "matching", "not_withdrawn"]

# Said in terms of the columns that the indexes hold.
_HAS_DATE = entries.c.sort_date < END_OF_TIME
# The date of a first quarter may be any day of its year; a launch with an outcome is over as its decade begins.
_LONGEST_AFTER_OVER = timedelta(days=3653)
# A launch is over a day after its window, which may close a day after its date.
_LONGEST_AFTER_LAST_DATE = timedelta(hours=72)


def in_ids(key: ColumnElement[int], ids: Collection[int], dialect: str) -> Condition:
    """Give the condition that a column holds one of these ids, however many: they go to the engine as one value."""
    if dialect == "sqlite":
        return key.in_(select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value))
    return key == any_(literal(list(ids), ARRAY(BigInteger)))


def conditions(
    filter_: Filter, scope: Scope, dialect: str, *, ordering: Ordering | None = None
) -> list[Condition | LinkCondition]:
    """Give all that an entry must meet to lie in the scope and pass the filter, but for `not_withdrawn`."""
    return [
        *_in_scope(scope, ordering),
        *(_of_kinds(kinds, dialect) for kinds in (scope.kinds, filter_.kinds) if kinds),
        *_by_column(filter_),
        *_by_link(filter_),
        *by_launch(filter_, dialect),
        *_by_date(filter_),
        *_by_text(filter_, dialect),
    ]


def matching(
    filter_: Filter, scope: Scope, dialect: str, *, ordering: Ordering | None = None, correlated: bool = False
) -> Condition:
    """Give the one condition that an entry's row meets when it lies in the scope and the filter lets it pass."""
    parts = conditions(filter_, scope, dialect, ordering=ordering)
    columns = [part.condition(correlated=correlated) if isinstance(part, LinkCondition) else part for part in parts]
    return and_(true(), *columns, *not_withdrawn(entries.c.id, scope))


def not_withdrawn(entry_id: ColumnElement[int], scope: Scope) -> list[Condition]:
    """Give the condition that the source still stands by an entry; none where the scope takes withdrawn ones too."""
    gone = select(withdrawals.c.entry_id)
    if not scope.withdrawn:
        return [entry_id.not_in(gone)]
    if scope.withdrawn_after is None:
        return []
    return [entry_id.not_in(gone.where(withdrawals.c.withdrawn_at <= scope.withdrawn_after))]


def _in_scope(scope: Scope, ordering: Ordering | None) -> Iterator[Condition]:
    if scope.over_after is not None:
        earliest, is_ahead = scope.over_after, entries.c.range_over_at > scope.over_after
        if scope.live_after is not None:
            earliest = min(scope.live_after, earliest)
            is_ahead = is_ahead | and_(entries.c.range_over_at > scope.live_after, entries.c.webcast_live.is_(True))
        yield is_ahead
        # Said again in terms of the timeline's index: no range is over later than this after its last date.
        yield entries.c.range_last_date >= (earliest - _LONGEST_AFTER_LAST_DATE).date()
    if scope.over_before is not None:
        yield from _over_before(scope.over_before, scope.live_after, ordering)
    if scope.without_repeats:
        yield entries.c.id.not_in(select(repeated_launches.c.entry_id))
    if scope.date_from is not None:
        yield entries.c.sort_date >= scope.date_from
    if scope.date_to is not None:
        # What is past is listed from its end: said in terms of the index that does so.
        yield entries.c.sort_date_descending <= scope.date_to
    yield from _by_precision(scope)


def _by_precision(scope: Scope) -> Iterator[Condition]:
    if scope.dated or scope.date_from or scope.date_to:
        yield _HAS_DATE
    if scope.placeholders is not None:
        yield entries.c.has_placeholder_date.is_(scope.placeholders)
    if scope.largest_rank is not None:
        yield entries.c.range_rank <= scope.largest_rank
    if scope.largest_launch_rank is not None:
        yield of_kinds([EntryKind.EVENT]) | (entries.c.range_rank <= scope.largest_launch_rank)


def _over_before(moment: datetime, live_after: datetime | None, ordering: Ordering | None) -> Iterator[Condition]:
    yield entries.c.range_over_at <= moment
    if live_after is not None:
        yield not_(and_(entries.c.range_over_at > live_after, entries.c.webcast_live.is_(True)))
    # Said again in terms of the index that is walked: no date, and no last date of a range, lies longer than this
    # after its end.
    latest = later(moment, _LONGEST_AFTER_OVER)
    if ordering is Ordering.DATE_DESCENDING:
        yield entries.c.sort_date_descending <= latest
    else:
        yield entries.c.range_last_date <= latest.date()


def _by_column(filter_: Filter) -> Iterator[Condition]:
    wanted: tuple[tuple[Any, Callable[[Any], Condition]], ...] = (
        (filter_.ids, _of_keys),
        (filter_.type_id is not None and [filter_.type_id], entries.c.type_id.in_),
        (filter_.type_ids, entries.c.type_id.in_),
        (filter_.not_type_ids, entries.c.type_id.not_in),
        (filter_.slug, lambda slug: entries.c.slug == slug),
        (filter_.webcast, entries.c.has_webcast.is_),
        (filter_.live, entries.c.webcast_live.is_),
        (filter_.precision, lambda step: entries.c.precision_order <= step.order),
    )
    return (condition(value) for value, condition in wanted if value)


def _of_kinds(kinds: Sequence[EntryKind], dialect: str) -> Condition:
    # Most entries are events: SQLite would go through all of them by their ids, sooner than take another index.
    is_hidden = dialect == "sqlite" and EntryKind.EVENT in kinds
    return of_kinds(kinds, literal_column("+entries.id", Integer)) if is_hidden else of_kinds(kinds)


def _of_keys(keys: Sequence[EntryKey]) -> Condition:
    """Give the condition that an entry has one of these keys. The ids that the store gives are no key of any."""
    numbers = [int(key.source_id) for key in keys if key.kind is EntryKind.EVENT]
    others = [key.source_id for key in keys if key.kind is EntryKind.LAUNCH]
    given = select(entry_keys.c.entry_id).where(
        entry_keys.c.kind == EntryKind.LAUNCH.value, entry_keys.c.source_id.in_(others)
    )
    if not others:
        return entries.c.id.in_(numbers)
    return or_(entries.c.id.in_(numbers), entries.c.id.in_(given)) if numbers else entries.c.id.in_(given)


def _by_link(filter_: Filter) -> Iterator[LinkCondition]:
    for wanted, column, negated in (
        (filter_.agency_ids, entry_agencies.c.agency_id, False),
        (filter_.not_agency_ids, entry_agencies.c.agency_id, True),
        (filter_.program_ids, entry_programs.c.program_id, False),
        (filter_.not_program_ids, entry_programs.c.program_id, True),
        (_spellings(filter_.video_urls), entry_videos.c.url, False),
    ):
        if wanted:
            table, is_unique = column.table, column is not entry_videos.c.url and len(wanted) == 1
            yield LinkCondition(table, table.c.entry_id, column.in_(wanted), is_unique, negated)


def _spellings(urls: Sequence[str]) -> list[str]:
    """Give addresses as asked for, as rows of earlier versions may have them, and as they are stored now."""
    return list(dict.fromkeys([*urls, *(web_url(url) or url for url in urls)]))


def _by_date(filter_: Filter) -> Iterator[Condition]:
    dated: tuple[tuple[Any, Callable[[Any], Condition]], ...] = (
        (filter_.from_date, lambda day: entries.c.range_last_date >= day),
        (filter_.to_date, lambda day: entries.c.range_first_date <= day),
        (filter_.days, entries.c.date_day.in_),
        (filter_.months, entries.c.date_month.in_),
        (filter_.years, entries.c.date_year.in_),
        (filter_.date_gt, lambda moment: entries.c.sort_date > moment),
        (filter_.date_gte, lambda moment: entries.c.sort_date >= moment),
        (filter_.date_lt, lambda moment: entries.c.sort_date < moment),
        (filter_.date_lte, lambda moment: entries.c.sort_date <= moment),
    )
    updated: tuple[tuple[Any, Callable[[Any], Condition]], ...] = (
        (filter_.last_updated_gte, lambda moment: entries.c.sort_updated >= moment),
        (filter_.last_updated_lte, lambda moment: entries.c.sort_updated <= moment),
    )
    # What stands for a missing date, to order by, meets no condition on dates.
    for wanted, has_value in ((dated, _HAS_DATE), (updated, entries.c.sort_updated > BEGINNING_OF_TIME)):
        conditions = [condition(value) for value, condition in wanted if value]
        yield from [*conditions, has_value] if conditions else []


def _by_text(filter_: Filter, dialect: str) -> Iterator[LinkCondition]:
    # What fewer names are likely to hold is looked for first: a number, then a long word.
    terms = sorted(search_terms(filter_.search), key=lambda term: (term.isalpha(), -len(term)))
    contained = [contains(entry_texts.c.searched, term, dialect) for term in terms]
    if filter_.location:
        contained.append(contains(entry_texts.c.location, folded(filter_.location), dialect))
    if contained:
        yield LinkCondition(entry_texts, entry_texts.c.entry_id, and_(*contained))
    if filter_.words:
        yield LinkCondition(
            entry_words, words_key(dialect), has_words(dialect, filter_.words), is_keyed=dialect != "sqlite"
        )
