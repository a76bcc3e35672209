"""A filter and a scope as SQL: the one condition that listing and counting share."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Select,
    and_,
    any_,
    func,
    literal,
    not_,
    select,
    true,
)

from webapp.domain.clock import later
from webapp.domain.entry import EntryKind
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
    entry_programs,
    entry_texts,
    entry_videos,
    withdrawals,
)
from webapp.store.words import entry_words, has_words, words_key

Condition = ColumnElement[bool]
# Said in terms of the columns that the indexes hold.
_HAS_DATE = entries.c.sort_date < END_OF_TIME
_LONGEST_AFTER_RANGE = timedelta(days=366)  # The date of a first quarter may be any day of its year.
_LONGEST_AFTER_LAST_DATE = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class LinkCondition:
    """A condition on rows of another table that link to entries: those linked match, or, if `negated`, all others.

    `key` is that table's column of entry ids, in which none stands twice if `is_unique`; `where` is the condition on
    its rows. `is_keyed` says that its rows are found by `key` as quickly as by `where`: the text index's are not.
    """

    source: FromClause
    key: ColumnElement[int]
    where: Condition
    is_unique: bool = True
    negated: bool = False
    is_keyed: bool = True

    def ids(self) -> Select[int]:
        """Select the ids of the linked entries, each once."""
        ids = select(self.key).select_from(self.source).where(self.where)
        return ids if self.is_unique else ids.distinct()

    def condition(self, *, correlated: bool) -> Condition:
        """Give the condition on an entry's row: whether its id is among the linked ones.

        `correlated` looks for each row's own links and does not gather all ids first: quick for a page of many.
        """
        if correlated and self.is_keyed:
            links = select(literal(1)).select_from(self.source).where(self.where, self.key == entries.c.id)
            is_linked: Condition = links.correlate(entries).exists()
        else:
            is_linked = entries.c.id.in_(self.ids())
        return not_(is_linked) if self.negated else is_linked


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
        *_by_column(filter_),
        *_by_link(filter_),
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
    # Said again in terms of the index that is walked: no range is over before its last date has begun, and no date
    # lies longer than this after the end of its range.
    if ordering is Ordering.DATE_DESCENDING:
        yield entries.c.sort_date_descending <= later(moment, _LONGEST_AFTER_RANGE)
    else:
        yield entries.c.range_last_date <= moment.date()


def _by_column(filter_: Filter) -> Iterator[Condition]:
    wanted: tuple[tuple[Any, Callable[[Any], Condition]], ...] = (
        (filter_.kinds, of_kinds),
        (filter_.ids, entries.c.id.in_),
        (filter_.type_id is not None and [filter_.type_id], entries.c.type_id.in_),
        (filter_.type_ids, entries.c.type_id.in_),
        (filter_.not_type_ids, entries.c.type_id.not_in),
        (filter_.slug, lambda slug: entries.c.slug == slug),
        (filter_.webcast, entries.c.has_webcast.is_),
        (filter_.live, entries.c.webcast_live.is_),
        (filter_.precision, lambda step: entries.c.precision_order <= step.order),
    )
    return (condition(value) for value, condition in wanted if value)


def _by_link(filter_: Filter) -> Iterator[LinkCondition]:
    for wanted, column, negated in (
        (filter_.agency_ids, entry_agencies.c.agency_id, False),
        (filter_.not_agency_ids, entry_agencies.c.agency_id, True),
        (filter_.program_ids, entry_programs.c.program_id, False),
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
    contained = [_contains(entry_texts.c.searched, term, dialect) for term in terms]
    if filter_.location:
        contained.append(_contains(entry_texts.c.location, folded(filter_.location), dialect))
    if contained:
        yield LinkCondition(entry_texts, entry_texts.c.entry_id, and_(*contained))
    if filter_.words:
        yield LinkCondition(
            entry_words, words_key(dialect), has_words(dialect, filter_.words), is_keyed=dialect != "sqlite"
        )


def _contains(column: Column[str], part: str, dialect: str) -> Condition:
    # Not LIKE, which has wildcards to escape and its own idea of case.
    return (func.instr(column, part) if dialect == "sqlite" else func.strpos(column, part)) > 0
