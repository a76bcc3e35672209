"""The store's one row about itself: its generation, and how syncing stands."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from webapp.store.schema import store_state


@dataclass(frozen=True, slots=True)
class StoreState:
    """All instants are aware, in UTC, and `None` before the first time.

    `generation` rises with every commit that changes what a reader could see, last at `committed_at`. `imported_at` is
    when an import was last complete, `reached_at` when the source last answered. `import_offset` is the place of an
    import under way. `failures` counts attempts in a row that failed, the last with `fault`.
    """

    generation: int = 0
    committed_at: datetime | None = None
    imported_at: datetime | None = None
    reached_at: datetime | None = None
    import_offset: int = 0
    failures: int = 0
    fault: str | None = None
    next_sync_at: datetime | None = None


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
