"""The room that pictures and cards have in the store: what is wanted last goes first."""

from collections.abc import Mapping, Sequence

ROOM_FOR_A_PICTURE = 2**20
"""How much room there must be before a picture is asked for. The files of few have more."""


def room_for_pictures(most_bytes: int) -> int:
    """Give how much of all the room pictures may have; the rest is for cards."""
    return most_bytes * 3 // 4


def is_full(size: int, most_bytes: int) -> bool:
    """Whether pictures of so many bytes leave no room for another."""
    return size + ROOM_FOR_A_PICTURE > room_for_pictures(most_bytes)


def list_overflow(order: Sequence[str], sizes: Mapping[str, int], most: int) -> list[str]:
    """List the pictures to drop so that the others have `most` bytes at most: those that `order` names last go first.

    `sizes` are those of the pictures that are held; what is held and not in `order` goes before all others.
    """
    held = [url for url in order if url in sizes]
    ordered = [*held, *(sizes.keys() - set(held))]
    total, dropped = sum(sizes.values()), list[str]()
    while ordered and total > most:
        dropped.append(ordered.pop())
        total -= sizes[dropped[-1]]
    return dropped


def list_fitting(order: Sequence[str], sizes: Mapping[str, int], most: int) -> set[str]:
    """List the pictures to ask for: those that are held, and those for which there is room before what comes later."""
    fitting, before = set[str](), 0
    for url in order:
        if url in sizes:
            fitting.add(url)
            before += sizes[url]
        elif before + ROOM_FOR_A_PICTURE <= most:
            fitting.add(url)
    return fitting
