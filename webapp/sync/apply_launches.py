"""Writing answers about launches: those that are near, sweeps of all that are upcoming, details, and the history."""

from datetime import datetime, timedelta

from webapp.domain.clock import believed
from webapp.domain.entry import EntryKey, EntryKind
from webapp.ll2.parse import Page
from webapp.ll2.protocol import PageRequest, next_request
from webapp.store import CLOCK_ALERT, Intake, Writer
from webapp.sync.apply import CHANGED_MARGIN
from webapp.sync.intake import Outcome, keys_in, page_words, take_in

LISTED_FOR = timedelta(hours=24)
"""How long after its date a launch stays in the source's list of upcoming ones (LL2: `net` >= now - 24 h)."""

ASK_AGAIN_AFTER = timedelta(hours=6)
"""How long to wait before a launch's details are asked for again."""

_LAUNCH = EntryKind.LAUNCH


def apply_soon(writer: Writer, _: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write the launches with a known time. Those that it lacks, if it came whole, have another date or status by now.

    They are not doubted: a launch that was called off is still listed, as one to be determined.
    """
    intake = take_in(writer, page, _LAUNCH, now=now)
    given = len(keys_in(page)) + sum(rejected.key is None for rejected in page.rejected)
    if not 0 < page.count <= given:
        return Outcome(f"{_words(page, intake)}, of {page.count}: incomplete", intake.changes)
    if CLOCK_ALERT in writer.sync.list_alerts():
        return Outcome(_words(page, intake), intake.changes)
    # What leaves the list by its age alone is not to be asked for.
    missing = writer.sync.list_timed_launches(now - LISTED_FOR + timedelta(hours=1)) - keys_in(page)
    writer.sync.note_outdated(missing, asked_before=now - ASK_AGAIN_AFTER)
    return Outcome(page_words(page, intake, _LAUNCH, missing), intake.changes)


def apply_sweep(writer: Writer, asked: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write one page of a sweep: of the list of all upcoming launches, ordered by id so that it hardly shifts.

    At its end, if it met as many as the source counts, those that it did not meet are put in doubt. The first sweep is
    the import of the launches.
    """
    if asked.offset == 0:
        writer.sync.forget_met(_LAUNCH)
        writer.update_progress(_LAUNCH, sweep_started_at=now)
    intake = take_in(writer, page, _LAUNCH, now=now)
    writer.sync.meet(keys_in(page))
    following = next_request(asked, page)
    writer.update_progress(_LAUNCH, sweep_offset=following.offset if following else 0)
    reached = asked.offset + len(page.received) + len(page.rejected)
    if following is not None:
        return Outcome(_words(page, intake), intake.changes, progress=(reached, page.count))
    return _conclude_sweep(writer, page, intake, reached, now)


def apply_history(writer: Writer, asked: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write one page of the past launches, the latest first. What is new here was there before, and is no news."""
    if asked.offset == 0:
        writer.update_progress(_LAUNCH, import_started_at=now)
    intake = take_in(writer, page, _LAUNCH, now=now, is_history=True)
    following = next_request(asked, page)
    done = {} if following else {"history_at": now}
    writer.update_progress(_LAUNCH, import_offset=following.offset if following else 0, **done)
    reached = asked.offset + len(page.received) + len(page.rejected)
    return Outcome(_words(page, intake), intake.changes, progress=(reached, page.count))


def apply_launch_details(writer: Writer, asked: PageRequest, page: Page, *, now: datetime) -> Outcome:
    """Write the details of the launches that were asked for by their ids."""
    writer.sync.note_asked_for_details((EntryKey(_LAUNCH, source_id) for source_id in asked.ids), now=now)
    intake = take_in(writer, page, _LAUNCH, now=now)
    return Outcome(_words(page, intake), intake.changes)


def _conclude_sweep(writer: Writer, page: Page, intake: Intake, reached: int, now: datetime) -> Outcome:
    met, progress = writer.sync.list_met(_LAUNCH), writer.state.progress_of(_LAUNCH)
    nameless = writer.count_nameless(_LAUNCH)
    is_whole = 0 < page.count <= len(met) + nameless
    is_sure = is_whole and CLOCK_ALERT not in writer.sync.list_alerts()
    missing = writer.sync.list_keys_from(_LAUNCH, now) - met if is_sure else set[EntryKey]()
    writer.sync.doubt(missing, now=now)
    since = progress.changed_since or (believed(progress.sweep_started_at, now) or now) - CHANGED_MARGIN
    whole = {"swept_at": now} if is_whole else {}
    writer.update_progress(_LAUNCH, imported_at=progress.imported_at or now, changed_since=since, **whole)
    end = ", complete" if is_whole else f", of {page.count}: incomplete"
    words = page_words(page, intake, _LAUNCH, missing) + end
    return Outcome(words, intake.changes, progress=(reached, page.count))


def _words(page: Page, intake: Intake) -> str:
    return page_words(page, intake, _LAUNCH)
