"""Launch Library's modes: how much of an entry a record holds."""

from enum import Enum


class Mode(Enum):
    """How much of an entry a record holds: Launch Library's three modes, the fullest last."""

    LIST = "list"
    NORMAL = "normal"
    DETAILED = "detailed"

    @property
    def fullness(self) -> int:
        """Its place among the modes: each holds more than those of lower places."""
        return list(Mode).index(self)
