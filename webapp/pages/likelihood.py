"""Whether a date is likely to hold, on an entry's page: a sentence that is open, and figures and dots that are not."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.likelihood import Likelihood
from webapp.domain.query import Query
from webapp.web.addresses import statistics_path

_PITCH, _IN_A_ROW, _MOST_DOTS = 12, 25, 200


@dataclass(frozen=True, slots=True)
class Dots:
    """A group of dots: what they stand for, how many, their centres, and the size of the drawing."""

    words: str
    name: str
    count: int
    centres: tuple[tuple[float, float], ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LikelihoodView:
    """What is shown. `per_dot` is how many cases one dot stands for."""

    lead: str
    figures: str
    groups: tuple[Dots, ...]
    per_dot: int
    path: str


def present_likelihood(likelihood: Likelihood | None) -> LikelihoodView | None:
    """Say how dates like an entry's fared; `None` where there is nothing to say."""
    if likelihood is None:
        return None
    per_dot = -(-likelihood.held.total // _MOST_DOTS) or 1
    return LikelihoodView(
        lead=likelihood.lead_words,
        figures=likelihood.figures,
        groups=tuple(_groups(likelihood, per_dot)),
        per_dot=per_dot,
        path=statistics_path(Query()),
    )


def _groups(likelihood: Likelihood, per_dot: int) -> Iterator[Dots]:
    for name, words, count in (
        ("early", "early", likelihood.early),
        ("on-time", "on time", likelihood.on_time),
        ("late", "late", likelihood.late),
        ("withdrawn", "withdrawn", likelihood.withdrawn),
    ):
        if count:
            dots = -(-count // per_dot)
            centres = tuple((_middle(place % _IN_A_ROW), _middle(place // _IN_A_ROW)) for place in range(dots))
            rows = -(-dots // _IN_A_ROW)
            yield Dots(words, name, count, centres, min(dots, _IN_A_ROW) * _PITCH, rows * _PITCH)


def _middle(place: int) -> float:
    return place * _PITCH + _PITCH / 2
