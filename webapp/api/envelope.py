"""The envelope of a list: how many there are, the pages around, and the events of this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.api.collection import event_url
from webapp.api.modes import in_mode, read_record
from webapp.domain.query import EventQuery

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page stands among all of a list's events. `url` is the list's own address, absolute."""

    url: str
    query: EventQuery
    total: int

    @property
    def limit(self) -> int:
        """How many events a page holds."""
        return self.query.limit or PAGE_SIZE

    @property
    def next_url(self) -> str | None:
        """The page after this one, if there is one."""
        after = self.query.offset + self.limit
        return self._url(after) if after < self.total else None

    @property
    def previous_url(self) -> str | None:
        """The page before this one, if there is one."""
        return self._url(max(self.query.offset - self.limit, 0)) if self.query.offset > 0 else None

    def _url(self, offset: int) -> str:
        return self.url + self.query.replaced({"limit": self.limit, "offset": offset}).to_query_string()


def envelop(records: Sequence[tuple[int, str]], paging: Paging, address: str) -> dict[str, Any]:
    """Put records, each with its id, into the envelope, in the query's mode."""
    mode = paging.query.mode
    return {
        "count": paging.total,
        "next": paging.next_url,
        "previous": paging.previous_url,
        "results": [in_mode(read_record(record), mode, event_url(address, id_)) for id_, record in records],
    }
