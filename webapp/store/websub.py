"""The WebSub hub in the store: up to which generation it has been told that the feeds changed, and how that goes."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from webapp.domain.clock import latest_believed
from webapp.store.schema import websub_hub


@dataclass(frozen=True, slots=True)
class HubState:
    """The hub at `url`, which took the generation `announced` last. Instants are in UTC.

    `failures` counts attempts in a row that failed since `failing_since`, the last with `fault`; `retry_at` is when the
    next is made.
    """

    url: str
    announced: int
    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    fault: str | None = None


def get_hub(connection: Connection) -> HubState | None:
    """Give the hub as it stands; `None` before one was first named."""
    row = connection.execute(select(websub_hub)).mappings().one_or_none()
    return None if row is None else HubState(**{name: value for name, value in row.items() if name != "id"})


def put_hub(connection: Connection, hub: HubState) -> None:
    """Write how the hub stands, in place of whichever there was."""
    connection.execute(delete(websub_hub))
    connection.execute(insert(websub_hub).values(id=1, **asdict(hub)))


def skip_announcements(connection: Connection, generation: int) -> None:
    """Count everything up to a generation as announced."""
    well = {"failures": 0, "failing_since": None, "retry_at": None, "fault": None}
    connection.execute(update(websub_hub).values(announced=generation, **well))


def repair_hub(connection: Connection, now: datetime) -> None:
    """Repair what a clock wrote that was ahead."""
    is_future = websub_hub.c.failing_since > latest_believed(now)
    connection.execute(update(websub_hub).where(is_future).values(failing_since=now))
