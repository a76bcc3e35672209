"""The card that stands for an entry's page where its link is shared (Open Graph)."""

from collections.abc import Container
from dataclasses import dataclass

from webapp.domain.entry import Entry
from webapp.domain.text import isolated
from webapp.store import CardState
from webapp.web.addresses import card_path, picture_address


@dataclass(frozen=True, slots=True)
class SharedCard:
    """A picture of 1200 by 630 pixels, and what it is to those who do not see it."""

    path: str
    words: str


def present_card(entry: Entry, own: CardState | None, card_types: Container[int]) -> SharedCard:
    """Give the entry's own card, if it is drawn, or else that of its type; `card_types` are the types that have one."""
    if own is not None:
        return SharedCard(picture_address(own.path), f"{isolated(entry.name)}, {entry.date_words}")
    kind = isolated(entry.type.title)
    return SharedCard(card_path(entry.type.id, card_types), f"A drawing for events of the type {kind}")
