"""The envelope of a list: how many there are, the pages around, and the entries of this one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.api.collection import entry_url
from webapp.api.modes import in_mode, read_record
from webapp.domain.entry import EntryKind
from webapp.domain.modes import Mode
from webapp.domain.query import Query

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page stands among all of a list. `url` is the list's own address, absolute."""

    url: str
    query: Query
    total: int

    @property
    def limit(self) -> int:
        """How many a page holds."""
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


def envelop(records: Sequence[str], kind: EntryKind, paging: Paging, address: str) -> dict[str, Any]:
    """Put records of a kind into the envelope, in the query's mode."""
    return {
        "count": paging.total,
        "next": paging.next_url,
        "previous": paging.previous_url,
        "results": [show_record(record, kind, paging.query.view.mode, address) for record in records],
    }


def show_record(stored: str, kind: EntryKind, mode: Mode, address: str) -> dict[str, Any]:
    """Give a record as it is stored in a mode, under its address in this API."""
    record = read_record(stored)
    return in_mode(record, mode, entry_url(address, kind, record["id"]), kind)
