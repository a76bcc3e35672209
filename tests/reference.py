"""What a query means, said a second time: plain Python over records as received, to hold the store's SQL against.

Written from what Launch Library documents and from the parameters' meanings. Windows, words and orders are worked out
anew here; only the cleaning of received text is shared with the house.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from tests.launch_reference import (
    TO_BE_DETERMINED,
    LaunchFacts,
    agencies_of,
    launch_facts,
    location_of,
    passes,
    window_of,
)
from webapp.domain.entry import EntryKind
from webapp.domain.parameters import Ordering
from webapp.domain.query import Filter, View
from webapp.domain.scopes import Scope
from webapp.domain.text import clean_text, one_line
from webapp.domain.uris import web_url

Record = dict[str, Any]

STEPS = ("second", "minute", "hour", "day", "week", "month", "quarter", "half", "year", "decade")
STEP_OF = (*STEPS[:3], *("day",) * 3, "week", "month", *("quarter",) * 4, *("half",) * 2, "year", "year", "decade")
DAY = 5
MONTHS_OF = {8: (1, 3), 9: (4, 6), 10: (7, 9), 11: (10, 12), 12: (1, 6), 13: (7, 12), 14: (1, 12)}
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
LONGEST_WORD = 64
LAUNCH_TYPE_ID = 24


@dataclass(frozen=True)
class Known:
    """What is known of one record; the fields of the window are `None` while there is no date.

    `order` is by what the store orders equal dates. `searched` are the texts that `search` looks in. `launch` is what
    only launches have.
    """

    id: int | str
    order: tuple[int, int]
    type_id: int
    slug: str
    name: str
    searched: tuple[str, ...]
    location: str
    words: tuple[str, ...]
    agency_ids: frozenset[int]
    program_ids: frozenset[int]
    urls: frozenset[str]
    live: bool
    moment: datetime | None
    last_updated: datetime | None
    step: str
    launch: LaunchFacts | None = None
    is_placeholder: bool = False
    start: datetime | None = None
    first_date: date | None = None
    last_date: date | None = None
    over_at: datetime | None = None


def known(record: Record, place: int = 0) -> Known:
    """Read what a query can ask for out of a record. `place` is that of a launch among those given to the store."""
    return _known_launch(record, place) if isinstance(record["id"], str) else _known_event(record)


def _known_launch(record: Record, place: int) -> Known:
    """Read a launch as if it were an event with the same facts, and then what only launches have."""
    as_event = record | {
        "id": 0,
        "date": record.get("net"),
        "date_precision": record.get("net_precision"),
        "type": {"id": LAUNCH_TYPE_ID},
        "description": (record.get("mission") or {}).get("description"),
        "location": location_of(record),
        "agencies": agencies_of(record),
    }
    event, facts = _known_event(as_event), launch_facts(record)
    window = {"start": event.start, "first_date": event.first_date, "over_at": event.over_at} if event.moment else {}
    is_coarse = event.moment is None or STEPS.index(event.step) > STEPS.index("day")
    return replace(
        event,
        **window_of(record, window, is_clock=STEPS.index(event.step) < STEPS.index("day")),
        id=record["id"].lower(),
        order=(1, place),
        searched=facts.searched,
        words=event.words + tuple(word for text in facts.words for word in words_of(text)),
        launch=facts,
        is_placeholder=is_coarse or facts.ids["status"] == TO_BE_DETERMINED,
    )


def _known_event(record: Record) -> Known:
    named = {field: record.get(field) or "" for field in ("name", "slug", "location", "description")}
    agencies, programs = _by_id(record.get("agencies")), _by_id(record.get("program"))
    texts = [one_line(named["name"]), clean_text(named["description"]), one_line(named["location"])]
    texts += [one_line(part.get(field) or "") for part in agencies.values() for field in ("name", "abbrev")]
    texts += [one_line(part.get("name") or "") for part in programs.values()]
    moment = _instant(record.get("date"))
    precision_id = (record.get("date_precision") or {"id": DAY})["id"]
    precision_id = precision_id if 0 <= precision_id < len(STEP_OF) else DAY
    return Known(
        id=record["id"],
        order=(0, record["id"]),
        searched=(one_line(named["name"]).casefold(),),
        type_id=(record.get("type") or {"id": 1})["id"],
        slug=named["slug"] if re.fullmatch("[A-Za-z0-9_-]*", named["slug"]) else "",
        name=one_line(named["name"]),
        location=one_line(named["location"]).casefold(),
        words=tuple(word for text in texts for word in words_of(text)),
        agency_ids=frozenset(agencies),
        program_ids=frozenset(programs),
        urls=frozenset(_shown_urls(record)),
        live=record.get("webcast_live") is True,
        moment=moment,
        last_updated=_instant(record.get("last_updated")),
        step=STEP_OF[precision_id],
        **_window(moment, precision_id),
    )


@lru_cache(maxsize=10_000)
def words_of(text: str) -> tuple[str, ...]:
    """Cut a text into words: runs of letters and digits, without accents and case, of 64 characters at most."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = [char for char in folded if unicodedata.combining(char) == 0]
    spaced = "".join(char if char.isalnum() else " " for char in plain)
    return tuple(word[:LONGEST_WORD] for word in spaced.split())


def filtered(events: Iterable[Known], asked: Filter) -> list[Known]:
    """Give what the filter lets pass, on whichever surface."""
    return [event for event in events if all(_passes(event, asked))]


def ids_of(passed: Iterable[Known], scope: Scope, view: View) -> list[Any]:
    """Give the ids of those that a surface shows, in the order asked for, whatever limit and offset say."""
    return [event.id for event in _ordered([one for one in passed if in_scope(one, scope)], view.ordering, scope)]


def page(ids: list[Any], view: View) -> list[Any]:
    """Cut out the part that limit and offset ask for."""
    return ids[view.offset :] if view.limit is None else ids[view.offset : view.offset + view.limit]


def in_scope(event: Known, scope: Scope) -> bool:
    """Say whether a surface shows the event before any filter."""
    if scope.placeholders is not None and event.is_placeholder is not scope.placeholders:
        return False
    if event.launch and scope.largest_launch_rank is not None:
        scope = replace(scope, largest_rank=scope.largest_launch_rank)
    if event.moment is None:
        # Without a date an event is never over. It lies in no range of dates, and has no window of any size.
        ranged = any(edge is not None for edge in (scope.date_from, scope.date_to, scope.over_before))
        return not (ranged or scope.dated or scope.largest_rank is not None)
    return (
        (scope.over_after is None or _is_later(event.over_at, scope.over_after) or _is_live_of_late(event, scope))
        and (
            scope.over_before is None
            or not (_is_later(event.over_at, scope.over_before) or _is_live_of_late(event, scope))
        )
        and (scope.date_from is None or event.moment >= scope.date_from)
        and (scope.date_to is None or event.moment <= scope.date_to)
        and (scope.largest_rank is None or _rank(event) <= scope.largest_rank)
    )


def _is_live_of_late(event: Known, scope: Scope) -> bool:
    return event.live and scope.live_after is not None and _is_later(event.over_at, scope.live_after)


def _passes(event: Known, asked: Filter) -> Iterator[bool]:
    yield from _has_the_ids(event, asked)
    yield from passes(event.launch, asked)
    yield from _has_the_words(event, asked)
    yield not asked.slug or event.slug == asked.slug
    yield not asked.video_urls or not event.urls.isdisjoint(web_url(url) or url for url in asked.video_urls)
    yield not asked.webcast or bool(event.urls)
    yield not asked.live or event.live
    yield from _has_the_date(event, asked)
    yield from _is_updated(event, asked)


def _has_the_ids(event: Known, asked: Filter) -> Iterator[bool]:
    yield not asked.kinds or (EntryKind.LAUNCH if event.launch else EntryKind.EVENT) in asked.kinds
    yield not asked.ids or str(event.id) in {key.source_id for key in asked.ids}
    yield asked.type_id is None or event.type_id == asked.type_id
    yield not asked.type_ids or event.type_id in asked.type_ids
    yield event.type_id not in asked.not_type_ids
    yield not asked.agency_ids or not event.agency_ids.isdisjoint(asked.agency_ids)
    yield event.agency_ids.isdisjoint(asked.not_agency_ids)
    yield not asked.program_ids or not event.program_ids.isdisjoint(asked.program_ids)
    yield event.program_ids.isdisjoint(asked.not_program_ids)
    related = next((fact.value for fact in asked.launch_facts if fact.name == "related_lsp__id"), ())
    assert isinstance(related, tuple)
    yield not related or not event.agency_ids.isdisjoint(related)


def _has_the_words(event: Known, asked: Filter) -> Iterator[bool]:
    yield all(any(term in text for text in event.searched) for term in _terms(asked.search))
    *whole, begun = words_of(asked.words) or ("",)
    yield all(word in event.words for word in whole)
    yield not begun or any(word.startswith(begun) for word in event.words)
    yield asked.location.casefold() in event.location


def _has_the_date(event: Known, asked: Filter) -> Iterator[bool]:
    moment, first, last = event.moment, event.first_date, event.last_date
    if moment is None or first is None or last is None:
        bounds = (asked.date_gt, asked.date_gte, asked.date_lt, asked.date_lte, asked.from_date, asked.to_date)
        yield bounds == (None,) * 6
        yield not (asked.precision or asked.days or asked.months or asked.years)
        return
    yield asked.precision is None or STEPS.index(event.step) <= STEPS.index(asked.precision.value)
    yield asked.from_date is None or last >= asked.from_date
    yield asked.to_date is None or first <= asked.to_date
    yield not asked.days or moment.day in asked.days
    yield not asked.months or moment.month in asked.months
    yield not asked.years or moment.year in asked.years
    yield asked.date_gt is None or moment > asked.date_gt
    yield asked.date_gte is None or moment >= asked.date_gte
    yield asked.date_lt is None or moment < asked.date_lt
    yield asked.date_lte is None or moment <= asked.date_lte


def _is_updated(event: Known, asked: Filter) -> Iterator[bool]:
    moment = event.last_updated
    yield asked.last_updated_gte is None or (moment is not None and moment >= asked.last_updated_gte)
    yield asked.last_updated_lte is None or (moment is not None and moment <= asked.last_updated_lte)


def _ordered(events: list[Known], ordering: Ordering | None, scope: Scope) -> list[Known]:
    by_id = sorted(events, key=lambda event: event.order)
    if ordering in {Ordering.ID, Ordering.ID_DESCENDING}:
        return sorted(by_id, key=lambda event: str(event.id), reverse=ordering is Ordering.ID_DESCENDING)
    if ordering in {Ordering.NAME, Ordering.NAME_DESCENDING}:
        return sorted(by_id, key=lambda event: event.name, reverse=ordering is Ordering.NAME_DESCENDING)
    return _by_date(by_id, ordering, scope)


def _by_date(by_id: list[Known], ordering: Ordering | None, scope: Scope) -> list[Known]:
    dated, undated = _parted(by_id, "moment")
    updated, never_updated = _parted(by_id, "last_updated")
    match ordering:
        case Ordering.DATE:
            return sorted(dated, key=lambda event: _sure(event.moment)) + undated
        case Ordering.DATE_DESCENDING:
            return sorted(dated, key=lambda event: _before(event.moment)) + undated
        case Ordering.LAST_UPDATED:
            return never_updated + sorted(updated, key=lambda event: _sure(event.last_updated))
        case Ordering.LAST_UPDATED_DESCENDING:
            return sorted(updated, key=lambda event: _before(event.last_updated)) + never_updated
    in_order = sorted(dated, key=lambda event: (event.last_date, _rank(event), event.moment)) + undated
    # What is past is read backwards.
    return in_order[::-1] if scope.latest_first else in_order


def _parted(events: list[Known], field: str) -> tuple[list[Known], list[Known]]:
    return (
        [event for event in events if getattr(event, field) is not None],
        [event for event in events if getattr(event, field) is None],
    )


def _sure(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment


def _before(moment: datetime | None) -> timedelta:
    return END_OF_TIME - _sure(moment)


def _is_later(moment: datetime | None, than: datetime) -> bool:
    return _sure(moment) > than


def _rank(event: Known) -> int:
    return max(STEPS.index(event.step) - STEPS.index("day"), 0)


@lru_cache
def _terms(search: str) -> tuple[str, ...]:
    """Cut at white space and commas; what stands in quotes stays together."""
    terms: list[str] = []
    for number, piece in enumerate(search.split('"')):
        terms += [piece.strip()] if number % 2 else piece.replace(",", " ").split()
    return tuple(term.casefold() for term in terms)


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _by_id(parts: list[Record] | None) -> dict[int, Record]:
    return {part["id"]: part for part in parts or []}


def _shown_urls(record: Record) -> list[str]:
    found = [web_url(clean_text(part.get("url") or "")) for part in record.get("vid_urls") or []]
    return [url for url in found if url]


def _window(moment: datetime | None, precision_id: int) -> dict[str, Any]:
    if moment is None:
        return {}
    if precision_id <= 2:
        width = timedelta(seconds=60**precision_id)
        over_at = _plus(moment - (moment - datetime.min.replace(tzinfo=UTC)) % width, width)
        start = moment - (moment - datetime.min.replace(tzinfo=UTC)) % width
        return {"start": start, "first_date": moment.date(), "last_date": moment.date(), "over_at": over_at}
    first, last = _dates(moment.date(), precision_id)
    # A calendar date lasts until it has ended in the last zone, twelve hours after UTC.
    over_at = _plus(datetime.combine(last, time(), UTC), timedelta(hours=36))
    return {"first_date": first, "last_date": last, "over_at": over_at}


def _dates(day: date, precision_id: int) -> tuple[date, date]:
    year = day.year
    if precision_id == 6:
        monday = max(day.toordinal() - day.weekday(), 1)
        return date.fromordinal(monday), date.fromordinal(
            min(day.toordinal() + 6 - day.weekday(), date.max.toordinal())
        )
    if precision_id == 7:
        return _span(year, day.month, year, day.month)
    if precision_id in MONTHS_OF:
        begin, end = MONTHS_OF[precision_id]
        return _span(year, begin, year, end)
    if precision_id == 15:
        ends = year + 1 if day.month >= 10 else year
        first, last = _span(max(ends - 1, 1), 10, min(ends, 9999), 9)
        return (date.min if ends == 1 else first), (date.max if ends > 9999 else last)
    if precision_id == 16:
        return _span(max(year // 10 * 10, 1), 1, year // 10 * 10 + 9, 12)
    return day, day


def _span(year: int, month: int, last_year: int, last_month: int) -> tuple[date, date]:
    return date(year, month, 1), date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])


def _plus(moment: datetime, width: timedelta) -> datetime:
    return END_OF_TIME if END_OF_TIME - moment < width else moment + width
