"""Scopes: what each surface shows before any filter."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp.domain.clock import utc_midnight
from webapp.domain.entry import EntryKind
from webapp.domain.parameters import Cancelled, Vague
from webapp.domain.query import Options, View

RECENT = timedelta(hours=24)
"""How long a live entry, and in the API any, stays among the upcoming after its end."""
_CANCELLED_IS_SHOWN_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of a surface: what it shows before any filter. All conditions that are set must be met. Times are UTC.

    Entries whose range is over later than `over_after`, or later than `live_after` with a webcast that is live; or over
    at `over_before` or sooner, without those that are live and over later than `live_after`; or whose `date` lies from
    `date_from` to `date_to`, both included; with a range of at most `largest_rank` (see `Precision.rank`); only such as
    have a date where `dated`. Where `placeholders` is set, only those whose date is a placeholder, or those whose is
    none (see `Entry.has_placeholder_date`). Withdrawn ones only where `withdrawn`, and then, if that is set, only such
    as were found withdrawn after `withdrawn_after`.

    Of several kinds only these `kinds`, where an instance does not show all that it holds. With `without_repeats`, no
    event that is a launch which stands beside it.

    Launches only with a range of at most `largest_launch_rank`, and none without a date where that is set.

    A list for which no order is asked for begins with what ends first, or last where `latest_first`.
    """

    over_after: datetime | None = None
    live_after: datetime | None = None
    over_before: datetime | None = None
    date_from: datetime | None = None
    date_to: datetime | None = None
    largest_rank: int | None = None
    largest_launch_rank: int | None = None
    dated: bool = False
    placeholders: bool | None = None
    withdrawn: bool = False
    withdrawn_after: datetime | None = None
    latest_first: bool = False
    kinds: tuple[EntryKind, ...] = ()
    without_repeats: bool = False


EVERYTHING = Scope()
"""The scope of the API's `/events/`: all that the source still stands by."""


def upcoming_scope(now: datetime) -> Scope:
    """The scope of `/`: entries whose range is not over, and those of the last day that are still live."""
    return Scope(over_after=now, live_after=now - RECENT, without_repeats=True)


def past_scope(now: datetime) -> Scope:
    """The scope of `/past`: all that is not upcoming, those that ended last first."""
    return Scope(over_before=now, live_after=now - RECENT, latest_first=True, without_repeats=True)


def feed_scope(options: Options, now: datetime) -> Scope:
    """The scope of a feed for readers: upcoming and the last `past` days, counted from UTC midnight.

    Launches known to the day or better alone, or all by `vague`: most are planned for some time of a year or a month.
    """
    over_after = utc_midnight(now.date()) - timedelta(days=options.past)
    return Scope(
        without_repeats=True, over_after=over_after, largest_launch_rank=0 if options.vague is Vague.OMIT else None
    )


def calendar_scope(options: Options, now: datetime) -> Scope:
    """The scope of a calendar: a feed's, without what no calendar can place; coarse dates by `vague`.

    What was withdrawn stays for two weeks, shown as cancelled, since many an app keeps what merely vanishes.
    """
    largest_rank = 1 if options.vague is Vague.OMIT else None
    scope = replace(feed_scope(options, now), dated=True, largest_rank=largest_rank)
    if options.cancelled is Cancelled.DROP:
        return scope
    return replace(scope, withdrawn=True, withdrawn_after=utc_midnight(now.date()) - _CANCELLED_IS_SHOWN_FOR)


def api_upcoming_scope(view: View, now: datetime) -> Scope:
    """The scope of the API's `/upcoming/`: it compares `date`, and holds the last 24 hours unless they are hidden."""
    return Scope(date_from=now if view.hide_recent_previous else now - RECENT)


def api_previous_scope(now: datetime) -> Scope:
    """The scope of the API's `/previous/`: it compares `date`."""
    return Scope(date_to=now)
