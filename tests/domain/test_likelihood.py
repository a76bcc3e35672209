from collections import Counter
from datetime import timedelta

import pytest

from tests.clock import NOW
from tests.factories import make_entry
from webapp.domain.date_ledger import Lead, Outcome
from webapp.domain.likelihood import Alike, Fared, alike_of, count_alike
from webapp.domain.precision import Step

MINUTE, DAY, MONTH, YEAR = 1, 5, 7, 14
A_WEEK = Alike(Lead.WEEK, (Step.SECOND, Step.MINUTE))
ON_TIME, LATE, EARLY = Fared(Outcome.QUARTER_HOUR, False), Fared(Outcome.DAY, False), Fared(Outcome.HOUR, True)  # noqa: FBT003
GONE, NOBODY_KNOWS = Fared(Outcome.WITHDRAWN, False), Fared(Outcome.UNKNOWN, False)  # noqa: FBT003


def test_the_figures_say_how_many_of_how_many() -> None:
    found = count_alike("spacewalks", A_WEEK, Counter({ON_TIME: 38, LATE: 3}))
    assert found.lead_words == "Dates like this usually hold."
    assert found.figures == (
        "Of 41 spacewalks timed to the minute a week ahead, 38 began within 15 minutes "
        "(93 %, 95 % interval 81 to 97 %)."
    )


def test_what_was_withdrawn_did_not_hold_and_what_nobody_knows_does_not_count() -> None:
    found = count_alike("dockings", A_WEEK, Counter({ON_TIME: 15, LATE: 3, EARLY: 1, GONE: 2, NOBODY_KNOWS: 9}))
    assert (found.early, found.on_time, found.late, found.withdrawn, found.held.total) == (1, 15, 3, 2, 21)


@pytest.mark.parametrize(
    ("held", "moved", "words"),
    [
        (30, 0, "Dates like this usually hold."),
        (21, 4, "Dates like this hold more often than not."),
        (14, 11, "Dates like this often move."),
        (7, 2, "Too few to say: 7 of 9 held."),
    ],
)
def test_the_sentence_follows_the_lower_end_of_the_interval(held: int, moved: int, words: str) -> None:
    assert count_alike("dockings", A_WEEK, Counter({ON_TIME: held, LATE: moved})).lead_words == words


def test_of_too_few_no_percentage_is_given() -> None:
    few = count_alike("dockings", A_WEEK, Counter({ON_TIME: 7, LATE: 2}))
    assert few.figures == "Dockings timed to the minute a week ahead: 9 so far."
    none = count_alike("dockings", A_WEEK, Counter())
    assert none.words == "Too few to say. No dockings timed to the minute a week ahead so far."


@pytest.mark.parametrize(
    ("ahead", "precision", "lead"),
    [
        (timedelta(hours=1), MINUTE, Lead.HOUR), (timedelta(hours=2), MINUTE, Lead.DAY),
        (timedelta(days=5), DAY, Lead.WEEK), (timedelta(days=40), MONTH, Lead.TWO_MONTHS),
    ],
)  # fmt: skip
def test_of_two_leads_the_longer_one_counts(ahead: timedelta, precision: int, lead: Lead) -> None:
    alike = alike_of(make_entry(date=NOW + ahead, precision_id=precision), NOW)
    assert alike is not None
    assert alike.lead is lead


@pytest.mark.parametrize(
    ("ahead", "precision"),
    [(timedelta(days=61), MINUTE), (timedelta(minutes=-1), MINUTE), (timedelta(0), DAY), (timedelta(days=30), YEAR)],
)
def test_of_what_is_too_far_too_vague_or_past_nothing_is_said(ahead: timedelta, precision: int) -> None:
    assert alike_of(make_entry(date=NOW + ahead, precision_id=precision), NOW) is None
    assert alike_of(make_entry(date=None), NOW) is None
