"""The fragment cache: entries as feeds write them, so that of a thousand only those that changed are written anew."""

from collections.abc import Callable, Hashable, Sequence

from webapp.response_cache.byte_lru import ByteLRU
from webapp.store import EntryVersion

_BATCH = (
    200  # Entries are read so many at a time: whole, they take a hundred times the bytes of what is written of them.
)


class FragmentCache:
    """Holds fragments of feeds (a VEVENT, an item), each of an entry as of the generation it was last written in.

    Shared by threads.
    """

    def __init__(self, max_bytes: int) -> None:
        self._fragments: ByteLRU[tuple[Hashable, EntryVersion], bytes] = ByteLRU(max_bytes)

    def collect(
        self, variant: Hashable, versions: Sequence[EntryVersion], write: Callable[[list[int]], dict[int, bytes]]
    ) -> list[bytes]:
        """Give the fragment of each entry, in the order of the versions.

        `variant` is all that decides how a fragment is written, but for the entry itself. `write` is given the ids of
        the entries whose fragment is not held, a batch at a time, and must write them all.
        """
        held = self._fragments.get_all([(variant, version) for version in versions])
        fragments = {
            version: fragment for version, fragment in zip(versions, held, strict=True) if fragment is not None
        }
        missing = [version for version in versions if version not in fragments]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            written = write([version.entry_id for version in batch])
            for version in batch:
                fragments[version] = fragment = written[version.entry_id]
                self._fragments.put((variant, version), fragment, len(fragment))
        return [fragments[version] for version in versions]
