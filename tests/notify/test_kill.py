"""Kills: whenever the process that syncs is killed, every change is told, and under the id that it always has."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.databases import migrated_store
from tests.marks import Guard
from tests.notify.receiver import Receiver, running_receiver
from tests.notify.stage import event
from tests.notify.test_websub import hub_of, running_hub
from tests.processes import PERIGEE, run_here, wait_until
from tests.soak import length
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.store import HubState, Store

pytestmark = [pytest.mark.slow, pytest.mark.campaign, pytest.mark.service]

KILLS = length(2, long=100)
_EVENTS = 4  # At once, so that none of them is in a digest.
_LONGEST_LIFE_SECONDS = 3.0


def test_however_often_it_is_killed_nothing_is_lost(tmp_path: Path) -> None:
    chance, rules = Random(KILLS), tmp_path / "rules.toml"  # noqa: S311 - no secret
    with running_receiver() as receiver, closing(Store(f"sqlite:///{tmp_path / 'perigee.db'}")) as store:
        receiver.delay = 0.05
        rules.write_text(f'[[rule]]\nname = "all"\ntarget = "http://{receiver.address}/"\n')
        environ = {"PERIGEE_PUBLIC_URL": "https://space.example", "PERIGEE_NOTIFY": str(rules)}
        assert run_here("migrate", data=tmp_path, **environ).returncode == 0
        with store.write() as writer:
            writer.update_progress(EntryKind.EVENT, imported_at=datetime.now(UTC))
        with syncing(tmp_path, environ):
            wait_until(lambda: has_subscriber(store))
        free_lease(store)
        for turn in range(KILLS):
            change_all(store, turn)
            with syncing(tmp_path, environ):
                time.sleep(chance.uniform(0, _LONGEST_LIFE_SECONDS))
            free_lease(store)
        with syncing(tmp_path, environ):
            wait_until(lambda: told(receiver) >= set(range(1, KILLS * _EVENTS + 1)))
        assert told(receiver) == set(range(1, KILLS * _EVENTS + 1))


def test_what_a_killed_process_had_not_told_the_hub_the_next_one_does(tmp_path: Path) -> None:
    with running_hub() as hub, closing(migrated_store(tmp_path / "perigee.db")) as store:
        environ = {"PERIGEE_PUBLIC_URL": "https://space.example", "PERIGEE_WEBSUB_HUB": hub.url}
        # What a process leaves that knew the hub, took in changes, and was killed before it announced them.
        with store.write() as writer:
            writer.put_hub(HubState(hub.url, writer.state.generation))
        change_all(store, 0)
        with syncing(tmp_path, environ):
            wait_until(lambda: has_announced(store))
        free_lease(store)
        assert len(hub.pings) == 1
        with syncing(tmp_path, environ):
            wait_until(lambda: is_lease_in_force(store))
            time.sleep(1.5)  # It looks every second.
        assert len(hub.pings) == 1


def has_announced(store: Store) -> bool:
    hub = hub_of(store)
    with store.read() as snapshot:
        return hub is not None and hub.announced == snapshot.state.generation


def is_lease_in_force(store: Store) -> bool:
    with store.read() as snapshot:
        return (lease := snapshot.sync.lease) is not None and lease.is_in_force(datetime.now(UTC))


@contextmanager
def syncing(data: Path, environ: dict[str, str]) -> Iterator[None]:
    """Sync until the block ends, and kill the process then."""
    Guard.claim_service()
    clean = {"PATH": os.environ["PATH"], "HOME": str(data), "PERIGEE_DATA_DIR": str(data)}
    nowhere = {"PERIGEE_LL2_URL": "http://127.0.0.1:9/"}
    with subprocess.Popen(
        [PERIGEE, "sync", "--watch"],
        env=clean | environ | nowhere,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGKILL)


def change_all(store: Store, turn: int) -> None:
    now = datetime.now(UTC)
    dated = [event(number, date=now + timedelta(days=30 + turn)) for number in range(1, _EVENTS + 1)]
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(entry, "{}") for entry in dated], now=now)


def free_lease(store: Store) -> None:
    """Let the next process have the lease at once, for which it would wait until the dead one's ends."""
    with store.write() as writer:
        if (lease := writer.sync.lease) is not None:
            writer.sync.put_lease(replace(lease, expires_at=datetime.now(UTC)))


def has_subscriber(store: Store) -> bool:
    with store.read() as snapshot:
        return bool(snapshot.notices.list_subscribers())


def told(receiver: Receiver) -> set[int]:
    """Give the numbers of the changes that were told."""
    items = [json.loads(received.body) for received in list(receiver.received)]
    found = [change["number"] for item in items for change in item["_perigee"]["changes"]]
    # The same changes always come under one id, by which a receiver knows what it has.
    assert {item["id"] for item in items} == {f"perigee:change:{max_number(item)}" for item in items}
    return set(found)


def max_number(item: dict[str, dict[str, list[dict[str, int]]]]) -> int:
    return max(change["number"] for change in item["_perigee"]["changes"])
