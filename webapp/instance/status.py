"""The sync status at one moment, also as JSON for programs. `docs/operating.md` explains its keys."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from webapp import __version__
from webapp.domain.clock import latest_believed
from webapp.domain.entry import EntryKey, EntryKind
from webapp.domain.instants import iso_utc
from webapp.domain.pictures import PicturePolicy
from webapp.domain.words import FIRST_FEW, moment_words
from webapp.instance.site import Site, site
from webapp.store import (
    Call,
    Channel,
    Counts,
    HubState,
    NoticeCounts,
    PictureCounts,
    Rejected,
    Snapshot,
    StoreState,
    Subscriber,
    TaskState,
)

FREE_TASKS = frozenset({"throttle", "chain"})
"""The tasks whose calls cost nothing of the budget."""

_HOUR = timedelta(hours=1)
_LATEST = 10
_FUTURE = "future"  # The alert that no one raises: it is seen by looking.


@dataclass(frozen=True, slots=True)
class PictureStatus:
    """The pictures that are held, and how many MiB they may have; `lack` is why there are none to come, if so."""

    counts: PictureCounts
    most_mib: int
    lack: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeStatus:
    """The notices to browsers (`push`) and to the owner's targets, whose rules that fail are `failing_rules`.

    They are paused where the database is a copy. `lack` is why none are sent, if so. `hub` is the WebSub hub, where one
    is named and was looked at.
    """

    push: NoticeCounts = field(default_factory=NoticeCounts)
    targets: NoticeCounts = field(default_factory=NoticeCounts)
    failing_rules: tuple[Subscriber, ...] = ()
    is_paused: bool = False
    lack: str | None = None
    hub: HubState | None = None

    @property
    def has_subscribers(self) -> bool:
        """Whether there is anybody to tell."""
        return bool(self.push.subscribers or self.targets.subscribers)


@dataclass(frozen=True, slots=True)
class Status:
    """The sync status. `hourly_budget` is how many calls an hour we are set to make.

    `trouble` is what keeps the process that answers from writing to the store, and `alerts` what is not as it should be
    though no call failed, by name. What a clock noted that was ahead is in none of it. `rejected` are the
    first few records that could not be understood, of `rejected_count`. `are_kinds_chosen` says whether the owner chose
    which kinds of entry there are.
    """

    state: StoreState
    counts: Counts
    tasks: dict[str, TaskState]
    calls: tuple[Call, ...]
    calls_last_hour: int
    rejected: tuple[Rejected, ...]
    rejected_count: int
    doubts: int
    hourly_budget: int
    is_syncing: bool
    stand_in: str | None
    trouble: str | None
    now: datetime
    pictures: PictureStatus
    alerts: Mapping[str, str] = field(default_factory=dict)
    are_kinds_chosen: bool = True
    notices: NoticeStatus = field(default_factory=NoticeStatus)

    @property
    def lacks_launches(self) -> bool:
        """Whether there are only events because there were before launches came, and the owner has not chosen."""
        return not self.are_kinds_chosen and self.state.progress.keys() == {EntryKind.EVENT}

    @property
    def source_age_seconds(self) -> int | None:
        """How long ago our own source last answered: another Perigee in a chain, else Launch Library."""
        return self._age(self.state.reached_at)

    @property
    def age_seconds(self) -> int | None:
        """How long ago Launch Library last answered, us or the first link of a chain, if ever: the age of the data."""
        return self._age(self.state.data_reached_at)

    def _age(self, reached_at: datetime | None) -> int | None:
        # The clocks of two machines may differ a little.
        return None if reached_at is None else max(int((self.now - reached_at).total_seconds()), 0)


def current_status() -> Status:
    """Read the sync status for the present request. Raises `StoreUnavailableError`."""
    here, real = site(), site().editions.real
    stand_in = here.editions.stand_in_shown()
    with real.store.read() as snapshot:
        return gather(
            snapshot,
            now=real.clock(),
            hourly_budget=here.hourly_budget,
            stand_in=stand_in.name if stand_in else None,
            trouble=here.trouble(),
            are_kinds_chosen=here.are_kinds_chosen,
            pictures=PictureStatus(snapshot.pictures.count(), here.pictures_mib, _lack_of_pictures(here)),
            has_address=here.public_url is not None,
            hub_url=here.hub_url,
        )


def gather(
    snapshot: Snapshot, *, now: datetime, hourly_budget: int, stand_in: str | None, trouble: str | None,
    are_kinds_chosen: bool, pictures: PictureStatus, has_address: bool = True, hub_url: str = "",
) -> Status:  # fmt: skip
    """Read the sync status."""
    memory, until = snapshot.sync, latest_believed(now)
    lease = memory.lease
    return Status(
        state=snapshot.state.believed(now),
        counts=snapshot.count_all(),
        tasks={name: task.believed(now) for name, task in memory.list_tasks().items()},
        calls=tuple(memory.list_calls(until=until, limit=_LATEST)),
        calls_last_hour=sum(call.task not in FREE_TASKS for call in memory.list_calls(since=now - _HOUR, until=until)),
        rejected=tuple(snapshot.list_rejected(limit=FIRST_FEW)),
        rejected_count=snapshot.count_rejected(),
        doubts=len(memory.list_doubts()),
        hourly_budget=hourly_budget,
        is_syncing=lease is not None and lease.is_in_force(now),
        stand_in=stand_in,
        trouble=trouble,
        now=now,
        pictures=pictures,
        alerts=dict(_alerts(snapshot, now)),
        are_kinds_chosen=are_kinds_chosen,
        notices=_gather_notices(snapshot, now, has_address=has_address, hub_url=hub_url),
    )


def _gather_notices(snapshot: Snapshot, now: datetime, *, has_address: bool, hub_url: str) -> NoticeStatus:
    memory, hub = snapshot.notices, snapshot.hub
    return NoticeStatus(
        push=memory.count(Channel.PUSH, now),
        targets=memory.count(Channel.TARGET, now),
        failing_rules=tuple(memory.list_failing(Channel.TARGET)),
        is_paused=memory.is_paused,
        lack=None if has_address else "PERIGEE_PUBLIC_URL is not set",
        hub=hub if hub is not None and hub.url == hub_url else None,
    )


def _lack_of_pictures(here: Site) -> str | None:
    if here.pictures is PicturePolicy.OFF:
        return "off"
    return None if here.makes_pictures else "install perigee[pictures]"


def _alerts(snapshot: Snapshot, now: datetime) -> Iterator[tuple[str, str]]:
    for name, alert in snapshot.sync.list_alerts().items():
        yield name, alert.words
    latest = snapshot.latest_instant()
    if latest is not None and latest > latest_believed(now):
        yield _FUTURE, f"The database contains times in the future, up to {moment_words(latest)}"


def status_document(status: Status) -> dict[str, Any]:
    """Give all of it for programs; instants are ISO 8601 in UTC, or null."""
    state = status.state
    return {
        "version": __version__,
        "edition": status.stand_in or "real",
        "generation": state.generation,
        "committed_at": _iso(state.committed_at),
        "reached_at": _iso(state.data_reached_at),
        "age_seconds": status.age_seconds,
        "chain": _chain_document(state),
        "imported_at": _iso(state.imported_at),
        "is_syncing": status.is_syncing,
        "failing_since": _iso(state.failing_since),
        "failures": state.failures,
        "fault": state.fault,
        "trouble": status.trouble,
        "alerts": dict(status.alerts),
        "paused_until": _iso(state.paused_until),
        "next_call": {"at": _iso(state.next_call_at), "task": state.next_call},
        "budget": {
            "calls_last_hour": status.calls_last_hour,
            "hourly_budget": status.hourly_budget,
            "hourly_limit": state.hourly_limit,
        },
        "counts": {
            "events": status.counts.events,
            "launches": status.counts.launches,
            "withdrawn": status.counts.withdrawn,
            "changes": status.counts.changes,
            "rejected": status.rejected_count,
            "doubted": status.doubts,
        },
        "pictures": {
            "held": status.pictures.counts.pictures,
            "cards": status.pictures.counts.cards,
            "failing": status.pictures.counts.failing,
            "bytes": status.pictures.counts.size,
            "most_bytes": status.pictures.most_mib * 2**20,
            "lack": status.pictures.lack,
        },
        "notices": _notices_document(status.notices),
        "tasks": {name: _task_document(task) for name, task in sorted(status.tasks.items())},
        "calls": [_call_document(call) for call in status.calls],
        "rejected": [
            {"event_id": _json_id(record), "reason": record.reason, "seen_at": _iso(record.seen_at)}
            for record in status.rejected
        ],
    }


def _chain_document(state: StoreState) -> dict[str, Any] | None:
    if state.origin is None:
        return None
    return {
        "links": state.origin.links,
        "source": state.origin.name,
        "source_url": state.origin.url,
        "failing_since": _iso(state.origin.failing_since),
        "upstream_reached_at": _iso(state.reached_at),
    }


def _notices_document(notices: NoticeStatus) -> dict[str, Any]:
    return {
        "paused": notices.is_paused,
        "lack": notices.lack,
        "push": _counts_document(notices.push),
        "targets": _counts_document(notices.targets),
        "failing_rules": [
            {"name": rule.subscription.name, "failures": rule.failures, "failing_since": _iso(rule.failing_since)}
            for rule in notices.failing_rules
        ],
        "hub": notices.hub
        and {
            "url": notices.hub.url,
            "announced": notices.hub.announced,
            "failures": notices.hub.failures,
            "failing_since": _iso(notices.hub.failing_since),
        },
    }


def _counts_document(counts: NoticeCounts) -> dict[str, Any]:
    return {
        "subscribers": counts.subscribers,
        "failing": counts.failing,
        "waiting": counts.waiting,
        "waiting_since": _iso(counts.oldest),
        "sent_last_day": counts.sent,
    }


def _task_document(task: TaskState) -> dict[str, Any]:
    return {
        "tried_at": _iso(task.tried_at),
        "succeeded_at": _iso(task.succeeded_at),
        "failures": task.failures,
        "retry_at": _iso(task.retry_at),
        "fault": task.fault,
    }


def _call_document(call: Call) -> dict[str, Any]:
    return {
        "called_at": _iso(call.called_at),
        "finished_at": _iso(call.finished_at),
        "task": call.task,
        "reason": call.reason,
        "outcome": call.outcome,
        "fault": call.fault,
    }


def _json_id(rejected: Rejected) -> int | str | None:
    return None if rejected.source_id is None else EntryKey(rejected.kind, rejected.source_id).json_id


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso_utc(moment)
