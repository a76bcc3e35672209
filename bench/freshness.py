"""How fresh the plan keeps the data: simulated years, and the whole road to the feed's bytes for some weeks of it.

    python bench/freshness.py [--days 365] [--road-days 20] [--write docs/freshness.md]

The moves are drawn from the real ones, so PERIGEE_TEST_DATA must name their folder. Exits with 1 if the budget is ever
overdrawn, or a delay at 12 calls an hour is above what docs/freshness.md promises.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.clock import ManualClock
from tests.simulated_world import World, real_shifts
from tests.simulation import (
    Delay,
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
from tests.site import make_site
from webapp.domain.entry import EntryKind
from webapp.settings import Settings

BUDGET = 12
BOTH, EVENTS_ALONE = tuple(EntryKind), (EntryKind.EVENT,)
PLANS = (
    ("a year", 6, BOTH, 1),
    ("three years", 12, BOTH, 3),
    ("a year", 15, BOTH, 1),
    ("events alone", 12, EVENTS_ALONE, 1),
)
"""The plans: a word for each, its budget, its kinds, and how many years; both kinds are seldom near in one of them."""

GROUPS: dict[str, tuple[Callable[[Delay], bool], float, float]] = {
    "Near": (is_near, 4, inf),
    "Near, both kinds": (is_near_beside_another, 6, inf),
    "Other events": (is_calm(EntryKind.EVENT), 13, inf),
    "Other launches": (is_calm(EntryKind.LAUNCH), 20, inf),
    "Outcomes": (is_outcome, 20, 35),
}
"""Which changes are told apart, and the minutes that are promised of each at that budget: median, 95th percentile."""

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
HEADER = (
    f"| What | Budget | Most calls an hour | Mean | {' | '.join(GROUPS)} | Changes |\n"
    f"| --- | ---: | ---: | ---: |{' ---: |' * len(GROUPS)} ---: |"
)


def delays_of(found: Findings) -> Iterator[tuple[tuple[float, float] | None, tuple[float, float]]]:
    """Give the median and the 95th percentile of each group, `None` if there are none, and what is promised."""
    for belongs, *promised in GROUPS.values():
        minutes = found.minutes(belongs)
        yield middle_and_95th(minutes) if minutes else None, (promised[0], promised[1])


def row(what: str, budget: int, days: int, found: Findings) -> str:
    """Write one line of the table: each group's median and 95th percentile, in minutes."""
    delays = " | ".join(f"{delay[0]:.1f}, {delay[1]:.1f}" if delay else "–" for delay, _ in delays_of(found))
    calls = f"{found.most_calls_in_an_hour} | {len(found.calls) / days / 24:.1f}"
    return f"| {what} | {budget} | {calls} | {delays} | {len(found.delays)} |"


def is_kept(budget: int, found: Findings) -> bool:
    """Whether the budget was kept, and from 12 calls an hour on the delays that are promised."""
    within = all(
        delay[0] < middle and delay[1] < most for delay, (middle, most) in delays_of(found) if delay is not None
    )
    return found.most_calls_in_an_hour <= budget and (within or budget < BUDGET)


def whole_road(days: int, budget: int) -> Findings:
    """Run the real engine, store and feed over a world of so many days."""
    with TemporaryDirectory() as folder:
        settings = Settings.load({"PERIGEE_DATA_DIR": folder, "PERIGEE_SAMPLE": "off"})
        site = make_site(settings, ManualClock())
        world = World(seed=days, days=days, shifts=real_shifts())
        found = WholeRoad(world, site.store, site.client, site.clock, budget=budget, seed=days).run()
        site.close()
    return found


def main() -> int:
    """Run all, print the table, and write it where asked."""
    parser = ArgumentParser(description="How fresh the plan keeps the data.")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--road-days", type=int, default=20)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    lines, kept = [HEADER], True
    for what, budget, days, found in _findings(asked.days, asked.road_days):
        lines.append(row(what, budget, days, found))
        sys.stderr.write(f"{lines[-1]}\n")
        kept = kept and is_kept(budget, found)
    table = "\n".join(lines)
    sys.stdout.write(f"{table}\n")
    if asked.write:
        text = asked.write.read_text("utf-8")
        before, _, rest = text.partition(BEGIN)
        asked.write.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", "utf-8")
    return 0 if kept else 1


def _findings(days: int, road_days: int) -> Iterator[tuple[str, int, int, Findings]]:
    """Run all, and give what each is, its budget, its days, and what it found."""
    shifts = real_shifts()
    for what, budget, kinds, years in PLANS:
        worlds = [World(seed=seed, days=days, shifts=shifts, kinds=kinds) for seed in range(1, years + 1)]
        found = [PlanAlone(world, budget=budget, seed=seed).run() for seed, world in enumerate(worlds, start=1)]
        yield f"The plan, {what}", budget, days * years, pooled(found)
    yield f"To the feed's bytes, {road_days} days", BUDGET, road_days, whole_road(road_days, BUDGET)


if __name__ == "__main__":
    raise SystemExit(main())
