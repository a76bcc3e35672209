"""A least-recently-used cache, bounded by the bytes of what it holds."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_OVERHEAD = 300  # Bytes that an entry takes besides its value, about.
_LARGEST_SHARE = 8  # One value may take an eighth, so that no single answer pushes out most of the others.


class ByteLRU(Generic[Key, Value]):
    """Holds values of at most so many bytes in all; evicts what was least recently used. Shared by threads."""

    def __init__(self, max_bytes: int) -> None:
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._max_bytes = self._free_bytes = max_bytes
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """Give the value of a key, if it is held."""
        with self._lock:
            return self._get(key)

    def get_all(self, keys: Sequence[Key]) -> list[Value | None]:
        """Give the value of each of these keys, in their order."""
        with self._lock:
            return [self._get(key) for key in keys]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Hold a value of `size` bytes in place of the key's present one; one larger than an eighth is not held."""
        weight = size + _OVERHEAD
        with self._lock:
            if key in self._entries:
                self._free_bytes += self._entries.pop(key)[1]
            if weight * _LARGEST_SHARE > self._max_bytes:
                return
            self._entries[key] = (value, weight)
            self._free_bytes -= weight
            while self._free_bytes < 0:
                _, (_, freed) = self._entries.popitem(last=False)
                self._free_bytes += freed

    def _get(self, key: Key) -> Value | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]
