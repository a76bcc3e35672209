"""Parts of feeds that were written once and are kept: of a thousand events, one of them new, only that is written."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock

from webapp.store import Mark

_MOST_BYTES = 24 * 1024 * 1024
_WEIGHT_OF_ONE = 300  # What a key and its place cost besides the part itself, about.


class Pieces:
    """Keeps what was made of an event as it stood when it was written, as long as there is room; shared by threads."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._kept: OrderedDict[tuple[Hashable, Mark], bytes] = OrderedDict()
        self._room = most_bytes
        self._lock = Lock()

    def collect(
        self, kind: Hashable, marks: Sequence[Mark], make: Callable[[list[int]], dict[int, bytes]]
    ) -> list[bytes]:
        """Give the part of each event, in the order of the marks.

        `kind` is all that decides how a part is written, but for the event itself. `make` is given the ids of those
        that are not kept, and must write them all.
        """
        with self._lock:
            found = {mark: self._kept[kind, mark] for mark in marks if (kind, mark) in self._kept}
            for mark in found:
                self._kept.move_to_end((kind, mark))
        missing = [mark for mark in marks if mark not in found]
        if missing:
            made = make([mark.event_id for mark in missing])
            fresh = {mark: made[mark.event_id] for mark in missing}
            self._keep(kind, fresh)
            found |= fresh
        return [found[mark] for mark in marks]

    def _keep(self, kind: Hashable, fresh: dict[Mark, bytes]) -> None:
        with self._lock:
            for mark, piece in fresh.items():
                if (kind, mark) not in self._kept:
                    self._kept[kind, mark] = piece
                    self._room -= len(piece) + _WEIGHT_OF_ONE
            while self._room < 0 and self._kept:
                _, oldest = self._kept.popitem(last=False)
                self._room += len(oldest) + _WEIGHT_OF_ONE
