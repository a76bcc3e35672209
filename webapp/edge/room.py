"""A place of so many bytes for what may be made again: what was longest not asked for makes way."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_WEIGHT_OF_ONE = 300  # What a key and its place cost besides the thing itself, about.


class Room(Generic[Key, Value]):
    """Keeps values under keys, as long as there is room for them; shared by threads."""

    def __init__(self, most_bytes: int) -> None:
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._most = self._left = most_bytes
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """Give what is kept under a key."""
        return self.get_all([key])[0]

    def get_all(self, keys: Sequence[Key]) -> list[Value | None]:
        """Give what is kept under each of these keys, in their order."""
        kept = self._kept
        values = list[Value | None]()
        with self._lock:
            for key in keys:
                found = kept.get(key)
                if found is None:
                    values.append(None)
                else:
                    kept.move_to_end(key)
                    values.append(found[0])
        return values

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of so many bytes, in place of what its key had; one that takes over an eighth is not kept."""
        weight = size + _WEIGHT_OF_ONE
        with self._lock:
            if key in self._kept:
                self._left += self._kept.pop(key)[1]
            if weight * 8 > self._most:
                return
            self._kept[key] = (value, weight)
            self._left -= weight
            while self._left < 0:
                _, (_, freed) = self._kept.popitem(last=False)
                self._left += freed
