"""The cadence of the watched lists: how often each is read, and whether that leaves a call to spare."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

from webapp.domain.clock import latest_believed
from webapp.domain.entry import EntryKind
from webapp.sync.budget import HOUR
from webapp.sync.situation import WATCHED, KindSituation, Situation

WATCH_EVERY = timedelta(minutes=24)
WATCH_EVERY_BESIDE = timedelta(minutes=30)
"""How often a list is read in which nothing is near, while something of another kind is."""

WATCH_EVERY_NEAR = timedelta(minutes=5)
"""How often at most a list is read in which something is near."""

OUTCOME_EVERY = timedelta(minutes=15)
"""How often the list of launches is read while the outcome of one is awaited that is not near any more."""

NEAR = timedelta(hours=1)
"""How long before and after its date an entry counts as near."""


def is_near(one: KindSituation, moment: datetime) -> bool:
    """Whether something of a kind is near at a moment, or live."""
    return one.is_live or any(date - NEAR <= moment <= date + NEAR for date in one.dates)


def near_every_of(situation: Situation, kind: EntryKind) -> timedelta:
    """Give how often the list of a kind may be read while something in it is near: the lists share the budget.

    A list in which nothing is near is left what it wants, unless that is more than its even share.
    """
    others = [other for other in situation.imported if other is not kind]
    near = [other for other in others if is_near(situation.kinds[other], situation.now)]
    calm_calls = sum(HOUR / calm_every_of(situation, other) for other in others if other not in near)
    left = max(situation.limit - calm_calls, situation.limit * (1 + len(near)) / (1 + len(others)))
    return max(WATCH_EVERY_NEAR, HOUR * (1 + len(near)) / left)


def calm_every_of(situation: Situation, kind: EntryKind) -> timedelta:
    """Give how often the list of a kind is read while nothing in it is near."""
    is_other_near = any(is_near(one, situation.now) for other, one in situation.kinds.items() if other is not kind)
    every = WATCH_EVERY_BESIDE if is_other_near else WATCH_EVERY
    if situation.kinds[kind].is_outcome_awaited:
        every = OUTCOME_EVERY
    return max(every, HOUR * len(situation.imported) / situation.limit)


def has_spare(situation: Situation, moment: datetime) -> bool:
    """Whether one more call at a moment delays none that the watched lists will want within the hour after it."""
    wanted = sorted(at for kind in situation.imported for at in _wanted_within_the_hour(situation, kind, moment))
    calls = sorted([*(call for call in situation.calls if call <= latest_believed(situation.now)), moment])
    # Of the calls so far those count that are less than an hour old by then, and with them all that are wanted sooner.
    counted = (len(calls) - bisect_right(calls, at - HOUR) + place for place, at in enumerate(wanted))
    return all(count < situation.limit for count in counted)


def _wanted_within_the_hour(situation: Situation, kind: EntryKind, moment: datetime) -> Iterator[datetime]:
    """Give when the watched list of a kind will want its calls, from a moment until an hour later."""
    one = situation.kinds[kind]
    near_every, calm_every = near_every_of(situation, kind), calm_every_of(situation, kind)
    at = situation.task(WATCHED[kind]).succeeded_at or moment - calm_every
    while True:
        begins = min((date - NEAR for date in one.dates if date - NEAR > at), default=at + calm_every)
        at += near_every if is_near(one, at) else min(calm_every, max(begins - at, near_every))
        at = max(at, situation.now)
        if at > moment + HOUR:
            return
        if at >= moment:
            yield at
