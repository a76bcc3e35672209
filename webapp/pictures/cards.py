"""Cards: for each upcoming entry the picture that stands beside a link to it, drawn anew when what is on it changes."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp import __version__
from webapp.domain.entry import StoredEntry
from webapp.domain.picture_words import caption_of
from webapp.domain.pictures import PicturePolicy, PictureUse, ShownPicture
from webapp.domain.query import Filter, View
from webapp.domain.scopes import RECENT, Scope
from webapp.pictures.making import CardFacts, UnusablePictureError
from webapp.store import CardState, Snapshot, Store, Writer

log = logging.getLogger(__name__)

MOST_CARDS = 200
"""So many entries have a card, the soonest."""

CARDS_A_STEP = 10
"""How many cards are drawn at a time."""

_ROOM_FOR_A_CARD = 2**18
_AFTER_A_FAILURE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """What is to be on an entry's card. `picture` is the place of its picture; `drawn_from` a digest of all of it."""

    entry_id: int
    facts: CardFacts
    picture: str | None

    @property
    def drawn_from(self) -> str:
        """A digest of all that is on the card, and of what draws it."""
        return hashlib.sha256(repr((__version__, self.facts, self.picture)).encode()).hexdigest()


class CardDrawing:
    """Keeps the cards of a store up to date, those of the `most` soonest entries, in `room` bytes at most."""

    def __init__(
        self, store: Store, *, write: Callable[[], AbstractContextManager[Writer]], policy: PicturePolicy,
        draw: Callable[[Sequence[CardFacts]], list[bytes | None]], path_of: Callable[[bytes], str], room: int,
        most: int,
    ) -> None:  # fmt: skip
        self._store = store
        self._write = write
        self._policy = policy
        self._draw = draw
        self._path_of = path_of
        self._room = room
        self._most = most
        self._undrawable: frozenset[str] = frozenset()
        self._draw_again_at: datetime | None = None

    def step(self, now: datetime) -> bool:
        """Draw the next few cards that changed, and forget those of what is over; say whether there was any.

        Raises `StoreUnavailableError`, and what `write` raises.
        """
        with self._store.read() as snapshot:
            planned, held = plan_cards(snapshot, self._policy, now, self._most), snapshot.pictures.list_cards()
            room = self._room - (snapshot.pictures.size() - sum(snapshot.pictures.list_sizes().values()))
        self._undrawable &= {card.drawn_from for card in planned}
        changed = [card for card in planned if self._is_changed(card, held.get(card.entry_id))]
        drawable = max(min(CARDS_A_STEP, room // _ROOM_FOR_A_CARD), 0)
        if self._draw_again_at is not None and now < self._draw_again_at:
            drawable = 0
        # Where the room was made smaller, the soonest are drawn anew.
        forgotten = set(held) if room < 0 else set(held) - {card.entry_id for card in planned}
        if not drawable:
            # A card that says what is no longer so is worse than none.
            forgotten |= {card.entry_id for card in changed} & set(held)
        drawn = self._drawn(changed[:drawable], now)
        return self._put(drawn, forgotten, set(held), room, now)

    def _is_changed(self, planned: PlannedCard, drawn: CardState | None) -> bool:
        if planned.drawn_from in self._undrawable:
            return drawn is not None
        return drawn is None or drawn.drawn_from != planned.drawn_from

    def _drawn(self, planned: Sequence[PlannedCard], now: datetime) -> list[tuple[PlannedCard, bytes | None]]:
        if not planned:
            return []
        with self._store.read() as snapshot:
            contents = [snapshot.pictures.get_content(card.picture) if card.picture else None for card in planned]
        facts = [
            replace(card.facts, picture=content, caption=card.facts.caption if content else "")
            for card, content in zip(planned, contents, strict=True)
        ]
        try:
            drawn = self._draw(facts)
        except UnusablePictureError as error:
            log.warning("cards could not be drawn: %s", error)
            self._draw_again_at = now + _AFTER_A_FAILURE
            return []
        return list(zip(planned, drawn, strict=True))

    def _put(
        self, drawn: Sequence[tuple[PlannedCard, bytes | None]], forgotten: set[int], held: set[int], room: int,
        now: datetime,
    ) -> bool:  # fmt: skip
        put, unfit = list[tuple[PlannedCard, bytes]](), list[PlannedCard]()
        for card, content in drawn:
            if content is None or len(content) > room:
                unfit.append(card)
            else:
                put.append((card, content))
                room -= len(content)
        self._undrawable |= {card.drawn_from for card in unfit}
        gone = forgotten | ({card.entry_id for card in unfit} & held)
        if gone or put:
            with self._write() as writer:
                writer.pictures.forget_cards(gone)
                for card, content in put:
                    writer.pictures.put_card(card.entry_id, card.drawn_from, self._path_of(content), content)
                writer.note_pictured([*gone, *(card.entry_id for card, _ in put)], now=now)
        return bool(gone or drawn)


def plan_cards(snapshot: Snapshot, policy: PicturePolicy, now: datetime, most: int) -> list[PlannedCard]:
    """Say what is to be on the cards of so many upcoming entries, the soonest."""
    upcoming = snapshot.list_entries(Filter(), Scope(over_after=now, live_after=now - RECENT), View(limit=most))
    shown = snapshot.pictures.list_shown(upcoming, policy)
    return [_plan_card(stored, shown.get(stored.entry.key)) for stored in upcoming]


def _plan_card(stored: StoredEntry, shown: ShownPicture | None) -> PlannedCard:
    entry = stored.entry
    facts = CardFacts(entry.name, entry.date_words, entry.certainty_word, entry.type.id, entry.type.title)
    if shown is None or not shown.files_of("image/jpeg"):
        return PlannedCard(stored.id, facts, None)
    caption, may_crop = str(caption_of(shown.picture, entry.key.kind)), shown.use is PictureUse.ADAPT
    return PlannedCard(stored.id, replace(facts, caption=caption, may_crop=may_crop), shown.widest.path)
