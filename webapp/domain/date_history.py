"""The dates that were announced of an entry, in the order in which they were: what its changes let one tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.changes import ChangeKind, KnownDate, StoredChange

DATING_CHANGE_KINDS = (
    ChangeKind.STATUS, ChangeKind.SLIPPED, ChangeKind.REFINED, ChangeKind.VAGUER, ChangeKind.ADJUSTED,
    ChangeKind.WITHDRAWN, ChangeKind.RETURNED,
)  # fmt: skip
"""The change kinds that say what was announced when."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What was announced from an instant on, until the next one: a date, `None` while withdrawn, and a status.

    `since` is when it was seen here, in UTC; `status_id` is that of a launch.
    """

    since: datetime
    known: KnownDate | None
    status_id: int | None = None


def list_announcements(
    first_seen: datetime, present: KnownDate, status_id: int | None, changes: Iterable[StoredChange]
) -> list[Announcement]:
    """List what was announced of an entry since it was first seen, by what stands now and its changes in their order.

    Where nothing has changed it has always been as it is; else the first change says what was there before.
    """
    ordered = [change for change in changes if change.change.kind in DATING_CHANGE_KINDS]
    date = next((one.change.before for one in ordered if _is_of_date(one)), None) or present
    status = next((one.change.old_status.id for one in ordered if one.change.old_status), status_id)
    found, is_withdrawn = [Announcement(first_seen, date, status)], False
    for stored in ordered:
        change = stored.change
        if change.kind in (ChangeKind.WITHDRAWN, ChangeKind.RETURNED):
            is_withdrawn = change.kind is ChangeKind.WITHDRAWN
        elif change.new_status:
            status = change.new_status.id
        else:
            date = change.after or date
        found.append(Announcement(stored.seen_at, None if is_withdrawn else date, status))
    return found


def _is_of_date(stored: StoredChange) -> bool:
    return stored.change.before is not None and stored.change.after is not None
