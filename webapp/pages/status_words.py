"""The data status in words: what a visitor wants to know first, then every detail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from webapp import __version__
from webapp.domain.text import isolated
from webapp.domain.words import age_words, moment_words
from webapp.instance.status import NoticeStatus, PictureStatus, Status
from webapp.rendering.moments import Moment, present_instant
from webapp.store import CLOCK_ALERT, LIST_ALERT, Call, Rejected, StoreState, TaskState

TASK_WORDS = {
    "upcoming": "Upcoming events",
    "changed": "Changed events",
    "import": "All events, page by page",
    "details": "Check of a missing entry",
    "launches_soon": "Launches with a known time",
    "launches_changed": "Changed launches",
    "launches_sweep": "All upcoming launches, page by page",
    "launches_details": "Details of launches",
    "launches_history": "Past launches, page by page",
    "throttle": "Call limit",
    "chain": "Chain of Perigee servers",
}
"""What each task of the syncing is called."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """The state of one task: when it last succeeded, how often it has `failed` since, and why."""

    name: str
    succeeded: str
    failed: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call: when, for what, why, and what came of it; `is_fault` where nothing good did."""

    at: Moment
    task: str
    reason: str
    outcome: str
    is_fault: bool


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the page shows: the age of the data, sentences, then lists.

    `answered` is set only where the source has been asked in vain since. `next_call` is `None` where none is planned,
    or one is due already (`is_due`). `figures` pair labels with values, `rejected` the first few of the records refused
    with what is wrong in them; `more_rejected` counts the others.
    """

    headline: str
    asked: Moment | None
    answered: Moment | None
    next_call: Moment | None
    is_due: bool
    sentences: tuple[str, ...]
    tasks: tuple[TaskLine, ...]
    figures: tuple[tuple[str, str], ...]
    calls: tuple[CallLine, ...]
    rejected: tuple[tuple[str, str], ...]
    more_rejected: int


def present_status(status: Status) -> StatusPage:
    """Say what the page shows."""
    state, planned = status.state, status.state.next_call_at if status.is_syncing else None
    asked = status.calls[0].called_at if status.calls else state.reached_at
    is_answered = not status.calls or status.calls[0].fault is None
    return StatusPage(
        headline=_headline(status),
        asked=_optional(asked),
        answered=None if is_answered else _optional(state.reached_at),
        next_call=_optional(planned) if planned is not None and planned > status.now else None,
        is_due=planned is not None and planned <= status.now,
        sentences=tuple(_sentences(status)),
        tasks=tuple(_tasks(status)),
        figures=tuple(_figures(status)),
        calls=tuple(_present_call(call) for call in status.calls),
        rejected=tuple((_record(record), record.reason) for record in status.rejected),
        more_rejected=status.rejected_count - len(status.rejected),
    )


def sentence(text: str) -> str:
    """End a text that came from elsewhere with one full stop."""
    return text.rstrip().rstrip(".") + "."


def _headline(status: Status) -> str:
    state = status.state
    if state.imported_at is None:
        return "No current data yet."
    if state.data_reached_at is None:
        return "Age of the data unknown."
    return f"Updated {age_words(status.now - state.data_reached_at)} ago."


def _sentences(status: Status) -> Iterator[str]:
    state = status.state
    if state.imported_at is None:
        came = f" {status.counts.entries:,} events loaded so far." if status.counts.entries else ""
        yield f"The first import from Launch Library isn’t finished yet.{came}"
    if status.stand_in:
        yield _stand_in_sentence(status.stand_in, is_import_complete=state.imported_at is not None)
    yield from _alert_sentences(status)
    if status.trouble:
        yield f"New data can’t be saved: {sentence(status.trouble)}"
    if state.failing_since is not None:
        why = f" {sentence(state.fault)}" if state.fault else ""
        yield f"Updates have been failing since {moment_words(state.failing_since)}.{why}"
    yield from _chain_sentences(state)
    if not status.is_syncing:
        yield "Nothing is syncing right now, so the data won’t change."
    elif state.data_failing_since is not None or status.trouble:
        yield "Existing data stays available, and Perigee keeps trying."
    else:
        yield "Syncing is on schedule."
    yield from _notice_sentences(status.notices)
    if status.lacks_launches:
        yield (
            "Only events are synced. To add launches, set PERIGEE_KINDS=event,launch; "
            "to keep it like this, set PERIGEE_KINDS=event."
        )


def _chain_sentences(state: StoreState) -> Iterator[str]:
    origin = state.origin
    if origin is None:
        return
    where = f" ({origin.url})" if origin.url else ""
    others = "another Perigee server" if origin.links == 1 else f"{origin.links} other Perigee servers"
    yield f"The data comes from {isolated(origin.name)}{where}, passed on by {others}."
    if state.reached_at is not None:
        yield f"The nearest one last answered on {moment_words(state.reached_at)}."
    if origin.failing_since is not None:
        yield f"Updates have been failing further up since {moment_words(origin.failing_since)}."


def _alert_sentences(status: Status) -> Iterator[str]:
    for name, words in status.alerts.items():
        if name == CLOCK_ALERT:
            yield f"{sentence(words)} Until the clocks agree, Perigee checks at most once every ten minutes."
        elif name == LIST_ALERT:
            yield f"The data is incomplete. {sentence(words)} The next full import will fetch the rest."
        else:
            yield f"{sentence(words)} This server’s clock was ahead, or is behind now; those times are ignored."


def _stand_in_sentence(name: str, *, is_import_complete: bool) -> str:
    if name == "sample" and not is_import_complete:
        return "You see a sample until then."
    return "This is the demo: an invented year." if name == "demo" else "This is the sample, as requested."


def _tasks(status: Status) -> Iterator[TaskLine]:
    known = [*TASK_WORDS, *sorted(status.tasks.keys() - TASK_WORDS.keys())]
    for name in known:
        if name in status.tasks:
            yield _present_task(TASK_WORDS.get(name, name), status.tasks[name], status.now)


def _present_task(name: str, task: TaskState, now: datetime) -> TaskLine:
    succeeded = (
        "Hasn’t succeeded yet."
        if task.succeeded_at is None
        else f"Last succeeded on {moment_words(task.succeeded_at)}."
    )
    if task.fault is None:
        return TaskLine(name, succeeded)
    times = "once" if task.failures == 1 else f"{task.failures} times in a row"
    is_waiting = task.retry_at is not None and task.retry_at > now
    again = f" Next try: {moment_words(task.retry_at)}." if task.retry_at and is_waiting else ""
    return TaskLine(name, succeeded, f"Failed {times}.", sentence(task.fault) + again)


def _figures(status: Status) -> Iterator[tuple[str, str]]:
    state, counts = status.state, status.counts
    limit = status.hourly_budget if state.hourly_limit is None else min(status.hourly_budget, state.hourly_limit)
    yield "Calls in the last hour", f"{status.calls_last_hour} of {limit}"
    if state.paused_until is not None and state.paused_until > status.now:
        yield "Paused until", moment_words(state.paused_until)
    if status.is_syncing and state.next_call:
        yield "Next call", TASK_WORDS.get(state.next_call, state.next_call)
    last_import = "Last import (incomplete)" if LIST_ALERT in status.alerts else "Last complete import"
    yield last_import, "none yet" if state.imported_at is None else moment_words(state.imported_at)
    yield "Events", f"{counts.events:,}"
    if counts.launches:
        yield "Launches", f"{counts.launches:,}"
    yield f"Withdrawn {'entries' if counts.launches else 'events'}", f"{counts.withdrawn:,}"
    yield "Changes recorded", f"{counts.changes:,}"
    yield f"Missing {'entries' if counts.launches else 'events'} to check", f"{status.doubts:,}"
    yield "Rejected records", f"{status.rejected_count:,}"
    yield "Pictures", _picture_words(status.pictures)
    yield "Notices", _notice_words(status.notices)
    since = "" if state.committed_at is None else f", since {moment_words(state.committed_at)}"
    yield "Data version", f"{state.generation:,}{since}"
    yield "Showing", f"the {status.stand_in}" if status.stand_in else "real data"
    yield "Perigee version", __version__


def _picture_words(status: PictureStatus) -> str:
    counts = status.counts
    if not counts.pictures and not counts.cards and status.lack:
        return f"none ({status.lack})"
    held = f"{counts.pictures:,} and {counts.cards:,} cards, {counts.size / 2**20:.1f} of {status.most_mib:,} MiB"
    failing = f", {counts.failing:,} failing" if counts.failing else ""
    return f"{held}{failing}"


def _notice_words(notices: NoticeStatus) -> str:
    if notices.lack:
        return f"none ({notices.lack})"
    if not notices.has_subscribers:
        return "no subscribers"
    push, targets = notices.push, notices.targets
    sent, waiting = push.sent + targets.sent, push.waiting + targets.waiting
    who = f"{push.subscribers:,} browsers and {targets.subscribers:,} rules"
    return f"{who}, {sent:,} sent in the last day, {waiting:,} waiting"


def _notice_sentences(notices: NoticeStatus) -> Iterator[str]:
    if notices.is_paused and (notices.has_subscribers or notices.hub):
        yield "Notices are paused, because this is a restored copy. To send them, run `perigee notify --resume`."
    for rule in notices.failing_rules:
        since = "" if rule.failing_since is None else f" since {moment_words(rule.failing_since)}"
        yield f"Notices by the rule “{isolated(rule.subscription.name)}” have not been taken{since}."
    if notices.push.failing:
        who = "1 browser" if notices.push.failing == 1 else f"{notices.push.failing:,} browsers"
        yield f"The push service of {who} takes no notices at present."
    if notices.hub is not None and notices.hub.failing_since is not None:
        yield f"The WebSub hub has taken no announcements since {moment_words(notices.hub.failing_since)}."


def _present_call(call: Call) -> CallLine:
    outcome = call.fault or call.outcome or "in progress"
    at, task = present_instant(call.called_at), TASK_WORDS.get(call.task, call.task)
    return CallLine(at, task, call.reason, outcome, is_fault=call.fault is not None)


def _record(rejected: Rejected) -> str:
    return "A record without an ID" if rejected.source_id is None else f"Record {rejected.source_id}"


def _optional(moment: datetime | None) -> Moment | None:
    return None if moment is None else present_instant(moment)
