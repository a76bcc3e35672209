"""Tables of shares, each with a plot above it: a share, its 95 % interval, and how many dates it is of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.domain.intervals import Share

PLOT_WIDTH = 100


@dataclass(frozen=True, slots=True)
class ShareCell:
    """A share in words, with its interval; without both where there are too few cases for it."""

    count: int
    total: int
    percent: str
    interval: str


@dataclass(frozen=True, slots=True)
class PlottedShare:
    """A row of a plot, in hundredths of its width: where the share is, and from where to where its interval reaches."""

    words: str
    at: float
    low: float
    high: float
    percent: str


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A row of a table: what it is of, how many dates, its shares, and how many were withdrawn or are not known."""

    words: str
    total: int
    cells: tuple[ShareCell, ...]
    unknown: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class ShareTable:
    """A table and its plot. `plotted` says in words which of the shares is drawn."""

    name: str
    title: str
    caption: str
    row_head: str
    heads: tuple[str, ...]
    rows: tuple[ShareRow, ...]
    plot: tuple[PlottedShare, ...]
    plotted: str
    total_head: str = "n"
    has_unknown: bool = False
    remark: str = ""


def present_share(share: Share) -> ShareCell:
    """Say a share with its interval, in whole per cent."""
    if not share.is_enough:
        return ShareCell(share.count, share.total, "", "")
    return ShareCell(share.count, share.total, percent_words(share), interval_words(share))


def percent_words(share: Share) -> str:
    """Say a share in whole per cent."""
    return f"{share.value * 100:.0f} %"


def interval_words(share: Share) -> str:
    """Say the 95 % interval of a share in whole per cent: `81 to 97 %`."""
    low, high = share.interval
    return f"{low * 100:.0f} to {high * 100:.0f} %"


def present_plot(shares: Iterable[tuple[str, Share]]) -> tuple[PlottedShare, ...]:
    """Draw those of the shares of which there are enough cases."""
    return tuple(_plotted(words, share) for words, share in shares if share.is_enough)


def share_row(words: str, total: int, shares: Sequence[Share], *, unknown: int = 0, path: str = "") -> ShareRow:
    """Make a row of shares."""
    return ShareRow(words, total, tuple(present_share(share) for share in shares), unknown, path)


def _plotted(words: str, share: Share) -> PlottedShare:
    low, high = (round(edge * PLOT_WIDTH, 1) for edge in share.interval)
    return PlottedShare(words, round(share.value * PLOT_WIDTH, 1), low, high, percent_words(share))
