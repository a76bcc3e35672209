"""A choice among several: a link to the same page with it made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: its words, the path of the page that makes it, or takes it back where it `is_chosen`.

    `count` is how much it would show, where that is known.
    """

    words: str
    path: str
    is_chosen: bool
    count: int | None = None
