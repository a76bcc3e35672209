"""How fresh the plan keeps the data: a simulated year, and the whole road to the feed's bytes for some weeks of it.

    python bench/freshness.py [--days 365] [--road-days 60] [--write docs/freshness.md]

The moves are drawn from the real ones, so PERIGEE_TEST_DATA must name their folder. Exits with 1 if the budget is ever
overdrawn, or a delay at 12 calls an hour is above what docs/freshness.md promises.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.clock import ManualClock
from tests.simulation import Findings, PlanAlone, WholeRoad, World, middle_and_95th, real_shifts
from tests.site import make_site
from webapp.settings import Settings

BUDGET = 12
PROMISED = (5, 8, 20, 35)  # Minutes at that budget: near events, median and 95th percentile, then all others.
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
HEADER = (
    "| What | Budget | Calls an hour, most | mean | Near: median | 95th | Others: median | 95th | Changes |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def row(what: str, budget: int, days: int, found: Findings) -> str:
    """Write one line of the table; delays in minutes."""
    near, others = middle_and_95th(found.near), middle_and_95th(found.others)
    mean = len(found.calls) / days / 24
    figures = " | ".join(f"{value:.1f}" for value in (*near, *others))
    changes = len(found.near) + len(found.others)
    return f"| {what} | {budget} | {found.most_calls_in_an_hour} | {mean:.1f} | {figures} | {changes} |"


def is_kept(budget: int, found: Findings) -> bool:
    """Whether the budget was kept, and at 12 calls an hour the delays that are promised."""
    near, others = middle_and_95th(found.near), middle_and_95th(found.others)
    within = all(delay < most for delay, most in zip((*near, *others), PROMISED, strict=True))
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
    parser.add_argument("--road-days", type=int, default=60)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    lines, kept = [HEADER], True
    for budget in (6, 12, 15):
        sys.stderr.write(f"planning {asked.days} days at {budget} calls an hour ...\n")
        found = PlanAlone(World(seed=1, days=asked.days, shifts=real_shifts()), budget=budget, seed=1).run()
        lines.append(row(f"The plan, {asked.days} days", budget, asked.days, found))
        kept = kept and is_kept(budget, found)
    sys.stderr.write(f"the whole road for {asked.road_days} days ...\n")
    found = whole_road(asked.road_days, BUDGET)
    lines.append(row(f"To the feed's bytes, {asked.road_days} days", BUDGET, asked.road_days, found))
    kept = kept and is_kept(BUDGET, found)
    table = "\n".join(lines)
    sys.stdout.write(f"{table}\n")
    if asked.write:
        text = asked.write.read_text("utf-8")
        before, _, rest = text.partition(BEGIN)
        asked.write.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", "utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
