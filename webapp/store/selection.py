"""A filter and a scope to SQL: the one condition that listing and counting share."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    FromClause,
    Integer,
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
from webapp.domain.parameters import Ordering
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.domain.text import folded, search_terms
from webapp.domain.uris import web_url
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
_LONGEST_AFTER_WINDOW = timedelta(days=366)  # The date of a first quarter may be any day of its year.
_LONGEST_AFTER_LAST_DATE = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Linked:
    """A condition met through another table: the events whose ids are among `ids` (or are not, if `negated`).

    `key` is the column of ids, of which no event's stands twice where `is_unique`; `where` is what the row there meets.
    """

    source: FromClause
    key: ColumnElement[int]
    where: Condition
    is_unique: bool = True
    negated: bool = False

    def ids(self) -> Select[int]:
        """Select the ids of the linked events, each once."""
        found = select(self.key).select_from(self.source).where(self.where)
        return found if self.is_unique else found.distinct()

    def condition(self, *, probing: bool) -> Condition:
        """Give the condition on an event's row: `probing` looks for each row's own link and gathers no ids."""
        if probing:
            found = select(literal(1)).select_from(self.source).where(self.where, self.key == entries.c.id)
            met: Condition = found.correlate(entries).exists()
        else:
            met = entries.c.id.in_(self.ids())
        return not_(met) if self.negated else met


def among(key: ColumnElement[int], ids: Collection[int], dialect: str) -> Condition:
    """Give the condition that a column holds one of these ids, however many: they go to the engine as one value."""
    if dialect == "sqlite":
        return key.in_(select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value))
    return key == any_(literal(list(ids), ARRAY(Integer)))


def conditions(
    asked: Filter, scope: Scope, dialect: str, *, ordering: Ordering | None = None
) -> list[Condition | Linked]:
    """Give all that an event must meet to lie in the scope and pass the filter, but for `stands`."""
    return [
        *_in_scope(scope, ordering),
        *_by_kind(asked),
        *_by_link(asked),
        *_by_date(asked),
        *_by_text(asked, dialect),
    ]


def matches(
    asked: Filter, scope: Scope, dialect: str, *, ordering: Ordering | None = None, probing: bool = False
) -> Condition:
    """Give the one condition that an event's row meets when it lies in the scope and the filter lets it pass."""
    parts = conditions(asked, scope, dialect, ordering=ordering)
    met = [one.condition(probing=probing) if isinstance(one, Linked) else one for one in parts]
    return and_(true(), *met, *stands(entries.c.id, scope))


def stands(entry_id: ColumnElement[int], scope: Scope) -> list[Condition]:
    """Give the condition that the source still stands by an event; none where the scope takes withdrawn ones too."""
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
        yield from _over_before(scope.over_before, ordering)
    if scope.date_from is not None:
        yield entries.c.sort_date >= scope.date_from
    if scope.date_to is not None:
        # What is past is listed from its end: said in terms of the index that does so.
        yield entries.c.sort_date_descending <= scope.date_to
    if scope.dated or scope.date_from or scope.date_to:
        yield _HAS_DATE
    if scope.largest_rank is not None:
        yield entries.c.range_rank <= scope.largest_rank


def _over_before(moment: datetime, ordering: Ordering | None) -> Iterator[Condition]:
    yield entries.c.range_over_at <= moment
    # Said again in terms of the index that is walked: no range is over before its last date has begun, and no date
    # lies longer than this after the end of its range.
    if ordering is Ordering.DATE_DESCENDING:
        yield entries.c.sort_date_descending <= later(moment, _LONGEST_AFTER_WINDOW)
    else:
        yield entries.c.range_last_date <= moment.date()


def _by_kind(asked: Filter) -> Iterator[Condition]:
    wanted: tuple[tuple[Any, Callable[[Any], Condition]], ...] = (
        (asked.ids, entries.c.id.in_),
        (asked.type_id is not None and [asked.type_id], entries.c.type_id.in_),
        (asked.type_ids, entries.c.type_id.in_),
        (asked.not_type_ids, entries.c.type_id.not_in),
        (asked.slug, lambda slug: entries.c.slug == slug),
        (asked.webcast, entries.c.has_webcast.is_),
        (asked.live, entries.c.webcast_live.is_),
        (asked.precision, lambda step: entries.c.precision_order <= step.order),
    )
    return (condition(value) for value, condition in wanted if value)


def _by_link(asked: Filter) -> Iterator[Linked]:
    for wanted, column, negated in (
        (asked.agency_ids, entry_agencies.c.agency_id, False),
        (asked.not_agency_ids, entry_agencies.c.agency_id, True),
        (asked.program_ids, entry_programs.c.program_id, False),
        (_spellings(asked.video_urls), entry_videos.c.url, False),
    ):
        if wanted:
            table, is_unique = column.table, column is not entry_videos.c.url and len(wanted) == 1
            yield Linked(table, table.c.entry_id, column.in_(wanted), is_unique, negated)


def _spellings(urls: Sequence[str]) -> list[str]:
    """Give addresses as asked for, as rows of earlier versions may have them, and as they are stored now."""
    return list(dict.fromkeys([*urls, *(web_url(url) or url for url in urls)]))


def _by_date(asked: Filter) -> Iterator[Condition]:
    dated: tuple[tuple[Any, Callable[[Any], Condition]], ...] = (
        (asked.from_date, lambda day: entries.c.range_last_date >= day),
        (asked.to_date, lambda day: entries.c.range_first_date <= day),
        (asked.days, entries.c.date_day.in_),
        (asked.months, entries.c.date_month.in_),
        (asked.years, entries.c.date_year.in_),
        (asked.date_gt, lambda moment: entries.c.sort_date > moment),
        (asked.date_gte, lambda moment: entries.c.sort_date >= moment),
        (asked.date_lt, lambda moment: entries.c.sort_date < moment),
        (asked.date_lte, lambda moment: entries.c.sort_date <= moment),
    )
    updated: tuple[tuple[Any, Callable[[Any], Condition]], ...] = (
        (asked.last_updated_gte, lambda moment: entries.c.sort_updated >= moment),
        (asked.last_updated_lte, lambda moment: entries.c.sort_updated <= moment),
    )
    # What stands for a missing date, to order by, meets no condition on dates.
    for wanted, is_there in ((dated, _HAS_DATE), (updated, entries.c.sort_updated > BEGINNING_OF_TIME)):
        conditions = [condition(value) for value, condition in wanted if value]
        yield from [*conditions, is_there] if conditions else []


def _by_text(asked: Filter, dialect: str) -> Iterator[Linked]:
    # What fewer names are likely to hold is looked for first: a number, then a long word.
    terms = sorted(search_terms(asked.search), key=lambda term: (term.isalpha(), -len(term)))
    contained = [_contains(entry_texts.c.name, term, dialect) for term in terms]
    if asked.location:
        contained.append(_contains(entry_texts.c.location, folded(asked.location), dialect))
    if contained:
        yield Linked(entry_texts, entry_texts.c.entry_id, and_(*contained))
    if asked.words:
        yield Linked(entry_words, words_key(dialect), has_words(dialect, asked.words))


def _contains(column: Column[str], part: str, dialect: str) -> Condition:
    # Not LIKE, which has wildcards to escape and its own idea of case.
    return (func.instr(column, part) if dialect == "sqlite" else func.strpos(column, part)) > 0
