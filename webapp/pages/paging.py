"""A list that is shown a page at a time: which part of it a page has, and where the others are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from webapp.domain.query import Query, View

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Paging:
    """A page has rows `first` to `last` of `total`; both are 0 where it has none. A path is `None` if it leads nowhere.

    `more_path` leads to the next page, `start_path` from any but the first page to that.
    """

    total: int
    first: int
    last: int
    more_path: str | None
    start_path: str | None

    @property
    def rest(self) -> int:
        """How many rows come after this page."""
        return self.total - self.last


def page_through(query: Query, *, count: int, total: int, path_of: Callable[[Query], str]) -> Paging:
    """Say which part of a list of `total` a page of `count` rows is; `path_of` gives its address for a query."""
    offset, last = query.view.offset, query.view.offset + count
    return Paging(
        total=total,
        first=offset + 1 if count else 0,
        last=last if count else 0,
        more_path=path_of(query.at(last)) if count and last < total else None,
        start_path=path_of(query.at(0)) if offset else None,
    )


def read_page(
    view: View, size: int, list_rows: Callable[[int, int], Sequence[Row]]
) -> tuple[Row | None, Sequence[Row]]:
    """Read the row just ahead of a page, if there is one, and the rows of the page.

    The one ahead tells whether the first heading began on the page before. `list_rows` is given a limit and an offset;
    `size` is how many rows a page has unless the view says otherwise.
    """
    ahead = 1 if view.offset else 0
    rows = list_rows((view.limit or size) + ahead, view.offset - ahead)
    return (rows[0] if ahead and rows else None), rows[ahead:]
