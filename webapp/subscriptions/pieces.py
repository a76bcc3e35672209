"""Parts of feeds that were written once and are kept: of a thousand events, one of them new, only that is written."""

from collections.abc import Callable, Hashable, Sequence

from webapp.edge.room import Room
from webapp.store import Mark

_MOST_BYTES = 6 * 1024 * 1024
_MOST_AT_ONCE = 200  # Whole events take a hundred times the room of what is written of them.


class Pieces:
    """Keeps what was made of an event as it stood when it was written, as long as there is room; shared by threads."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._room: Room[tuple[Hashable, Mark], bytes] = Room(most_bytes)

    def collect(
        self, kind: Hashable, marks: Sequence[Mark], make: Callable[[list[int]], dict[int, bytes]]
    ) -> list[bytes]:
        """Give the part of each event, in the order of the marks.

        `kind` is all that decides how a part is written, but for the event itself. `make` is given the ids of those
        that are not kept, some at a time, and must write them all.
        """
        kept = self._room.get_all([(kind, mark) for mark in marks])
        found = {mark: piece for mark, piece in zip(marks, kept, strict=True) if piece is not None}
        missing = [mark for mark in marks if mark not in found]
        for start in range(0, len(missing), _MOST_AT_ONCE):
            part = missing[start : start + _MOST_AT_ONCE]
            made = make([mark.entry_id for mark in part])
            for mark in part:
                found[mark] = piece = made[mark.entry_id]
                self._room.put((kind, mark), piece, len(piece))
        return [found[mark] for mark in marks]
