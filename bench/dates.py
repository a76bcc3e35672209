"""Whether past dates tell anything of future ones: the first half of real data forecasts the second.

Usage: PERIGEE_TEST_DATA=FOLDER python bench/dates.py [--write FILE]. Of the launches of January to April 2026, and of
the 39 days of events, each case that was known at the middle of the time forecasts those that were reached after it. A
forecast is the share that held of the same lead and precision, of 20 cases and more, else that of all. It is compared,
by its Brier score (less is better), with "all dates hold" and with one share for all. Of the error it is told how
many lie between the 10th and the 90th of a hundred of the first half, which should be about 80 %. The events are too
few for halves: each is also forecast by all others, where few cases are drawn to the share for all. Exits with 1 if
the launches' forecast is no better than both.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import fmean, quantiles

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.date_ledger import Sight, sight_of_event, sight_of_launch
from tests.fake_ll2.daily import daily_snapshots
from tests.fake_ll2.launch_moments import BEGINNING, launch_moments
from webapp.domain.changes import KnownDate
from webapp.domain.date_history import Announcement
from webapp.domain.date_ledger import Case, Lead, Outcome, ending_of, is_held, list_cases, tolerated
from webapp.domain.intervals import SMALLEST_SAMPLE
from webapp.domain.precision import Step

UNTIL = BEGINNING + timedelta(days=105)
SMALLEST_BAND = 30
DRAWN_BY = 5
"""As strongly as by so many cases, what few tell is drawn to the share for all."""

Band = tuple[Lead, Outcome]
"""How far ahead, and within which time a date that is known so finely holds."""


@dataclass(frozen=True)
class KnownCase:
    """A case of an entry, and since when it is known what came of it."""

    case: Case
    known_at: datetime
    entry_id: str

    @property
    def band(self) -> Band:
        """What dates it is counted with."""
        return self.case.lead, tolerated(self.case.step)

    @property
    def held(self) -> bool:
        """Whether the date held."""
        return is_held(self.case.step, self.case.outcome)


def main() -> int:
    """Make the forecasts, and print how good they are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", type=Path, help="a file that the lines are written to as well")
    asked = parser.parse_args()
    launches, events = _cases(_launch_sights()), _cases(_event_sights())
    lines = [
        *_lines("Launches, January to April 2026", launches),
        *_lines("Events, 39 days of 2020", events),
        *_lines_left_out("Events, each forecast by all others", events),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    if asked.write:
        asked.write.write_text("\n".join(lines) + "\n", "utf-8")
    return 0 if _is_skilled(*_halves(launches)) else 1


def _launch_sights() -> Iterator[Sight]:
    known: dict[str, object] = {}
    for moment in launch_moments(UNTIL):
        for id_, facts in moment.facts.items():
            if known.get(id_) != facts:
                yield sight_of_launch(moment.at, id_, facts)
        known = dict(moment.facts)


def _event_sights() -> Iterator[Sight]:
    for day in daily_snapshots():
        at = datetime.combine(day.day, time(6), UTC)
        yield from (sight_of_event(at, record) for record in day.raw)


def _cases(sights: Iterable[Sight]) -> list[KnownCase]:
    """Give the cases of which is known what came of them at the end, without those of which nobody said."""
    seen, last = defaultdict[str, list[Sight]](list), datetime.min.replace(tzinfo=UTC)
    for sight in sights:
        seen[sight.id].append(sight)
        last = max(last, sight.at)
    found = []
    for id_, states in seen.items():
        announced = [Announcement(one.at, KnownDate(one.start, one.precision), one.status) for one in states]
        known = announced[-1].known
        if known is None:
            continue
        ending = ending_of(announced, known, states[-1].over, is_launch=states[-1].status is not None)
        if ending.known_at <= last:
            cases = list_cases(announced, ending, [])
            found += [KnownCase(case, ending.known_at, id_) for case in cases if case.outcome is not Outcome.UNKNOWN]
    return sorted(found, key=lambda one: one.case.crossed_at)


def _halves(cases: Sequence[KnownCase]) -> tuple[list[KnownCase], list[KnownCase]]:
    """Part the cases at the middle of the time; those that were open then are in neither half."""
    first, last = cases[0].case.crossed_at, cases[-1].case.crossed_at
    middle = first + (last - first) / 2
    return [one for one in cases if one.known_at <= middle], [one for one in cases if one.case.crossed_at > middle]


def _lines(title: str, cases: Sequence[KnownCase]) -> Iterator[str]:
    first, second = _halves(cases)
    yield f"{title}: {len(first)} cases forecast {len(second)}"
    for words, forecast in _forecasts(first).items():
        yield f"  Brier score, {words:28} {_brier(second, forecast):.3f}"
    before, after = _by_band(first), _by_band(second)
    for band in sorted(after, key=lambda one: (one[0], one[1].value)):
        known, then = before.get(band, []), after[band]
        yield f"  {_band_words(band)} {_held_words(known)}, then {_held_words(then)}"
    for lead in Lead:
        known, then = (_timed(half, lead) for half in (first, second))
        if min(len(known), len(then)) >= SMALLEST_BAND:
            yield f"  {lead.value:5} h ahead, with a clock time: {_coverage(known, then):.0%} in the 80 % interval"
    yield ""


def _held_words(cases: Sequence[KnownCase]) -> str:
    return f"{sum(one.held for one in cases):3} of {len(cases):3}"


def _timed(cases: Sequence[KnownCase], lead: Lead) -> list[KnownCase]:
    return [one for one in cases if one.case.lead is lead and one.case.step.order <= Step.HOUR.order]


def _coverage(first: Sequence[KnownCase], second: Sequence[KnownCase]) -> float:
    tenths = quantiles(_errors(first), n=10, method="inclusive")
    return fmean(tenths[0] <= error <= tenths[-1] for error in _errors(second))


def _errors(cases: Iterable[KnownCase]) -> list[float]:
    return [one.case.error.total_seconds() for one in cases if one.case.error is not None]


def _is_skilled(first: Sequence[KnownCase], second: Sequence[KnownCase]) -> bool:
    ours, *others = (_brier(second, forecast) for forecast in reversed(_forecasts(first).values()))
    return ours < min(others)


def _forecasts(first: Sequence[KnownCase]) -> dict[str, Callable[[KnownCase], float]]:
    base, by_band = fmean(one.held for one in first), _by_band(first)

    def by_lead_and_precision(one: KnownCase) -> float:
        alike = by_band.get(one.band, [])
        return fmean(other.held for other in alike) if len(alike) >= SMALLEST_SAMPLE else base

    return {
        "all dates hold": lambda _: 1.0,
        f"one base rate ({base:.0%})": lambda _: base,
        "by lead and precision": by_lead_and_precision,
    }


def _lines_left_out(title: str, cases: Sequence[KnownCase]) -> Iterator[str]:
    types = {str(record["id"]): record["type"]["name"] for day in daily_snapshots() for record in day.raw}
    by: dict[str, Callable[[KnownCase], object]] = {
        "one base rate": lambda _: None,
        "by lead": lambda one: one.case.lead,
        "by type": lambda one: types[one.entry_id],
    }
    yield f"{title}: {len(cases)} cases of {len({one.entry_id for one in cases})} events"
    for words, sort in by.items():
        yield f"  Brier score, {words:28} {fmean(_scores_left_out(cases, sort)):.3f}"
    yield ""


def _scores_left_out(cases: Sequence[KnownCase], sort: Callable[[KnownCase], object]) -> Iterator[float]:
    for one in cases:
        others = [other for other in cases if other.entry_id != one.entry_id]
        alike = [other.held for other in others if sort(other) == sort(one)]
        drawn = DRAWN_BY * fmean(other.held for other in others)
        yield ((sum(alike) + drawn) / (len(alike) + DRAWN_BY) - one.held) ** 2


def _brier(cases: Iterable[KnownCase], forecast: Callable[[KnownCase], float]) -> float:
    return fmean((forecast(one) - one.held) ** 2 for one in cases)


def _by_band(cases: Iterable[KnownCase]) -> dict[Band, list[KnownCase]]:
    found = defaultdict[Band, list[KnownCase]](list)
    for one in cases:
        found[one.band].append(one)
    return found


def _band_words(band: Band) -> str:
    lead, within = band
    return f"{lead.value:5} h ahead, within {within.value.replace('_', ' ') + ':':13}"


if __name__ == "__main__":
    sys.exit(main())
