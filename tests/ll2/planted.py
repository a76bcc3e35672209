"""What an attacker would put into a cache that is read by pickle."""

from pathlib import Path
from typing import Any


class Planted:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self) -> Any:
        return (Path.touch, (self._trace,))
