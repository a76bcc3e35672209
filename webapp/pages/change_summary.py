"""How much changed in a period: what moved later or earlier, what is new, what was withdrawn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.domain.change_words import shift_of
from webapp.domain.changes import DEFAULT_CHANGE_KINDS, ChangeKind, StoredChange
from webapp.domain.query import Query
from webapp.store import Snapshot

MOST_DIRECTED = 1000
"""Of so many slips it is told which way each went; to learn it of 28,000 takes a second."""

_USUAL_PERIOD = 7
_QUARTER = 15


@dataclass(frozen=True, slots=True)
class Tally:
    """How many changes there are of each kind: `listed` where the page looks, `summed` in the period of the summary.

    `slips` are those of that period, unless they are more than `MOST_DIRECTED`.
    """

    listed: Counter[ChangeKind]
    summed: Counter[ChangeKind]
    slips: Sequence[StoredChange] = ()


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """What happened in the last so many days: how many changes of each part that has any.

    The parts are `later`, `earlier`, `moved` (either way), `new`, `withdrawn`, and `other`.
    """

    days: int
    parts: tuple[tuple[str, int], ...]


def begin_of(days: int, now: datetime) -> datetime:
    """Give the instant from which a page looks back so many days, counted from the last full quarter of an hour.

    A page is kept for as long as a quarter lasts, and would be wrong sooner if the clock had a finer say.
    """
    return now.replace(minute=now.minute - now.minute % _QUARTER, second=0, microsecond=0) - timedelta(days=days)


def read_tally(snapshot: Snapshot, query: Query, now: datetime) -> Tally:
    """Count the changes of a query's events; without a period of its own, the summary is that of a week."""
    days, asked = query.view.since, query.filter
    since = begin_of(days or _USUAL_PERIOD, now)
    summed = snapshot.count_changes(asked, since=since)
    slipped = ChangeKind.SLIPPED
    are_few = 0 < summed[slipped] <= MOST_DIRECTED
    return Tally(
        listed=snapshot.count_changes(asked) if days is None else summed,
        summed=summed,
        slips=snapshot.list_changes(asked, (slipped,), since=since) if are_few else (),
    )


def present_summary(tally: Tally, query: Query) -> ChangeSummary:
    """Sum up what happened. Edits count only where they are asked for."""
    counts = Counter({kind: tally.summed[kind] for kind in {*DEFAULT_CHANGE_KINDS, *query.options.change_kinds}})
    shifts = [shift_of(slip.change) for slip in tally.slips]
    parts = Counter(shift.direction.value for shift in shifts if shift is not None)
    parts["moved"] = counts[ChangeKind.SLIPPED] - parts.total()
    parts["new"] = counts[ChangeKind.ADDED] + counts[ChangeKind.RETURNED]
    parts["withdrawn"] = counts[ChangeKind.WITHDRAWN]
    parts["other"] = counts.total() - parts.total()
    ordered = ("later", "earlier", "moved", "new", "withdrawn", "other")
    return ChangeSummary(
        query.view.since or _USUAL_PERIOD, tuple((name, parts[name]) for name in ordered if parts[name])
    )
