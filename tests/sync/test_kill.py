"""Killed at any instant, the store is whole, nothing is lost or doubled, and the next run ends where it would have.

Twenty-five processes are killed on each engine, one after the other, each at a moment that chance chooses; `make soak`
kills a thousand.
"""

import json
import logging
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import SystemRandom

import pytest

from tests.clock import NOW
from tests.fake_ll2 import Fault
from tests.postgres import Postgres
from tests.soak import length
from tests.store.engines import ENGINES
from tests.sync.campaign import Phase, Round, Syncers, begun_round, running_syncers
from tests.sync.ledger import Ledger, Witness

pytestmark = pytest.mark.campaign

log = logging.getLogger(__name__)

KILLS = length(5, long=1000)
_MOST_CALLS = length(8, long=4)
"""How many calls at most a process makes before it is killed: few kills are spread over all that happens."""

_LONGEST_SECONDS = 0.04
_FAULTS = (Fault.UNAVAILABLE_503, Fault.RESET_MID_BODY, Fault.TRUNCATED_JSON)
_chance = SystemRandom()

Begin = Callable[[], AbstractContextManager[Round]]


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What a run without any disturbance came to, and the port of its upstream, which records name."""

    ledger: Ledger
    port: int


@pytest.fixture(scope="module")
def syncers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Syncers]:
    with running_syncers(tmp_path_factory.mktemp("warm") / "clock") as syncers:
        yield syncers


@pytest.fixture(scope="module")
def undisturbed(syncers: Syncers, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder, ledger = tmp_path_factory.mktemp("undisturbed"), Ledger()
    url = f"sqlite:///{folder / 'store.db'}"
    with begun_round(syncers, url, folder, on_stage=lambda touched: ledger.note(url, touched)) as one:
        one.finish()
        log.info("%d requests in %s", len(one.upstream.requests), syncers.clock() - NOW)
        return Undisturbed(ledger, one.upstream.port)


@pytest.fixture(params=[ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.soak)])
def begin(request: pytest.FixtureRequest, syncers: Syncers, undisturbed: Undisturbed, tmp_path: Path) -> Begin:
    """Begin rounds on an engine, each with a database of its own that does not exist yet."""
    numbers = count(1)
    postgres: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None

    @contextmanager
    def begin() -> Iterator[Round]:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        if postgres is None:
            with begun_round(
                syncers, f"sqlite:///{folder / 'store.db'}", folder, port=undisturbed.port, is_uneven=True
            ) as one:
                yield one
        else:
            with (
                postgres.database(migrated=False) as url,
                begun_round(syncers, url, folder, port=undisturbed.port, is_uneven=True) as one,
            ):
                yield one

    return begin


def test_the_undisturbed_run_sees_changes_of_every_kind(undisturbed: Undisturbed) -> None:
    history = [change for holding in undisturbed.ledger.last.values() for change in holding.history]
    assert Counter(kind for _, kind, _ in history) == {
        "added": 7,
        "returned": 4,
        "status": 27,
        "slipped": 28,
        "adjusted": 11,
        "refined": 6,
        "vaguer": 10,
        "renamed": 8,
        "webcast_added": 9,
        "gone_live": 10,
        "ended": 10,
        "edited": 24,
        "withdrawn": 8,
    }
    scrubs = Counter(number for _, _, details in history if (number := json.loads(details).get("scrub_number")))
    assert scrubs == {1: 1, 2: 1, 3: 1}


def test_killed_at_any_instant_it_ends_where_it_would_have_ended(begin: Begin, undisturbed: Undisturbed) -> None:
    killed: Counter[str] = Counter()
    rounds = 0
    while not _is_enough(killed):
        with begin() as one:
            witness = Witness(one.url, undisturbed.ledger)
            while not _is_enough(killed) and not one.upstream.is_done.is_set():
                killed[_kill_one(one, witness)] += 1
            if not one.upstream.is_done.is_set():
                # Calls are forgotten after two days, of which the clock here has many in a minute.
                one.finish(witness.look)
            witness.look()
            assert witness.held == undisturbed.ledger.last
            _assert_calls_were_noted(one, witness)
            rounds += 1
            log.info("%d killed in %d rounds, within %s", killed.total(), rounds, dict(killed))


def _is_enough(killed: Counter[str]) -> bool:
    """Whether enough were killed, and some of them at each of what takes most of the time."""
    assert killed.total() < 20 * KILLS, f"not killed at everything: {dict(killed)}"
    return killed.total() >= KILLS and {Phase.STARTING.name, Phase.WRITING.name, "A CALL"} <= set(killed)


def _kill_one(one: Round, witness: Witness) -> str:
    """Start a process, kill it at some moment, look at the store, and say what the process was at."""
    if _chance.random() < 0.1:
        # What comes after a first import that was not complete is no news while it may have been there before.
        shrunk = (Fault.SHRUNK,) if one.upstream.is_imported else ()
        one.upstream.fail(_chance.choice((*_FAULTS, *shrunk)))
    upstream, calls = one.upstream, _chance.randrange(_MOST_CALLS)
    heard = len(upstream.requests)
    pid = one.start()
    upstream.wait_for_requests(heard + calls, 10)
    time.sleep(_chance.uniform(0, _LONGEST_SECONDS))
    phase, status = one.syncers.clock.phase, one.syncers.kill(pid)
    assert status == -signal.SIGKILL
    is_calling = witness.look()
    return "A CALL" if is_calling and phase is Phase.BETWEEN else phase.name


def _assert_calls_were_noted(one: Round, witness: Witness) -> None:
    """Assert that no request went out that the store does not know of, and that the source never turned one away."""
    noted = Counter(call.task == "throttle" for call in witness.calls.values())
    asked = Counter(seen.path.endswith("/api-throttle/") for seen in one.upstream.requests)
    assert asked <= noted
    assert 429 not in {seen.status for seen in one.upstream.requests}
