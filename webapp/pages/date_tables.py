"""How dates held, as tables: by how far ahead, by precision, and by type, provider and site."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from webapp.domain.date_counts import DateCounts
from webapp.domain.date_ledger import Lead, Outcome
from webapp.domain.entry import type_title
from webapp.domain.intervals import SMALLEST_SAMPLE
from webapp.domain.precision import Step
from webapp.domain.text import isolated
from webapp.pages.share_tables import ShareTable, present_plot, share_row
from webapp.store import CaseKey, Dimension

LEAD_WORDS = {
    Lead.HOUR: "An hour",
    Lead.DAY: "A day",
    Lead.THREE_DAYS: "3 days",
    Lead.WEEK: "7 days",
    Lead.TWO_WEEKS: "14 days",
    Lead.MONTH: "30 days",
    Lead.TWO_MONTHS: "60 days",
}
MEMBER_LEADS = (Lead.DAY, Lead.WEEK)
"""At which leads types, precisions, providers and sites are compared."""

_CLOCK_STEPS = (Step.SECOND, Step.MINUTE, Step.HOUR)
_PRECISIONS = {
    "To the minute": (Step.SECOND, Step.MINUTE),
    "To the hour": (Step.HOUR,),
    "To the day": (Step.DAY,),
    "To the week": (Step.WEEK,),
    "To the month": (Step.MONTH,),
    "Vaguer": (Step.QUARTER, Step.HALF, Step.YEAR, Step.DECADE),
}
_STEPS = tuple(Step)
_MEMBER_HEADS = ("Held, a day ahead", "Held, 7 days ahead")
_TITLES = {
    Dimension.TYPE: ("types", "By type", "Type"),
    Dimension.PROVIDER: ("providers", "By launch provider", "Provider"),
    Dimension.SITE: ("sites", "By launch site", "Site"),
}


def of_all_types(counted: Counter[CaseKey]) -> Counter[CaseKey]:
    """Count by all but the type: each entry has one type, so that by types every case stands once."""
    found = Counter[CaseKey]()
    by_type = Dimension.TYPE.value
    for key, count in counted.items():
        if key.dimension == by_type:
            found[key._replace(member_id=0)] += count
    return found


def table_of_leads(counted: Counter[CaseKey]) -> ShareTable:
    """Show how dates with a clock time held, by how far ahead they were; counted `of_all_types`."""
    rows = [(LEAD_WORDS[lead], lead_counts(counted, lead)) for lead in Lead]
    return ShareTable(
        name="leads",
        title="By how far ahead",
        caption="Dates announced with a clock time: how near to it they began.",
        row_head="Announced ahead",
        heads=("Held", "Within an hour", "Within a day", "Within a week", "Withdrawn"),
        rows=tuple(
            share_row(
                words,
                counts.total,
                [counts.held, *map(counts.within, (Outcome.HOUR, Outcome.DAY, Outcome.WEEK)), counts.withdrawn],
                unknown=counts.unknown,
            )
            for words, counts in rows
        ),
        plot=present_plot((words, counts.within(Outcome.DAY)) for words, counts in rows),
        plotted="Share that began within a day",
        has_unknown=True,
    )


def lead_counts(counted: Counter[CaseKey], lead: Lead) -> DateCounts:
    """Count the dates with a clock time of a lead."""
    return _counts(counted, lambda key: key.lead == lead and _STEPS[key.step] in _CLOCK_STEPS)


def table_of_precisions(counted: Counter[CaseKey]) -> ShareTable:
    """Show how dates held by how finely they were announced; counted `of_all_types`."""
    rows = [
        (words, [_counts(counted, _is_of(steps, lead)) for lead in MEMBER_LEADS])
        for words, steps in _PRECISIONS.items()
    ]
    return _compared("precisions", "By precision", "Announced", rows, remark="")


def table_of(dimension: Dimension, counted: Counter[CaseKey], names: Mapping[int, str]) -> ShareTable | None:
    """Show how dates held by type, provider or site, those of most dates first; `None` if none has enough."""
    by_member: dict[int, dict[int, Counter[tuple[Step, Outcome]]]] = {}
    wanted, leads_wanted = dimension.value, {lead.value for lead in MEMBER_LEADS}
    for key, count in counted.items():
        if key.dimension == wanted and key.lead in leads_wanted:
            leads = by_member.setdefault(key.member_id, {lead: Counter() for lead in leads_wanted})
            leads[key.lead][_STEPS[key.step], Outcome(key.outcome)] += count
    rows = [
        (_name(dimension, names.get(member_id, "")), [DateCounts(leads[lead.value]) for lead in MEMBER_LEADS])
        for member_id, leads in by_member.items()
    ]
    enough = [row for row in rows if any(counts.total >= SMALLEST_SAMPLE for counts in row[1])]
    if not enough:
        return None
    enough.sort(key=lambda row: (-row[1][0].total, row[0]))
    left_out = len(rows) - len(enough)
    remark = f"{left_out} more with fewer than {SMALLEST_SAMPLE} dates are left out." if left_out else ""
    name, title, row_head = _TITLES[dimension]
    return _compared(name, title, row_head, enough, remark=remark)


def _compared(
    name: str, title: str, row_head: str, rows: Sequence[tuple[str, Sequence[DateCounts]]], *, remark: str
) -> ShareTable:
    return ShareTable(
        name=name,
        title=title,
        caption="How many dates held as finely as they were announced.",
        row_head=row_head,
        heads=_MEMBER_HEADS,
        rows=tuple(
            share_row(
                words, max(counts.total for counts in compared), [counts.held for counts in compared],
                unknown=max(counts.unknown for counts in compared),
            )
            for words, compared in rows
        ),
        plot=present_plot((words, counts[0].held) for words, counts in rows),
        plotted="Share that held, a day ahead",
        remark=remark,
    )  # fmt: skip


def _is_of(steps: Sequence[Step], lead: Lead) -> Callable[[CaseKey], bool]:
    return lambda key: key.lead == lead and _STEPS[key.step] in steps


def _counts(counted: Counter[CaseKey], is_asked: Callable[[CaseKey], bool]) -> DateCounts:
    found = Counter[tuple[Step, Outcome]]()
    for key, count in counted.items():
        if is_asked(key):
            found[_STEPS[key.step], Outcome(key.outcome)] += count
    return DateCounts(found)


def _name(dimension: Dimension, name: str) -> str:
    return isolated(type_title(name) if dimension is Dimension.TYPE else name) or "Unknown"
