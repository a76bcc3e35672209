"""Lanes: which of several boxes stand beside each other, so that none overlaps another."""

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
    lanes: list[list[Box]] = []
    numbers = []
    for box in boxes:
        lane = next((number for number, held in enumerate(lanes) if all(_are_apart(box, one) for one in held)), None)
        if lane is None:
            lane = len(lanes)
            lanes.append([])
        lanes[lane].append(box)
        numbers.append(lane)
    return numbers


def _are_apart(one: Box, other: Box) -> bool:
    return one.begin >= other.end + APART or other.begin >= one.end + APART
