"""A chain: a Perigee whose source is another Perigee. What one link tells the next, beside Launch Library's records."""

from dataclasses import dataclass
from datetime import datetime

from webapp.domain.changes import Change
from webapp.domain.entry import EntryKey

CHAIN_HEADER = "Perigee-Chain"
"""The header by which an answer of the API says that it is a Perigee's, with the version of what `chain/` tells."""

CHAIN_VERSION = "1"

SAMPLE_HEADER = "Perigee-Sample"
"""The header of answers that show what stands in for real data."""

NO_LIMIT = 2**31 - 1
"""How many requests a Perigee says that one may make where it sets no limit."""

SOURCE_NAME = "Launch Library 2"
"""What the source at the beginning of a chain is called, where a link asks it directly."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The source at the beginning of a chain.

    `links` counts the Perigees from it to the one that tells this. `reached_at` is when it last answered the first of
    them, and `changed_at` when the data there last changed. `failing_since` is since when a link on the way has failed
    to reach the one before, if one does. All in UTC.
    """

    name: str
    url: str
    links: int
    reached_at: datetime | None = None
    failing_since: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoricChange:
    """A change of an entry, when it was seen at the first link, and its number there.

    The number orders changes of one instant.
    """

    number: int
    seen_at: datetime
    change: Change


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """The history of an entry as a chain tells it: its times (see `StoredEntry`) and all its changes, in order.

    `number` is the entry's in the store that tells it (`StoredEntry.id`), which orders entries of one date.
    """

    key: EntryKey
    number: int
    first_seen: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None
    changes: tuple[HistoricChange, ...] = ()
