"""The fragment cache: entries as feeds write them, so that of a thousand only those that changed are written anew."""

from collections.abc import Callable, Hashable, Sequence

from webapp.response_cache.byte_lru import ByteLRU
from webapp.store import Mark

_BATCH = (
    200  # Entries are read so many at a time: whole, they take a hundred times the bytes of what is written of them.
)


class FragmentCache:
    """Holds fragments of feeds (a VEVENT, an item), each of an entry as of the generation it was last written in.

    Shared by threads.
    """

    def __init__(self, max_bytes: int) -> None:
        self._fragments: ByteLRU[tuple[Hashable, Mark], bytes] = ByteLRU(max_bytes)

    def collect(
        self, variant: Hashable, marks: Sequence[Mark], write: Callable[[list[int]], dict[int, bytes]]
    ) -> list[bytes]:
        """Give the fragment of each entry, in the order of the marks.

        `variant` is all that decides how a fragment is written, but for the entry itself. `write` is given the ids of
        the entries whose fragment is not held, a batch at a time, and must write them all.
        """
        held = self._fragments.get_all([(variant, mark) for mark in marks])
        fragments = {mark: fragment for mark, fragment in zip(marks, held, strict=True) if fragment is not None}
        missing = [mark for mark in marks if mark not in fragments]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            written = write([mark.entry_id for mark in batch])
            for mark in batch:
                fragments[mark] = fragment = written[mark.entry_id]
                self._fragments.put((variant, mark), fragment, len(fragment))
        return [fragments[mark] for mark in marks]
