"""How fresh the plan keeps the data, in simulated minutes: see docs/freshness.md.

`make soak` simulates a whole year of plans, and more days of everything.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import ManualClock
from tests.simulated_world import World, real_shifts
from tests.simulation import (
    Findings,
    PlanAlone,
    WholeRoad,
    is_calm,
    is_near,
    is_near_beside_another,
    is_outcome,
    middle_and_95th,
    pooled,
)
from tests.site import Site, make_site
from tests.soak import length
from webapp.domain.entry import EntryKind
from webapp.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.campaign]

BUDGET = 12
DAYS = length(15, long=365)
DAYS_OF_ALL = length(3, long=8)


def assert_fresh(found: Findings, *, budget: int) -> None:
    assert found.most_calls_in_an_hour <= budget
    near, beside = middle_and_95th(found.minutes(is_near)), middle_and_95th(found.minutes(is_near_beside_another))
    assert (near[0] < 4, beside[0] < 6) == (True, True), (near, beside)
    events = middle_and_95th(found.minutes(is_calm(EntryKind.EVENT)))
    launches = middle_and_95th(found.minutes(is_calm(EntryKind.LAUNCH)))
    assert (events[0] < 13, launches[0] < 20) == (True, True), (events, launches)
    outcome = middle_and_95th(found.minutes(is_outcome))
    assert (outcome[0] < 20, outcome[1] < 35) == (True, True), outcome


def test_months_of_plans_keep_the_budget_and_the_delays() -> None:
    # Something of both kinds is seldom near: that is judged over several worlds together.
    worlds = {seed: World(seed=seed, days=DAYS, shifts=real_shifts()) for seed in (1, 2, 3)}
    found = pooled([PlanAlone(world, budget=BUDGET, seed=seed).run() for seed, world in worlds.items()])
    assert len(found.delays) > len(worlds) * 1500 * DAYS / 365
    assert_fresh(found, budget=BUDGET)


@pytest.mark.parametrize("budget", [1, 3, 30])
def test_another_budget_is_kept_too(budget: int) -> None:
    world = World(seed=3, days=length(10, long=40), shifts=real_shifts())
    assert PlanAlone(world, budget=budget, seed=3).run().most_calls_in_an_hour <= budget


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = Settings.load({"PERIGEE_DATA_DIR": str(tmp_path), "PERIGEE_SAMPLE": "off"})
    site = make_site(settings, ManualClock())
    yield site
    site.close()


@pytest.mark.soak
def test_the_whole_road_to_the_feeds_bytes_is_as_quick(site: Site) -> None:
    world = World(seed=4, days=DAYS_OF_ALL, shifts=real_shifts())
    found = WholeRoad(world, site.store, site.client, site.clock, budget=BUDGET, seed=4).run()
    assert len(found.delays) >= 0.97 * len(world.changes())
    assert found.most_calls_in_an_hour <= BUDGET
    # Some days hold too little of each sort to judge them apart: that is done over months of plans.
    near, _ = middle_and_95th(found.minutes(lambda delay: delay.move.is_near))
    calm, most = middle_and_95th(found.minutes(lambda delay: not delay.move.is_near))
    assert (near < 6, calm < 20, most < 60) == (True, True, True), (near, calm, most)
