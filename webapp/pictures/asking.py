"""Which picture to ask for next, when to ask for it again, and what becomes of what came."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp.domain.clock import latest_believed
from webapp.domain.pictures import PictureFile, PicturePolicy, PictureUse, use_of
from webapp.pictures.fetch import MOST_BYTES, Failed, Gone, Outcome, Unchanged, Validators
from webapp.pictures.making import MadePicture, MakingFailedError, UnusablePictureError
from webapp.store import NamedPicture, PictureState

HOUR = timedelta(hours=1)

HOURLY_BYTES = 60 * 2**20
"""How many bytes may come from the hosts of pictures within any hour."""

REREAD_AFTER = timedelta(hours=20)
"""When to ask whether a picture is still the same: what its host withdraws is gone within a day."""


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """A picture that an entry names and that may be shown there."""

    url: str
    is_upcoming: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What becomes of an attempt: the new state, and the files to hold in place of any other; `None` for the same."""

    state: PictureState
    files: Mapping[PictureFile, bytes] | None = None


def list_wanted(named: Iterable[NamedPicture], policy: PicturePolicy) -> list[WantedPicture]:
    """List the pictures that may be shown, each once, in the order in which they were named."""
    allowed = (one for one in named if use_of(one.license_name, policy) is not PictureUse.LINK)
    first: dict[str, WantedPicture] = {}
    for one in allowed:
        first.setdefault(one.url, WantedPicture(one.url, one.is_upcoming))
    return list(first.values())


def choose_next(
    wanted: Sequence[WantedPicture], states: Mapping[str, PictureState], fitting: Collection[str], now: datetime
) -> str | None:
    """Choose what to ask for: of what is due, pictures of what is upcoming, then those held longest, then past ones.

    What is held comes before the past, so that never more is held than the budget allows to ask for again in time. A
    picture that is not held is asked for only where it is `fitting`.
    """
    due = [
        (_rank(one, states.get(one.url)), place, one.url)
        for place, one in enumerate(wanted)
        if one.url in fitting and is_due(states.get(one.url), now)
    ]
    return min(due)[2] if due else None


def is_due(state: PictureState | None, now: datetime) -> bool:
    """Whether a picture may be asked for. What a clock noted that was ahead holds nothing up."""
    return state is None or state.ask_again_at <= now or state.asked_at > latest_believed(now)


def reserve(state: PictureState | None, now: datetime) -> PictureState:
    """Give the state of a picture that is about to be asked for, as if all came that may: this is noted beforehand.

    So no hour has more bytes than it may, and no picture is asked for twice within one, even if we are ended meanwhile.
    """
    if state is None:
        return PictureState(now, MOST_BYTES, now + HOUR)
    return replace(state, asked_at=now, asked_bytes=MOST_BYTES, ask_again_at=now + HOUR)


def validators_of(state: PictureState | None) -> Validators:
    """Give what makes a request for a picture conditional."""
    return Validators() if state is None else Validators(state.etag, state.last_modified)


def without_files(state: PictureState) -> PictureState:
    """Give the state of a picture whose files are dropped: next time all of it is asked for."""
    return replace(state, etag=None, last_modified=None, color=None)


def release(state: PictureState) -> PictureState:
    """Give the state of a picture that nobody wants any more: if somebody does again, it is as if new after an hour."""
    return replace(without_files(state), ask_again_at=state.asked_at + HOUR)


def result_of(
    outcome: Outcome, made: MadePicture | UnusablePictureError | None, asked: PictureState, now: datetime
) -> Result:
    """Say what becomes of an attempt. `made` is what was made of an original, or why nothing was."""
    state = replace(asked, asked_bytes=outcome.bytes_came)
    later, failures = replace(state, ask_again_at=now + REREAD_AFTER), state.failures + 1
    if isinstance(outcome, Unchanged):
        return Result(later if state.color is None else replace(later, failures=0, fault=None))
    if isinstance(outcome, Gone):
        fault = f"Its host says that it is gone ({outcome.status})"
        return Result(replace(without_files(later), failures=failures, fault=fault), {})
    if isinstance(outcome, Failed):
        again = _retry_at(failures, outcome.wait, now)
        return Result(replace(state, ask_again_at=again, failures=failures, fault=outcome.fault))
    if isinstance(made, MakingFailedError):
        # Nothing is known of the original: what is held stays, and the validators with it, so that it comes once more.
        again = _retry_at(failures, None, now)
        return Result(replace(state, ask_again_at=again, failures=failures, fault=f"The picture {made}"))
    known = replace(later, etag=outcome.validators.etag, last_modified=outcome.validators.last_modified)
    if isinstance(made, MadePicture):
        return Result(replace(known, failures=0, fault=None, color=made.color), made.files)
    again = _retry_at(failures, None, now)
    return Result(replace(known, ask_again_at=again, failures=failures, fault=f"The picture {made}", color=None), {})


def _rank(wanted: WantedPicture, state: PictureState | None) -> tuple[int, datetime | None]:
    if wanted.is_upcoming:
        return 0, None
    if state is not None:
        return 1, state.ask_again_at
    return 2, None


def _retry_at(failures: int, wait: timedelta | None, now: datetime) -> datetime:
    """Wait an hour after the first failure, then twice as long each time; longer where the host asks for that."""
    doubled = min(HOUR * (1 << min(failures - 1, 5)), REREAD_AFTER)
    return now + max(doubled, wait or doubled)
