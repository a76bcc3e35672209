"""The simulation of notices: ten runs every day, a thousand in `make soak`. A failure is replayed by its number."""

from pathlib import Path

import pytest

from tests.notify.simulation import Simulation
from tests.notify.stage import make_stage
from tests.soak import length

RUNS = length(10, long=1000)


@pytest.mark.slow
@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(RUNS))
def test_each_reader_knows_how_things_stand_and_was_never_misled(tmp_path: Path, seed: int) -> None:
    with make_stage(tmp_path) as stage:
        Simulation(stage, seed).run()
