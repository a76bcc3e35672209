"""Slips and launches, as tables."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.domain.change_words import amount_words
from webapp.domain.intervals import Share
from webapp.domain.launch import StatusKind
from webapp.domain.slips import SlipSize, SlipTime
from webapp.domain.text import isolated
from webapp.pages.share_tables import ShareTable, present_plot, share_row
from webapp.store import Dimension, Drift, LaunchKey, SlipKey
from webapp.web.addresses import entry_path

_SIZE_WORDS = {
    SlipSize.HOUR: "Up to an hour",
    SlipSize.SIX_HOURS: "1 to 6 hours",
    SlipSize.TWENTY_HOURS: "6 to 20 hours",
    SlipSize.DAY: "About a day (20 to 28 hours)",
    SlipSize.THREE_DAYS: "Up to 3 days",
    SlipSize.TWO_WEEKS: "Up to 14 days",
    SlipSize.MORE: "More than 14 days",
    SlipSize.VAGUE: "To or from a vaguer date",
}
_TIME_WORDS = {
    SlipTime.MORE: "More than 7 days before",
    SlipTime.WEEK: "3 to 7 days before",
    SlipTime.THREE_DAYS: "1 to 3 days before",
    SlipTime.DAY: "6 to 24 hours before",
    SlipTime.SIX_HOURS: "1 to 6 hours before",
    SlipTime.HOUR: "Less than an hour before",
    SlipTime.PASSED: "After the announced time",
}
_MOST_ROWS = 15


@dataclass(frozen=True, slots=True)
class LongestRow:
    """One of the entries that slipped furthest."""

    name: str
    path: str
    slips: int
    drift: str


def tables_of_slips(counted: Counter[SlipKey]) -> tuple[ShareTable, ShareTable]:
    """Show slips by their size, and by when they came."""
    sizes = {words: [key for key in counted if key.size == size.value] for size, words in _SIZE_WORDS.items()}
    times = {words: [key for key in counted if key.time == time.value] for time, words in _TIME_WORDS.items()}
    return (
        _table_of_slips("sizes", "Slips by size", "Moved by", sizes, counted),
        _table_of_slips("times", "Slips by when they came", "Seen", times, counted),
    )


def _table_of_slips(
    name: str, title: str, row_head: str, keys: Mapping[str, list[SlipKey]], counted: Counter[SlipKey]
) -> ShareTable:
    total = counted.total()
    rows = [
        (
            words,
            Share(sum(counted[key] for key in found), total),
            Share(sum(counted[key] for key in found if key.is_later), sum(counted[key] for key in found)),
        )
        for words, found in keys.items()
    ]
    return ShareTable(
        name=name,
        title=title,
        caption="Each move of a date to another that is not part of it. One entry may have many.",
        row_head=row_head,
        heads=("Of all slips", "Later"),
        rows=tuple(share_row(words, share.count, [share, later]) for words, share, later in rows),
        plot=present_plot((words, share) for words, share, _ in rows),
        plotted="Share of all slips",
        total_head="Slips",
    )


def tables_of_launches(
    counted: Counter[LaunchKey], names: Mapping[Dimension, Mapping[int, str]]
) -> tuple[ShareTable, ...]:
    """Show launches that have lifted off by year, provider and site, and how they ended."""
    if not counted:
        return ()
    dimensions = (Dimension.YEAR, Dimension.PROVIDER, Dimension.SITE)
    return tuple(_table_of_launches(dimension, counted, names.get(dimension, {})) for dimension in dimensions)


def _table_of_launches(dimension: Dimension, counted: Counter[LaunchKey], names: Mapping[int, str]) -> ShareTable:
    members: dict[int, Counter[int]] = {}
    for key, count in counted.items():
        if key.dimension == dimension.value:
            members.setdefault(key.member_id, Counter())[key.status_id] += count
    words = {member_id: isolated(names.get(member_id, str(member_id))) for member_id in members}
    ordered = sorted(members.items(), key=lambda one: (-one[1].total(), words[one[0]]))
    if dimension is Dimension.YEAR:
        ordered = sorted(members.items(), reverse=True)
    shown = [(words[member_id], _outcomes(statuses)) for member_id, statuses in ordered[:_MOST_ROWS]]
    left_out = len(ordered) - len(shown)
    return ShareTable(
        name=f"launches-by-{dimension.value}",
        title=f"Launches by {dimension.value}",
        caption="Launches that have lifted off, and how they ended.",
        row_head=dimension.value.capitalize(),
        heads=("Success", "Partial failure", "Failure"),
        rows=tuple(share_row(member, shares[0].total, shares) for member, shares in shown),
        plot=present_plot((member, shares[0]) for member, shares in shown),
        plotted="Share that ended in success",
        remark=f"{left_out} more are left out." if left_out else "",
    )


def _outcomes(statuses: Counter[int]) -> list[Share]:
    total = statuses.total()
    succeeded = statuses[StatusKind.SUCCESS] + statuses[StatusKind.DEPLOYED]
    return [
        Share(count, total) for count in (succeeded, statuses[StatusKind.PARTIAL_FAILURE], statuses[StatusKind.FAILURE])
    ]


def present_longest(drifts: Iterable[Drift]) -> tuple[LongestRow, ...]:
    """Show the entries that slipped furthest."""
    return tuple(LongestRow(isolated(one.name), entry_path(one), one.slips, amount_words(one.drift)) for one in drifts)
