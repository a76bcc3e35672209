"""Packing: the cases and the slips of one entry as two short texts, so that SQL counts all entries alike at once.

Of a hundred thousand entries some thousands differ. The texts are stored: new members of these enumerations come last.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from webapp.domain.date_ledger import Case, Lead, Outcome
from webapp.domain.slips import Slip, SlipSize, SlipTime

_LEADS, _OUTCOMES = tuple(Lead), tuple(Outcome)
_SIZES, _TIMES = tuple(SlipSize), tuple(SlipTime)
_NO_CASE = " "
_FIRST_CHARACTER = 0x100  # From here on there are letters alone, more than are needed.


class PackedCase(NamedTuple):
    """What of a case is counted; `is_early` says that the entry began before what was announced."""

    lead: int
    step: int
    outcome: str
    is_early: bool


class PackedSlip(NamedTuple):
    """What of a slip is counted."""

    size: str
    time: str
    is_later: bool


def pack_cases(cases: Iterable[Case]) -> str:
    """Pack the cases of an entry: a character for each lead, from the shortest to the last that has one."""
    found = {case.lead: _case_character(case) for case in cases}
    return "".join(found.get(lead, _NO_CASE) for lead in _LEADS).rstrip(_NO_CASE)


@lru_cache(10_000)
def unpack_cases(packed: str) -> tuple[PackedCase, ...]:
    """Unpack the cases of an entry."""
    found = []
    for lead, character in zip(_LEADS, packed, strict=False):
        if character != _NO_CASE:
            rest, is_early = divmod(ord(character) - _FIRST_CHARACTER, 2)
            step, outcome = divmod(rest, len(_OUTCOMES))
            found.append(PackedCase(lead.value, step, _OUTCOMES[outcome].value, bool(is_early)))
    return tuple(found)


def pack_slips(slips: Iterable[Slip]) -> str:
    """Pack the slips of an entry: a character for each, in the same order for entries that slipped alike."""
    return "".join(sorted(map(_slip_character, slips)))


@lru_cache(10_000)
def unpack_slips(packed: str) -> tuple[PackedSlip, ...]:
    """Unpack the slips of an entry."""
    found = []
    for character in packed:
        rest, is_later = divmod(ord(character) - _FIRST_CHARACTER, 2)
        size, time = divmod(rest, len(_TIMES))
        found.append(PackedSlip(_SIZES[size].value, _TIMES[time].value, bool(is_later)))
    return tuple(found)


def _case_character(case: Case) -> str:
    is_early = case.error is not None and case.error < timedelta(0)
    place = case.step.order * len(_OUTCOMES) + _OUTCOMES.index(case.outcome)
    return chr(_FIRST_CHARACTER + place * 2 + is_early)


def _slip_character(slip: Slip) -> str:
    place = _SIZES.index(slip.size) * len(_TIMES) + _TIMES.index(slip.time)
    return chr(_FIRST_CHARACTER + place * 2 + slip.is_later)
