"""What a text leaves open, by the rules X1 to X7 of the Unicode bidirectional algorithm (UAX 9), written from them."""

from dataclasses import dataclass, field

EMBEDDINGS, ISOLATES, PDF, PDI = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068", "\u202c", "\u2069"
_MAX_DEPTH = 125  # BD2.


@dataclass
class _Status:
    """The stack of levels, each with whether an isolate began it, and the three counters of X1.

    Each initiator is taken for one that raises the level by two, the most it can.
    """

    stack: list[tuple[int, bool]] = field(default_factory=lambda: [(0, False)])
    overflow_isolates: int = 0
    overflow_embeddings: int = 0
    isolates: int = 0

    def begin(self, *, is_isolate: bool) -> None:
        level = self.stack[-1][0] + 2
        if level <= _MAX_DEPTH and not self.overflow_isolates and not self.overflow_embeddings:
            self.isolates += is_isolate
            self.stack.append((level, is_isolate))
        elif is_isolate:
            self.overflow_isolates += 1
        elif not self.overflow_isolates:
            self.overflow_embeddings += 1

    def end_isolate(self) -> None:
        if self.overflow_isolates:
            self.overflow_isolates -= 1
        elif self.isolates:
            self.overflow_embeddings = 0
            while not self.stack.pop()[1]:
                pass
            self.isolates -= 1

    def end_embedding(self) -> None:
        if self.overflow_isolates:
            return
        if self.overflow_embeddings:
            self.overflow_embeddings -= 1
        elif len(self.stack) > 1 and not self.stack[-1][1]:
            self.stack.pop()


def open_after(text: str) -> tuple[int, int, int]:
    """Give how many levels, overflowing isolates and overflowing embeddings are open after a text of one paragraph."""
    status = _Status()
    for char in text:
        if char in EMBEDDINGS + ISOLATES:
            status.begin(is_isolate=char in ISOLATES)
        elif char == PDI:
            status.end_isolate()
        elif char == PDF:
            status.end_embedding()
    return len(status.stack) - 1, status.overflow_isolates, status.overflow_embeddings
