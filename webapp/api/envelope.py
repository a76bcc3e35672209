"""The envelope of a list: how many there are, the pages around, and the events of this one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.api.collection import event_url
from webapp.api.modes import in_mode, read_record
from webapp.domain.query import Query

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page stands among all of a list's events. `url` is the list's own address, absolute."""

    url: str
    query: Query
    total: int

    @property
    def limit(self) -> int:
        """How many events a page holds."""
        return self.query.view.limit or PAGE_SIZE

    @property
    def next_url(self) -> str | None:
        """The page after this one, if there is one."""
        after = self.query.view.offset + self.limit
        return self._url(after) if after < self.total else None

    @property
    def previous_url(self) -> str | None:
        """The page before this one, if there is one."""
        return self._url(max(self.query.view.offset - self.limit, 0)) if self.query.view.offset > 0 else None

    def _url(self, offset: int) -> str:
        view = replace(self.query.view, limit=self.limit, offset=offset)
        return self.url + replace(self.query, view=view).to_query_string()


def envelop(records: Sequence[tuple[int, str]], paging: Paging, address: str) -> dict[str, Any]:
    """Put records, each with its id, into the envelope, in the query's mode."""
    mode = paging.query.view.mode
    return {
        "count": paging.total,
        "next": paging.next_url,
        "previous": paging.previous_url,
        "results": [in_mode(read_record(record), mode, event_url(address, id_)) for id_, record in records],
    }
