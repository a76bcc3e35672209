"""The store's one row about itself: its generation, and how syncing stands."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from webapp.domain.clock import believed, capped
from webapp.store.schema import store_state

_LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoreState:
    """All instants are aware, in UTC, and `None` before the first time.

    `generation` rises with every commit that changes what a reader could see, last at `committed_at`. `imported_at` is
    when an import last came to the end of the list, `reached_at` when the source last answered. `failures` counts calls
    in a row that failed since `failing_since`, the last with `fault`. `paused_until` is when the source wants to be
    asked again, and `hourly_limit` how many calls an hour it has last told us of.

    `import_offset` is the place of the import under way, which `import_started_at`. `changed_since` is up to which
    `last_updated` we know all changes, with `changed_offset` records more where many share it. `next_call_at` and
    `next_call` say what is planned.
    """

    generation: int = 0
    committed_at: datetime | None = None
    imported_at: datetime | None = None
    reached_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    fault: str | None = None
    paused_until: datetime | None = None
    hourly_limit: int | None = None
    import_offset: int = 0
    import_started_at: datetime | None = None
    changed_since: datetime | None = None
    changed_offset: int = 0
    next_call_at: datetime | None = None
    next_call: str | None = None

    def believed(self, now: datetime) -> "StoreState":
        """Give the state as it can be believed at `now`: of what was noted by a clock that was ahead, no instant is.

        That something has been stays so: it has been at the latest `now`.
        """
        changed_since = believed(self.changed_since, now)
        return replace(
            self,
            committed_at=capped(self.committed_at, now),
            imported_at=capped(self.imported_at, now),
            import_started_at=capped(self.import_started_at, now),
            failing_since=capped(self.failing_since, now),
            reached_at=believed(self.reached_at, now),
            changed_since=changed_since,
            changed_offset=self.changed_offset if changed_since == self.changed_since else 0,
            paused_until=believed(self.paused_until, now, ahead=_LONGEST_PAUSE),
            next_call_at=believed(self.next_call_at, now, ahead=_LONGEST_PAUSE),
        )


def get_state(connection: Connection) -> StoreState:
    """Read the store's state."""
    row = connection.execute(select(store_state)).mappings().one_or_none()
    return StoreState(**{key: value for key, value in row.items() if key != "id"}) if row else StoreState()


def update_state(connection: Connection, **changes: Any) -> StoreState:
    """Change some fields of the state, and give all of it."""
    state = replace(get_state(connection), **changes)
    if connection.execute(update(store_state).values(asdict(state))).rowcount == 0:
        connection.execute(insert(store_state).values(id=1, **asdict(state)))
    return state
