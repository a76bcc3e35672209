"""Two public histories, counted once: what stands in for rows of which the ledger has too few cases of its own.

Facts of 2020-21 and of 2026, each with its limits. They are never added to the ledger.
"""

from dataclasses import dataclass

from webapp.domain.date_ledger import Lead


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A row of a public history, in words; it stands until the ledger has enough cases of each of its `leads`."""

    words: str
    cells: tuple[str, ...]
    leads: tuple[Lead, ...]


@dataclass(frozen=True, slots=True)
class PublicHistory:
    """A public history: what it is, the heads of its columns, and its rows."""

    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[PublicRow, ...]


EVENTS = PublicHistory(
    "Events, November 2020 to December 2021",
    "215 public snapshots of 2020 and 2021, each of the first ten upcoming events. An event counts once in each row "
    "in which it was seen; what vanished from the list is left out, so the shares are on the kind side.",
    ("Announced ahead by", "Events", "Within 30 min", "Within a day", "Within a week", "Later"),
    (
        PublicRow("Less than a day", ("84", "77 %", "86 %", "95 %", "18 %"), (Lead.HOUR,)),
        PublicRow("1 to 3 days", ("71", "59 %", "72 %", "85 %", "32 %"), (Lead.DAY,)),
        PublicRow("3 to 7 days", ("60", "50 %", "65 %", "80 %", "42 %"), (Lead.THREE_DAYS,)),
        PublicRow("1 to 2 weeks", ("43", "28 %", "56 %", "70 %", "60 %"), (Lead.WEEK,)),
        PublicRow("2 to 4 weeks", ("35", "9 %", "40 %", "66 %", "83 %"), (Lead.TWO_WEEKS,)),
        PublicRow("1 to 2 months", ("23", "9 %", "48 %", "70 %", "83 %"), (Lead.MONTH,)),
    ),
)
LAUNCHES = PublicHistory(
    "Launches, January to August 2026",
    "6,628 public snapshots of 2026, each of the first hundred upcoming launches; 195 of them flew. Counted back from "
    "the true lift-off, which the ledger cannot do for a launch that has yet to fly: what was never launched is left "
    "out, so the shares are on the kind side.",
    ("Before lift-off", "Listed", "With a clock time", "Within an hour", "Within a day", "Median error", "90 % within"),
    (
        PublicRow("An hour", ("193", "188", "183", "188", "0", "0.3 h"), (Lead.HOUR,)),
        PublicRow("A day", ("190", "179", "120", "177", "0.1 h", "3.7 h"), (Lead.DAY,)),
        PublicRow("3 days", ("184", "172", "89", "142", "0.7 h", "25 h"), (Lead.THREE_DAYS,)),
        PublicRow("7 days", ("152", "135", "47", "78", "2.7 h", "72 h"), (Lead.WEEK,)),
        PublicRow("14 days", ("92", "61", "10", "18", "50 h", "213 h"), (Lead.TWO_WEEKS,)),
        PublicRow("30 days", ("50", "11", "4", "4", "71 h", "504 h"), (Lead.MONTH,)),
    ),
)
