"""Clock skew: how far the source's clock differs from ours, and what is not done while they differ."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from webapp.domain.clock import believed, clocks_agree
from webapp.domain.words import age_words
from webapp.store import CLOCK_ALERT, Snapshot, StoreState, SyncMemory, Writer

log = logging.getLogger(__name__)

ASK_EVERY = timedelta(minutes=10)
"""How often the source is asked, for whatever it may be, while its clock and ours differ."""


def skew_words(machine: str, skew: timedelta) -> str:
    """Say how far the clock of a machine is off, where the source's is ahead of it by `skew`."""
    which = "behind" if skew > timedelta(0) else "ahead of"
    return f"The clock of {machine} is {age_words(abs(skew))} {which} that of Launch Library"


def note_skew(writer: Writer, date: datetime | None, *, now: datetime) -> None:
    """Note whether the clocks agree: an answer came `now`, and at `date` by the source's clock, if it said so.

    If they do, what the store holds of the future is repaired.
    """
    if date is not None and not clocks_agree(date, now):
        words = skew_words("the machine that syncs", date - now)
        if CLOCK_ALERT not in writer.sync.list_alerts():
            log.warning("%s: checking at most once every ten minutes", words)
        writer.sync.raise_alert(CLOCK_ALERT, words)
        return
    writer.sync.clear_alert(CLOCK_ALERT)
    if date is not None and writer.repair_instants(now):
        log.warning("repaired times in the future that a wrong clock had written to the database")


def rest_until(memory: SyncMemory, now: datetime) -> datetime | None:
    """Say until when nothing is asked because the clocks differ; `None` where they do not."""
    if CLOCK_ALERT not in memory.list_alerts():
        return None
    tried = [believed(task.tried_at, now) for task in memory.list_tasks().values()]
    return max((moment + ASK_EVERY for moment in tried if moment is not None), default=None)


def believed_state(snapshot: Snapshot, now: datetime) -> StoreState:
    """Give the store's state as it can be believed at `now`.

    The place in the list of changes is a time of the source's: while its clock differs from ours, it stands as it is.
    """
    state = snapshot.state
    if CLOCK_ALERT not in snapshot.sync.list_alerts():
        return state.believed(now)
    progress = {
        kind: replace(stored.believed(now), changed_since=stored.changed_since, changed_offset=stored.changed_offset)
        for kind, stored in state.progress.items()
    }
    return replace(state.believed(now), progress=progress)
