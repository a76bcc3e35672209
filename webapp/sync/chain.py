"""Syncing along a chain: whether the source is a Perigee, and taking over what it tells of the links before it."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from webapp.domain.clock import believed
from webapp.domain.words import FIRST_FEW, list_words
from webapp.ll2.chain import ChainPage
from webapp.store import CLOCK_ALERT, ChainState, Snapshot, StoreState, Writer
from webapp.sync.intake import Outcome, keep
from webapp.sync.situation import Task

log = logging.getLogger(__name__)

READ_AGAIN_EVERY = timedelta(days=1)
"""How often the histories are read from their beginning: the source may be another one by now."""

MOST_HOURLY_CHAIN_CALLS = 120
"""How many calls an hour may tell something: sixty thousand histories, so a list without end keeps nobody busy."""

_GIVE_UP_AFTER = timedelta(hours=1)


def is_chained(state: StoreState, source_url: str) -> bool:
    """Whether the source at this address has said that it is a Perigee."""
    return state.chain is not None and state.chain.source_url == source_url and state.chain.is_chained


def is_source_known(state: StoreState, source_url: str) -> bool:
    """Whether it was asked at this address whether the source is a Perigee."""
    return state.chain is not None and state.chain.source_url == source_url


def cursor_of(snapshot: Snapshot, now: datetime) -> str:
    """Give the place in the list of histories to read on from: its beginning, once a day."""
    chain = snapshot.state.chain or ChainState("")
    began_at = believed(chain.began_at, now)
    is_old = began_at is None or now - began_at >= READ_AGAIN_EVERY
    return "" if chain.is_read and is_old else chain.cursor


def note_source(writer: Writer, source_url: str, *, is_perigee: bool) -> None:
    """Note whether the source at this address is a Perigee. One that is none, or another one, tells no histories."""
    before = writer.state.chain
    if before is not None and (before.source_url, before.is_chained) == (source_url, is_perigee):
        return
    writer.leave_chain()
    writer.put_chain(ChainState(source_url, is_perigee))


def apply_chain(writer: Writer, asked: str, page: ChainPage, *, now: datetime) -> Outcome:
    """Take over what a page tells, with the records that it brings, and the place to go on from.

    While the clocks differ, no time of another machine is believed, and the place stays.
    """
    chain = writer.state.chain
    if chain is None or CLOCK_ALERT in writer.sync.list_alerts():
        return Outcome("not taken over, because the clocks differ")
    kinds = writer.state.progress
    histories = [one for one in page.histories if one.key.kind in kinds]
    records = {one.entry.key: one for one in page.records}
    withdrawn = {one.key for one in histories if one.withdrawn_at is not None}
    gone = [record for key, record in records.items() if key in withdrawn and writer.get_entry(key) is None]
    if gone:
        writer.upsert_entries(gone, now=now, is_history=True)
    changed = writer.take_over(histories, now=now)
    # After their histories: what these tell is no change of ours. The first import brings its records itself.
    for kind in (kind for kind, progress in kinds.items() if progress.shown_at is not None):
        listed = [record for key, record in records.items() if key.kind is kind and key not in withdrawn]
        if listed:
            keep(writer, listed, (), kind, now=now)
    began_at = now if asked == "" else chain.began_at
    is_read = page.is_last or (chain.is_read and asked != "")
    writer.put_chain(replace(chain, origin=page.origin, cursor=page.cursor, began_at=began_at, is_read=is_read))
    is_quiet = page.is_last and not page.histories and not page.refused
    return Outcome(_words(page, len(histories), len(changed)), is_done=page.is_last, is_quiet=is_quiet)


def note_chain_failure(writer: Writer, *, now: datetime) -> None:
    """Tell changes by our own comparison again, if the source has not told any for an hour."""
    succeeded_at = believed(writer.sync.list_tasks()[Task.CHAIN.value].succeeded_at, now)
    chain = writer.state.chain
    if chain is not None and chain.cursor and (succeeded_at is None or now - succeeded_at >= _GIVE_UP_AFTER):
        writer.leave_chain()
        # What is told once it answers again begins with what we missed.
        writer.put_chain(replace(chain, cursor="", is_read=False))


def _words(page: ChainPage, told: int, changed: int) -> str:
    words = f"{told} {'history' if told == 1 else 'histories'}, {changed or 'none'} changed"
    if page.refused:
        which = list_words(page.refused, most=FIRST_FEW)
        log.warning("refused what the source tells of its chain: %s", which)
        words += f", {len(page.refused)} refused: {which}"
    return words
