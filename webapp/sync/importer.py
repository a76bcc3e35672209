"""The complete import: all of Launch Library's events, page by page, each page kept whole as it comes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from webapp.domain.clock import Clock
from webapp.domain.precision import is_known
from webapp.ll2.client import Answer
from webapp.ll2.errors import MalformedError, ThrottledError, UnavailableError
from webapp.ll2.parse import Page
from webapp.ll2.protocol import PageRequest, next_request
from webapp.store import Intake, Store, StoreState

log = logging.getLogger(__name__)

_RESUME_WITHIN = timedelta(hours=2)
_TRIES = 2
_PAUSE_SECONDS = 2.0


class Source(Protocol):
    """What the import asks of Launch Library."""

    def fetch_page(self, request: PageRequest) -> Answer:
        """Fetch one page."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: records seen and expected in all, requests made, and what became of the records."""

    seen: int
    total: int
    requests: int
    intake: Intake
    rejected: int


def import_events(
    source: Source,
    store: Store,
    clock: Clock,
    *,
    report: Callable[[Progress], None],
    pause: Callable[[float], object],
) -> Progress:
    """Import everything, from where an import broke off less than two hours ago, or else from the start.

    `report` hears of each page that was kept; `pause` waits that many seconds before a second try.
    Raises a `SourceError`; every page that came before it is kept.
    """
    with store.read() as snapshot:
        request: PageRequest | None = PageRequest(_place_to_resume(snapshot.state, clock()))
    progress = Progress(0, 0, 0, Intake(), 0)
    while request is not None:
        answer = _fetch(source, request, pause)
        following = next_request(request, answer.page)
        intake = _keep(store, request, answer.page, following, clock())
        progress = _advance(progress, request, answer.page, intake)
        report(progress)
        request = following
    _conclude(store, progress, clock())
    return progress


def _place_to_resume(state: StoreState, now: datetime) -> int:
    recent = state.reached_at is not None and now - state.reached_at < _RESUME_WITHIN
    return state.import_offset if recent else 0


def _fetch(source: Source, request: PageRequest, pause: Callable[[float], object]) -> Answer:
    for tries_left in reversed(range(_TRIES)):
        try:
            answer = source.fetch_page(request)
        except ThrottledError:
            raise
        except (UnavailableError, MalformedError) as error:
            if not tries_left:
                raise
            log.info("%s; trying once more", error)
            pause(_PAUSE_SECONDS)
        else:
            return _believed(answer)
    raise AssertionError("unreachable")


def _believed(answer: Answer) -> Answer:
    if not answer.is_contact:
        raise UnavailableError("only a cached copy of Launch Library's answer is at hand")
    if answer.page.count == 0:
        raise MalformedError("Launch Library says that it has no events at all")
    return answer


def _keep(store: Store, request: PageRequest, page: Page, following: PageRequest | None, now: datetime) -> Intake:
    """Keep one page, its rejects and the place to go on from, all or nothing."""
    _log_oddities(page)
    with store.write() as writer:
        if request.offset == 0:
            writer.forget_rejected()
        intake = writer.upsert_events(page.received, now=now)
        writer.note_rejected(((rejected.id, rejected.reason) for rejected in page.rejected), now=now)
        writer.update_state(reached_at=now, import_offset=following.offset if following else 0)
    return intake


def _log_oddities(page: Page) -> None:
    for rejected in page.rejected:
        log.warning("record %s refused: %s", rejected.id or "without an id", rejected.reason)
    unknown = {received.event.precision_id for received in page.received} - {None}
    for precision_id in sorted(number for number in unknown if number is not None and not is_known(number)):
        log.warning("date precision %d is unknown: taken as the day of the date", precision_id)


def _advance(progress: Progress, request: PageRequest, page: Page, intake: Intake) -> Progress:
    return Progress(
        seen=request.offset + len(page.received) + len(page.rejected),
        total=page.count,
        requests=progress.requests + 1,
        intake=progress.intake + intake,
        rejected=progress.rejected + len(page.rejected),
    )


def _conclude(store: Store, progress: Progress, now: datetime) -> None:
    """Call the import complete, if the store now holds as many events as Launch Library counts."""
    with store.write() as writer:
        held = writer.count_all_events() + writer.count_rejected()
        if held < progress.total:
            raise MalformedError(f"Launch Library counts {progress.total} events and gave {held}")
        writer.update_state(imported_at=now)
