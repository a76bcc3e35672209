"""Lanes: which of several boxes stand beside each other, so that none overlaps another."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass

APART = 10.0
"""How far apart the boxes of one lane are at least."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a mark takes up from left to right, with its label."""

    begin: float
    end: float

    @property
    def length(self) -> float:
        """How long it is."""
        return self.end - self.begin


def packed(boxes: Sequence[Box]) -> list[int]:
    """Give each box, in the order given, the first lane in which it overlaps no box before it."""
    lanes: list[list[Box]] = []  # Each in the order of where its boxes begin, and so of where they end.
    numbers = []
    for box in boxes:
        lane = next((number for number, held in enumerate(lanes) if _has_room(held, box)), len(lanes))
        if lane == len(lanes):
            lanes.append([])
        insort(lanes[lane], box, key=_begin)
        numbers.append(lane)
    return numbers


def _has_room(held: Sequence[Box], box: Box) -> bool:
    place = bisect_left(held, box.begin, key=_begin)
    is_after = place == 0 or box.begin >= held[place - 1].end + APART
    return is_after and (place == len(held) or held[place].begin >= box.end + APART)


def _begin(box: Box) -> float:
    return box.begin
