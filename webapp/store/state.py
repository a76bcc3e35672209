"""The state of the store: its generation, the sync status, and the progress of each kind of entry."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from webapp.domain.chain import Origin
from webapp.domain.clock import believed, capped
from webapp.domain.entry import EntryKind
from webapp.store.schema import store_state, sync_chain, sync_progress

_LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of one kind of entry: how far it has been read. Instants are in UTC, `None` before the first time.

    `imported_at` is when an import last came to the end of the list. `import_offset` is the place of the import under
    way, which `import_started_at`. `changed_since` is up to which `last_updated` we know all changes, with
    `changed_offset` records more where many share it. `reached_at` is when the source last told something of the kind.

    Launches are imported with the first sweep of all that are upcoming. `swept_at` is when the last one was complete,
    of events when the upcoming ones were read before all others;
    `sweep_offset` and `sweep_started_at` are those of one under way. Their import is that of the history, which was
    once whole at `history_at`.
    """

    imported_at: datetime | None = None
    import_offset: int = 0
    import_started_at: datetime | None = None
    changed_since: datetime | None = None
    changed_offset: int = 0
    reached_at: datetime | None = None
    swept_at: datetime | None = None
    sweep_offset: int = 0
    sweep_started_at: datetime | None = None
    history_at: datetime | None = None

    @property
    def shown_at(self) -> datetime | None:
        """When what is upcoming of the kind was first there to be shown, or later."""
        return self.imported_at or self.swept_at

    def believed(self, now: datetime) -> "Progress":
        """Give what of it can be believed at `now`; see `StoreState.believed`."""
        changed_since = believed(self.changed_since, now)
        return replace(
            self,
            imported_at=capped(self.imported_at, now),
            import_started_at=capped(self.import_started_at, now),
            changed_since=changed_since,
            changed_offset=self.changed_offset if changed_since == self.changed_since else 0,
            reached_at=believed(self.reached_at, now),
            swept_at=believed(self.swept_at, now),
            sweep_started_at=capped(self.sweep_started_at, now),
            history_at=capped(self.history_at, now),
        )


@dataclass(frozen=True, slots=True)
class ChainState:
    """What is known of the source at `source_url`: whether it `is_chained`, being a Perigee, and what it told.

    `cursor` is the place in its list of histories; reading it from its beginning began at `began_at`, and has come to
    the end once if it `is_read`.
    """

    source_url: str
    is_chained: bool = False
    origin: Origin | None = None
    cursor: str = ""
    began_at: datetime | None = None
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class StoreState:
    """The state of the store. All instants are aware, in UTC, and `None` before the first time.

    `generation` rises with every commit that changes what a reader could see, last at `committed_at`. `reached_at`
    is when the source last answered. `failures` counts calls in a row that failed since `failing_since`, the last with
    `fault`. `paused_until` is when the source wants to be asked again, and `hourly_limit` how many calls an hour it
    last allowed us. `next_call_at` and `next_call` say what is planned. `progress` is that of each kind that was ever
    read. `chain` is what is known of the source as a link of a chain, once it was asked.
    """

    generation: int = 0
    committed_at: datetime | None = None
    reached_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    fault: str | None = None
    paused_until: datetime | None = None
    hourly_limit: int | None = None
    next_call_at: datetime | None = None
    next_call: str | None = None
    progress: Mapping[EntryKind, Progress] = field(default_factory=dict)
    chain: ChainState | None = None

    @property
    def origin(self) -> Origin | None:
        """The source at the beginning of the chain, where our own is a Perigee that told us of it."""
        return self.chain.origin if self.chain is not None and self.chain.is_chained else None

    @property
    def data_reached_at(self) -> datetime | None:
        """When Launch Library last answered, us or the first link of the chain: the data are as old as that."""
        return self.reached_at if self.origin is None else self.origin.reached_at

    @property
    def data_failing_since(self) -> datetime | None:
        """Since when new data have not come: our own calls fail, or those of a link before us."""
        told = None if self.origin is None else self.origin.failing_since
        return min((one for one in (self.failing_since, told) if one is not None), default=None)

    @property
    def data_committed_at(self) -> datetime | None:
        """When the data last changed, here or at the first link of the chain."""
        return (self.origin and self.origin.changed_at) or self.committed_at

    @property
    def imported_at(self) -> datetime | None:
        """When there was something to show: of the events, or of the launches where only they are read.

        A kind that is read later on takes nothing away that was shown before.
        """
        kinds = [kind for kind in EntryKind if kind in self.progress]
        return self.progress[kinds[0]].shown_at if kinds else None

    def progress_of(self, kind: EntryKind) -> Progress:
        """Give the progress of a kind of entry."""
        return self.progress.get(kind, Progress())

    def believed(self, now: datetime) -> "StoreState":
        """Give the state as it can be believed at `now`: of what was noted by a clock that was ahead, no instant is.

        That something has been stays so: it has been at the latest `now`.
        """
        return replace(
            self,
            committed_at=capped(self.committed_at, now),
            failing_since=capped(self.failing_since, now),
            reached_at=believed(self.reached_at, now),
            paused_until=believed(self.paused_until, now, ahead=_LONGEST_PAUSE),
            next_call_at=believed(self.next_call_at, now, ahead=_LONGEST_PAUSE),
            progress={kind: progress.believed(now) for kind, progress in self.progress.items()},
            chain=self.chain and _believed_chain(self.chain, now),
        )


def _believed_chain(chain: ChainState, now: datetime) -> ChainState:
    origin = chain.origin and replace(
        chain.origin,
        reached_at=believed(chain.origin.reached_at, now),
        failing_since=capped(chain.origin.failing_since, now),
        changed_at=capped(chain.origin.changed_at, now),
    )
    return replace(chain, origin=origin, began_at=believed(chain.began_at, now))


def get_state(connection: Connection) -> StoreState:
    """Read the store's state."""
    progress = {
        EntryKind(row["kind"]): Progress(**{key: value for key, value in row.items() if key != "kind"})
        for row in connection.execute(select(sync_progress).order_by(sync_progress.c.kind)).mappings()
    }
    row = connection.execute(select(store_state)).mappings().one_or_none()
    columns = {key: value for key, value in row.items() if key != "id"} if row else {}
    return StoreState(**columns, progress=progress, chain=_get_chain(connection))


def _get_chain(connection: Connection) -> ChainState | None:
    row = connection.execute(select(sync_chain)).mappings().one_or_none()
    if row is None:
        return None
    origin = None if row["links"] is None else Origin(**{name: row[name] for name in _ORIGIN})
    return ChainState(origin=origin, **{name: row[name] for name in _CHAIN})


def update_state(connection: Connection, **changes: Any) -> None:
    """Change some fields of the state, but for the progress and the chain."""
    values = _values(replace(get_state(connection), **changes))
    if connection.execute(update(store_state).values(values)).rowcount == 0:
        connection.execute(insert(store_state).values(id=1, **values))


def update_progress(connection: Connection, kind: EntryKind, **changes: Any) -> None:
    """Change some fields of the progress of a kind of entry."""
    values = asdict(replace(get_state(connection).progress_of(kind), **changes))
    of_kind = update(sync_progress).where(sync_progress.c.kind == kind.value)
    if connection.execute(of_kind.values(values)).rowcount == 0:
        connection.execute(insert(sync_progress).values(kind=kind.value, **values))


def put_chain(connection: Connection, chain: ChainState) -> None:
    """Write what is known of the source as a link of a chain."""
    told = {name: getattr(chain.origin, name) for name in _ORIGIN} if chain.origin else dict.fromkeys(_ORIGIN)
    values = {name: getattr(chain, name) for name in _CHAIN} | told
    if connection.execute(update(sync_chain).values(values)).rowcount == 0:
        connection.execute(insert(sync_chain).values(id=1, **values))


_ORIGIN = tuple(part.name for part in fields(Origin))
_CHAIN = tuple(part.name for part in fields(ChainState) if part.name != "origin")
ELSEWHERE = frozenset({"progress", "chain"})
"""The fields of the state that stand in tables of their own."""


def _values(state: StoreState) -> dict[str, Any]:
    return {part.name: getattr(state, part.name) for part in fields(state) if part.name not in ELSEWHERE}
