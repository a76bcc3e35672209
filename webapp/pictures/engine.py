"""The engine of pictures: fetches what entries name, has it made small, and keeps it in the store; step by step.

It works only while whoever runs it holds the lease of the syncing, and every commit checks that.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.clock import Clock, latest_believed
from webapp.domain.pictures import PicturePolicy
from webapp.pictures.asking import (
    HOUR,
    HOURLY_BYTES,
    Result,
    WantedPicture,
    choose_next,
    list_wanted,
    release,
    reserve,
    result_of,
    validators_of,
    without_files,
)
from webapp.pictures.cards import MOST_CARDS, CardDrawing
from webapp.pictures.fetch import MOST_BYTES, Fetch, Original, Outcome
from webapp.pictures.making import MadePicture, Maker, UnusablePictureError
from webapp.pictures.room import list_fitting, list_overflow, room_for_pictures
from webapp.store import PictureState, Store, Writer


@dataclass(frozen=True, slots=True)
class _Situation:
    """What is wanted and what is held; `spent` is how many bytes came within the hour."""

    wanted: tuple[WantedPicture, ...]
    states: Mapping[str, PictureState]
    sizes: Mapping[str, int]
    spent: int

    @property
    def order(self) -> list[str]:
        """The addresses of what is wanted, the most wanted first."""
        return [one.url for one in self.wanted]


class PictureEngine:
    """Keeps the pictures and cards of a store, in `most_bytes` at most; without a `maker`, or with `OFF`, none.

    `most_cards` is how many entries have a card, the soonest.

    `write` opens the store's writer for as long as the lease is held, and `is_held` says whether it is.
    """

    def __init__(
        self, store: Store, *, write: Callable[[], AbstractContextManager[Writer]], is_held: Callable[[], bool],
        clock: Clock, fetch: Fetch, maker: Maker | None, policy: PicturePolicy, most_bytes: int,
        most_cards: int = MOST_CARDS,
    ) -> None:  # fmt: skip
        self._store = store
        self._write = write
        self._is_held = is_held
        self._clock = clock
        self._fetch = fetch
        self._maker = None if policy is PicturePolicy.OFF else maker
        self._policy = policy
        self._room = room_for_pictures(most_bytes)
        self._cards = None if self._maker is None else CardDrawing(
            store, write=write, policy=policy, draw=self._maker.draw_cards, path_of=self._maker.path_of_card,
            room=most_bytes - self._room, most=most_cards,
        )  # fmt: skip

    def step(self) -> bool:
        """Forget what nobody wants, or else ask for one picture and draw a few cards; say whether there was any to do.

        Raises `StoreUnavailableError`, and what `write` raises.
        """
        if not self._is_held():
            return False
        if self._maker is None or self._cards is None:
            return self._forget_everything()
        situation = self._look()
        if self._tidy(situation):
            return True
        has_asked = self._ask_next(self._maker, situation)
        has_drawn = self._cards.step(self._clock())
        return has_asked or has_drawn

    def stop(self) -> None:
        """End what is being made, so that a step in another thread ends soon."""
        if self._maker is not None:
            self._maker.stop()

    def _look(self) -> _Situation:
        now = self._clock()
        with self._store.read() as snapshot:
            pictures = snapshot.pictures
            return _Situation(
                tuple(list_wanted(pictures.list_named(now), self._policy)),
                pictures.list_states(),
                pictures.list_sizes(),
                pictures.bytes_since(now - HOUR, until=latest_believed(now)),
            )

    def _tidy(self, situation: _Situation) -> bool:
        """Forget pictures that nobody wants any more, and drop the files of those for which there is no room."""
        now, wanted = self._clock(), set(situation.order)
        unwanted = {url: state for url, state in situation.states.items() if url not in wanted}
        # For an hour it stands what was asked for, and how much came.
        forgotten = [url for url, state in unwanted.items() if not _is_recent(state, now)]
        kept = {url: size for url, size in situation.sizes.items() if url in wanted}
        overflow = list_overflow(situation.order, kept, self._room)
        released = {url: release(unwanted[url]) for url in situation.sizes.keys() & unwanted.keys()}
        dropped = {url: without_files(situation.states[url]) for url in overflow} | released
        if not forgotten and not dropped:
            return False
        with self._write() as writer:
            _drop(writer, dropped, now)
            writer.pictures.forget(forgotten)
        return True

    def _forget_everything(self) -> bool:
        now = self._clock()
        with self._store.read() as snapshot:
            states, cards = snapshot.pictures.list_states(), snapshot.pictures.list_cards()
        forgotten = [url for url, state in states.items() if not _is_recent(state, now)]
        dropped = {url: release(state) for url, state in states.items() if state.color is not None}
        if not forgotten and not dropped and not cards:
            return False
        with self._write() as writer:
            _drop(writer, dropped, now)
            writer.pictures.forget(forgotten)
            writer.pictures.forget_cards(cards)
            writer.note_pictured(list(cards), now=now)
        return True

    def _ask_next(self, maker: Maker, situation: _Situation) -> bool:
        now = self._clock()
        if situation.spent + MOST_BYTES > HOURLY_BYTES:
            return False
        fitting = list_fitting(situation.order, situation.sizes, self._room)
        url = choose_next(situation.wanted, situation.states, fitting, now)
        if url is None:
            return False
        before = situation.states.get(url)
        asked = reserve(before, now)
        with self._write() as writer:
            writer.pictures.put_state(url, asked)
        outcome = self._fetch(url, validators_of(before))
        self._take_in(url, result_of(outcome, _made(maker, outcome), asked, self._clock()))
        return True

    def _take_in(self, url: str, result: Result) -> None:
        now = self._clock()
        with self._write() as writer:
            pictures = writer.pictures
            pictures.put_state(url, result.state)
            if result.files is None or set(result.files) == set(pictures.list_files(url)):
                return
            pictures.put_files(url, result.files)
            writer.note_pictured(pictures.list_naming([url]), now=now)
            order = [one.url for one in list_wanted(pictures.list_named(now), self._policy)]
            states = pictures.list_states()
            overflow = list_overflow(order, pictures.list_sizes(), self._room)
            _drop(writer, {one: without_files(states[one]) for one in overflow}, now)


def _drop(writer: Writer, states: Mapping[str, PictureState], now: datetime) -> None:
    """Drop the files of pictures, which readers may see, and note their states after that."""
    for url, state in states.items():
        writer.pictures.put_files(url, {})
        writer.pictures.put_state(url, state)
    writer.note_pictured(writer.pictures.list_naming(states), now=now)


def _made(maker: Maker, outcome: Outcome) -> MadePicture | UnusablePictureError | None:
    """Make the files of an original, or say why that cannot be done; of any other outcome there is nothing to make."""
    if not isinstance(outcome, Original):
        return None
    try:
        return maker.make_files(outcome.content)
    except UnusablePictureError as error:
        return error


def _is_recent(state: PictureState, now: datetime) -> bool:
    return now - HOUR < state.asked_at <= latest_believed(now)
