"""How likely a date holds, in words: by what came of dates of the same type, as far ahead and as finely announced.

Nothing is forecast of the one entry: it is told how others fared. What else one might think of, such as how often it
has slipped before, does not tell more (`docs/adr/0038`).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from webapp.domain.changes import span_of
from webapp.domain.date_ledger import Lead, Outcome, is_held, tolerated
from webapp.domain.entry import Entry
from webapp.domain.intervals import Share
from webapp.domain.launch import LaunchDetail
from webapp.domain.precision import Step

USUALLY, OFTEN = 0.75, 0.5
"""From which lower end of the interval on dates hold usually, and more often than not."""

LEAD_WORDS = {
    Lead.HOUR: "an hour ahead",
    Lead.DAY: "a day ahead",
    Lead.THREE_DAYS: "three days ahead",
    Lead.WEEK: "a week ahead",
    Lead.TWO_WEEKS: "two weeks ahead",
    Lead.MONTH: "a month ahead",
    Lead.TWO_MONTHS: "two months ahead",
}
_STEPS_ALIKE = (
    (Step.SECOND, Step.MINUTE), (Step.HOUR,), (Step.DAY,), (Step.WEEK,), (Step.MONTH,),
)  # fmt: skip
_PRECISION_WORDS = {
    Step.SECOND: "timed to the minute",
    Step.MINUTE: "timed to the minute",
    Step.HOUR: "timed to the hour",
    Step.DAY: "dated to the day",
    Step.WEEK: "dated to the week",
    Step.MONTH: "dated to the month",
}
_HELD_WORDS = {
    Outcome.QUARTER_HOUR: "began within 15 minutes",
    Outcome.HOUR: "began within an hour",
    Outcome.DAY: "began within a day of it",
    Outcome.WEEK: "began within a week of it",
}


@dataclass(frozen=True, slots=True)
class Alike:
    """Which dates are like that of an entry: as far ahead, and as finely announced."""

    lead: Lead
    steps: tuple[Step, ...]


class Fared(NamedTuple):
    """What came of a date, and whether the entry began before it."""

    outcome: Outcome
    is_early: bool


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How dates like an entry's fared: how many began early, on time and late, and how many were withdrawn.

    `of` is what they are of, in words. Early and late are those that did not hold. `base` is how many dates of events
    of all types held, as far ahead and as finely announced: that a type tells more than this is not shown.
    """

    of: str
    alike: Alike
    early: int
    on_time: int
    late: int
    withdrawn: int
    base: Share | None = None

    @property
    def held(self) -> Share:
        """How many held."""
        return Share(self.on_time, self.early + self.on_time + self.late + self.withdrawn)

    @property
    def lead_words(self) -> str:
        """Say the result in one sentence, by the lower end of the interval: no better than chance allows."""
        if not self.held.is_enough:
            return (
                f"Too few to say: {self.on_time} of {self.held.total} held." if self.held.total else "Too few to say."
            )
        low, _ = self.held.interval
        if low >= USUALLY:
            return "Dates like this usually hold."
        return "Dates like this hold more often than not." if low >= OFTEN else "Dates like this often move."

    @property
    def words(self) -> str:
        """Say both."""
        return f"{self.lead_words} {self.figures}"

    @property
    def figures(self) -> str:
        """Say the figures in one sentence."""
        own = self._own_figures
        if self.base is None or not self.base.is_enough:
            return own
        return (
            f"{own} Of all {self.base.total:,} events so announced, {self.base.count:,} held ({_percent(self.base)})."
        )

    @property
    def _own_figures(self) -> str:
        share, step = self.held, self.alike.steps[0]
        what = f"{self.of} {_PRECISION_WORDS[step]} {LEAD_WORDS[self.alike.lead]}"
        if not share.is_enough:
            return f"{what[0].upper()}{what[1:]}: {share.total} so far." if share.total else f"No {what} so far."
        return f"Of {share.total:,} {what}, {share.count:,} {_HELD_WORDS[tolerated(step)]} ({_percent(share)})."


def alike_of(entry: Entry, now: datetime) -> Alike | None:
    """Say which dates are like an entry's; `None` where it has none, where it is too vague, too far, or has passed.

    Of two leads it lies between, the longer one counts: dates that are nearer hold better, and none is promised that.
    """
    steps = next((steps for steps in _STEPS_ALIKE if entry.precision.step in steps), None)
    date_range = entry.date_range
    if steps is None or date_range is None or entry.has_outcome or _has_lifted_off(entry):
        return None
    ahead = span_of(date_range)[0] - now
    lead = next((lead for lead in Lead if ahead <= lead.duration), None)
    return None if lead is None or ahead <= timedelta(0) else Alike(lead, steps)


def count_alike(of: str, alike: Alike, fared: Counter[Fared]) -> Likelihood:
    """Count what came of dates like an entry's."""
    early = on_time = late = withdrawn = 0
    for (outcome, is_early), count in fared.items():
        if outcome is Outcome.WITHDRAWN:
            withdrawn += count
        elif is_held(alike.steps[0], outcome):
            on_time += count
        elif outcome is not Outcome.UNKNOWN:
            early += count * is_early
            late += count * (not is_early)
    return Likelihood(of, alike, early, on_time, late, withdrawn)


def _percent(share: Share) -> str:
    low, high = share.interval
    return f"{share.value * 100:.0f} %, 95 % interval {low * 100:.0f} to {high * 100:.0f} %"


def _has_lifted_off(entry: Entry) -> bool:
    status = entry.detail.status if isinstance(entry.detail, LaunchDetail) else None
    return status is not None and status.has_lifted_off
