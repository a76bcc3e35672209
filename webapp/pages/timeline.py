"""The timeline: what is upcoming, and before it at length what comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.domain.entry import Entry
from webapp.domain.entry_state import EntryState, state_of
from webapp.domain.pictures import ShownPicture
from webapp.domain.query import Filter, Query, View
from webapp.domain.zones import UTC_ZONE
from webapp.pages.countdown import CountdownClock, present_countdown
from webapp.pages.entry_lines import EntryLine, MovedMark, present_line, present_slip
from webapp.pages.entry_list import EntriesRead, EntryList, present_list
from webapp.pages.groups import page_order
from webapp.pages.pictures import PictureView, present_picture
from webapp.web.addresses import changes_path, past_path, timeline_path

_UNDER_WAY = frozenset({EntryState.LIVE, EntryState.ON_AIR})
SLIPS_ARE_MARKED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NextUp:
    """What comes first, told at length: what is live, or else the next entry. `countdown` only where it is honest.

    `utc_words` is its date in UTC, where that is not what `date_words` says already. `picture` may be shown with it.
    """

    entry: EntryLine
    date_words: str
    utc_words: str
    countdown: CountdownClock | None
    picture: PictureView | None = None


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """What the timeline shows; its list goes without what is told ahead of it as `next_up`.

    `changed_path` leads to the changes of the same filter, `past_path` to past entries; `past_count` is how many of
    those it finds, where it finds no upcoming one.
    """

    list: EntryList
    next_up: NextUp | None
    changed_path: str
    past_path: str
    past_count: int = 0


def first_entry(read: EntriesRead, query: Query, now: datetime) -> Entry | None:
    """Give the entry told at length, on a first page alone: what is under way, or else what comes next."""
    if query.view.offset or query.view.ordering:
        return None
    return first_to_show(page_order(read.entries, query.view), now)


def present_timeline(
    read: EntriesRead, *, query: Query, now: datetime, looser: Mapping[Filter, int] | None = None, past_count: int = 0,
    picture: ShownPicture | None = None,
) -> TimelinePage:  # fmt: skip
    """Show a page of entries, given in timeline order; `looser` has how many entries looser filters find.

    `picture` is that of the first entry.
    """
    first = first_entry(read, query, now)
    marks = {key: present_slip(slip.change, query.view.zone) for key, slip in read.slips.items()}
    elsewhere = Query(query.filter, View(zone=query.view.zone))
    return TimelinePage(
        list=present_list(
            read,
            query=query,
            now=now,
            path_of=timeline_path,
            marks=marks,
            left_out=None if first is None else first.key,
            looser=looser,
        ),
        next_up=None if first is None else present_next(first, query.view.zone, now, marks.get(first.key), picture),
        changed_path=changes_path(elsewhere),
        past_path=past_path(elsewhere),
        past_count=past_count,
    )


def first_to_show(entries: Sequence[Entry], now: datetime) -> Entry | None:
    """Give what is under way, or else the first of entries in order, if there are any."""
    under_way = (entry for entry in entries if state_of(entry, now) in _UNDER_WAY)
    return next(under_way, next(iter(entries), None))


def present_next(
    entry: Entry, zone: ZoneInfo, now: datetime, moved: MovedMark | None = None, picture: ShownPicture | None = None
) -> NextUp:
    """Tell at length of what comes first, clock times in this zone."""
    words, in_utc = entry.date_words_in(zone), entry.date_words_in(UTC_ZONE)
    return NextUp(
        entry=present_line(entry, now=now, zone=zone, moved=moved),
        date_words=words,
        utc_words="" if words == in_utc else in_utc,
        countdown=present_countdown(entry),
        picture=present_picture(picture, entry.key.kind),
    )
